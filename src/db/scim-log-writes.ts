import { and, asc, desc, eq, lt, lte, sql } from 'drizzle-orm'
import {
  groupWrites,
  hourOf,
  userWrites,
  type DroppedRequests,
  type LogBody,
  type NewLogEntry,
  type ProvisioningLogs,
} from '../directory/provisioning-log.ts'
import { fold } from '../scim/protocol/compare.ts'
import { chunks, type Context } from './context.ts'
import type { Db, Engine, Tables } from './engine.ts'
import { named, namesFor } from './scim-log-names.ts'
import { statement } from './statements.ts'

type Base = Pick<Context, 'engine' | 'now'>
type Row = Omit<Tables['scimRequests']['$inferSelect'], 'sequence'>

/** In one line of a process: they would wait for the same rows. */
const LINE = 'provisioning log'
/** Rows of one statement; the others are written one by one. */
const ROWS = 25
const LONGEST_SEARCH = 2_000
/** Hours whose counts are kept. */
const HOURS = 48
const HOUR_MILLISECONDS = 3_600_000

/** The texts that a search of words looks at. */
function searchOf({ subject, facts, actor, memberIds }: NewLogEntry): string {
  const { members = [], value, wanted, filter } = facts
  const texts = [
    subject?.name,
    subject?.id,
    ...members.map(({ name }) => name),
    wanted,
    value ?? filter,
    actor,
    ...memberIds,
  ]
  const text = texts.filter((each) => each !== undefined).join('\n')
  return fold(text.slice(0, LONGEST_SEARCH).replaceAll('\u0000', '').toWellFormed())
}

/** How a body is kept, how long it was, and the text as it is. */
function bodyText(body: LogBody | undefined): string | null {
  return body ? `${body.kept} ${body.length} ${body.text}` : null
}

function rowOf(entry: NewLogEntry): Row {
  const { organisation, at, actor, requestId, method, path, status, milliseconds, kind } = entry
  const { subject, request, response } = entry
  return {
    organisation,
    at,
    actor,
    requestId,
    method,
    path,
    status,
    milliseconds,
    kind,
    resourceType: subject?.type ?? null,
    resourceId: subject?.id ?? null,
    subject: subject?.name ?? null,
    failure: entry.failure ?? null,
    search: searchOf(entry),
    tolerances: JSON.stringify(entry.tolerances),
    facts: JSON.stringify(entry.facts),
    requestHeaders: JSON.stringify(request.headers),
    requestBody: bodyText(request.body),
    responseHeaders: JSON.stringify(response.headers),
    responseBody: bodyText(response.body),
  }
}

/** The columns in the order in which `rowOf` has them, and for each row of a statement what they are called there. */
const columns = [
  'organisation',
  'at',
  'actor',
  'requestId',
  'method',
  'path',
  'status',
  'milliseconds',
  'kind',
  'resourceType',
  'resourceId',
  'subject',
  'failure',
  'search',
  'tolerances',
  'facts',
  'requestHeaders',
  'requestBody',
  'responseHeaders',
  'responseBody',
] as const satisfies readonly (keyof Row)[]
const placeholders = Array.from({ length: ROWS }, (_, index) =>
  columns.map((name) => [name, `${name}${index}`] as const),
)

function insertion(engine: Engine, db: Db, size: number) {
  const { scimRequests } = engine.tables
  return statement<{ sequence: number | string }>(engine, db, `insert ${size} requests`, () =>
    db
      .insert(scimRequests)
      .values(
        placeholders.slice(0, size).map(
          (names) =>
            // One for each column.
            Object.fromEntries(
              names.map(([name, placeholder]) => [name, sql.placeholder(placeholder)]),
            ) as unknown as Row,
        ),
      )
      .returning({ sequence: scimRequests.sequence }),
  )
}

/** Writes rows; their numbers, in the order of the rows. */
async function insertRows(engine: Engine, db: Db, rows: readonly Row[]): Promise<number[]> {
  const sequences: number[] = []
  for (let start = 0; start < rows.length; ) {
    const size = rows.length - start >= ROWS ? ROWS : 1
    const values: Record<string, unknown> = {}
    for (const [index, row] of rows.slice(start, start + size).entries()) {
      for (const [name, placeholder] of placeholders[index] ?? []) values[placeholder] = row[name]
    }
    const made = await insertion(engine, db, size)(values)
    // Given in the order of the rows, and not always told in it.
    sequences.push(...made.map(({ sequence }) => Number(sequence)).sort((a, b) => a - b))
    start += size
  }
  return sequences
}

type What = Tables['scimContacts']['$inferSelect']['what']

function contactsOf(entry: NewLogEntry): What[] {
  const succeeded = entry.status < 400
  return [
    'contact',
    ...(entry.kind === 'test' ? (['test'] as const) : []),
    ...(succeeded && userWrites.includes(entry.kind) ? (['user-write'] as const) : []),
    ...(succeeded && groupWrites.includes(entry.kind) ? (['group-write'] as const) : []),
  ]
}

/**
 * Notes the newest of each kind. The row of `contact` is written by everybody and first: who has it writes alone in the
 * organisation until the end, so that entries can be read in the order of their numbers.
 */
async function noteContacts(
  { tables }: Engine,
  db: Db,
  organisation: string,
  entries: readonly NewLogEntry[],
): Promise<void> {
  const { scimContacts } = tables
  const newest = new Map<What, NewLogEntry>()
  for (const entry of entries) {
    for (const what of contactsOf(entry)) {
      const known = newest.get(what)
      if (!known || known.at <= entry.at) newest.set(what, entry)
    }
  }
  for (const [what, { at, actor, kind, status }] of newest) {
    const newer = sql`excluded.at >= ${scimContacts.at}`
    await db
      .insert(scimContacts)
      .values({ organisation, what, at, actor, kind, status })
      .onConflictDoUpdate({
        target: [scimContacts.organisation, scimContacts.what],
        set: {
          at: sql`CASE WHEN ${newer} THEN excluded.at ELSE ${scimContacts.at} END`,
          actor: sql`CASE WHEN ${newer} THEN excluded.actor ELSE ${scimContacts.actor} END`,
          kind: sql`CASE WHEN ${newer} THEN excluded.kind ELSE ${scimContacts.kind} END`,
          status: sql`CASE WHEN ${newer} THEN excluded.status ELSE ${scimContacts.status} END`,
        },
      })
  }
}

async function count(
  { tables }: Engine,
  db: Db,
  organisation: string,
  entries: readonly NewLogEntry[],
  dropped: readonly DroppedRequests[],
): Promise<void> {
  const { scimTallies } = tables
  const totals = new Map<string, { hour: string; name: string; total: number }>()
  function add(hour: string, name: string, number: number): void {
    const known = totals.get(`${hour} ${name}`)
    if (known) known.total += number
    else totals.set(`${hour} ${name}`, { hour, name, total: number })
  }
  for (const { at, status, tolerances } of entries) {
    const hour = hourOf(at)
    add(hour, 'requests', 1)
    if (status >= 400) add(hour, 'errors', 1)
    for (const id of tolerances) add(hour, `rule:${id}`, 1)
  }
  for (const { hour, requests, errors } of dropped) {
    add(hour, 'requests', requests)
    if (errors > 0) add(hour, 'errors', errors)
    add(hour, 'dropped', requests)
  }
  const rows = [...totals.values()].map((each) => ({ organisation, ...each }))
  // In the same order everywhere, so that nobody waits for each other.
  rows.sort((one, other) => (one.hour + one.name < other.hour + other.name ? -1 : 1))
  for (const some of chunks(rows)) {
    await db
      .insert(scimTallies)
      .values(some)
      .onConflictDoUpdate({
        target: [scimTallies.organisation, scimTallies.hour, scimTallies.name],
        set: { total: sql`${scimTallies.total} + excluded.total` },
      })
  }
}

function byOrganisation<T extends { readonly organisation: string }>(
  all: readonly T[],
  organisation: string,
): T[] {
  return all.filter((each) => each.organisation === organisation)
}

/** What writes the provisioning logs of all organisations. */
export function provisioningLogsOf({ engine, now }: Base): ProvisioningLogs {
  const { scimRequests, scimRequestMembers, scimTallies } = engine.tables
  return {
    async append(given, dropped) {
      const organisations = [
        ...new Set([...given, ...dropped].map(({ organisation }) => organisation)),
      ].sort()
      const parts = await Promise.all(
        organisations.map(async (organisation) => {
          const entries = byOrganisation(given, organisation)
          const names = await namesFor(engine, organisation, entries)
          const complete = entries.map((entry) => {
            const { subject } = entry
            // Whoever was called something then is called that until another request says otherwise.
            if (subject?.id !== undefined && subject.name !== undefined) {
              names.set(subject.id, { ...names.get(subject.id), name: subject.name })
            }
            return named(entry, names)
          })
          return { organisation, entries: complete, rows: complete.map(rowOf) }
        }),
      )
      await engine.transaction(async (db) => {
        for (const { organisation, entries, rows } of parts) {
          await noteContacts(engine, db, organisation, entries)
          await count(engine, db, organisation, entries, byOrganisation(dropped, organisation))
          const sequences = await insertRows(engine, db, rows)
          const members = entries.flatMap(({ memberIds }, index) =>
            memberIds.map((memberId) => ({
              organisation,
              memberId,
              sequence: sequences[index] ?? 0,
            })),
          )
          for (const some of chunks(members)) await db.insert(scimRequestMembers).values(some)
        }
      }, LINE)
    },

    prune: (organisation, { before, keep, limit }) =>
      engine.transaction(async (db) => {
        const ours = eq(scimRequests.organisation, organisation)
        const [beyond] = await db
          .select({ sequence: scimRequests.sequence })
          .from(scimRequests)
          .where(ours)
          .orderBy(desc(scimRequests.sequence))
          .limit(1)
          .offset(keep)
        const oldest = await db
          .select({ sequence: scimRequests.sequence, at: scimRequests.at })
          .from(scimRequests)
          .where(ours)
          .orderBy(asc(scimRequests.sequence))
          .limit(limit)
        const last = oldest.findLast(
          ({ sequence, at }) =>
            at < before || (beyond !== undefined && sequence <= beyond.sequence),
        )
        const hour = hourOf(new Date(now().getTime() - HOURS * HOUR_MILLISECONDS).toISOString())
        await db
          .delete(scimTallies)
          .where(and(eq(scimTallies.organisation, organisation), lt(scimTallies.hour, hour)))
        if (!last) return 0
        await db
          .delete(scimRequestMembers)
          .where(
            and(
              eq(scimRequestMembers.organisation, organisation),
              lte(scimRequestMembers.sequence, last.sequence),
            ),
          )
        await db.delete(scimRequests).where(and(ours, lte(scimRequests.sequence, last.sequence)))
        return oldest.indexOf(last) + 1
      }, LINE),
  }
}
