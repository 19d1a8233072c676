import { z } from 'zod'
import type { EntraDirectory } from '../directory/entra-directory.ts'
import { MOST_PEOPLE } from '../directory/import.ts'
import { readMappedGroups } from '../directory/mapped.ts'
import type { ImportOptions, ImportSubject, ItemState, Plan, PlanItem } from '../directory/plan.ts'
import { entraProblems, requireConnection } from './connection.ts'
import { badBody, id, objectId, text } from './input.ts'
import { ANYBODY, readPeople } from './people.ts'
import { planOperations, requirePlan } from './plans.ts'
import { Problem } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'
import { invite, plannedImport } from './schemas.ts'

export const anyPeople = z.strictObject({
  ids: z.array(objectId).max(MOST_PEOPLE).default([]),
  addresses: z.array(text(320).min(1)).max(MOST_PEOPLE).default([]),
  groups: z.array(objectId).max(50).default([]),
  nestedGroups: z.array(objectId).max(50).default([]).meta({
    description: 'The same, with the members of groups within them.',
  }),
  appRoles: z
    .array(z.union([objectId, z.literal(ANYBODY)]))
    .max(50)
    .default([])
    .meta({ description: 'Who is assigned these; `any` is whoever is assigned at all.' }),
})

const people = anyPeople.refine(
  (chosen) => Object.values(chosen).some((some) => some.length > 0),
  'Nobody is chosen.',
)

export const person = z.strictObject({
  groups: z.array(id).max(50).exactOptional(),
  role: text(200).min(1).nullable().exactOptional(),
  invite: z.boolean().exactOptional(),
})

const links = z
  .record(objectId, id)
  .default({})
  .meta({ description: 'Users to link, by the object id of who is the same person.' })

export const options = z.strictObject({
  groups: z.array(id).max(50),
  role: text(200).min(1).exactOptional(),
  invite,
  rules: z.boolean().default(false).meta({
    description: 'Whether new users get what the rules and mapped groups of Entra give, besides.',
  }),
  links,
  persons: z
    .record(objectId, person)
    .default({})
    .meta({ description: 'What single people get instead, by their object id.' }),
})

type Options = z.output<typeof options>

/** Throws `badRequest` for a user group that is not there, where it stands. */
export async function requireGroups(
  { directory }: Caller,
  given: Pick<Options, 'groups' | 'persons'>,
): Promise<void> {
  const known = new Map<string, boolean>()
  const all: { readonly path: readonly PropertyKey[]; readonly ids: readonly string[] }[] = [
    { path: ['options', 'groups'], ids: given.groups },
    ...Object.entries(given.persons).map(([id, { groups = [] }]) => {
      return { path: ['options', 'persons', id, 'groups'], ids: groups }
    }),
  ]
  for (const { path, ids } of all) {
    for (const [index, id] of ids.entries()) {
      const found = known.get(id) ?? (await directory.groups.read(id, false)) !== undefined
      known.set(id, found)
      if (!found) throw badBody([...path, index], 'There is no such group.')
    }
  }
}

/** Works out an import of these people, each with what was chosen for this person alone. */
export async function planFor(
  { directory, cause }: Caller,
  entra: EntraDirectory,
  subjects: readonly ImportSubject[],
  all: ImportOptions,
  instead?: string,
): Promise<Plan> {
  const mapped = await readMappedGroups(entra, all.rules ? await directory.mappings.list() : [])
  const known = subjects.map(({ person: one, chosen }) => {
    return { person: one, chosen: { ...chosen, ...mapped.partOf(one.id) } }
  })
  return directory.plans.planImport(known, all, cause, instead)
}

/** People of a plan who are read at a time. */
const PAGE = 1_000

/** Everybody of a plan, or those of a state. */
export async function peopleOf(
  { directory }: Caller,
  planId: string,
  which: { readonly state?: ItemState } = {},
): Promise<PlanItem[]> {
  const found: PlanItem[] = []
  for (let after = -1; ; ) {
    const items = await directory.plans.items(planId, { after, limit: PAGE, ...which })
    found.push(...items)
    const last = items.at(-1)
    if (items.length < PAGE || !last) return found
    after = last.position
  }
}

/** Of whom a plan says that nothing was done, since something had changed or went wrong. */
async function leftIn(caller: Caller, planId: string): Promise<PlanItem[]> {
  const changed = await peopleOf(caller, planId, { state: 'changed' })
  const failed = await peopleOf(caller, planId, { state: 'failed' })
  return [...changed, ...failed].sort((one, other) => one.position - other.position)
}

const operations = planOperations('import', 'Import')
export const { read: readImport, start: startImport, cancel: cancelImport } = operations

export const planImport = route({
  method: 'POST',
  path: '/imports',
  operation: 'planImport',
  summary: 'Works out what an import of people would do; nothing else changes',
  body: z.strictObject({ people, options }),
  status: 201,
  answer: plannedImport,
  problems: ['conflict', 'tooMany', ...entraProblems],
  locate: (made) => `/imports/${made.plan.id}`,
  async handle(caller, { body }) {
    const entra = await requireConnection(caller)
    await requireGroups(caller, body.options)
    const { people: found, ...missed } = await readPeople(entra, body.people)
    const { links, persons, ...all } = body.options
    const subjects = found.map((each) => {
      const link = links[each.id]
      const chosen = { ...persons[each.id], ...(link === undefined ? {} : { link }) }
      return { person: each, chosen }
    })
    return { plan: await planFor(caller, entra, subjects, all), ...missed }
  },
})

export const planImportAgain = route({
  method: 'POST',
  path: '/imports/{id}/again',
  operation: 'planImportAgain',
  summary: 'Works out a new import of those whom one has not settled, as things are now',
  body: z.strictObject({ links }),
  status: 201,
  answer: plannedImport,
  problems: ['notFound', 'conflict', ...entraProblems],
  locate: (made) => `/imports/${made.plan.id}`,
  async handle(caller, { id: planId, body }) {
    const before = await requirePlan(caller, 'import', planId)
    if (before.state === 'running') {
      throw new Problem('conflict', 'This import is being carried out: wait, or stop it.')
    }
    const entra = await requireConnection(caller)
    const left = await leftIn(caller, planId)
    if (left.length === 0) throw new Problem('conflict', 'This import has left nobody.')
    const people = await entra.usersById(left.map((item) => item.person.id))
    const subjects = left.flatMap((item) => {
      const found = people.get(item.person.id)
      const link = body.links[item.person.id]
      // Who is in which mapped group is asked anew.
      const { mappings: _, gone: __, ...kept } = item.chosen
      const chosen = { ...kept, ...(link === undefined ? {} : { link }) }
      return found ? [{ person: found, chosen }] : []
    })
    const notFound = left.map((item) => item.person.id).filter((each) => !people.has(each))
    // What was chosen for an import, as its kind says.
    const all = before.options as ImportOptions
    return { plan: await planFor(caller, entra, subjects, all), notFound, ambiguous: [] }
  },
})

/** Imports of people from Entra: worked out, looked at, and carried out. */
export const importRoutes: readonly Route[] = [
  planImport,
  planImportAgain,
  operations.list,
  readImport,
  operations.items,
  startImport,
  cancelImport,
]
