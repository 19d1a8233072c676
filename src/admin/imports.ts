import { z } from 'zod'
import { MOST_PEOPLE } from '../directory/import.ts'
import { entraProblems, requireConnection } from './connection.ts'
import { badBody, id, objectId, text } from './input.ts'
import { readPeople } from './people.ts'
import { planRoutes } from './plans.ts'
import { route, type Caller, type Route } from './route.ts'
import { invite, plan } from './schemas.ts'

const people = z
  .strictObject({
    ids: z.array(objectId).max(MOST_PEOPLE).default([]),
    addresses: z.array(text(320).min(1)).max(MOST_PEOPLE).default([]),
    groups: z.array(objectId).max(50).default([]),
  })
  .refine(
    ({ ids, addresses, groups }) => ids.length + addresses.length + groups.length > 0,
    'Nobody is chosen.',
  )

const person = z.strictObject({
  groups: z.array(id).max(50).exactOptional(),
  role: text(200).min(1).nullable().exactOptional(),
  invite: z.boolean().exactOptional(),
})

const options = z.strictObject({
  groups: z.array(id).max(50),
  role: text(200).min(1).exactOptional(),
  invite,
  rules: z.boolean().default(false).meta({
    description: 'Whether new users get what the rules and mapped groups of Entra give, besides.',
  }),
  links: z
    .record(objectId, id)
    .default({})
    .meta({ description: 'Users to link, by the object id of who is the same person.' }),
  persons: z
    .record(objectId, person)
    .default({})
    .meta({ description: 'What single people get instead, by their object id.' }),
})

async function requireGroups({ directory }: Caller, ids: readonly string[]): Promise<void> {
  for (const [index, each] of ids.entries()) {
    const group = await directory.groups.read(each, false)
    if (!group) throw badBody(['options', 'groups', index], 'There is no such group.')
  }
}

/** Imports of people from Entra: worked out, looked at, and carried out. */
export const importRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/imports',
    operation: 'planImport',
    summary: 'Works out what an import of people would do; nothing else changes',
    body: z.strictObject({ people, options }),
    status: 201,
    answer: z.strictObject({
      plan,
      notFound: z.array(z.string()).meta({ description: 'Ids and addresses that nobody has.' }),
      ambiguous: z.array(z.string()).meta({ description: 'Addresses that several have.' }),
    }),
    problems: ['conflict', 'tooMany', ...entraProblems],
    locate: (made) => `/imports/${made.plan.id}`,
    async handle(caller, { body }) {
      const entra = await requireConnection(caller)
      await requireGroups(caller, body.options.groups)
      const { people: chosen, ...missed } = await readPeople(entra, body.people)
      const { links, persons, ...all } = body.options
      const subjects = chosen.map((each) => {
        const link = links[each.id]
        return {
          person: each,
          chosen: { ...persons[each.id], ...(link === undefined ? {} : { link }) },
        }
      })
      const { plans } = caller.directory
      return { plan: await plans.planImport(subjects, all, caller.cause), ...missed }
    },
  }),
  ...planRoutes('import', 'Import'),
]
