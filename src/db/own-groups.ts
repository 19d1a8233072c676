import { and, eq, inArray, sql } from 'drizzle-orm'
import { DirectoryError } from '../directory/errors.ts'
import { quote } from '../scim/protocol/error.ts'
import { chunks, type Context, type Write } from './context.ts'

interface Found {
  readonly id: string
  readonly origin: 'local' | 'import' | 'scim'
  readonly displayName: string
}

function check(ids: readonly string[], rows: readonly Found[]): void {
  const found = new Map(rows.map((row) => [row.id, row]))
  for (const id of ids) {
    const group = found.get(id)
    if (!group) throw new DirectoryError('notFound', `There is no group ${quote(id)}.`)
    if (group.origin !== 'scim') continue
    const name = quote(group.displayName)
    throw new DirectoryError('conflict', `The members of ${name} come from Entra.`)
  }
}

/** Throws `notFound` for a group that is not there, and `conflict` for one whose members come from provisioning. */
export async function requireOwnGroups(
  { engine, scope }: Context,
  ids: readonly string[],
): Promise<void> {
  const { groups } = engine.tables
  const { id, origin, displayName } = groups
  const rows: Found[] = []
  for (const chunk of chunks(ids)) {
    const found = await engine.read
      .select({ id, origin, displayName })
      .from(groups)
      .where(and(eq(groups.organisation, scope.organisation), inArray(groups.id, chunk)))
    rows.push(...found)
  }
  check(ids, rows)
}

/** The same in a transaction; those that are there are written as they are, so that nobody deletes them meanwhile. */
export async function holdOwnGroups(
  { db, engine, scope }: Write,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  const { groups } = engine.tables
  const { id, origin, displayName } = groups
  const rows = await db
    .update(groups)
    .set({ version: sql`${groups.version}` })
    .where(and(eq(groups.organisation, scope.organisation), inArray(groups.id, [...ids])))
    .returning({ id, origin, displayName })
  check(ids, rows)
}
