import { z } from 'zod'
import {
  DEFAULT_ACCESS,
  EntraFailure,
  type EntraAppRole,
  type EntraDirectory,
  type EntraUser,
} from '../directory/entra-directory.ts'
import type { GraphClient } from './graph-client.ts'
import type { GraphLists } from './graph-lists.ts'
import { query } from './graph-query.ts'

const PAGE = 999
/** A part is full with so many people, */
const FULL = 500
/** or when so many steps were made for it. */
const STEPS = 20

const id = z.guid().toLowerCase()

const principal = z.object({
  id,
  appRoles: z.array(
    z.object({
      id,
      value: z.string().nullish(),
      displayName: z.string().nullish(),
      isEnabled: z.boolean(),
      allowedMemberTypes: z.array(z.string()),
    }),
  ),
})

const assignment = z.object({
  appRoleId: id,
  principalId: id,
  principalType: z.enum(['User', 'Group']),
})

/** Where a part begins: at the people of a page of assignments, or at a part of the members of one of its groups. */
const cursor = z.strictObject({
  /** Absent for the first page. */
  page: z.string().optional(),
  group: id.optional(),
  members: z.string().optional(),
})

type Cursor = z.infer<typeof cursor>

const sealed = (place: Cursor) => Buffer.from(JSON.stringify(place)).toString('base64url')

function unsealed(next: string): Cursor {
  try {
    return cursor.parse(JSON.parse(Buffer.from(next, 'base64url').toString()))
  } catch (error) {
    throw new EntraFailure('refused', 'This is no next page of that list.', { cause: error })
  }
}

/** The roles of the application, and who is assigned to it. */
export function appRoles(
  client: GraphClient,
  lists: GraphLists,
  people: Pick<EntraDirectory, 'usersById' | 'membersOf'>,
  clientId: string,
): Pick<EntraDirectory, 'appRoles' | 'assigneesOf'> {
  /** The application as the tenant has it, whose id is another than that of the app registration. */
  async function readPrincipal() {
    const path = `/servicePrincipals(appId='${encodeURIComponent(clientId)}')`
    return principal.parse(await client.get(`${path}?${query({ $select: 'id,appRoles' })}`))
  }

  function rolesOf(found: z.infer<typeof principal>): EntraAppRole[] {
    return found.appRoles
      .filter((role) => role.isEnabled && role.allowedMemberTypes.includes('User'))
      .map(({ id, value, displayName }) => {
        return { id, value: value ?? '', displayName: displayName || value || id }
      })
  }

  /** The people and the groups of a page of assignments that have the role, each once; groups in an order that stays. */
  async function readAssigned(
    principalId: string,
    role: string | undefined,
    page: string | undefined,
  ) {
    const first = `/servicePrincipals/${principalId}/appRoleAssignedTo?${query({ $top: PAGE })}`
    const found = await lists.page(first, page, (answer) => assignment.safeParse(answer).data)
    const wanted = found.items.filter(({ appRoleId }) => role === undefined || appRoleId === role)
    const idsOf = (type: 'User' | 'Group') =>
      new Set(wanted.filter((each) => each.principalType === type).map((each) => each.principalId))
    const groups = [...idsOf('Group')].sort()
    return {
      users: idsOf('User'),
      groups,
      /** What comes after a group, or with undefined after the people. */
      after(group = ''): Cursor | undefined {
        const following = groups.find((each) => each > group)
        if (following !== undefined) return { page, group: following }
        return found.next === undefined ? undefined : { page: found.next }
      },
    }
  }

  type Assigned = Awaited<ReturnType<typeof readAssigned>>

  /** Direct members alone: who is in a group in the group has no access through it. Nobody for a group that is gone. */
  async function readMembers(group: string, part: string | undefined) {
    try {
      return await people.membersOf(group, part)
    } catch (error) {
      if (error instanceof EntraFailure && error.code === 'notFound') return { items: [] }
      throw error
    }
  }

  /** The people at a place among assignments, and the place after it. */
  async function step(
    assigned: Assigned,
    { page, group, members }: Cursor,
  ): Promise<{ readonly items: readonly EntraUser[]; readonly next: Cursor | undefined }> {
    if (group === undefined) {
      const found = await people.usersById([...assigned.users])
      return { items: [...found.values()], next: assigned.after() }
    }
    // A group that is not assigned any more has left its place to the one after it.
    if (!assigned.groups.includes(group)) return { items: [], next: assigned.after(group) }
    const part = await readMembers(group, members)
    return {
      items: part.items.filter((person) => !assigned.users.has(person.id)),
      next: part.next === undefined ? assigned.after(group) : { page, group, members: part.next },
    }
  }

  return {
    appRoles: async () => rolesOf(await readPrincipal()),

    async assigneesOf(roleId, next) {
      const application = await readPrincipal()
      const role = roleId?.toLowerCase()
      const known = [DEFAULT_ACCESS, ...rolesOf(application).map((each) => each.id)]
      if (role !== undefined && !known.includes(role)) {
        throw new EntraFailure('notFound', 'The application has no such role for people at Entra.')
      }
      const found = new Map<string, EntraUser>()
      let place: Cursor | undefined = next === undefined ? {} : unsealed(next)
      let assigned: Assigned | undefined
      for (let steps = 0; place && found.size < FULL && steps < STEPS; steps += 1) {
        assigned ??= await readAssigned(application.id, role, place.page)
        const { items, next: following } = await step(assigned, place)
        for (const person of items) found.set(person.id, person)
        if (following?.page !== place.page) assigned = undefined
        place = following
      }
      return { items: [...found.values()], ...(place ? { next: sealed(place) } : {}) }
    },
  }
}
