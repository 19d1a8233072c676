import { resolve } from 'node:path'
import type { Directory, Scope, Store } from '../directory/store.ts'
import type { Context } from './context.ts'
import type { Engine } from './engine.ts'
import { accountsOf, findLink, passwordHolders } from './accounts.ts'
import { administratorsOf } from './administrators.ts'
import { attemptsOf } from './attempts.ts'
import { byHandOf } from './by-hand.ts'
import { clientSessionsOf, findCode, findRefreshToken } from './client-sessions.ts'
import { clientsOf, findClient, findClientToken } from './clients.ts'
import { eventsOf } from './events.ts'
import { tellFailures } from './failures.ts'
import { forgetful } from './forgotten.ts'
import { groupsOf } from './groups.ts'
import { holdsOf, organisationsWithReleased } from './held.ts'
import { linkRequestsOf } from './link-requests.ts'
import { mailQueueOf } from './mail-queue.ts'
import { mappingsOf } from './mappings.ts'
import { namesOf } from './names.ts'
import { ensureDefault, organisationsOf } from './organisations.ts'
import { outboxOf } from './outbox.ts'
import { permissionsOf } from './permissions.ts'
import { runningPlans } from './plan-rows.ts'
import { plansOf } from './plans.ts'
import { rosterOf, withExport } from './roster.ts'
import { rulesOf } from './rules.ts'
import { SCAN_MILLISECONDS } from './scan-limit.ts'
import { provisioningLogsOf } from './scim-log-writes.ts'
import { provisioningLogOf } from './scim-log.ts'
import { findSession, sessionsOf, touchSessions } from './sessions.ts'
import { settingsOf } from './settings.ts'
import { signInsOf } from './sign-ins.ts'
import { openSqlite } from './sqlite.ts'
import { dueSyncs } from './sync-state.ts'
import { syncsOf } from './syncs.ts'
import { findToken, tokensOf, touchTokens } from './tokens.ts'
import { usersOf } from './users.ts'
import { webhookQueueOf } from './webhook-queue.ts'
import { webhooksOf } from './webhooks.ts'
import { provenanceOf } from './why.ts'

async function openEngine(databaseUrl: string, scanMilliseconds: number): Promise<Engine> {
  if (/^postgres(ql)?:/.test(databaseUrl)) {
    // Loaded when it is used: an installation on SQLite needs none of it.
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres(databaseUrl, scanMilliseconds)
  }
  if (databaseUrl.startsWith('file:')) {
    return openSqlite(resolve(databaseUrl.slice('file:'.length)), scanMilliseconds)
  }
  throw new Error('DATABASE_URL must begin with file:, postgres: or postgresql:')
}

export interface StoreDeps {
  readonly now: () => Date
  readonly newId: () => string
}

/**
 * Opens the store that a database URL names (`file:./data/entrance.db`, `postgresql://host/entrance`) and brings it up
 * to date. A scan ends after `scanMilliseconds`.
 */
export async function openStore(
  databaseUrl: string,
  {
    scanMilliseconds = SCAN_MILLISECONDS,
    ...deps
  }: StoreDeps & { readonly scanMilliseconds?: number },
): Promise<Store> {
  return storeOn(await openEngine(databaseUrl, scanMilliseconds), deps)
}

/** The store on an engine that is up to date; closing it closes the engine. */
export async function storeOn(engine: Engine, { now, newId }: StoreDeps): Promise<Store> {
  const base = { engine, now, newId }
  await ensureDefault(base)
  const told = <T extends object>(methods: T): T => tellFailures(engine, methods)
  const directories = new Map<string, Directory>()

  function directoryOf(scope: Scope): Directory {
    const context: Context = { ...base, scope }
    return {
      users: told(usersOf(context)),
      groups: told(groupsOf(context)),
      events: told(eventsOf(context)),
      tokens: told(tokensOf(context)),
      linkRequests: told(linkRequestsOf(context)),
      sessions: told(sessionsOf(context)),
      accounts: told(accountsOf(context)),
      administrators: told(administratorsOf(context)),
      byHand: told(byHandOf(context)),
      clientSessions: told(clientSessionsOf(context)),
      clients: told(clientsOf(context)),
      permissions: told(permissionsOf(context)),
      outbox: told(outboxOf(context)),
      plans: told(plansOf(context)),
      roster: withExport(told(rosterOf(context))),
      rules: told(rulesOf(context)),
      mappings: told(mappingsOf(context)),
      names: told(namesOf(context)),
      provenance: told(provenanceOf(context)),
      settings: told(settingsOf(context)),
      holds: told(holdsOf(context)),
      syncs: told(syncsOf(context)),
      provisioningLog: told(provisioningLogOf(context)),
      webhooks: told(webhooksOf(context)),
    }
  }

  return {
    // Made once for each scope: every request asks for one.
    for(scope) {
      const key = `${scope.localUsers} ${scope.view} ${scope.organisation}`
      const directory = directories.get(key) ?? directoryOf(scope)
      directories.set(key, directory)
      return directory
    },
    organisations: told(organisationsOf(base)),
    attempts: told(attemptsOf(base)),
    signIns: told(signInsOf(base)),
    mailQueue: told(mailQueueOf(base)),
    webhookQueue: told(webhookQueueOf(base)),
    provisioningLogs: told(provisioningLogsOf(base)),
    ...told({
      runningPlans: () => runningPlans(engine),
      organisationsWithReleased: () => organisationsWithReleased(engine),
      dueSyncs: () => dueSyncs(base),
      findToken: (hash: string) => findToken(engine, hash),
      findSession: (hash: string) => findSession(engine, hash),
      touchSessions: (uses: ReadonlyMap<string, string>) => touchSessions(engine, uses),
      findCode: (hash: string) => findCode(engine, hash),
      findRefreshToken: (hash: string) => findRefreshToken(engine, hash),
      findClient: (id: string) => findClient(base, id),
      findClientToken: (hash: string) => findClientToken(engine, hash),
      findLink: (hash: string) => findLink(base, hash),
      passwordHolders: (userName: string) => passwordHolders(engine, userName),
      forgetful: (typed: string) => forgetful(engine, typed),
      touchTokens: (uses: ReadonlyMap<string, string>) => touchTokens(engine, uses),
      check: () => engine.check(),
      backup: (file: string) => engine.backup(file),
      close: () => engine.close(),
    }),
  }
}
