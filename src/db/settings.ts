import { and, eq } from 'drizzle-orm'
import { diff } from '../directory/diff.ts'
import type { Change } from '../directory/event.ts'
import type { SettingName, Settings, SettingValues } from '../directory/settings.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { record, write, type Context } from './context.ts'
import type { Db } from './engine.ts'

/** What an event says of a change: that something sealed is another now, and not what it is. */
function told({ path, from, to }: Change): Change {
  if (path !== 'sealed')
    return { path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  return { path: 'credential', to: 'replaced' }
}

/** A setting, for whoever needs it within a transaction; undefined for what nobody has set. */
export async function settingOf<Name extends SettingName>(
  { engine, scope }: Context,
  db: Db,
  name: Name,
): Promise<SettingValues[Name] | undefined> {
  const { settings } = engine.tables
  const [row] = await db
    .select({ value: settings.value })
    .from(settings)
    .where(and(eq(settings.organisation, scope.organisation), eq(settings.name, name)))
  // Written by `change` alone, from this very type.
  return row && (JSON.parse(row.value) as SettingValues[Name])
}

export function settingsOf(context: Context): Settings {
  const { settings } = context.engine.tables
  const { organisation } = context.scope
  return {
    read: (name) => settingOf(context, context.engine.read, name),
    change: (name, value, cause) =>
      write(
        context,
        cause,
        async (tx) => {
          const before = (await settingOf(tx, tx.db, name)) ?? {}
          const changes = diff(before as JsonObject, (value ?? {}) as unknown as JsonObject)
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
          await record(tx, 'setting.changed', `setting:${name}`, changes.map(told))
        },
        `setting:${name}`,
      ),
  }
}
