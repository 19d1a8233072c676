import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { hashSecret, tokenState } from '../../src/directory/token.ts'
import { callCli, idIn, installation, root, secretIn, spawnCli } from './installation.ts'

describe('the command line', () => {
  test('makes, lists and revokes a token, and keeps the secret nowhere', async () => {
    const { folder, spawn: cli, inStore } = installation()
    const created = await cli('token', 'create', '--name', 'Entra', '--expires', '2099-05-01')
    expect(created).toMatchObject({ code: 0, err: '' })
    expect(created.out).toContain('http://localhost:3000/scim/v2')
    expect(created.out).toContain('valid until 2099-05-01 00:00 UTC')
    const secret = secretIn(created.out)
    expect(created.out.split(secret)).toHaveLength(2)
    const find = () => inStore((store) => store.findToken(hashSecret(secret)))
    expect(await find()).toMatchObject({ name: 'Entra', expires: '2099-05-01T00:00:00.000Z' })

    const listed = await cli('token', 'list')
    expect(listed.out).toMatch(/^ID .+NAME .+STATE/)
    expect(listed.out).toMatch(/Entra +active .+2099-05-01 00:00 +never/)
    expect(listed.out).not.toContain(secret)

    const id = idIn(created.out)
    expect(await cli('token', 'revoke', id.slice(0, 8))).toMatchObject({
      code: 0,
      out: `Revoked the token "Entra" (${id}). Requests with it are refused from now on.\n`,
    })
    const revoked = await find()
    expect(revoked && tokenState(revoked, new Date().toISOString())).toBe('revoked')
    expect((await cli('token', 'revoke', id)).out).toMatch(/^Nothing to do: .+ was revoked on/)

    for (const file of readdirSync(folder)) {
      expect(readFileSync(join(folder, file)).includes(secret)).toBe(false)
    }
  })

  test('leaves no secret in the files while the store is open', async () => {
    const { folder, inStore, call } = installation()
    await inStore(async () => {
      const { out } = await call('token', 'create', '--name', 'Entra')
      const files = readdirSync(folder)
      expect(files).toContain('entrance.db-wal')
      for (const file of files) {
        expect(readFileSync(join(folder, file)).includes(secretIn(out))).toBe(false)
      }
      const wal = readFileSync(join(folder, 'entrance.db-wal'))
      expect(wal.includes(hashSecret(secretIn(out)))).toBe(true)
    })
  })

  test('refuses an old Node before it loads the driver of the database', async () => {
    const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })`
    const { env, file } = installation()
    const old = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`]
    const result = await spawnCli(['token', 'list'], env, old)
    expect(result).toMatchObject({ code: 1, out: '' })
    expect(result.err).toMatch(/^Entrance needs Node 24 or newer and this is 20\.19\.0\..+\n$/)
    expect(existsSync(file)).toBe(false)
  })

  test('says what is wrong with the configuration', async () => {
    const result = await spawnCli(['token', 'list'], { PORT: 'x', LOG_LEVEL: 'y' })
    const loaded = loadConfig({ PORT: 'x', LOG_LEVEL: 'y' })
    expect(result).toMatchObject({ code: 1, out: '' })
    for (const problem of loaded.ok ? [] : loaded.problems) expect(result.err).toContain(problem)
  })

  test('says in one sentence that a file is no database', async () => {
    const result = await callCli(['token', 'list'], { DATABASE_URL: `file:${root}/package.json` })
    expect(result).toMatchObject({ code: 1, out: '' })
    expect(result.err).toMatch(/^The database .+ cannot be opened: .+\n$/)
  })

  test.each([
    ['without a command', [], 'Usage: npm run cli --'],
    ['with an unknown command', ['tokens'], "unknown command 'tokens'"],
    ['with a half command', ['token'], 'Usage: npm run cli -- token'],
    ['with an unknown option', ['token', 'list', '--all'], "unknown option '--all'"],
    ['without a name', ['token', 'create'], "required option '--name <name>' not specified"],
    ['with an empty name', ['token', 'create', '--name', ' '], 'Write 1 to 100 characters'],
    ['with two lines as name', ['token', 'create', '--name', 'a\nb'], 'on one line'],
    ['with a short id', ['token', 'revoke', '012'], 'Write at least the first 4 characters'],
    ['without an id', ['token', 'revoke'], "missing required argument 'id'"],
    ['with half a GUID', ['organisation', 'tenant', 'default', '1b4e28ba'], 'Write the Tenant ID'],
    ['with no events', ['events', '--limit', '0'], 'Write a whole number from 1 to 10000.'],
    ['without a file', ['backup'], "missing required argument 'file'"],
    ['with too much', ['doctor', 'please'], 'too many arguments'],
    ...['180', 'soon', '2027-02-30', '2027-5-1', '-1d', '1.5y'].map(
      (text) =>
        [
          `with the expiry ${text}`,
          ['token', 'create', '--name', 'a', `--expires=${text}`],
          'Write a duration',
        ] as const,
    ),
    ['expired', ['token', 'create', '--name', 'a', '--expires', '2026-03-02'], 'not in the future'],
    ['in 0 days', ['token', 'create', '--name', 'a', '--expires', '0d'], 'not in the future'],
    ['too far', ['token', 'create', '--name', 'a', '--expires', '9000y'], 'write never'],
  ] as const)('exits with 2 when used %s', async (_, args, message) => {
    const result = await callCli(args)
    expect(result).toMatchObject({ code: 2, out: '' })
    expect(result.err).toContain(message)
  })

  test('exits with 2 from its process too', async () => {
    expect(await spawnCli(['nonsense'], {})).toEqual({
      code: 2,
      out: '',
      err: "unknown command 'nonsense'\nAdd --help to see how it is used.\n",
    })
  })

  test.each([
    [[]],
    [['token']],
    [['token', 'create']],
    [['token', 'list']],
    [['token', 'revoke']],
    [['organisation']],
    [['organisation', 'create']],
    [['organisation', 'list']],
    [['organisation', 'tenant']],
    [['link']],
    [['link', 'list']],
    [['link', 'accept']],
    [['link', 'dismiss']],
    [['events']],
    [['backup']],
    [['doctor']],
  ])('has help for %j', async (command) => {
    const { code, out, err } = await callCli([...command, '--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(['Usage: npm run cli --', ...command].join(' '))
  })
})
