import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Change } from '../directory/event.ts'
import { isGone } from '../directory/held.ts'
import {
  personName,
  type LogMember,
  type LogSubject,
  type NewLogEntry,
} from '../directory/provisioning-log.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { chunks } from './context.ts'
import type { Engine } from './engine.ts'

interface Named {
  readonly name: string
  readonly held?: boolean
}

/** What users and groups are called, by id, as far as they are there. */
async function presentNames(
  { tables, read }: Engine,
  organisation: string,
  ids: readonly string[],
): Promise<Map<string, Named>> {
  const { users, groups } = tables
  const names = new Map<string, Named>()
  for (const some of chunks(ids)) {
    const people = await read
      .select({ id: users.id, resource: users.resource, held: users.held })
      .from(users)
      .where(and(eq(users.organisation, organisation), inArray(users.id, some)))
    for (const { id, resource, held } of people) {
      // Written by this store.
      names.set(id, {
        name: personName(JSON.parse(resource) as JsonObject),
        held: isGone({ held }),
      })
    }
    const left = some.filter((id) => !names.has(id))
    if (left.length === 0) continue
    const found = await read
      .select({ id: groups.id, name: groups.displayName })
      .from(groups)
      .where(and(eq(groups.organisation, organisation), inArray(groups.id, left)))
    for (const { id, name } of found) names.set(id, { name })
  }
  return names
}

/** What something was called that is gone, as its deletion tells. */
async function formerName(
  { tables, read }: Engine,
  organisation: string,
  id: string,
): Promise<Named | undefined> {
  const { events } = tables
  const [last] = await read
    .select({ changes: events.changes })
    .from(events)
    .where(
      and(
        eq(events.organisation, organisation),
        eq(events.resourceId, id),
        inArray(events.action, ['user.deleted', 'group.deleted']),
      ),
    )
    .orderBy(desc(events.sequence))
    .limit(1)
  if (!last) return undefined
  // Written by `record`, from these very types.
  const changes = JSON.parse(last.changes) as Change[]
  const before = Object.fromEntries(changes.map(({ path, from = null }) => [path, from]))
  const name = personName(before)
  return name === '' ? undefined : { name }
}

/** Looks up what the entries of an organisation name by id alone. */
export async function namesFor(
  engine: Engine,
  organisation: string,
  entries: readonly NewLogEntry[],
): Promise<Map<string, Named>> {
  const subjects = entries.flatMap(({ subject }) =>
    subject?.id !== undefined && subject.name === undefined ? [subject.id] : [],
  )
  const members = entries.flatMap(({ facts }) => facts.members ?? []).map(({ id }) => id)
  const wanted = [...new Set([...subjects, ...members])]
  if (wanted.length === 0) return new Map()
  const names = await presentNames(engine, organisation, wanted)
  for (const id of new Set(subjects)) {
    const former = names.has(id) ? undefined : await formerName(engine, organisation, id)
    if (former) names.set(id, former)
  }
  return names
}

function withName<T extends LogSubject | LogMember>(one: T, names: ReadonlyMap<string, Named>): T {
  const known = one.id === undefined ? undefined : names.get(one.id)
  return one.name === undefined && known && known.name !== '' ? { ...one, name: known.name } : one
}

/** The entry with the names of all that it is about. */
export function named(entry: NewLogEntry, names: ReadonlyMap<string, Named>): NewLogEntry {
  const { subject, facts, kind } = entry
  const { members } = facts
  const held = kind === 'delete-user' && subject?.id && names.get(subject.id)?.held
  return {
    ...entry,
    ...(subject ? { subject: withName(subject, names) } : {}),
    facts: {
      ...facts,
      ...(members ? { members: members.map((one) => withName(one, names)) } : {}),
      ...(held ? { held: true } : {}),
    },
  }
}
