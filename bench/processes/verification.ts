/** Entrance with a verifier of provisioning credentials that can be taken out, to see what it costs. */
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { exportJWK, SignJWT } from 'jose'
import { createApp } from '../../src/app.ts'
import { entraKeys } from '../../src/auth/entra-keys.ts'
import { entraTokens } from '../../src/auth/entra-tokens.ts'
import { passwordsOf } from '../../src/auth/passwords.ts'
import { provisioningAuth, type ProvisioningAuth } from '../../src/auth/provisioning.ts'
import { sessionDesk } from '../../src/auth/sessions.ts'
import { CLOUDS } from '../../src/config-entra.ts'
import { openStore } from '../../src/db/open.ts'
import { newId } from '../../src/directory/id.ts'
import { sealing } from '../../src/directory/sealing.ts'
import { hashSecret, newTokenSecret, type SecretKind } from '../../src/directory/token.ts'
import { entraConnections } from '../../src/entra/connections.ts'
import { createLog } from '../../src/log.ts'
import { startMails } from '../../src/mail/desk.ts'
import { startWebhooks } from '../../src/webhooks/desk.ts'
import { startRecorder } from '../../src/scim/recorder.ts'
import { SCIM_PATH } from '../../src/scim/routes.ts'
import { answerWith } from '../children.ts'
import type { Credentials, Slice, VerificationMessage } from '../verify.ts'

const TENANT = '1b4e28ba-2fa1-4d2e-883f-0016d3cca427'
const AUDIENCE = '8adf8e6e-67b2-4cf2-a259-e3dc5476c621'
const STATIC = 'bench-token-of-no-worth-outside-this-run-0123456789'
/** So many requests are answered one way before as many are answered the other way. */
const SLICE = 500
const cause = { actor: 'bench', door: 'cli', requestId: 'bench' } as const
const now = () => new Date()

function listen(listener: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer(listener)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(Number(Object(server.address()).port)))
  })
}

async function newSigner() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'bench', use: 'sig' }]
  const port = await listen((_, response) => response.end(JSON.stringify({ keys })))
  const token = await new SignJWT({ tid: TENANT, ver: '1.0' })
    .setProtectedHeader({ alg: 'RS256', kid: 'bench' })
    .setIssuer(`https://sts.windows.net/${TENANT}/`)
    .setAudience(AUDIENCE)
    .setSubject('bench')
    .setIssuedAt()
    .setExpirationTime('8h')
    .sign(privateKey)
  return { loginUrl: `http://127.0.0.1:${port}`, token }
}

async function start(url: string) {
  const store = await openStore(url, { now, newId })
  await store.organisations.setTenant('default', TENANT, cause)
  const { tokens, clients } = store.for({ organisation: 'default', localUsers: 'visible' })
  const expires = new Date(Date.now() + 3_600_000).toISOString()
  const newSecret = (kind?: SecretKind) => {
    const secret = newTokenSecret(kind)
    return { secret, hash: hashSecret(secret) }
  }
  const token = newSecret()
  await tokens.create({ name: 'bench', hash: token.hash, expires: undefined }, cause)
  const access = newSecret('scim')
  const client = await clients.create({ kind: 'provisioning', name: 'bench' }, cause)
  await clients.issueToken(client.id, { hash: access.hash, expires }, cause)
  const { loginUrl, token: entra } = await newSigner()

  const entraTokensOf = entraTokens({
    keys: entraKeys(now),
    now,
    loginUrl,
    app: async () => undefined,
    apiScope: 'none',
    provisioningTenants: [TENANT],
  })
  const verifying = provisioningAuth(store, {
    staticToken: STATIC,
    tokens: entraTokensOf,
    now,
  })
  const principal = {
    kind: 'provisioning client',
    organisation: 'default',
    actor: 'nobody asked',
  } as const
  const believing: ProvisioningAuth = { ...verifying, verify: () => principal }
  let auth = verifying
  const log = createLog({ level: 'warn' })
  const app = createApp({
    store,
    auth: { verify: (header) => auth.verify(header), flush: () => auth.flush() },
    sessions: sessionDesk(store, now),
    passwords: passwordsOf(),
    tokens: entraTokensOf,
    entra: { app: async () => undefined, roles: 'ignored' },
    contact: 'nobody',
    installation: { version: '0', runtime: '0', database: 'SQLite', settings: [] },
    recorder: startRecorder({ store, log, now, mountedAt: SCIM_PATH, days: 0 }),
    log,
    now,
    newId,
    publicUrl: 'https://entrance.contoso.example',
    localUsers: 'hidden',
    connections: entraConnections({
      store,
      sealing: sealing([]),
      environment: undefined,
      clouds: CLOUDS,
    }),
    runner: { wake() {} },
    mails: startMails({
      store,
      delivery: undefined,
      facts: {
        applicationName: 'the application',
        downloadUrl: undefined,
        signInUrl: 'https://entrance.contoso.example/auth/sign-in',
        contact: 'nobody',
      },
      publicUrl: 'https://entrance.contoso.example',
      now,
      newId,
      log: createLog({ level: 'warn' }),
      every: 5_000,
    }),
    webhooks: startWebhooks({ store, sealing: sealing([]), now, newId, log, every: 1_000 }),
    closing: new AbortController().signal,
  })
  const answer = getRequestListener(app.fetch)
  let slices: Slice[] = []
  let served = 0
  let used = process.cpuUsage()

  /** Ends a slice after so many requests, and goes on the other way. */
  function count(): void {
    served += 1
    if (served < SLICE) return
    const { user, system } = process.cpuUsage(used)
    slices.push({ verified: auth === verifying, cpu: (user + system) / served })
    auth = auth === verifying ? believing : verifying
    served = 0
    used = process.cpuUsage()
  }
  const port = await listen((request, response) => {
    count()
    void answer(request, response)
  })
  const credentials: Credentials = {
    SCIM_TOKEN: STATIC,
    'secret token': token.secret,
    'access token': access.secret,
    'token of Entra': entra,
  }
  return {
    port,
    credentials,
    begin() {
      slices = []
      served = 0
      used = process.cpuUsage()
    },
    end: () => slices,
  }
}

let started: ReturnType<typeof start> | undefined

answerWith(async (message: VerificationMessage) => {
  started ??= start(message.url)
  const { port, credentials, begin, end } = await started
  if (message.kind === 'end') return end()
  begin()
  return { port, credentials }
})
