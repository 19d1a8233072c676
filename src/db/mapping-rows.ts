import { and, asc, eq } from 'drizzle-orm'
import type { Mapping } from '../directory/mapping.ts'
import { record, type Context, type Write } from './context.ts'
import type { Db, Tables } from './engine.ts'

type Row = Tables['groupMappings']['$inferSelect']

export function toMapping({ id, entraGroup, entraName, nested, groupId, role }: Row): Mapping {
  return {
    id,
    entraGroup,
    entraName,
    nested,
    ...(groupId === null ? {} : { group: groupId }),
    ...(role === null ? {} : { role }),
  }
}

/** The mappings of the organisation, in the order in which they were made. */
export async function mappingsIn({ engine, scope }: Context, db: Db): Promise<Mapping[]> {
  const { groupMappings: mappings } = engine.tables
  const rows = await db
    .select()
    .from(mappings)
    .where(eq(mappings.organisation, scope.organisation))
    .orderBy(asc(mappings.id))
  return rows.map(toMapping)
}

/** Takes a user group that is deleted out of every mapping; one that gives nothing more is left to be looked at. */
export async function takeFromMappings(tx: Write, groupId: string): Promise<void> {
  const { groupMappings: mappings } = tx.engine.tables
  const rows = await tx.db
    .update(mappings)
    .set({ groupId: null })
    .where(and(eq(mappings.organisation, tx.scope.organisation), eq(mappings.groupId, groupId)))
    .returning({ id: mappings.id })
  for (const { id } of rows) {
    await record(tx, 'mapping.updated', id, [{ path: 'group', from: groupId }])
  }
}
