import { asc, eq, sql } from 'drizzle-orm'
import type { Cause } from '../directory/event.ts'
import { DirectoryError } from '../directory/errors.ts'
import { DEFAULT_ORGANISATION, type Organisation } from '../directory/organisation.ts'
import type { Organisations } from '../directory/store.ts'
import { quote } from '../scim/protocol/error.ts'
import { record, write, type Context, type Write } from './context.ts'
import type { Db, Tables } from './engine.ts'
import { columns, statement } from './statements.ts'

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
export async function tenantOf({ db, engine, scope }: Write): Promise<string | undefined> {
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
        if (base.engine.violatedIndex(error) !== 'organisations_name') throw error
        throw new DirectoryError('conflict', `There is an organisation ${quote(name)} already.`)
      }
    },
    async setTenant(name, entraTenantId, cause) {
      const found = await findIn(base.engine.read, name)
      if (!found) throw new DirectoryError('notFound', `There is no organisation ${quote(name)}.`)
      return within(found.id, cause, async (tx) => {
        const [row] = await tx.db
          .update(organisations)
          .set({ entraTenantId })
          .where(eq(organisations.id, found.id))
          .returning()
        if (!row) throw new DirectoryError('notFound', `There is no organisation ${quote(name)}.`)
        if (found.entraTenantId !== entraTenantId) {
          const from = found.entraTenantId === undefined ? {} : { from: found.entraTenantId }
          const change = { path: 'entraTenantId', ...from, to: entraTenantId }
          await record(tx, 'organisation.updated', found.id, [change])
        }
        return toOrganisation(row)
      })
    },
    async list() {
      const rows = await base.engine.read
        .select()
        .from(organisations)
        .orderBy(asc(organisations.created), asc(organisations.id))
      return rows.map(toOrganisation)
    },
    find: (name) => findIn(base.engine.read, name),
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
