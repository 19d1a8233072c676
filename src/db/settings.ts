import { and, eq, isNotNull, sql } from 'drizzle-orm'
import { diff } from '../directory/diff.ts'
import type { Change } from '../directory/event.ts'
import type {
  Connected,
  SettingName,
  Settings,
  SettingValues,
  StoredConnection,
  SyncSettings,
} from '../directory/settings.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { record, write, type Context, type Write } from './context.ts'
import type { Db } from './engine.ts'
import { isTenantTaken, moveTenant, tenantOf } from './organisations.ts'
import { columns, statement } from './statements.ts'
import { reschedule } from './sync-state.ts'

/** What an event says of a change: that something sealed is another now, and not what it is. */
function told({ path, from, to }: Change): Change {
  if (path !== 'sealed')
    return { path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  if (to === undefined) return { path: 'credential', to: 'removed' }
  return { path: 'credential', to: from === undefined ? 'entered' : 'replaced' }
}

/** A setting, for whoever needs it within a transaction; undefined for what nobody has set. */
export async function settingOf<Name extends SettingName>(
  { engine, scope }: Context,
  db: Db,
  name: Name,
): Promise<SettingValues[Name] | undefined> {
  const { settings } = engine.tables
  const query = statement<{ value: string }>(engine, db, 'setting', () =>
    db
      .select(columns({ value: settings.value }))
      .from(settings)
      .where(
        and(
          eq(settings.organisation, sql.placeholder('organisation')),
          eq(settings.name, sql.placeholder('name')),
        ),
      ),
  )
  const [row] = await query({ organisation: scope.organisation, name })
  // Written by `change` alone, from this very type.
  return row && (JSON.parse(row.value) as SettingValues[Name])
}

/** Sets a value, or with undefined takes it away; what is so already is left, without an event. */
async function set<Name extends SettingName>(
  tx: Write,
  name: Name,
  value: SettingValues[Name] | undefined,
): Promise<void> {
  const { settings } = tx.engine.tables
  const { organisation } = tx.scope
  const before = (await settingOf(tx, tx.db, name)) ?? {}
  const changes = diff(before, (value ?? {}) as unknown as JsonObject)
  if (changes.length === 0) return
  const text = JSON.stringify(value)
  if (value === undefined) {
    await tx.db
      .delete(settings)
      .where(and(eq(settings.organisation, organisation), eq(settings.name, name)))
  } else {
    await tx.db
      .insert(settings)
      .values({ organisation, name, value: text, changed: tx.at })
      .onConflictDoUpdate({
        target: [settings.organisation, settings.name],
        set: { value: text, changed: tx.at },
      })
  }
  if (name === 'sync') await reschedule(tx, (value as SyncSettings | undefined)?.every)
  await record(tx, 'setting.changed', `setting:${name}`, changes.map(told))
}

/** Whether a user of the organisation is linked to an account. */
async function hasLinks(tx: Write): Promise<boolean> {
  const { users } = tx.engine.tables
  const [row] = await tx.db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.organisation, tx.scope.organisation), isNotNull(users.linkObject)))
    .limit(1)
  return row !== undefined
}

/** The organisation that has a tenant. */
async function ownerOf(tx: Write, tenantId: string): Promise<string | undefined> {
  const { organisations } = tx.engine.tables
  const [row] = await tx.db
    .select({ id: organisations.id })
    .from(organisations)
    .where(eq(organisations.entraTenantId, tenantId))
  return row?.id
}

async function connect(
  tx: Write,
  connection: StoredConnection,
  moveLinks: boolean,
): Promise<Connected> {
  const { tenantId } = connection
  const owner = await ownerOf(tx, tenantId)
  if (owner !== undefined && owner !== tx.scope.organisation) return 'taken'
  if (owner === undefined) {
    if (!moveLinks && (await hasLinks(tx))) return 'linked'
    await moveTenant(tx, await tenantOf(tx), tenantId)
  }
  await set(tx, 'connection', connection)
  return 'stored'
}

async function reseal(tx: Write, known: StoredConnection, sealed: string): Promise<void> {
  const { settings } = tx.engine.tables
  const now = await settingOf(tx, tx.db, 'connection')
  if (now?.sealed !== known.sealed) return
  const value = JSON.stringify({ ...now, sealed })
  await tx.db
    .update(settings)
    .set({ value, changed: tx.at })
    .where(and(eq(settings.organisation, tx.scope.organisation), eq(settings.name, 'connection')))
  const changes = [{ path: 'credential', to: 'sealed with the newest key' }]
  await record(tx, 'setting.changed', 'setting:connection', changes)
}

export function settingsOf(context: Context): Settings {
  return {
    read: (name) => settingOf(context, context.engine.read, name),
    change: (name, value, cause) =>
      write(context, cause, (tx) => set(tx, name, value), `setting:${name}`),
    reseal: (connection, sealed, cause) =>
      write(context, cause, (tx) => reseal(tx, connection, sealed), 'setting:connection'),
    async connect(connection, moveLinks, cause) {
      try {
        return await write(context, cause, (tx) => connect(tx, connection, moveLinks))
      } catch (error) {
        // Another organisation took the tenant at the same moment.
        if (isTenantTaken(context, error)) return 'taken'
        throw error
      }
    },
  }
}
