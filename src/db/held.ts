import { and, asc, count, eq, gt, inArray, isNotNull, lte, sql } from 'drizzle-orm'
import type { Action, Cause } from '../directory/event.ts'
import { isReleased, wants, type HeldUser, type Holds, type Selection } from '../directory/held.ts'
import type { Hold } from '../directory/user.ts'
import { brakeOf, forgetDepartures, standingOf } from './brake.ts'
import { record, write, type Context, type Write } from './context.ts'
import type { Db, Engine } from './engine.ts'
import { relistAs } from './roster-rows.ts'
import { tally } from './tallies.ts'
import { usersBy } from './user-rows.ts'
import { holdChange, save } from './user-writes.ts'
import { removeUser } from './users.ts'

const waiting: Hold[] = ['deactivate', 'delete']
const released: Hold[] = ['deactivating', 'deleting']
const all: Hold[] = [...waiting, ...released]

/** So many users are decided on in one transaction, which others may have to wait for. */
const AT_A_TIME = 100

/** What becomes of those who are held. */
interface Decision {
  /** What is held then; null for nothing. */
  to(hold: Hold): Hold | null
  readonly action: Action
  /** Only whom nothing has changed since. */
  readonly until: string | undefined
}

/** The organisations with something that was released and is not done. */
export async function organisationsWithReleased({ read, tables }: Engine): Promise<string[]> {
  const { users } = tables
  const rows = await read
    .select({ organisation: users.organisation })
    .from(users)
    .where(and(isNotNull(users.held), inArray(users.held, released)))
    .groupBy(users.organisation)
  return rows.map(({ organisation }) => organisation)
}

export function holdsOf(context: Context): Holds {
  const { engine, scope } = context
  const { users, events } = engine.tables
  const mine = eq(users.organisation, scope.organisation)

  /** The last event of an action about each of these users. */
  async function lastEvents(db: Db, userIds: readonly string[], action: Action) {
    const { sequence, resourceId, at, actor, requestId } = events
    const found = await db
      .select({ sequence, resourceId, at, actor, requestId })
      .from(events)
      .where(
        and(
          eq(events.organisation, scope.organisation),
          inArray(events.resourceId, [...userIds]),
          eq(events.action, action),
        ),
      )
    // Sorted here: asked for some in their order, SQLite would rather look through all events in it.
    found.sort((one, other) => one.sequence - other.sequence)
    return new Map(found.map((event) => [event.resourceId, event]))
  }

  /** The first ids after one of those held in one of these ways, asked for one by one: that is what the index answers. */
  async function idsOf(db: Db, holds: readonly Hold[], after: string, limit: number) {
    const ids: string[] = []
    for (const hold of holds) {
      const rows = await db
        .select({ id: users.id })
        .from(users)
        .where(and(mine, isNotNull(users.held), eq(users.held, hold), gt(users.id, after)))
        .orderBy(asc(users.id))
        .limit(limit)
      ids.push(...rows.map(({ id }) => id))
    }
    return ids.sort().slice(0, limit)
  }

  /** Whom a decision is about, some at a time. */
  async function* partsOf({ users: chosen }: Selection, holds: Hold[]) {
    if (chosen) {
      for (let start = 0; start < chosen.length; start += AT_A_TIME) {
        yield chosen.slice(start, start + AT_A_TIME)
      }
      return
    }
    for (let after: string | undefined = ''; after !== undefined; ) {
      const part: string[] = await idsOf(engine.read, holds, after, AT_A_TIME)
      if (part.length > 0) yield part
      after = part.at(-1)
    }
  }

  /** Decides on some who are held in one way; says on how many, and writes an event for each. */
  async function decideOn(
    tx: Write,
    part: readonly string[],
    { from, to, action, until }: Decision & { readonly from: Hold },
  ): Promise<number> {
    const held = to(from)
    // What is not held any more looks another to the provisioning client.
    const shown = { version: sql`${users.version} + 1`, lastModified: tx.at }
    const decided = await tx.db
      .update(users)
      .set({ held, ...(held === null ? shown : {}) })
      .where(
        and(
          mine,
          inArray(users.id, [...part]),
          eq(users.held, from),
          until === undefined ? undefined : lte(users.lastModified, until),
        ),
      )
      .returning({ id: users.id, provisioned: users.provisioned })
    for (const { id, provisioned } of decided) {
      if (held === null) await relistAs(tx, id, 'held', false)
      if (held === null && wants(from) === 'delete') {
        await tally(tx, 'departing', -1)
        await tally(tx, provisioned ? 'provisioned' : 'unprovisioned', 1)
      }
      await record(tx, action, id, holdChange(from, held))
    }
    return decided.length
  }

  /** The same for all who are meant and held in one of these ways, some in a transaction at a time. */
  async function decide(
    which: Selection,
    cause: Cause,
    decision: Omit<Decision, 'until'> & { readonly holds: Hold[] },
  ): Promise<number> {
    const until = which.until === undefined ? undefined : new Date(which.until).toISOString()
    const line = `holds of ${scope.organisation}`
    let total = 0
    for await (const part of partsOf(which, decision.holds)) {
      total += await write(
        context,
        cause,
        async (tx) => {
          let decided = 0
          for (const from of decision.holds) {
            decided += await decideOn(tx, part, { ...decision, from, until })
          }
          return decided
        },
        line,
      )
    }
    return total
  }

  return {
    async state() {
      const settings = await brakeOf(context, engine.read)
      const at = context.now().toISOString()
      const { departed, limit } = await standingOf(context, engine.read, { settings, at })
      const rows = await engine.read
        .select({ held: users.held, total: count() })
        .from(users)
        .where(and(mine, isNotNull(users.held)))
        .groupBy(users.held)
      const of = (hold: Hold) => rows.find(({ held }) => held === hold)?.total ?? 0
      return {
        settings,
        waiting: { deactivate: of('deactivate'), delete: of('delete') },
        released: of('deactivating') + of('deleting'),
        departed,
        limit,
      }
    },

    countWaiting: async (most) => (await idsOf(engine.read, waiting, '', most)).length,

    async list(after, limit) {
      const ids = await idsOf(engine.read, all, after, limit)
      const asked = await lastEvents(engine.read, ids, 'user.held')
      const found: HeldUser[] = []
      for (const id of ids) {
        const [user] = await usersBy(context, engine.read, 'id', id, 'all')
        const event = asked.get(id)
        // Decided on since the ids were read, as it were.
        if (!user?.held || !event) continue
        found.push({ user, hold: user.held, since: event.at, actor: event.actor })
      }
      return found
    },

    async release(which, cause) {
      const decided = await decide(which, cause, {
        holds: waiting,
        to: (hold) => (wants(hold) === 'deactivate' ? 'deactivating' : 'deleting'),
        action: 'user.hold-released',
      })
      if (!which.users && decided > 0) await write(context, cause, forgetDepartures)
      return decided
    },

    discard: (which, cause) =>
      decide(which, cause, { holds: all, to: () => null, action: 'user.hold-discarded' }),

    released: (after, limit) => idsOf(engine.read, released, after, limit),

    async carryOut(userId) {
      // Of whoever released it, as the event says.
      const server: Cause = { actor: 'server', door: 'admin', requestId: context.newId() }
      await write(
        context,
        server,
        async (tx) => {
          const [user] = await usersBy(tx, tx.db, 'id', userId, 'all')
          if (!user?.held || !isReleased(user.held)) return
          const said = await lastEvents(tx.db, [userId], 'user.hold-released')
          const { actor, requestId } = said.get(userId) ?? server
          const named: Write = { ...tx, cause: { ...server, actor, requestId } }
          if (wants(user.held) === 'delete') return removeUser(named, user)
          await save(named, user, { ...user.attributes, active: false }, { held: null })
        },
        userId,
      )
    },
  }
}
