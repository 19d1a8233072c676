import Database from 'better-sqlite3'
import { getTableColumns } from 'drizzle-orm'
import { groups, users } from '../../src/db/tables.sqlite.ts'
import type { TestDatabase } from './database.ts'

const UNIQUE = new Set(['id', 'user_name_key', 'display_name_key'])

/** Copies each row of a table so many times, in the database itself: for a test that needs many and not who they are. */
export async function copyRows(
  { url, value }: TestDatabase,
  kind: 'users' | 'groups',
  times: number,
): Promise<void> {
  const names = Object.values(getTableColumns(kind === 'users' ? users : groups)).map(
    ({ name }) => name,
  )
  const values = names.map((name) => (UNIQUE.has(name) ? `${name} || '-' || n` : name))
  const sql = `WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < ${times})
    INSERT INTO ${kind} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${kind}, copies`
  if (!url.startsWith('file:')) return void (await value(sql))
  const file = new Database(url.slice('file:'.length))
  file.exec(sql)
  file.close()
}
