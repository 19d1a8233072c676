import { readdirSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { callCli, installation, root, spawnCli } from './installation.ts'

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

  const tenant = '1b4e28ba-2fa1-4d2e-883f-0016d3cca427'
  const registration = (loginUrl: string) => ({
    ENTRA_TENANT_ID: tenant,
    ENTRA_CLIENT_ID: '6731de76-14a6-49ae-97bc-6eba6914391e',
    ENTRA_CLIENT_SECRET: 'a.secret~Value',
    ENTRA_LOGIN_URL: loginUrl,
  })

  test.each([
    ['knows the tenant', 200, 0, /^✓ The keys of Entra can be read\.$/m],
    ['knows no such tenant', 400, 1, /^✗ .+\/keys answers 400\. Check ENTRA_TENANT_ID\.$/m],
  ])('asks Entra, which %s', async (_, status, code, line) => {
    const entra = createServer((request, response) => {
      const known = request.url === `/${tenant}/discovery/v2.0/keys`
      response.writeHead(known ? status : 404).end('{"keys":[]}')
    })
    entra.listen(0, '127.0.0.1')
    await once(entra, 'listening')
    onTestFinished(() => void entra.close())
    const { port } = Object(entra.address()) as { port: number }
    const { env, call } = installation()
    await call('token', 'create', '--name', 'Entra')
    await call('organisation', 'tenant', 'default', tenant)
    const settings = { ...env, ...https, ...registration(`http://127.0.0.1:${port}`) }
    const result = await callCli(['doctor'], settings)
    expect(result.code).toBe(code)
    expect(result.out).toMatch(line)
    expect(result.out).toContain('https://entrance.example.com/auth/entra/callback')
    expect(result.out).not.toContain('a.secret~Value')
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
