import { z } from 'zod'
import { MOST_PEOPLE } from '../directory/import.ts'
import type { Chosen, ImportSubject, PersonChoice } from '../directory/plan.ts'
import { entraProblems, requireConnection } from './connection.ts'
import { badBody, id } from './input.ts'
import { anyPeople, options, peopleOf, person, planFor, requireGroups } from './imports.ts'
import { readPeople } from './people.ts'
import { requirePlan } from './plans.ts'
import { route, type Route } from './route.ts'
import { plan, plannedImport } from './schemas.ts'

const MOST_AT_ONCE = 200

/** What somebody chose for a person, without what only the plan knows. */
function choiceOf(chosen: Chosen): PersonChoice {
  const { mappings: _, gone: __, ...choice } = chosen
  return choice
}

export const reviseImport = route({
  method: 'POST',
  path: '/imports/{id}/revise',
  operation: 'reviseImport',
  summary: 'Works a preview out anew, with other people or options, in place of what it was',
  body: z.strictObject({
    people: anyPeople.default({
      ids: [],
      addresses: [],
      groups: [],
      nestedGroups: [],
      appRoles: [],
    }),
    keep: z.boolean().default(true).meta({
      description:
        'Whether all who are in it stay. What was chosen for one person alone stays with whoever does.',
    }),
    options,
  }),
  status: 200,
  answer: plannedImport,
  problems: ['notFound', 'conflict', 'tooMany', ...entraProblems],
  async handle(caller, { id: planId, body }) {
    await requirePlan(caller, 'import', planId)
    const entra = await requireConnection(caller)
    await requireGroups(caller, body.options)
    const before = await peopleOf(caller, planId)
    const stay = body.keep ? before.map((item) => item.person.id) : []
    const ids = [...new Set([...stay, ...body.people.ids])]
    if (ids.length > MOST_PEOPLE) {
      throw badBody(['people', 'ids'], `An import holds at most ${MOST_PEOPLE} people.`)
    }
    const { people, ...missed } = await readPeople(entra, { ...body.people, ids })
    if (people.length === 0) throw badBody(['people'], 'Nobody is chosen.')
    const { links, persons, ...all } = body.options
    const kept = new Map(before.map((item) => [item.person.id, choiceOf(item.chosen)]))
    const subjects = people.map((each): ImportSubject => {
      const link = links[each.id]
      const chosen = { ...kept.get(each.id), ...persons[each.id] }
      return { person: each, chosen: { ...chosen, ...(link === undefined ? {} : { link }) } }
    })
    return { plan: await planFor(caller, entra, subjects, all, planId), ...missed }
  },
})

export const changeImportedPeople = route({
  method: 'POST',
  path: '/imports/{id}/people',
  operation: 'changeImportedPeople',
  summary:
    'Says what single people of a preview get, or that they are left out; nothing else changes',
  body: z.strictObject({
    people: z
      .array(
        z.strictObject({
          position: z.int().min(0),
          chosen: person
            .extend({ link: id.exactOptional() })
            .nullable()
            .meta({ description: 'In place of what was chosen before; null leaves out.' }),
        }),
      )
      .min(1)
      .max(MOST_AT_ONCE),
  }),
  status: 200,
  answer: plan,
  problems: ['notFound', 'conflict'],
  async handle(caller, { id: planId, body }) {
    await requirePlan(caller, 'import', planId)
    const persons = Object.fromEntries(
      body.people.map(({ position, chosen }) => [String(position), chosen ?? {}]),
    )
    await requireGroups(caller, { groups: [], persons })
    const people = new Map(
      body.people.map(({ position, chosen }) => [position, chosen ?? undefined] as const),
    )
    return caller.directory.plans.changeImport(planId, people, caller.cause)
  },
})

/** What can still be changed of an import before it is started. */
export const importChangeRoutes: readonly Route[] = [reviseImport, changeImportedPeople]
