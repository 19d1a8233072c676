import { createPrivateKey, createPublicKey } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CompactSign } from 'jose'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readCertificate, type EntraCredential } from '../../src/directory/credential.ts'
import { visit } from '../entra/authority/visitor.ts'
import { newAdmin, type AdminApi } from '../support/admin.ts'
import { cause, PUBLIC_URL, testApp, testClock, type TestApp } from '../support/app.ts'
import { newBrowser, type Browser, type Shown } from '../support/browser.ts'
import { newCertificate } from '../support/certificate.ts'
import { connectionsOf } from '../support/connections.ts'
import { endOfTests, temporaryFolder } from '../support/database.ts'
import { newTenant, SECRET, type TestTenant } from '../support/entra-tenant.ts'
import { ada, CLIENT, TENANT } from '../support/microsoft.ts'

const KEY = Buffer.alloc(32, 1)
const registration = {
  tenantId: TENANT,
  clientId: CLIENT,
  credential: { kind: 'secret', secret: SECRET },
} as const

const certificate = newCertificate()
const platform = newCertificate({ key: 'of the platform' })
const issuer = 'https://platform.example/cluster'
const subject = 'system:serviceaccount:entrance:Entrance'
const audience = 'api://AzureADTokenExchange'

const clock = testClock()
let tenant: TestTenant

const finished = endOfTests()

beforeAll(async () => {
  tenant = await newTenant(clock, finished)
})

beforeEach(() => {
  tenant.authority.proofs.certificates = [certificate.certificate]
  tenant.authority.proofs.federations = [
    { issuer, subject, audience, publicKey: createPublicKey(platform.certificate) },
  ]
})

/** A token as the platform writes it. */
function platformToken(
  claims: Readonly<Record<string, unknown>> = {},
  signer = platform.privateKey,
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000)
  const all = { iss: issuer, sub: subject, aud: audience, iat: now, exp: now + 3_600, ...claims }
  return new CompactSign(Buffer.from(JSON.stringify(all)))
    .setProtectedHeader({ alg: 'RS256', kid: 'platform' })
    .sign(createPrivateKey(signer))
}

async function newApp(credential?: EntraCredential): Promise<TestApp> {
  const { origin: loginUrl } = tenant.authority
  const { tenantId, clientId } = registration
  const app = await testApp({
    clock,
    clouds: tenant.clouds,
    encryptionKeys: [KEY],
    ...(credential ? { entra: { tenantId, clientId, credential, loginUrl } } : {}),
  })
  return app
}

async function provision({ directory }: TestApp): Promise<void> {
  const attributes = { userName: ada.userPrincipalName, externalId: ada.objectId, active: true }
  await directory.users.create({ attributes, origin: 'scim' }, { ...cause, door: 'scim' })
}

/** Ticks the box and picks the account; what the browser is shown in the end. */
async function signIn(browser: Browser): Promise<Shown> {
  const shown = await browser.post('/auth/sign-in', { entra: 'yes' })
  if (shown.status !== 303) return shown
  const { url } = await visit(shown.location ?? '', ada.userPrincipalName)
  return browser.get(url.href.slice(PUBLIC_URL.length))
}

const hasBox = async (browser: Browser) =>
  (await browser.get('/auth/sign-in')).html.includes('Connect via Microsoft Entra ID')

async function store(api: AdminApi, more: object = {}): Promise<void> {
  const { status, text } = await api.post('/connection', { ...registration, ...more })
  if (status !== 200) throw new Error(text)
}

describe('an app registration that an administrator entered', () => {
  test('lets people sign in at once, and nobody any more when it is removed', async () => {
    const app = await newApp()
    const api = await newAdmin(app)
    const browser = newBrowser(app)
    expect(await hasBox(browser)).toBe(false)
    expect((await browser.get('/auth/entra/callback')).status).toBe(404)
    expect((await browser.get('/auth/entra/sign-out')).status).toBe(404)

    await store(api)
    await provision(app)
    expect(await hasBox(browser)).toBe(true)
    expect(await signIn(browser)).toMatchObject({ status: 303, location: '/auth/account' })
    expect((await browser.get('/auth/account')).status).toBe(200)

    await api.post('/connection/remove')
    expect(await hasBox(newBrowser(app))).toBe(false)
    expect(await signIn(newBrowser(app))).toMatchObject({ status: 400 })
    // Who is in stays in.
    expect((await browser.get('/auth/account')).status).toBe(200)
  })

  test('with a certificate does as well', async () => {
    const app = await newApp()
    await store(await newAdmin(app), {
      credential: { kind: 'certificate', pem: certificate.pem },
    })
    await provision(app)
    expect(await signIn(newBrowser(app))).toMatchObject({ status: 303, location: '/auth/account' })
  })

  test('says where forms of the page may lead, and who may show the way out in a frame', async () => {
    const app = await newApp()
    const browser = newBrowser(app)
    const policy = async (path: string) =>
      (await browser.get(path)).headers.get('content-security-policy')
    const { origin } = tenant.authority
    expect(await policy('/auth/sign-in')).not.toContain(origin)
    expect(await policy('/auth/entra/sign-out')).toContain("frame-ancestors 'none'")
    await store(await newAdmin(app))
    expect(await policy('/auth/sign-in')).toContain(`form-action 'self' ${origin};`)
    expect(await policy('/auth/sign-in')).toContain("frame-ancestors 'none'")
    expect(await policy('/auth/entra/sign-out')).toContain(`frame-ancestors ${origin}`)
  })

  test('lets desktop clients exchange tokens of Entra', async () => {
    const app = await newApp()
    const exchange = async () => {
      const { authority } = tenant
      const seconds = clock.now().getTime() / 1_000
      const token = await authority.sign({
        aud: CLIENT,
        iss: `${authority.origin}/${TENANT}/v2.0`,
        tid: TENANT,
        oid: ada.objectId,
        sub: 'pairwise',
        scp: 'access_as_user',
        ver: '2.0',
        iat: seconds,
        exp: seconds + 60,
      })
      const response = await app.fetch(
        new Request(`${PUBLIC_URL}/auth/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
            client_id: 'desktop',
            subject_token: token,
            subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          }),
        }),
      )
      const { error } = (await response.json()) as { error?: string }
      return error ?? response.status
    }
    expect(await exchange()).toBe('unsupported_grant_type')
    await store(await newAdmin(app))
    await provision(app)
    expect(await exchange()).toBe(200)
  })

  test('that cannot be opened leaves the pages as they are, and the sign-in says that it is not set up right', async () => {
    const app = await newApp()
    const other = connectionsOf(app.store, { encryptionKeys: [Buffer.alloc(32, 2)] })
    const sealed = other.seal('default', { ...registration, cloud: 'global' })
    await app.directory.settings.connect(sealed, false, cause)
    const browser = newBrowser(app)
    expect(await hasBox(browser)).toBe(true)
    const shown = await signIn(browser)
    expect(shown.status).toBe(502)
    expect(shown.html).toContain('Signing in with Microsoft is not set up right')
    expect(shown.html).not.toContain('sealed')
    const line = app.logged.find(({ path, level }) => path === '/auth/sign-in' && level === 'error')
    expect(JSON.stringify(line)).toContain('sealed with another key')
    expect((await browser.post('/auth/sign-in', { userName: 'x', password: 'y' })).status).toBe(401)
  })

  test('does not take the place of that of the environment', async () => {
    const app = await newApp({ kind: 'secret', secret: SECRET })
    await store(await newAdmin(app), { credential: { kind: 'secret', secret: 'another-secret' } })
    await provision(app)
    expect(await signIn(newBrowser(app))).toMatchObject({ status: 303, location: '/auth/account' })
  })
})

describe('an app registration of the environment proves who asks', () => {
  function certificateOf(pem: string): EntraCredential {
    const read = readCertificate(pem)
    if (!read.ok) throw new Error(read.problem)
    return { kind: 'certificate', certificate: read.certificate }
  }

  async function federated(token: string): Promise<EntraCredential & { file: string }> {
    const file = join(temporaryFolder(), 'token')
    await writeFile(file, token)
    return { kind: 'federated', file }
  }

  const expired = async () => {
    const exp = Math.floor(Date.now() / 1_000) - 3_600
    return federated(await platformToken({ exp }))
  }

  test.each([
    ['with a certificate', async () => certificateOf(certificate.pem)],
    ['with a token of the platform', async () => federated(await platformToken())],
    ['with one in a file that ends a line', async () => federated(`${await platformToken()}\n`)],
  ])('%s, to sign people in and to read them', async (_, credential) => {
    const app = await newApp(await credential())
    await provision(app)
    expect(await signIn(newBrowser(app))).toMatchObject({ status: 303, location: '/auth/account' })
    const connections = connectionsOf(app.store, {
      entra: {
        tenantId: TENANT,
        clientId: CLIENT,
        credential: await credential(),
        loginUrl: tenant.authority.origin,
      },
      graphUrl: tenant.graph.origin,
    })
    const directory = await connections.of('default')
    expect((await directory?.check())?.map(({ ok }) => ok)).toStrictEqual([true, true, true, true])
  })

  test.each([
    [
      'a certificate that Entra does not know',
      async () => certificateOf(newCertificate({ key: 'unknown' }).pem),
      'AADSTS700027',
      'does not know the certificate',
    ],
    [
      'a token of a platform that Entra does not know',
      async () => federated(await platformToken({ iss: 'https://elsewhere.example' })),
      'AADSTS700211',
      'No federated credential',
    ],
    [
      'a token for another subject, if only in its letter case',
      async () => federated(await platformToken({ sub: subject.toLowerCase() })),
      'AADSTS700213',
      'No federated credential',
    ],
    [
      'a token for another audience',
      async () => federated(await platformToken({ aud: 'api://other' })),
      'AADSTS700212',
      'No federated credential',
    ],
    [
      'a token that somebody else signed',
      async () => federated(await platformToken({}, certificate.privateKey)),
      'AADSTS50013',
      'Entra gives no token',
    ],
    ['a token that has expired', expired, 'AADSTS700024', 'too old'],
    [
      'no token',
      async () => ({ kind: 'federated', file: '/nowhere/token' }) as const,
      undefined,
      'ENTRA_FEDERATED_TOKEN_FILE is not there',
    ],
    ['an empty file', async () => federated('\n'), undefined, 'is empty'],
  ])('and with %s it is told what is wrong', async (_, make, number, words) => {
    const credential = await make()
    const app = await newApp(credential)
    await provision(app)
    const shown = await signIn(newBrowser(app))
    expect(shown.status).toBe(502)
    expect(shown.html).toContain(number ?? 'Request number')
    expect(shown.html).not.toContain('/nowhere')

    const api = await newAdmin(app)
    const { body } = await api.get('/connection')
    const [check] = body['checks'] as { ok: boolean; problem: string }[]
    expect(check).toMatchObject({ ok: false, problem: expect.stringContaining(words) })
    expect(check?.problem).not.toContain('/nowhere')
    expect('expires' in body).toBe(credential.kind === 'certificate')
  })

  test('with the token that is in the file by then', async () => {
    const credential = await federated('not-a-token-yet')
    const app = await newApp(credential)
    await provision(app)
    expect((await signIn(newBrowser(app))).status).toBe(502)
    await writeFile(credential.file, await platformToken())
    expect(await signIn(newBrowser(app))).toMatchObject({ status: 303 })
  })
})
