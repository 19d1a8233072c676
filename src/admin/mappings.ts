import { z } from 'zod'
import { entraProblems, isNotAtEntra, requireConnection } from './connection.ts'
import { badBody, id, objectId, text } from './input.ts'
import { route, type Caller, type Route } from './route.ts'
import { listedMapping, mapping } from './assignment-schemas.ts'

const body = z
  .strictObject({
    entraGroup: objectId,
    entraName: text(500).min(1).meta({ description: 'What the group is called.' }),
    nested: z.boolean().default(false).meta({
      description: 'Whether members of groups within it count too.',
    }),
    group: id.exactOptional().meta({ description: 'A user group.' }),
    role: text(200).min(1).exactOptional(),
  })
  .refine(({ group, role }) => group !== undefined || role !== undefined, {
    path: ['group'],
    message: 'Say a user group, or a role.',
  })

/** Throws `badRequest` for a group that Entra does not have, and for one that is not here. */
async function requireBoth(caller: Caller, entraGroup: string, group?: string): Promise<void> {
  const entra = await requireConnection(caller)
  await entra.membersOf(entraGroup).catch((error: unknown) => {
    if (!isNotAtEntra(error)) throw error
    throw badBody(['entraGroup'], 'Entra has no such group.')
  })
  if (group === undefined || (await caller.directory.groups.read(group, false))) return
  throw badBody(['group'], 'There is no such group.')
}

/** Groups of Entra whose members get something here. */
export const mappingRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/mappings',
    operation: 'listMappings',
    summary:
      'Groups of Entra that give user groups and roles, and how many memberships came of each',
    status: 200,
    answer: z.strictObject({ items: z.array(listedMapping) }),
    async handle({ directory: { mappings } }) {
      const items = []
      for (const each of await mappings.list()) {
        items.push({ ...each, memberships: await mappings.memberships(each) })
      }
      return { items }
    },
  }),
  route({
    method: 'POST',
    path: '/mappings',
    operation: 'createMapping',
    summary: 'Gives the members of a group of Entra a user group or a role, from the next sync on',
    body,
    status: 201,
    answer: mapping,
    problems: ['notFound', 'conflict', 'tooMany', ...entraProblems],
    async handle(caller, given) {
      await requireBoth(caller, given.body.entraGroup, given.body.group)
      return caller.directory.mappings.create(given.body, caller.cause)
    },
  }),
  route({
    method: 'POST',
    path: '/mappings/{id}/remove',
    operation: 'removeMapping',
    summary: 'Removes a mapping, and what came of it unless that is kept',
    body: z.strictObject({
      keep: z.boolean().meta({ description: 'Whether what came of it stays, as if made by hand.' }),
    }),
    status: 200,
    answer: z.strictObject({
      memberships: z.int().meta({ description: 'How many came of it, and stayed or went.' }),
      roles: z.int().meta({ description: 'From how many users it took the role.' }),
    }),
    problems: ['notFound'],
    handle: ({ directory, cause }, given) =>
      directory.mappings.remove(given.id, given.body.keep, cause),
  }),
]
