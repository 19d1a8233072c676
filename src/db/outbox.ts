import { and, asc, count, desc, eq, gt, inArray, isNull, lt, ne, sql } from 'drizzle-orm'
import { mayHavePassword } from '../directory/account.ts'
import { DirectoryError } from '../directory/errors.ts'
import { mailAddress } from '../directory/mail-address.ts'
import { MOST_RESETS, type MailKind, type Outbox, type QueuedMail } from '../directory/outbox.ts'
import { isActive, type User } from '../directory/user.ts'
import { quote } from '../scim/protocol/error.ts'
import { record, write, type Context, type Write } from './context.ts'
import type { Tables } from './engine.ts'
import { usersBy } from './user-rows.ts'

type Row = Tables['outbox']['$inferSelect']

const HOUR = 60 * 60_000

/** So many mails are let go in one transaction. */
const AT_ONCE = 1_000

/** A mail as others have it. */
export function toMail({ organisation, id, kind, userId, address, ...row }: Row): QueuedMail {
  const { state, created, due, attempts, planId, sent, problem } = row
  return {
    id,
    organisation,
    kind,
    userId,
    to: address,
    state,
    created,
    due,
    attempts,
    ...(planId === null ? {} : { planId }),
    ...(sent === null || state !== 'sent' ? {} : { sent }),
    // One that failed after it was handed over.
    ...(sent === null || state !== 'failed' ? {} : { uncertain: true }),
    ...(problem === null ? {} : { problem }),
  }
}

/**
 * The id of a mail, to sort the few of one user by: by the plain id SQLite would rather look through all mails in that
 * order than find those of the user.
 */
export const idAmongFew = ({ outbox }: Tables) => sql`${outbox.id} || ''`

/** A mail to be queued, or to be kept. */
type NewMail = Pick<QueuedMail, 'userId' | 'kind' | 'to' | 'due' | 'planId'> & {
  readonly state: 'kept' | 'waiting'
}

async function insertMail(
  context: Write,
  { userId, kind, to, due, state, planId }: NewMail,
): Promise<Row> {
  const row: Row = {
    organisation: context.scope.organisation,
    id: context.newId(),
    kind,
    userId,
    address: to,
    state,
    planId: planId ?? null,
    created: context.at,
    due,
    attempts: 0,
    sent: null,
    problem: null,
  }
  await context.db.insert(context.engine.tables.outbox).values(row)
  await record(context, 'mail.queued', userId, [{ path: 'mail', to: kind }])
  return row
}

/** Queues a mail with whatever else the transaction does; its id. */
export async function queueMail(context: Write, mail: NewMail): Promise<string> {
  return (await insertMail(context, mail)).id
}

/** Whether a kind of mail is for such a user: what has to do with passwords is for who may have one. */
function fits(kind: MailKind, user: User): boolean {
  return mayHavePassword(user) === (kind !== 'invitation')
}

async function mailTo(
  context: Write,
  user: User,
  kind: MailKind,
  due: string,
): Promise<QueuedMail> {
  if (!fits(kind, user)) {
    throw new DirectoryError(
      'conflict',
      kind === 'invitation'
        ? 'This user signs in with a password here.'
        : 'This user signs in with Microsoft Entra ID, and has no password here.',
    )
  }
  const to = mailAddress(user.attributes)
  if (to === undefined) throw new DirectoryError('conflict', 'This user has no e-mail address.')
  return toMail(await insertMail(context, { userId: user.id, kind, to, due, state: 'waiting' }))
}

/** Queues the invitation that fits a user. Throws `conflict` for one without address. */
export function inviteUser(context: Write, user: User, due: string): Promise<QueuedMail> {
  const kind = mayHavePassword(user) ? 'password-invitation' : 'invitation'
  return mailTo(context, user, kind, due)
}

async function requireUser(context: Write, id: string): Promise<User> {
  const [user] = await usersBy(context, context.db, 'id', id)
  if (user) return user
  throw new DirectoryError('notFound', `There is no user ${quote(id)}.`)
}

/**
 * Whether a user has a password. Its row is written, so that of two who ask for a mail at the same time one has to look
 * again at how many there were.
 */
async function hasPassword({ db, engine, scope }: Write, userId: string): Promise<boolean> {
  const { passwords } = engine.tables
  const found = await db
    .update(passwords)
    .set({ userId })
    .where(and(eq(passwords.organisation, scope.organisation), eq(passwords.userId, userId)))
    .returning({ userId: passwords.userId })
  return found.length > 0
}

/** So many mails for a forgotten password a user got within the hour. */
async function recentResets({ db, engine, scope, at }: Write, userId: string): Promise<number> {
  const { outbox } = engine.tables
  const since = new Date(Date.parse(at) - HOUR).toISOString()
  const found = await db
    .select({ id: outbox.id })
    .from(outbox)
    .where(
      and(
        eq(outbox.organisation, scope.organisation),
        eq(outbox.userId, userId),
        eq(outbox.kind, 'password-reset'),
        gt(outbox.created, since),
      ),
    )
    .limit(MOST_RESETS)
  return found.length
}

/** Lets go up to so many of the mails after an id; the ids. */
async function dispatchSome(
  context: Write,
  { state, planId }: Parameters<Outbox['dispatchAll']>[0],
  after: string,
): Promise<string[]> {
  const { outbox } = context.engine.tables
  const mine = eq(outbox.organisation, context.scope.organisation)
  const found = await context.db
    .select({ id: outbox.id })
    .from(outbox)
    .where(
      and(
        mine,
        eq(outbox.state, state),
        isNull(outbox.sent),
        // Whoever has forgotten a password asks again.
        ne(outbox.kind, 'password-reset'),
        planId === undefined ? undefined : eq(outbox.planId, planId),
        gt(outbox.id, after),
      ),
    )
    .orderBy(asc(outbox.id))
    .limit(AT_ONCE)
  const ids = found.map(({ id }) => id)
  if (ids.length === 0) return ids
  await context.db
    .update(outbox)
    .set({ state: 'waiting', due: context.at, problem: null })
    .where(and(mine, inArray(outbox.id, ids), eq(outbox.state, state)))
  await record(context, 'mail.dispatched', planId ?? context.scope.organisation, [
    { path: 'mails', to: ids.length },
    { path: 'state', from: state, to: 'waiting' },
  ])
  return ids
}

export function outboxOf(context: Context): Outbox {
  const { outbox } = context.engine.tables
  const mine = eq(outbox.organisation, context.scope.organisation)
  const found = async ({ db }: Write, id: string) => {
    const [row] = await db
      .select()
      .from(outbox)
      .where(and(mine, eq(outbox.id, id)))
    if (row) return row
    throw new DirectoryError('notFound', `There is no mail ${quote(id)}.`)
  }

  return {
    async open() {
      const { state, due } = outbox
      const isDue = sql`CASE WHEN ${due} <= ${context.now().toISOString()} THEN 1 ELSE 0 END`
      const rows = await context.engine.read
        .select({ state, all: count(), due: sql<number | string>`SUM(${isDue})` })
        .from(outbox)
        .where(and(mine, inArray(state, ['kept', 'failed', 'waiting', 'sending'])))
        .groupBy(state)
      const of = (wanted: QueuedMail['state']) => {
        const row = rows.find((each) => each.state === wanted)
        return { all: row?.all ?? 0, due: Number(row?.due ?? 0) }
      }
      const waiting = of('waiting')
      return {
        kept: of('kept').all,
        failed: of('failed').all,
        waiting: waiting.all - waiting.due,
        going: waiting.due + of('sending').all,
      }
    },
    async read(id) {
      const [row] = await context.engine.read
        .select()
        .from(outbox)
        .where(and(mine, eq(outbox.id, id)))
      return row && toMail(row)
    },
    async list({ state, planId, userId, before, limit }) {
      const id = userId === undefined ? sql`${outbox.id}` : idAmongFew(context.engine.tables)
      const rows = await context.engine.read
        .select()
        .from(outbox)
        .where(
          and(
            mine,
            state === undefined ? undefined : eq(outbox.state, state),
            planId === undefined ? undefined : eq(outbox.planId, planId),
            userId === undefined ? undefined : eq(outbox.userId, userId),
            before === undefined ? undefined : lt(id, before),
          ),
        )
        // Ids are in the order of creation.
        .orderBy(desc(id))
        .limit(limit)
      return rows.map(toMail)
    },

    send: (userId, kind, due, cause) =>
      write(context, cause, async (tx) => mailTo(tx, await requireUser(tx, userId), kind, due)),

    invite: (userId, due, cause) =>
      write(context, cause, async (tx) => inviteUser(tx, await requireUser(tx, userId), due)),

    sendReset: (userId, cause) =>
      write(
        context,
        cause,
        async (tx) => {
          const [user] = await usersBy(tx, tx.db, 'id', userId)
          if (!user || !isActive(user.attributes) || !fits('password-reset', user)) return false
          if (mailAddress(user.attributes) === undefined) return false
          if (!(await hasPassword(tx, userId))) return false
          if ((await recentResets(tx, userId)) >= MOST_RESETS) return false
          await mailTo(tx, user, 'password-reset', tx.at)
          return true
        },
        userId,
      ),

    dispatch: (id, cause) =>
      write(context, cause, async (tx) => {
        const row = await found(tx, id)
        const { state, due, kind, userId } = row
        if (state !== 'kept' && state !== 'waiting' && state !== 'failed') {
          throw new DirectoryError('conflict', `This mail is ${state}.`)
        }
        if (state === 'waiting' && due <= tx.at) return toMail(row)
        const free = { state: 'waiting', due: tx.at, sent: null, problem: null } as const
        await tx.db
          .update(outbox)
          .set(free)
          .where(and(mine, eq(outbox.id, id)))
        await record(tx, 'mail.dispatched', userId, [
          { path: 'mail', to: kind },
          { path: 'state', from: state, to: 'waiting' },
        ])
        return toMail({ ...row, ...free })
      }),

    async dispatchAll(which, cause) {
      let count = 0
      let after = ''
      for (;;) {
        const ids = await write(context, cause, (tx) => dispatchSome(tx, which, after))
        const last = ids.at(-1)
        count += ids.length
        if (ids.length < AT_ONCE || last === undefined) return count
        after = last
      }
    },

    cancel: (id, cause) =>
      write(context, cause, async (tx) => {
        const [stopped] = await tx.db
          .update(outbox)
          .set({ state: 'cancelled' })
          .where(and(mine, eq(outbox.id, id), inArray(outbox.state, ['kept', 'waiting', 'failed'])))
          .returning()
        if (!stopped) return toMail(await found(tx, id))
        await record(tx, 'mail.cancelled', stopped.userId, [{ path: 'mail', from: stopped.kind }])
        return toMail(stopped)
      }),
  }
}
