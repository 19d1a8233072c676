import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../src/db/open.ts'
import { newId } from '../src/directory/id.ts'
import { issueLink } from '../src/directory/one-time-link.ts'
import { buildOnce, SERVER } from '../tools/build.ts'
import { freePort } from './entra/entrance-process.ts'
import { cause, testClock } from './support/app.ts'
import { connectionsOf } from './support/connections.ts'
import { databaseFolder } from './support/database.ts'
import { newTenant, SECRET } from './support/entra-tenant.ts'
import { CLIENT, TENANT } from './support/microsoft.ts'
import { newBrowserSession, newPerson } from './support/programs.ts'

beforeAll(buildOnce)

/** Runs the server as `npm start` does, in a folder of its own. */
function start(folder: string, environment: Record<string, string>) {
  const child = spawn(process.execPath, SERVER, {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const ended = once(child, 'close').then(([code]) => ({ code, output }))

  /** Resolves when the output contains a text, and rejects with the output when the process ends before. */
  async function printed(text: string): Promise<string> {
    while (!output.includes(text)) {
      const chunk = once(child.stdout, 'data').then(() => 'more')
      if ((await Promise.race([chunk, ended])) !== 'more') throw new Error(output)
    }
    return output
  }
  return { child, ended, printed }
}

test('npm start is exactly what these tests start', async () => {
  const { default: manifest } = await import('../package.json', { with: { type: 'json' } })
  expect(manifest.scripts.prestart).toBe('node tools/build.ts')
  expect(manifest.scripts.start).toBe(
    ['node', ...SERVER].join(' ').replace(`${process.cwd()}/`, ''),
  )
})

test('with an empty environment it makes its database, serves, and says what to do next', async () => {
  const folder = databaseFolder()
  // The port is the one thing a test cannot leave to chance.
  const port = String(await freePort())
  const { child, ended, printed } = start(folder, { PORT: port })
  const output = await printed('token create')
  expect(output).toContain(`http://localhost:${port}/scim/v2`)
  expect(existsSync(join(folder, 'data/entrance.db'))).toBe(true)
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
  child.kill('SIGTERM')
  expect((await ended).code).toBe(0)
})

test('SIGTERM lets a request in flight end, then exits with 0', async () => {
  const folder = databaseFolder()
  const port = await freePort()
  const token = 'a-token-of-more-than-thirty-two-characters'
  const { child, ended, printed } = start(folder, { PORT: String(port), SCIM_TOKEN: token })
  await printed('Entrance is running')

  const body = JSON.stringify({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'late@contoso.example',
  })
  const late = request(`http://127.0.0.1:${port}/scim/v2/Users`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/scim+json',
      'content-length': body.length,
      // The answer to this says that the server has the request in hand.
      expect: '100-continue',
    },
  })
  late.flushHeaders()
  await once(late, 'continue')
  child.kill('SIGTERM')
  await printed('"stopping"')
  late.end(body)
  const [answer] = await once(late, 'response')
  expect(answer.statusCode).toBe(201)
  answer.resume()
  expect(await ended).toMatchObject({ code: 0, output: expect.stringContaining('"stopped"') })
})

test.each([
  ['progress', '/admin/connect/entry/wait', 'data: '],
  ['the provisioning log', '/admin/log/follow', 'retry: '],
])('SIGTERM ends a stream of %s at once', async (_, path, beginning) => {
  const databaseUrl = `file:${join(databaseFolder(), 'entrance.db')}`
  const store = await openStore(databaseUrl, { now: () => new Date(), newId })
  const directory = store.for({ organisation: 'default', localUsers: 'visible' })
  const { id } = await newPerson(directory, 'ada')
  await directory.administrators.appoint(id, cause)
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  const { secret } = await newBrowserSession(directory, id, tomorrow)
  await store.close()
  const port = await freePort()
  const { child, ended, printed } = start(databaseFolder(), {
    PORT: String(port),
    DATABASE_URL: databaseUrl,
  })
  await printed('Entrance is running')
  const { body } = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { Cookie: `entrance=${secret}` },
  })
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader?.read())?.value).toContain(beginning)

  const signalled = performance.now()
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 0, output: expect.stringContaining('"stopped"') })
  // Whoever looks on does not use up the ten seconds that requests in flight have.
  expect(performance.now() - signalled).toBeLessThan(5_000)
})

test('it keeps a password as OWASP asks, and knows it again', async () => {
  const folder = databaseFolder()
  const databaseUrl = `file:${join(folder, 'entrance.db')}`
  const store = await openStore(databaseUrl, { now: () => new Date(), newId })
  onTestFinished(() => store.close())
  const directory = store.for({ organisation: 'default', localUsers: 'visible' })
  const publicUrl = `http://localhost:${await freePort()}`
  const { port } = new URL(publicUrl)
  const { printed } = start(folder, { PORT: port, DATABASE_URL: databaseUrl })
  await printed('Entrance is running')
  const link = { purpose: 'setup', publicUrl, now: new Date() } as const
  const { url } = await issueLink(directory, link, cause)

  const password = 'a few plain words'
  const send = (path: string, form: Readonly<Record<string, string>>) =>
    fetch(`${publicUrl}${path}`, {
      method: 'POST',
      headers: { Origin: publicUrl },
      body: new URLSearchParams(form),
      redirect: 'manual',
    })
  const first = { userName: 'ada', displayName: 'Ada', password, again: password }
  expect((await send(new URL(url).pathname, first)).status).toBe(303)
  const [holder] = await store.passwordHolders('ada')
  expect(holder?.hash).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/)
  expect((await send('/auth/sign-in', { userName: 'ada', password })).status).toBe(303)
  expect((await send('/auth/sign-in', { userName: 'ada', password: 'other' })).status).toBe(401)
})

test('the bundle has the program of the thread in which filters scan', async () => {
  const port = await freePort()
  const token = 'a-token-of-more-than-thirty-two-characters'
  const { printed } = start(databaseFolder(), { PORT: String(port), SCIM_TOKEN: token })
  await printed('Entrance is running')
  const answer = await fetch(`http://127.0.0.1:${port}/scim/v2/Users?filter=title+co+%22x%22`, {
    headers: { authorization: `Bearer ${token}` },
  })
  expect(await answer.json()).toMatchObject({ totalResults: 0 })
})

test.each([
  ['a wrong port', { PORT: 'abc' }, ['PORT']],
  [
    'several problems at once',
    { PORT: '0', SCIM_TOKEN: 'short', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://x' },
    ['PORT', 'SCIM_TOKEN', 'LOG_LEVEL', 'DATABASE_URL'],
  ],
])('it refuses to start with %s and names each', async (_name, environment, names) => {
  const { code, output } = await start(databaseFolder(), environment).ended
  expect(code).toBe(1)
  for (const name of names) expect(output).toMatch(new RegExp(`^  ${name} `, 'm'))
  expect(output).not.toContain('    at ')
})

test('it says so when its port is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => {
    other.close()
  })
  const address = other.address()
  if (typeof address !== 'object' || address === null) throw new Error('no address')
  const { code, output } = await start(databaseFolder(), { PORT: String(address.port) }).ended
  expect(code).toBe(1)
  expect(output).toContain(`Port ${address.port} is in use`)
})

test.each([
  ['of what is connected it warns early', Buffer.alloc(32, 1), 'entra credential expires'],
  ['with a key that does not open it, it says so', Buffer.alloc(32, 2), 'sealed with another key'],
])('%s, and serves', async (_, key, words) => {
  const { authority, graph } = await newTenant(testClock())
  const folder = databaseFolder()
  const databaseUrl = `file:${join(folder, 'entrance.db')}`
  const store = await openStore(databaseUrl, { now: () => new Date(), newId })
  const { settings } = store.for({ organisation: 'default', localUsers: 'visible' })
  const sealed = connectionsOf(store, { encryptionKeys: [Buffer.alloc(32, 1)] }).seal('default', {
    tenantId: TENANT,
    clientId: CLIENT,
    cloud: 'global',
    credential: { kind: 'secret', secret: SECRET },
  })
  await settings.connect(sealed, false, cause)
  await store.close()
  const endDateTime = new Date(Date.now() + 86_400_000).toISOString()
  graph.secrets = [{ hint: SECRET.slice(0, 3), endDateTime }]

  const port = await freePort()
  const { child, ended, printed } = start(folder, {
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEY: key.toString('base64'),
    ENTRA_LOGIN_URL: authority.origin,
    ENTRA_GRAPH_URL: graph.origin,
  })
  const output = await printed(words)
  expect(output).not.toContain(SECRET)
  await printed('Entrance is running')
  const page = await fetch(`http://127.0.0.1:${port}/auth/sign-in`)
  expect(await page.text()).toContain('Connect via Microsoft Entra ID')
  child.kill('SIGTERM')
  expect((await ended).code).toBe(0)
})
