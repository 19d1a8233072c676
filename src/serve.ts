import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { startReleases } from './admin/releases.ts'
import { startLogPruning } from './admin/log-pruning.ts'
import { startPlanRunner } from './admin/runner.ts'
import { startSyncScheduler } from './admin/scheduler.ts'
import { createApp } from './app.ts'
import { entraKeys } from './auth/entra-keys.ts'
import { entraTokens } from './auth/entra-tokens.ts'
import { CALLBACK_PATH } from './auth/entra.tsx'
import { passwordsOf } from './auth/passwords.ts'
import { provisioningAuth } from './auth/provisioning.ts'
import { AUTH_PATH } from './auth/routes.tsx'
import { sessionDesk } from './auth/sessions.ts'
import { loadConfig, shownDatabase, type Config } from './config.ts'
import { openStore } from './db/open.ts'
import { newId } from './directory/id.ts'
import { issueLink } from './directory/one-time-link.ts'
import { DEFAULT_ORGANISATION } from './directory/organisation.ts'
import { sealing } from './directory/sealing.ts'
import type { Store } from './directory/store.ts'
import { tokenState } from './directory/token.ts'
import { entraConnections } from './entra/connections.ts'
import { startConnectionWatch } from './entra/watch.ts'
import { installationOf } from './installation.ts'
import { createLog, type Log } from './log.ts'
import { startMails, type Mails } from './mail/desk.ts'
import { startRecorder } from './scim/recorder.ts'
import { SCIM_PATH } from './scim/routes.ts'
import { startWebhooks } from './webhooks/desk.ts'

/** The part of the process that a server needs. */
type Host = Pick<NodeJS.Process, 'env' | 'exit' | 'on' | 'stdout' | 'stderr'>

/** How long requests in flight may take to end after a signal. */
const GRACE_MILLISECONDS = 10_000
const IDLE_MILLISECONDS = 50

/** How often the server looks for mails that are due. */
const MAILS_MILLISECONDS = 5_000
/** And for events that webhooks are to be told of. */
const WEBHOOKS_MILLISECONDS = 1_000

const now = () => new Date()

async function hasToken(store: Store, config: Config): Promise<boolean> {
  if (config.scimToken !== undefined) return true
  const time = now().toISOString()
  for (const { id } of await store.organisations.list()) {
    const tokens = await store.for({ organisation: id, localUsers: 'hidden' }).tokens.list()
    if (tokens.some((token) => tokenState(token, time) === 'active')) return true
  }
  return false
}

/** Gives the organisation `default` the tenant of the app registration, unless another one has it. */
async function settleTenant(store: Store, { entra }: Config): Promise<void> {
  if (!entra || (await store.organisations.ofTenant(entra.tenantId))) return
  const known = await store.organisations.find(DEFAULT_ORGANISATION)
  if (known?.entraTenantId !== undefined) {
    throw new Error(
      `its organisation ${DEFAULT_ORGANISATION} belongs to the Entra tenant ${known.entraTenantId}, and ENTRA_TENANT_ID is ${entra.tenantId}. Set ENTRA_TENANT_ID to the first, or move the organisation with: npm run cli -- organisation tenant ${DEFAULT_ORGANISATION} ${entra.tenantId}`,
    )
  }
  const cause = { actor: 'ENTRA_TENANT_ID', door: 'cli', requestId: newId() } as const
  await store.organisations.setTenant(DEFAULT_ORGANISATION, entra.tenantId, cause)
}

/** What sends mails; Nodemailer is loaded only where there is a mail server. */
async function sendMails(store: Store, config: Config, log: Log): Promise<Mails> {
  const { mail, applicationName, downloadUrl, publicUrl, contact } = config
  const delivery = mail && (await import('./mail/smtp.ts')).smtpDelivery(mail)
  const signInUrl = `${publicUrl}${AUTH_PATH}/sign-in`
  const facts = { applicationName, downloadUrl, signInUrl, contact }
  const every = MAILS_MILLISECONDS
  return startMails({ store, delivery, facts, publicUrl, now, newId, log, every })
}

/** The way in for the first administrator, made anew at each start until there is one. */
async function setUpLines(store: Store, { publicUrl }: Config): Promise<string> {
  const directory = store.for({ organisation: DEFAULT_ORGANISATION, localUsers: 'visible' })
  if ((await directory.administrators.list()).length > 0) return ''
  const cause = { actor: 'server', door: 'cli', requestId: newId() } as const
  const { url } = await issueLink(directory, { purpose: 'setup', publicUrl, now: now() }, cause)
  return `
  There is no administrator yet. Make the first one with this link, once and within 24 hours:

  ${url}
`
}

function entraLine({ entra, publicUrl }: Config): string {
  return entra ? `\n  Redirect URI    ${publicUrl}${CALLBACK_PATH}` : ''
}

/** What an operator reads when the server has started. */
async function welcome(store: Store, config: Config): Promise<string> {
  const next = (await hasToken(store, config))
    ? 'Paste the SCIM base URL and a provisioning token into Entra: see README.md, "Connect Entra".'
    : 'Next, make a provisioning token for Entra:  npm run cli -- token create --name Entra'
  const https = config.publicUrl.startsWith('https:')
    ? ''
    : '\n  Entra reaches only https addresses: put a reverse proxy with TLS in front and set PUBLIC_URL.'
  return `
  Entrance is running.

  SCIM base URL   ${config.publicUrl}${SCIM_PATH}
  Sign-in         ${config.publicUrl}${AUTH_PATH}/sign-in${entraLine(config)}
  Database        ${shownDatabase(config)}
${await setUpLines(store, config)}
  ${next}${https}

`
}

function listen(server: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}

function explain(error: unknown, { port, host }: Config): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return `Port ${port} is in use. Stop the other program or set PORT to another number.`
  }
  if (code === 'EACCES') return `Port ${port} needs more rights. Set PORT to a number above 1023.`
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL')
    return `HOST ${host} is no address of this machine.`
  return error instanceof Error ? error.message : String(error)
}

/**
 * Starts the server from the environment and keeps it until SIGTERM or SIGINT: then requests in flight end, the store
 * is closed, and the process exits with 0. Exits with 1, after saying why, when it cannot start.
 */
export async function serveEntrance(host: Host): Promise<void> {
  const loaded = loadConfig(host.env)
  if (!loaded.ok) {
    host.stderr.write(`Entrance cannot start:\n${loaded.problems.map((p) => `  ${p}\n`).join('')}`)
    host.exit(1)
  }
  const { config } = loaded
  const log = createLog({ level: config.logLevel })
  const closing = new AbortController()
  let store: Store
  try {
    store = await openStore(config.databaseUrl, { now, newId })
    await settleTenant(store, config)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    host.stderr.write(`Entrance cannot open its database ${shownDatabase(config)}: ${reason}\n`)
    host.exit(1)
  }
  const keys = sealing(config.encryptionKeys)
  const connections = entraConnections({
    store,
    sealing: keys,
    environment: config.entra,
    clouds: config.clouds,
  })
  const tokens = entraTokens({
    keys: entraKeys(now),
    now,
    loginUrl: config.loginUrl,
    app: connections.signIn,
    apiScope: config.apiScope,
    provisioningTenants: config.entraTokensFrom,
  })
  const auth = provisioningAuth(store, { staticToken: config.scimToken, tokens, now })
  const sessions = sessionDesk(store, now)
  const mails = await sendMails(store, config, log)
  const every = WEBHOOKS_MILLISECONDS
  const webhooks = startWebhooks({ store, sealing: keys, now, newId, log, every })
  const runner = startPlanRunner({ store, mails, log, newId })
  const releases = startReleases({ store, log })
  const scheduler = startSyncScheduler({ store, connections, runner, log, now, newId })
  const watch = startConnectionWatch({ store, connections, log, now, newId })
  const recorder = startRecorder({
    store,
    log,
    now,
    mountedAt: SCIM_PATH,
    days: config.provisioningLogDays,
  })
  const pruning = startLogPruning({ store, log, now, days: config.provisioningLogDays })
  const app = createApp({
    store,
    auth,
    recorder,
    sessions,
    tokens,
    passwords: passwordsOf(),
    entra: { app: connections.signIn, roles: config.entraRoles },
    contact: config.contact,
    mails,
    webhooks,
    log,
    now,
    newId,
    publicUrl: config.publicUrl,
    localUsers: config.localUsers,
    connections,
    runner: {
      wake() {
        runner.wake()
        releases.wake()
      },
    },
    installation: installationOf(host.env, config),
    closing: closing.signal,
  })
  const listener = getRequestListener(app.fetch)
  const server = createServer((request, response) => void listener(request, response))

  async function stop(signal: string): Promise<void> {
    if (closing.signal.aborted) return
    closing.abort()
    log.info('stopping', { signal })
    const delivered = mails.stop()
    const forced = setTimeout(() => server.closeAllConnections(), GRACE_MILLISECONDS)
    const closed = new Promise((resolve) => server.close(resolve))
    // A connection becomes idle when its last request has been answered.
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_MILLISECONDS)
    await closed
    clearInterval(idle)
    clearTimeout(forced)
    await scheduler.stop()
    watch.stop()
    await runner.stop()
    await releases.stop()
    await pruning.stop()
    await webhooks.stop()
    await recorder.stop()
    // No reason not to end: what is lost is when tokens were last used.
    await sessions.flush().catch((failure: unknown) => log.warn('flush', { failure }))
    await auth.flush().catch((failure: unknown) => log.warn('flush', { failure }))
    await delivered
    await store.close()
    log.info('stopped')
    host.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    host.on(signal, () => void stop(signal))
  }

  try {
    await listen(server, config)
  } catch (error) {
    host.stderr.write(`Entrance cannot listen: ${explain(error, config)}\n`)
    await scheduler.stop()
    watch.stop()
    await runner.stop()
    await releases.stop()
    await pruning.stop()
    await webhooks.stop()
    await recorder.stop()
    await mails.stop()
    await store.close()
    host.exit(1)
  }
  log.info('listening', { port: config.port, host: config.host })
  host.stdout.write(await welcome(store, config))
}
