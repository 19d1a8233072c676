import { z } from 'zod'
import { withoutRole, withRole } from '../directory/roles.ts'
import { fold } from '../scim/protocol/compare.ts'
import { badPlaces, text } from './input.ts'
import { route, type Route } from './route.ts'
import { requireUser, shownWhole } from './user-list.ts'
import { wholeUser } from './user-schemas.ts'

const MOST_ROLES = 50

const roles = z.array(text(200).trim().min(1, 'Say a role.')).max(MOST_ROLES).default([])

export const changeUserRoles = route({
  method: 'POST',
  path: '/users/{id}/roles',
  operation: 'changeUserRoles',
  summary: 'Gives a user roles and takes others away; what is not named stays',
  body: z.strictObject({ give: roles, take: roles }),
  status: 200,
  answer: wholeUser,
  problems: ['notFound'],
  async handle(caller, { id: userId, body: { give, take } }) {
    const { directory, cause } = caller
    await requireUser(caller, userId)
    const given = new Set(give.map(fold))
    const both = take.flatMap((role, index) => (given.has(fold(role)) ? [index] : []))
    if (both.length > 0) {
      const detail = 'Is among those to give too.'
      throw badPlaces(both.map((index) => ({ path: ['take', index], detail })))
    }
    const { user } = await directory.users.update(
      userId,
      undefined,
      (current) => give.reduce(withRole, take.reduce(withoutRole, current)),
      cause,
    )
    return shownWhole(caller, user)
  },
})

/** The roles of one user. */
export const userRoleRoutes: readonly Route[] = [changeUserRoles]
