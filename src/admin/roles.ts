import { z } from 'zod'
import { numberIn, text } from './input.ts'
import { route, type Route } from './route.ts'

const LARGEST_PAGE = 200
const LONGEST_ROLE = 4_096

const role = z.strictObject({
  value: z.string().meta({ description: 'As somebody has it; letter case makes no difference.' }),
  users: z.int().nonnegative().optional().meta({ description: 'How many have it.' }),
  usersAtLeast: z
    .int()
    .optional()
    .meta({ description: 'The same where it is not counted further.' }),
  hasPermissions: z.boolean(),
})

/** No list of roles is kept: they are what users have and what permissions were granted to. */
export const listRoles = route({
  method: 'GET',
  path: '/roles',
  operation: 'listRoles',
  summary: 'Roles that users have or that permissions were granted to, by value',
  query: z.strictObject({
    after: text(LONGEST_ROLE).default('').meta({ description: 'The `next` of the part before.' }),
    count: numberIn(z.int().min(1).max(LARGEST_PAGE).default(100)),
  }),
  status: 200,
  answer: z.strictObject({ items: z.array(role), next: z.string().optional() }),
  async handle({ directory }, { query: { after, count } }) {
    // One more tells whether there are more.
    const found = await directory.roster.roles(after, count + 1)
    const items = found.slice(0, count)
    const last = items.at(-1)
    return {
      items: items.map(({ value, users, hasPermissions }) => ({
        value,
        ...('total' in users ? { users: users.total } : { usersAtLeast: users.atLeast }),
        hasPermissions,
      })),
      ...(found.length > count && last ? { next: last.key } : {}),
    }
  },
})

/** The roles that there are. */
export const roleRoutes: readonly Route[] = [listRoles]
