import { and, asc, eq, isNotNull, isNull, like, sql } from 'drizzle-orm'
import type { Cause } from '../directory/event.ts'
import { DirectoryError } from '../directory/errors.ts'
import { DEFAULT_ORGANISATION, type Organisation } from '../directory/organisation.ts'
import type { Organisations } from '../directory/store.ts'
import { isObjectId } from '../scim/protocol/compare.ts'
import { quote } from '../scim/protocol/error.ts'
import { record, write, type Context, type Write } from './context.ts'
import type { Db, Tables } from './engine.ts'
import { relistAs } from './roster-rows.ts'
import { columns, statement } from './statements.ts'
import { linkedId } from './user-rows.ts'

type Row = Tables['organisations']['$inferSelect']

function toOrganisation(row: Row): Organisation {
  return {
    id: row.id,
    name: row.name,
    created: row.created,
    ...(row.entraTenantId === null ? {} : { entraTenantId: row.entraTenantId }),
  }
}

/** The Entra tenant of the organisation being written to. */
export function tenantOf(context: Write): Promise<string | undefined> {
  return tenantIdOf(context, context.db)
}

/** The Entra tenant of an organisation. */
export async function tenantIdOf({ engine, scope }: Context, db: Db): Promise<string | undefined> {
  const { organisations } = engine.tables
  const query = statement<{ tenant: string | null }>(engine, db, 'tenant of organisation', () =>
    db
      .select(columns({ tenant: organisations.entraTenantId }))
      .from(organisations)
      .where(eq(organisations.id, sql.placeholder('organisation'))),
  )
  const [row] = await query({ organisation: scope.organisation })
  return row?.tenant ?? undefined
}

/** The form of a GUID, for LIKE. */
const GUID = ['_'.repeat(8), '_'.repeat(4), '_'.repeat(4), '_'.repeat(4), '_'.repeat(12)].join('-')

/** Moves the links of all users to the tenant, and links those whom the provisioning client gave an object id; says how many. */
async function linkProvisioned(context: Write, tenantId: string): Promise<number> {
  const { db, engine, scope } = context
  const { users } = engine.tables
  const mine = eq(users.organisation, scope.organisation)
  await db
    .update(users)
    .set({ linkTenant: tenantId })
    .where(and(mine, isNotNull(users.linkObject)))
  const rows = await db
    .select({ id: users.id, externalId: users.externalId })
    .from(users)
    .where(
      and(
        mine,
        eq(users.provisioned, true),
        isNull(users.linkObject),
        like(users.externalId, GUID),
      ),
    )
  let linked = 0
  for (const { id, externalId: objectId } of rows) {
    if (objectId === null || !isObjectId(objectId)) continue
    if (await linkedId(context, db, { tenantId, objectId })) continue
    linked += 1
    const where = and(mine, eq(users.id, id))
    await db.update(users).set({ linkTenant: tenantId, linkObject: objectId }).where(where)
    await relistAs(context, id, 'linked', true)
  }
  return linked
}

/** Makes a tenant that of the organisation being written to, which had `from` until now. */
export async function moveTenant(
  tx: Write,
  from: string | undefined,
  entraTenantId: string,
): Promise<Row | undefined> {
  const { organisations } = tx.engine.tables
  const { organisation } = tx.scope
  const [row] = await tx.db
    .update(organisations)
    .set({ entraTenantId })
    .where(eq(organisations.id, organisation))
    .returning()
  if (!row) return undefined
  const linked = await linkProvisioned(tx, entraTenantId)
  await record(tx, 'organisation.updated', organisation, [
    { path: 'entraTenantId', ...(from === undefined ? {} : { from }), to: entraTenantId },
    ...(linked > 0 ? [{ path: 'linkedUsers', to: linked }] : []),
  ])
  return row
}

/** Whether an organisation is refused for having a tenant that another one has. */
export function isTenantTaken({ engine }: Pick<Context, 'engine'>, error: unknown): boolean {
  return engine.violatedIndex(error) === 'organisations_tenant'
}

type Base = Omit<Context, 'scope'>

export function organisationsOf(base: Base): Organisations {
  const { organisations } = base.engine.tables

  /** A write into an organisation that may not exist yet. */
  function within<T>(id: string, cause: Cause, work: (tx: Write) => Promise<T>): Promise<T> {
    return write({ ...base, scope: { organisation: id, localUsers: 'visible' } }, cause, work)
  }

  async function findIn(db: Db, name: string): Promise<Organisation | undefined> {
    const [row] = await db.select().from(organisations).where(eq(organisations.name, name))
    return row && toOrganisation(row)
  }

  /** Turns what a unique index says into what the contract says. */
  function conflictOf(error: unknown, name: string): unknown {
    const index = base.engine.violatedIndex(error)
    if (index === 'organisations_name') {
      return new DirectoryError('conflict', `There is an organisation ${quote(name)} already.`)
    }
    if (isTenantTaken(base, error)) {
      return new DirectoryError('conflict', 'This Entra tenant belongs to another organisation.')
    }
    return error
  }

  return {
    async create({ name, entraTenantId }, cause) {
      const id = base.newId()
      try {
        return await within(id, cause, async (tx) => {
          const tenant = entraTenantId ?? null
          const row = { id, name, entraTenantId: tenant, created: tx.at }
          await tx.db.insert(organisations).values(row)
          await record(tx, 'organisation.created', id, [{ path: 'name', to: name }])
          return toOrganisation(row)
        })
      } catch (error) {
        throw conflictOf(error, name)
      }
    },
    async setTenant(name, entraTenantId, cause) {
      const found = await findIn(base.engine.read, name)
      if (!found) throw new DirectoryError('notFound', `There is no organisation ${quote(name)}.`)
      if (found.entraTenantId === entraTenantId) return found
      try {
        return await within(found.id, cause, async (tx) => {
          const row = await moveTenant(tx, found.entraTenantId, entraTenantId)
          if (!row) throw new DirectoryError('notFound', `There is no organisation ${quote(name)}.`)
          return toOrganisation(row)
        })
      } catch (error) {
        throw conflictOf(error, name)
      }
    },
    async list() {
      const rows = await base.engine.read
        .select()
        .from(organisations)
        .orderBy(asc(organisations.created), asc(organisations.id))
      return rows.map(toOrganisation)
    },
    find: (name) => findIn(base.engine.read, name),
    async ofTenant(entraTenantId) {
      const [row] = await base.engine.read
        .select()
        .from(organisations)
        .where(eq(organisations.entraTenantId, entraTenantId))
      return row && toOrganisation(row)
    },
  }
}

/** Makes the one organisation of a fresh installation. */
export async function ensureDefault(base: Base): Promise<void> {
  const { organisations } = base.engine.tables
  await base.engine.transaction(async (db) => {
    await db
      .insert(organisations)
      .values({
        id: DEFAULT_ORGANISATION,
        name: DEFAULT_ORGANISATION,
        created: base.now().toISOString(),
      })
      .onConflictDoNothing()
  })
}
