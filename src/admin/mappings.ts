import { z } from 'zod'
import type { Mapping, Mappings } from '../directory/mapping.ts'
import { entraProblems, isNotAtEntra, requireConnection } from './connection.ts'
import { badBody, id, objectId, text } from './input.ts'
import { route, type Caller, type Route } from './route.ts'
import { listedMapping, mapping } from './assignment-schemas.ts'

const gives = {
  nested: z.boolean().default(false).meta({
    description: 'Whether members of groups within it count too.',
  }),
  group: id.exactOptional().meta({ description: 'A user group.' }),
  role: text(200).min(1, 'Say a role.').exactOptional(),
}

const something = ({ group, role }: { readonly group?: string; readonly role?: string }) =>
  group !== undefined || role !== undefined

const nothingGiven = { path: ['group'], message: 'Say a user group, or a role.' }

const body = z
  .strictObject({
    entraGroup: objectId,
    entraName: text(500).min(1).meta({ description: 'What the group is called.' }),
    ...gives,
  })
  .refine(something, nothingGiven)

const keep = z.boolean().meta({ description: 'Whether what came of it stays, as if made by hand.' })

const ended = {
  memberships: z.int().meta({ description: 'How many came of it, and stayed or went.' }),
  roles: z.int().meta({ description: 'From how many users it took the role.' }),
}

/** Throws `badRequest` for a user group that is not here. */
async function requireGroup({ directory }: Caller, group: string | undefined): Promise<void> {
  if (group === undefined || (await directory.groups.read(group, false))) return
  throw badBody(['group'], 'There is no such group.')
}

/** The same, and for a group that Entra does not have. */
async function requireBoth(caller: Caller, entraGroup: string, group?: string): Promise<void> {
  const entra = await requireConnection(caller)
  await entra.membersOf(entraGroup).catch((error: unknown) => {
    if (!isNotAtEntra(error)) throw error
    throw badBody(['entraGroup'], 'Entra has no such group.')
  })
  await requireGroup(caller, group)
}

/** Mappings with how many memberships came of each. */
export async function withMemberships(mappings: Mappings, some: readonly Mapping[]) {
  const counted = await mappings.memberships(some.map(({ id }) => id))
  return some.map((each) => {
    const found = counted.get(each.id) ?? { total: 0 }
    return {
      ...each,
      ...('total' in found ? { memberships: found.total } : { membershipsAtLeast: found.atLeast }),
    }
  })
}

export const listMappings = route({
  method: 'GET',
  path: '/mappings',
  operation: 'listMappings',
  summary: 'Groups of Entra that give user groups and roles, and how many memberships came of each',
  status: 200,
  answer: z.strictObject({ items: z.array(listedMapping) }),
  async handle({ directory: { mappings } }) {
    return { items: await withMemberships(mappings, await mappings.list()) }
  },
})

export const createMapping = route({
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
})

export const updateMapping = route({
  method: 'POST',
  path: '/mappings/{id}',
  operation: 'updateMapping',
  summary: 'Changes what the members of a group of Entra get, from the next sync on',
  body: z.strictObject({ ...gives, keep }).refine(something, nothingGiven),
  status: 200,
  answer: z.strictObject({ mapping, ...ended }),
  problems: ['notFound', 'conflict'],
  async handle(caller, { id: mappingId, body: { keep: stays, ...change } }) {
    await requireGroup(caller, change.group)
    return caller.directory.mappings.update(mappingId, change, stays, caller.cause)
  },
})

export const removeMapping = route({
  method: 'POST',
  path: '/mappings/{id}/remove',
  operation: 'removeMapping',
  summary: 'Removes a mapping, and what came of it unless that is kept',
  body: z.strictObject({ keep }),
  status: 200,
  answer: z.strictObject(ended),
  problems: ['notFound'],
  handle: ({ directory, cause }, given) =>
    directory.mappings.remove(given.id, given.body.keep, cause),
})

/** Groups of Entra whose members get something here. */
export const mappingRoutes: readonly Route[] = [
  listMappings,
  createMapping,
  updateMapping,
  removeMapping,
]
