import { z } from 'zod'
import { displayName, isActive, userName, type User } from '../directory/user.ts'
import { administrator } from './access-schemas.ts'
import { badBody, id } from './input.ts'
import { Problem } from './problems.ts'
import { route, type Route } from './route.ts'

function shown({ id: userId, attributes, link }: User) {
  const name = displayName(attributes)
  return {
    id: userId,
    userName: userName(attributes),
    ...(name === '' ? {} : { displayName: name }),
    active: isActive(attributes),
    linked: link !== undefined,
  }
}

export const listAdministrators = route({
  method: 'GET',
  path: '/administrators',
  operation: 'listAdministrators',
  summary: 'Who administers, those of longest standing first',
  status: 200,
  answer: z.strictObject({ items: z.array(administrator) }),
  async handle({ directory }) {
    const ids = await directory.administrators.list()
    const users = await Promise.all(ids.map((each) => directory.users.read(each)))
    return { items: users.flatMap((user) => (user ? [shown(user)] : [])) }
  },
})

export const appointAdministrator = route({
  method: 'POST',
  path: '/administrators',
  operation: 'appointAdministrator',
  summary: 'Makes a user an administrator',
  body: z.strictObject({ userId: id }),
  status: 200,
  answer: administrator,
  problems: ['notFound'],
  async handle({ directory, cause }, { body: { userId } }) {
    const user = await directory.users.read(userId)
    if (!user) throw badBody(['userId'], 'There is no such user.')
    await directory.administrators.appoint(userId, cause)
    return shown(user)
  },
})

export const dismissAdministrator = route({
  method: 'POST',
  path: '/administrators/{id}/remove',
  operation: 'dismissAdministrator',
  summary: 'Takes the rights of an administrator from a user, who is signed out everywhere',
  status: 204,
  problems: ['notFound', 'conflict'],
  async handle({ directory, cause }, given) {
    if (!(await directory.administrators.has(given.id))) {
      throw new Problem('notFound', 'There is no such administrator.')
    }
    await directory.administrators.dismiss(given.id, cause)
  },
})

/** Who administers the organisation. */
export const administratorRoutes: readonly Route[] = [
  listAdministrators,
  appointAdministrator,
  dismissAdministrator,
]
