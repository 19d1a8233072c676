import { and, eq, inArray } from 'drizzle-orm'
import type { Change } from '../directory/event.ts'
import type { Named, Names } from '../directory/names.ts'
import { displayName, userName } from '../directory/user.ts'
import { readDocument } from '../scim/protocol/document.ts'
import { chunks, type Context } from './context.ts'

/** What something was called last, by the event of its deletion. */
function lastName(changes: readonly Change[]): string {
  const was = (name: string) => changes.find(({ path }) => path === name)?.from
  const [display, user] = [was('displayName'), was('userName')]
  if (typeof display === 'string' && display !== '') return display
  return typeof user === 'string' ? user : ''
}

export function namesOf({ engine, scope }: Context): Names {
  const { events, groups, plans, users } = engine.tables
  const { organisation } = scope

  async function deleted(ids: readonly string[]): Promise<[string, Named][]> {
    const rows = await engine.read
      .select({
        id: events.resourceId,
        sequence: events.sequence,
        action: events.action,
        changes: events.changes,
      })
      .from(events)
      .where(
        and(
          eq(events.organisation, organisation),
          inArray(events.resourceId, [...ids]),
          inArray(events.action, ['user.deleted', 'group.deleted']),
        ),
      )
    // Sorted here: asked for some in their order, SQLite would rather look through all events in it.
    rows.sort((one, other) => one.sequence - other.sequence)
    return rows.map(({ id, action, changes }) => {
      const kind = action === 'user.deleted' ? 'user' : 'group'
      // Written by `record` alone, from this very type.
      return [id, { kind, name: lastName(JSON.parse(changes) as Change[]), gone: true }]
    })
  }

  async function here(ids: readonly string[]): Promise<[string, Named][]> {
    const people = await engine.read
      .select({ id: users.id, resource: users.resource })
      .from(users)
      .where(and(eq(users.organisation, organisation), inArray(users.id, [...ids])))
    const sets = await engine.read
      .select({ id: groups.id, name: groups.displayName })
      .from(groups)
      .where(and(eq(groups.organisation, organisation), inArray(groups.id, [...ids])))
    return [
      ...people.map(({ id, resource }): [string, Named] => {
        const attributes = readDocument(resource)
        const name = displayName(attributes) || userName(attributes)
        return [id, { kind: 'user', name, gone: false }]
      }),
      ...sets.map(({ id, name }): [string, Named] => [id, { kind: 'group', name, gone: false }]),
    ]
  }

  return {
    async of(ids) {
      const found = new Map<string, Named>()
      for (const chunk of chunks([...new Set(ids)])) {
        for (const [id, named] of await here(chunk)) found.set(id, named)
        const unknown = chunk.filter((id) => !found.has(id))
        const gone = unknown.length === 0 ? [] : await deleted(unknown)
        for (const [id, named] of gone) found.set(id, named)
      }
      return found
    },
    async plans(ids) {
      const found = new Map<string, 'import' | 'sync'>()
      for (const chunk of chunks([...new Set(ids)])) {
        const rows = await engine.read
          .select({ id: plans.id, kind: plans.kind })
          .from(plans)
          .where(and(eq(plans.organisation, organisation), inArray(plans.id, chunk)))
        for (const { id, kind } of rows) found.set(id, kind)
      }
      return found
    },
  }
}
