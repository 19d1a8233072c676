import Database from 'better-sqlite3'
import { getTableColumns } from 'drizzle-orm'
import { groups, roster, users, userValues } from '../../src/db/tables.sqlite.ts'
import type { TestDatabase } from './database.ts'

const tables = { users, groups, roster, user_values: userValues }

const UNIQUE = new Set(['id', 'user_id', 'user_name_key', 'display_name_key'])

/** Copies each row of a table so many times, in the database itself: for a test that needs many and not who they are. */
export async function copyRows(
  { url, value }: TestDatabase,
  kind: keyof typeof tables,
  times: number,
): Promise<void> {
  const names = Object.values(getTableColumns(tables[kind])).map(({ name }) => name)
  const values = names.map((name) => (UNIQUE.has(name) ? `${name} || '-' || n` : name))
  const sql = `WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < ${times})
    INSERT INTO ${kind} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${kind}, copies`
  if (!url.startsWith('file:')) return void (await value(sql))
  const file = new Database(url.slice('file:'.length))
  file.exec(sql)
  file.close()
}

/** Writes down so many changes of a user that say nothing, in the database itself. */
export async function manyEvents(
  { url, value }: TestDatabase,
  userId: string,
  count: number,
): Promise<void> {
  const changes = JSON.stringify([{ path: 'title', from: 'one', to: 'other' }])
  const sql = `WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < ${count})
    INSERT INTO events (organisation, at, actor, door, request_id, action, resource_id, changes)
    SELECT 'default', '2026-03-02T08:00:00.000Z', 'test', 'scim', 'many', 'user.updated', '${userId}', '${changes}' FROM many`
  if (!url.startsWith('file:')) return void (await value(sql))
  const file = new Database(url.slice('file:'.length))
  file.exec(sql)
  file.close()
}

/** Puts so many into a group whom the directory does not know, in the database itself. */
export async function manyMembers(
  { url, value }: TestDatabase,
  groupId: string,
  via: string,
  count: number,
): Promise<void> {
  const sql = `WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < ${count})
    INSERT INTO members (organisation, group_id, member_id, via, since)
    SELECT 'default', '${groupId}', 'nobody-' || n, '${via}', '2026-03-02T08:00:00.000Z' FROM many`
  if (!url.startsWith('file:')) return void (await value(sql))
  const file = new Database(url.slice('file:'.length))
  file.exec(sql)
  file.close()
}
