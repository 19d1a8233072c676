import { and, count, eq, gt, inArray, isNotNull, lte, sql } from 'drizzle-orm'
import type { Action } from '../directory/event.ts'
import { believed, isGone, isOn, limitOf } from '../directory/held.ts'
import { DEFAULT_BRAKE, type BrakeSettings } from '../directory/settings.ts'
import { changesHands, externalId, isActive, type Hold, type User } from '../directory/user.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { countAlone, type Context, type Write } from './context.ts'
import type { Db } from './engine.ts'
import { settingOf } from './settings.ts'
import { columns, statement } from './statements.ts'
import { activeUsers } from './tallies.ts'

export async function brakeOf(context: Context, db: Db): Promise<BrakeSettings> {
  return (await settingOf(context, db, 'brake')) ?? DEFAULT_BRAKE
}

/** How the departures of an organisation stand. */
interface Standing {
  /** Where the window begins that ends now. */
  readonly begins: string
  /** Whether somebody waits for an administrator. */
  readonly waits: boolean
  /** How many went in the window, */
  readonly departed: number
  /** and how many may. */
  readonly limit: number
}

/** How the departures of an organisation stand at a time. */
export async function standingOf(
  { engine, scope }: Context,
  db: Db,
  { settings, at }: { readonly settings: BrakeSettings; readonly at: string },
): Promise<Standing> {
  const { organisations, users, departures } = engine.tables
  const query = statement<{ waits: number; departed: number; active: number }>(
    engine,
    db,
    'standing',
    () => {
      const waiting = db
        .select({ id: users.id })
        .from(users)
        .where(
          and(
            eq(users.organisation, sql.placeholder('organisation')),
            isNotNull(users.held),
            inArray(users.held, ['deactivate', 'delete']),
          ),
        )
      const departed = db
        .select({ total: count() })
        .from(departures)
        .where(
          and(
            eq(departures.organisation, sql.placeholder('organisation')),
            gt(departures.at, sql.placeholder('begins')),
          ),
        )
      return db
        .select(
          columns({
            waits: sql`CASE WHEN EXISTS ${waiting} THEN 1 ELSE 0 END`,
            departed: sql`CAST(${departed} AS integer)`,
            active: activeUsers(engine, db, sql.placeholder('organisation')),
          }),
        )
        .from(organisations)
        .where(eq(organisations.id, sql.placeholder('organisation')))
    },
  )
  const begins = new Date(Date.parse(at) - settings.minutes * 60_000).toISOString()
  const [found] = await query({ organisation: scope.organisation, begins })
  const { waits, departed, active } = found ?? { waits: 0, departed: 0, active: 0 }
  return { begins, waits: waits > 0, departed, limit: limitOf(settings, active + departed) }
}

/** Counts a departure, and forgets those that nobody counts any more. */
async function noteDeparture(
  { engine, db, scope, at }: Write,
  userId: string,
  begins: string,
): Promise<void> {
  const { departures } = engine.tables
  const { organisation } = scope
  const forget = statement(engine, db, 'forget departures', () =>
    db
      .delete(departures)
      .where(
        and(
          eq(departures.organisation, sql.placeholder('organisation')),
          lte(departures.at, sql.placeholder('begins')),
        ),
      ),
  )
  const note = statement(engine, db, 'note departure', () =>
    db
      .insert(departures)
      .values({
        organisation: sql.placeholder('organisation'),
        userId: sql.placeholder('userId'),
        at: sql.placeholder('at'),
      })
      .onConflictDoUpdate({
        target: [departures.organisation, departures.userId],
        set: { at: sql`excluded.at` },
      }),
  )
  await forget({ organisation, begins })
  await note({ organisation, userId, at })
}

/** Counts a departure through the SCIM door; true where it is one too many, and has to be held. */
async function brakes(context: Write, userId: string): Promise<boolean> {
  const { db, at } = context
  const settings = await brakeOf(context, db)
  if (!isOn(settings)) return false
  await countAlone(context)
  const { begins, waits, departed, limit } = await standingOf(context, db, { settings, at })
  if (waits || departed >= limit) return true
  await noteDeparture(context, userId, begins)
  return false
}

/** Takes the departure of a user back, who is active again. */
export async function takeBack({ engine, db, scope }: Write, userId: string): Promise<void> {
  const { departures } = engine.tables
  const forget = statement(engine, db, 'take departure back', () =>
    db
      .delete(departures)
      .where(
        and(
          eq(departures.organisation, sql.placeholder('organisation')),
          eq(departures.userId, sql.placeholder('userId')),
        ),
      ),
  )
  await forget({ organisation: scope.organisation, userId })
}

/** Lets the count begin anew. */
export async function forgetDepartures({ engine, db, scope }: Write): Promise<void> {
  const { departures } = engine.tables
  await db.delete(departures).where(eq(departures.organisation, scope.organisation))
}

/** What is written of what the provisioning client made of a user. */
export interface Outcome {
  readonly attributes: JsonObject
  /** Null where nothing is held, or not any more. Absent leaves it. */
  readonly held?: Hold | null
  /** Whether nothing says that it is the same person still, so that what lets the user in has to end. */
  readonly anew?: boolean
  readonly action?: Action
}

/**
 * Settles what becomes of a user whom the provisioning client changed, as it believes the user to be, into `next`. A
 * departure over the limit is held, and everything else of the change is done. An account that goes to another person is
 * never held: the one would have what the other may.
 */
export async function settleChange(context: Write, user: User, next: JsonObject): Promise<Outcome> {
  const { held } = user
  const before = believed(user).attributes
  const anew = externalId(before) !== externalId(next)
  const done: Outcome = { attributes: next, held: null, anew }
  if (context.cause.door !== 'scim') return { attributes: next }
  if (changesHands(before, next)) return done
  const kept: JsonObject = { ...next, active: true }
  if (held !== undefined && isActive(user.attributes)) {
    if (isActive(next)) return { ...done, action: 'user.hold-dropped' }
    return { attributes: kept, held: isGone(user) ? 'deactivate' : held }
  }
  if (!isActive(before) || isActive(next)) return done
  const another = changesHands({ ...before, active: false }, next)
  const over = await brakes(context, user.id)
  return over && !another ? { attributes: kept, held: 'deactivate', action: 'user.held' } : done
}

/** What becomes of a user whom the provisioning client deletes: what is held, or undefined where it is done at once. */
export async function settleRemoval(context: Write, user: User): Promise<'delete' | undefined> {
  if (context.cause.door !== 'scim' || !isActive(user.attributes)) return undefined
  if (user.held === 'deactivating') return undefined
  if (user.held !== undefined) return 'delete'
  return (await brakes(context, user.id)) ? 'delete' : undefined
}
