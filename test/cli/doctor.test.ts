import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { callCli, installation, root, spawnCli } from './installation.ts'

describe('doctor', () => {
  const https = { PUBLIC_URL: 'https://entrance.example.com' }

  test('is content with an installation that is ready', async () => {
    const { env, call } = installation()
    await call('token', 'create', '--name', 'Entra')
    const result = await spawnCli(['doctor'], { ...env, ...https })
    expect(result).toMatchObject({ code: 0, err: '' })
    expect(result.out.match(/^./gmu)).toEqual(['✓', '✓', '✓', '✓', '✓'])
    expect(result.out).toContain('https://entrance.example.com/scim/v2')
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

  test('says that a file is no database', async () => {
    const { code, out } = await callCli(['doctor'], { DATABASE_URL: `file:${root}/package.json` })
    expect(code).toBe(1)
    expect(out).toMatch(/^✗ The database .+ cannot be opened: /m)
  })
})
