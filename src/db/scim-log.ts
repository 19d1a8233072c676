import { and, asc, desc, eq, gt, gte, inArray, isNotNull, lt, sql, type SQL } from 'drizzle-orm'
import {
  hourOf,
  type LogBody,
  type LogContact,
  type LogEntry,
  type LogFacts,
  type LogFailure,
  type LogFilter,
  type LogKind,
  type LogNeighbours,
  type LogPage,
  type LogSubject,
  type ProvisioningLog,
} from '../directory/provisioning-log.ts'
import { fold } from '../scim/protocol/compare.ts'
import type { ToleranceId } from '../scim/protocol/tolerances.ts'
import type { Context } from './context.ts'
import type { Tables } from './engine.ts'

/** Entries that are looked at for what no index finds: at a time, so that others get their turn, and for one page. */
const LOOKED_AT = 1_000
const LOOKED_AT_IN_ALL = 20_000
const MOST_WORDS = 10
/** So much later than others that came after it an entry may have been written. */
const LATE_MILLISECONDS = 10 * 60_000
const HOURS = 24
const HOUR_MILLISECONDS = 3_600_000

type Row = Tables['scimRequests']['$inferSelect']
type ShownRow = Omit<
  Row,
  'organisation' | 'search' | 'requestHeaders' | 'requestBody' | 'responseHeaders' | 'responseBody'
>

function subjectOf({ resourceType: type, resourceId: id, subject: name }: ShownRow) {
  if (type === null) return {}
  const subject: LogSubject = {
    type,
    ...(id === null ? {} : { id }),
    ...(name === null ? {} : { name }),
  }
  return { subject }
}

/** An entry from its row; all of it was written by this store, from these very types. */
function toEntry(row: ShownRow): LogEntry {
  const { sequence, at, actor, requestId, method, path, status, milliseconds } = row
  return {
    sequence,
    at,
    actor,
    requestId,
    method,
    path,
    status,
    milliseconds,
    kind: row.kind as LogKind,
    ...subjectOf(row),
    ...(row.failure === null ? {} : { failure: row.failure as LogFailure }),
    tolerances: JSON.parse(row.tolerances) as ToleranceId[],
    facts: JSON.parse(row.facts) as LogFacts,
  }
}

/** A body as `bodyText` wrote it. */
function bodyOf(text: string): LogBody {
  const [kept = '', length = ''] = text.split(' ', 2)
  return {
    text: text.slice(kept.length + length.length + 2),
    length: Number(length),
    kept: kept as LogBody['kept'],
  }
}

function message(headers: string, body: string | null) {
  return {
    headers: JSON.parse(headers) as Record<string, string>,
    ...(body === null ? {} : { body: bodyOf(body) }),
  }
}

export function provisioningLogOf({ engine, scope, now }: Context): ProvisioningLog {
  const { read, tables } = engine
  const { scimRequests: requests, scimRequestMembers: members } = tables
  const ours = eq(requests.organisation, scope.organisation)
  const shown = {
    sequence: requests.sequence,
    at: requests.at,
    actor: requests.actor,
    requestId: requests.requestId,
    method: requests.method,
    path: requests.path,
    status: requests.status,
    milliseconds: requests.milliseconds,
    kind: requests.kind,
    resourceType: requests.resourceType,
    resourceId: requests.resourceId,
    subject: requests.subject,
    failure: requests.failure,
    tolerances: requests.tolerances,
    facts: requests.facts,
  }

  /** The first number from a time on, or a little before. */
  async function firstFrom(at: string): Promise<number | undefined> {
    const [first] = await read
      .select({ sequence: requests.sequence })
      .from(requests)
      .where(and(ours, gte(requests.at, at)))
      .orderBy(asc(requests.at), asc(requests.sequence))
      .limit(1)
    return first?.sequence
  }

  const shifted = (at: string, milliseconds: number) =>
    new Date(Date.parse(at) + milliseconds).toISOString()

  /** Between which numbers a time range is, roughly: `lookedFor` is exact. Undefined where there is nothing. */
  async function rangeOf({ from, to, after }: LogFilter): Promise<SQL[] | undefined> {
    const conditions: SQL[] = after === undefined ? [] : [gt(requests.sequence, after)]
    if (from !== undefined) {
      const first = await firstFrom(shifted(from, -LATE_MILLISECONDS))
      if (first === undefined) return undefined
      conditions.push(gte(requests.sequence, first))
    }
    if (to !== undefined) {
      const beyond = await firstFrom(shifted(to, LATE_MILLISECONDS))
      if (beyond !== undefined) conditions.push(lt(requests.sequence, beyond))
    }
    return conditions
  }

  /** What has to be looked for in each entry, since no index knows it. */
  function lookedFor({ words, actor, kinds, from, to }: LogFilter): SQL[] {
    const parts = words === undefined ? [] : fold(words).split(/\s+/).filter(Boolean)
    const text = sql`${requests.search}`
    return [
      ...(actor === undefined ? [] : [eq(requests.actor, actor)]),
      ...(kinds === undefined ? [] : [inArray(requests.kind, [...kinds])]),
      ...(from === undefined ? [] : [gte(requests.at, from)]),
      ...(to === undefined ? [] : [lt(requests.at, to)]),
      ...parts
        .slice(0, MOST_WORDS)
        .map((part) => engine.json.contains(text, engine.json.literal(part, 'text'))),
    ]
  }

  /** The newest numbers that indexes find, below `before`. */
  async function newest(
    filter: LogFilter,
    range: readonly SQL[],
    before: number | undefined,
    limit: number,
  ): Promise<number[]> {
    const below = before === undefined ? undefined : lt(requests.sequence, before)
    const failed = filter.errors ? isNotNull(requests.failure) : undefined
    const select = (...more: readonly (SQL | undefined)[]) =>
      read
        .select({ sequence: requests.sequence })
        .from(requests)
        .where(and(ours, below, failed, ...range, ...more))
        .orderBy(desc(requests.sequence))
        .limit(limit)
    const { resourceId } = filter
    if (resourceId === undefined) return (await select()).map(({ sequence }) => sequence)
    const direct = await select(eq(requests.resourceId, resourceId))
    const asMember = await read
      .select({ sequence: requests.sequence })
      .from(members)
      .innerJoin(requests, eq(requests.sequence, members.sequence))
      .where(
        and(
          eq(members.organisation, scope.organisation),
          eq(members.memberId, resourceId),
          before === undefined ? undefined : lt(members.sequence, before),
          ours,
          failed,
          ...range,
        ),
      )
      .orderBy(desc(members.sequence))
      .limit(limit)
    const all = new Set([...direct, ...asMember].map(({ sequence }) => sequence))
    return [...all].sort((one, other) => other - one).slice(0, limit)
  }

  /** Those of these numbers that have what is looked for, newest first, at most `limit`. */
  async function entriesOf(
    sequences: readonly number[],
    conditions: readonly SQL[],
    limit: number,
  ): Promise<LogEntry[]> {
    const rows = await read
      .select(shown)
      .from(requests)
      .where(and(ours, inArray(requests.sequence, [...sequences]), ...conditions))
      .orderBy(desc(requests.sequence))
      .limit(limit)
    return rows.map(toEntry)
  }

  async function list(
    filter: LogFilter,
    { before, limit }: { readonly before?: number; readonly limit: number },
  ): Promise<LogPage> {
    const range = await rangeOf(filter)
    if (!range) return { items: [] }
    const conditions = lookedFor(filter)
    // One more tells whether there are more.
    const size = conditions.length === 0 ? limit + 1 : LOOKED_AT
    const items: LogEntry[] = []
    let at = before
    for (let looked = 0; looked < LOOKED_AT_IN_ALL; looked += size) {
      const sequences = await newest(filter, range, at, size)
      items.push(...(await entriesOf(sequences, conditions, limit + 1 - items.length)))
      const last = items[limit - 1]
      if (last && items.length > limit) return { items: items.slice(0, limit), next: last.sequence }
      if (sequences.length < size) return { items }
      at = sequences.at(-1)
      // Others get their turn.
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { items, ...(at === undefined ? {} : { next: at }) }
  }

  /** The next request about somebody in one direction. */
  async function nearest(
    sequence: number,
    resourceId: string,
    where: keyof LogNeighbours,
  ): Promise<LogNeighbours> {
    const [beyond, order] = where === 'earlier' ? [lt, desc] : [gt, asc]
    const direct = await read
      .select({ sequence: requests.sequence })
      .from(requests)
      .where(and(ours, eq(requests.resourceId, resourceId), beyond(requests.sequence, sequence)))
      .orderBy(order(requests.sequence))
      .limit(1)
    const asMember = await read
      .select({ sequence: requests.sequence })
      .from(members)
      .innerJoin(requests, eq(requests.sequence, members.sequence))
      .where(
        and(
          eq(members.organisation, scope.organisation),
          eq(members.memberId, resourceId),
          beyond(members.sequence, sequence),
          ours,
        ),
      )
      .orderBy(order(members.sequence))
      .limit(1)
    const found = [...direct, ...asMember].map((row) => row.sequence)
    if (found.length === 0) return {}
    return { [where]: where === 'earlier' ? Math.max(...found) : Math.min(...found) }
  }

  async function contacts(): Promise<Map<string, LogContact>> {
    const rows = await read
      .select()
      .from(tables.scimContacts)
      .where(eq(tables.scimContacts.organisation, scope.organisation))
    return new Map(
      rows.map(({ what, at, actor, kind, status }) => [
        what,
        { at, actor, kind: kind as LogKind, status },
      ]),
    )
  }

  return {
    list,
    async since(after, limit) {
      const rows = await read
        .select(shown)
        .from(requests)
        .where(and(ours, gt(requests.sequence, after)))
        .orderBy(asc(requests.sequence))
        .limit(limit)
      return rows.map(toEntry)
    },
    async last() {
      const [newestOne] = await newest({}, [], undefined, 1)
      return newestOne ?? 0
    },
    async read(sequence) {
      const [row] = await read
        .select()
        .from(requests)
        .where(and(ours, eq(requests.sequence, sequence)))
      return (
        row && {
          ...toEntry(row),
          request: message(row.requestHeaders, row.requestBody),
          response: message(row.responseHeaders, row.responseBody),
        }
      )
    },
    async beside(sequence, resourceId) {
      const [earlier, later] = await Promise.all([
        nearest(sequence, resourceId, 'earlier'),
        nearest(sequence, resourceId, 'later'),
      ])
      return { ...earlier, ...later }
    },
    async status() {
      const { scimTallies: tallies } = tables
      const end = Date.parse(hourOf(now().toISOString()))
      const hours = Array.from({ length: HOURS }, (_, index) =>
        new Date(end - (HOURS - 1 - index) * HOUR_MILLISECONDS).toISOString(),
      )
      const rows = await read
        .select({ hour: tallies.hour, name: tallies.name, total: tallies.total })
        .from(tallies)
        .where(and(eq(tallies.organisation, scope.organisation), gte(tallies.hour, hours[0] ?? '')))
      const totals = new Map(rows.map(({ hour, name, total }) => [`${hour} ${name}`, total]))
      const rules = new Map<ToleranceId, number>()
      for (const { name, total } of rows) {
        if (!name.startsWith('rule:')) continue
        const id = name.slice('rule:'.length) as ToleranceId
        rules.set(id, (rules.get(id) ?? 0) + total)
      }
      const known = await contacts()
      const lately = (what: string, key: keyof Awaited<ReturnType<ProvisioningLog['status']>>) => {
        const contact = known.get(what)
        return contact ? { [key]: contact } : {}
      }
      return {
        ...lately('contact', 'lastContact'),
        ...lately('test', 'lastTest'),
        ...lately('user-write', 'lastUserWrite'),
        ...lately('group-write', 'lastGroupWrite'),
        hours: hours.map((hour) => ({
          hour,
          requests: totals.get(`${hour} requests`) ?? 0,
          errors: totals.get(`${hour} errors`) ?? 0,
          dropped: totals.get(`${hour} dropped`) ?? 0,
        })),
        tolerances: [...rules]
          .map(([id, count]) => ({ id, requests: count }))
          .sort((one, other) => other.requests - one.requests || (one.id < other.id ? -1 : 1)),
      }
    },
  }
}
