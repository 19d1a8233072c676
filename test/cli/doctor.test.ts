import { readdirSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CLOUDS } from '../../src/config-entra.ts'
import { cause, testClock } from '../support/app.ts'
import { connectionsOf } from '../support/connections.ts'
import { newTenant, SECRET } from '../support/entra-tenant.ts'
import { CLIENT, TENANT } from '../support/microsoft.ts'
import { callCli, installation, root, scope, spawnCli } from './installation.ts'

describe('doctor', () => {
  const https = { PUBLIC_URL: 'https://entrance.example.com' }

  test('is content with an installation that is ready', async () => {
    const { env, call } = installation()
    await call('token', 'create', '--name', 'Entra')
    const result = await spawnCli(['doctor'], { ...env, ...https })
    expect(result).toMatchObject({ code: 0, err: '' })
    expect(result.out.match(/^./gmu)).toEqual(['✓', '✓', '✓', '✓', '✓', '!'])
    expect(result.out).toContain('https://entrance.example.com/scim/v2')
    expect(result.out).toContain('! Nobody can sign in with Microsoft Entra ID')
  })

  test('says which command makes a token', async () => {
    const { call } = installation()
    await call('token', 'list')
    const result = await call('doctor')
    expect(result).toMatchObject({ code: 1, err: 'One thing must be mended.\n' })
    expect(result.out).toMatch(/^✗ .+npm run cli -- token create --name Entra$/m)
  })

  test('warns of a public URL that Entra does not reach', async () => {
    const { call } = installation()
    await call('token', 'create', '--name', 'Entra')
    const { code, out } = await call('doctor')
    expect(code).toBe(0)
    expect(out).toMatch(/^! .+Entra needs https/m)
  })

  test('counts the static token', async () => {
    const { env, call } = installation()
    await call('token', 'list')
    const token = { SCIM_TOKEN: 'a-static-token-of-at-least-32-characters' }
    const { code, out } = await callCli(['doctor'], { ...env, ...token })
    expect(code).toBe(0)
    expect(out).toContain('✓ One provisioning token is valid, SCIM_TOKEN among them.')
    expect(out).not.toContain(token.SCIM_TOKEN)
  })

  test('warns of a token that expires soon, and refuses when it has', async () => {
    const { env, call } = installation()
    await call('token', 'create', '--name', 'Entra', '--expires', '10d')
    const soon = await call('doctor')
    expect(soon.code).toBe(0)
    expect(soon.out).toMatch(/^! The token "Entra" expires on 2026-03-12 08:00 UTC/m)
    const late = await callCli(['doctor'], env, '2026-04-01T08:00:00.000Z')
    expect(late.code).toBe(1)
    expect(late.out).toMatch(/^✗ There is no valid provisioning token/m)
  })

  test('notices a clock that went backwards', async () => {
    const { env, call } = installation()
    await call('token', 'create', '--name', 'Entra', '--expires', 'never')
    const { code, out } = await callCli(['doctor'], env, '2026-03-02T07:58:00.000Z')
    expect(code).toBe(1)
    expect(out).toMatch(/^✗ The clock says 2026-03-02 07:58 UTC, but .+ 2026-03-02 08:00 UTC/m)
  })

  test('says when the brake holds somebody', async () => {
    const { call, inStore } = installation()
    await call('token', 'create', '--name', 'Entra')
    expect((await call('doctor')).out).not.toContain('brake')
    await inStore(async (store) => {
      const { users, settings } = store.for(scope)
      await settings.change('brake', { users: 0, percent: 0, minutes: 60 }, cause)
      const attributes = { userName: 'adele', active: true }
      const { user } = await users.create({ attributes, origin: 'scim' }, cause)
      await users.remove(user.id, undefined, { ...cause, door: 'scim' })
    })
    const { code, out } = await call('doctor')
    expect(code).toBe(0)
    expect(out).toMatch(/^! The brake holds 1 of default whom provisioning wants off or deleted/m)
  })

  test('names every problem of the configuration', async () => {
    const { code, out } = await callCli(['doctor'], { PORT: 'x', PUBLIC_URL: 'y' })
    expect(code).toBe(1)
    expect(out.match(/^✗ (PORT|PUBLIC_URL) is /gm)).toHaveLength(2)
  })

  test('makes no database', async () => {
    const { folder, call } = installation()
    const { code, out } = await call('doctor')
    expect(code).toBe(1)
    expect(out).toMatch(/^✗ There is no database/m)
    expect(readdirSync(folder)).toEqual([])
  })

  const registration = (loginUrl: string, graphUrl = loginUrl) => ({
    ENTRA_TENANT_ID: TENANT,
    ENTRA_CLIENT_ID: CLIENT,
    ENTRA_CLIENT_SECRET: SECRET,
    ENTRA_LOGIN_URL: loginUrl,
    ENTRA_GRAPH_URL: graphUrl,
  })

  async function connected() {
    const { authority, graph } = await newTenant(testClock())
    const { env, inStore, call } = installation()
    await call('token', 'create', '--name', 'Entra')
    await call('organisation', 'tenant', 'default', TENANT)
    const addresses = { ENTRA_LOGIN_URL: authority.origin, ENTRA_GRAPH_URL: graph.origin }
    return {
      authority,
      graph,
      inStore,
      doctor: (more: Record<string, string> = registration(authority.origin, graph.origin)) =>
        callCli(['doctor'], { ...env, ...https, ...addresses, ...more }),
    }
  }

  test('signs in at Entra and reads people', async () => {
    const { doctor } = await connected()
    const { code, out } = await doctor()
    expect(code).toBe(0)
    expect(out).toMatch(/^✓ The keys of Entra can be read\.$/m)
    expect(out).toMatch(/^✓ The people of "default" can be read at Entra\.$/m)
    expect(out).toContain('https://entrance.example.com/auth/entra/callback')
    expect(out).not.toContain(SECRET)
  })

  test('says what is missing at Entra, and that a secret expires soon', async () => {
    const { graph, doctor } = await connected()
    graph.permissions = ['User.Read.All', 'Application.Read.All']
    graph.secrets = [{ hint: SECRET.slice(0, 3), endDateTime: '2026-03-20T00:00:00Z' }]
    const soon = await doctor()
    expect(soon.code).toBe(0)
    expect(soon.out).toMatch(
      /^! "default" at Entra, GroupMember\.Read\.All: .+ grant admin consent/m,
    )
    expect(soon.out).toMatch(/^! The credential of "default" for Entra expires on 2026-03-20\./m)
    graph.secrets = [{ hint: SECRET.slice(0, 3), endDateTime: '2026-03-01T00:00:00Z' }]
    const late = await doctor()
    expect(late.code).toBe(1)
    expect(late.out).toMatch(/^✗ The credential of "default" for Entra expired on 2026-03-01\./m)
    graph.secretExpired = true
    expect(
      (await doctor()).out.match(/^✗ "default" at Entra, token: .+AADSTS7000222/gm),
    ).toHaveLength(1)
  })

  test('looks at what an administrator entered, and says when it cannot be opened', async () => {
    const { authority, graph, inStore, doctor } = await connected()
    await inStore(async (store) => {
      const clouds = { ...CLOUDS, global: { loginUrl: authority.origin, graphUrl: graph.origin } }
      const sealed = connectionsOf(store, { encryptionKeys: [Buffer.alloc(32, 1)], clouds }).seal(
        'default',
        {
          tenantId: TENANT,
          clientId: CLIENT,
          cloud: 'global',
          credential: { kind: 'secret', secret: SECRET },
          expires: '2026-03-10T00:00:00Z',
        },
      )
      await store.for(scope).settings.connect(sealed, false, cause)
    })
    graph.secrets = []
    const opened = await doctor({ ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64') })
    expect(opened.code).toBe(0)
    expect(opened.out).toMatch(/^✓ People of the organisation "default" sign in/m)
    expect(opened.out).toMatch(/^✓ The people of "default" can be read at Entra\.$/m)
    expect(opened.out).toMatch(/^! The credential of "default" for Entra expires on 2026-03-10\./m)
    const shut = await doctor({})
    expect(shut.code).toBe(1)
    expect(shut.out).toMatch(/^✗ "default" at Entra: .+ENCRYPTION_KEY/m)
    expect(shut.out).toMatch(/^! The credential of "default" for Entra expires on 2026-03-10\./m)
  })

  test('says that Entra knows no such tenant', async () => {
    const entra = createServer((_, response) => void response.writeHead(400).end('{"keys":[]}'))
    entra.listen(0, '127.0.0.1')
    await once(entra, 'listening')
    onTestFinished(() => void entra.close())
    const { port } = Object(entra.address()) as { port: number }
    const { env, call } = installation()
    await call('token', 'create', '--name', 'Entra')
    await call('organisation', 'tenant', 'default', TENANT)
    const settings = { ...env, ...https, ...registration(`http://127.0.0.1:${port}`) }
    const { code, out } = await callCli(['doctor'], settings)
    expect(code).toBe(1)
    expect(out).toMatch(/^✗ .+\/keys answers 400\. Check the directory \(tenant\) ID\.$/m)
    expect(out).toMatch(/^✗ "default" at Entra, token: Entra gave no token/m)
    expect(out).not.toContain(SECRET)
  })

  test('says that Entra cannot be reached', async () => {
    const { env, call } = installation()
    await call('token', 'create', '--name', 'Entra')
    const settings = { ...env, ...https, ...registration('http://127.0.0.1:9') }
    const result = await callCli(['doctor'], settings)
    expect(result).toMatchObject({ code: 1, err: 'One thing must be mended.\n' })
    expect(result.out).toMatch(/^✗ http:\/\/127\.0\.0\.1:9 cannot be reached \(.+\)\. Let /m)
    expect(result.out).toMatch(/^! The tenant .+ belongs to no organisation yet/m)
  })

  test('says that a file is no database', async () => {
    const { code, out } = await callCli(['doctor'], { DATABASE_URL: `file:${root}/package.json` })
    expect(code).toBe(1)
    expect(out).toMatch(/^✗ The database .+ cannot be opened: /m)
  })
})
