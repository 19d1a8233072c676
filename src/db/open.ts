import { resolve } from 'node:path'
import type { Store } from '../directory/store.ts'
import type { Context } from './context.ts'
import { eventsOf } from './events.ts'
import { groupsOf } from './groups.ts'
import { linkRequestsOf } from './link-requests.ts'
import { ensureDefault, organisationsOf } from './organisations.ts'
import { openSqlite } from './sqlite.ts'
import { findToken, tokensOf, touchTokens } from './tokens.ts'
import { usersOf } from './users.ts'

/** Opens the store that a database URL names (`file:./data/entrance.db`) and brings it up to date. */
export async function openStore(
  databaseUrl: string,
  { now, newId }: { now: () => Date; newId: () => string },
): Promise<Store> {
  if (!databaseUrl.startsWith('file:')) throw new Error('DATABASE_URL must begin with file:')
  const engine = openSqlite(resolve(databaseUrl.slice('file:'.length)))
  const base = { engine, now, newId }
  await ensureDefault(base)
  return {
    for(scope) {
      const context: Context = { ...base, scope }
      return {
        users: usersOf(context),
        groups: groupsOf(context),
        events: eventsOf(context),
        tokens: tokensOf(context),
        linkRequests: linkRequestsOf(context),
      }
    },
    organisations: organisationsOf(base),
    findToken: (hash) => findToken(engine, hash),
    touchTokens: (uses) => touchTokens(engine, uses),
    check: () => engine.check(),
    backup: (file) => engine.backup(file),
    close: () => engine.close(),
  }
}
