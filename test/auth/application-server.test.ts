import { expect, test, vi } from 'vitest'
import { cause } from '../support/app.ts'
import { NAME, refresh, signedInClient, tokensOf } from '../support/desktop.ts'
import { runExample, serve } from '../support/examples.ts'
import { newProgram, newTeam } from '../support/programs.ts'

const PROGRAM = 'application-server.ts'

/** What the program answers, which listens at a port. */
async function askAt(port: string | undefined, authorization?: string) {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    headers: authorization === undefined ? {} : { Authorization: authorization },
  })
  const { status, headers } = response
  return { status, body: await response.json(), challenge: headers.get('www-authenticate') }
}

test('the server of the application answers who is signed in and may do what they ask', async () => {
  const { app, origin } = await serve()
  const { id, secret } = await newProgram(app.directory, 'application')
  const env = { ENTRANCE: origin, CLIENT_ID: id, CLIENT_SECRET: secret, PORT: '0' }
  const [, port] = await runExample(PROGRAM, [], env).says(/port: (\d+)/)

  expect(await askAt(port)).toStrictEqual({
    status: 401,
    body: { error: 'unauthorized' },
    challenge: 'Bearer realm="si"',
  })
  const invalid = {
    status: 401,
    body: { error: 'invalid_token' },
    challenge: 'Bearer realm="si", error="invalid_token"',
  }
  expect(await askAt(port, 'Bearer nonsense')).toStrictEqual(invalid)

  const first = await signedInClient(app)
  expect(await askAt(port, `Bearer ${first.access}`)).toStrictEqual({
    status: 403,
    body: { error: 'insufficient_scope', permission: 'projects.read' },
    challenge: 'Bearer realm="si", error="insufficient_scope"',
  })
  await newTeam(app.directory, 'Sales', first.user, ['projects.read'])
  const second = tokensOf(await refresh(app, first.refresh))
  const authorization = `Bearer ${second.access}`
  expect(await askAt(port, authorization)).toStrictEqual({
    status: 200,
    body: { message: `These are the projects of ${NAME}.` },
    challenge: null,
  })

  await app.directory.sessions.endAll(first.user.id, undefined, cause)
  await vi.waitFor(async () => expect(await askAt(port, authorization)).toStrictEqual(invalid), {
    timeout: 10_000,
    interval: 200,
  })
})

test('the server of the application answers 503 while Entrance is away', async () => {
  const env = { ENTRANCE: 'http://127.0.0.1:1', CLIENT_ID: 'a', CLIENT_SECRET: 'b', PORT: '0' }
  const [, port] = await runExample(PROGRAM, [], env).says(/port: (\d+)/)
  expect(await askAt(port, 'Bearer x')).toMatchObject({ status: 503 })
})

test('the server of the application says what it needs', async () => {
  expect(await runExample(PROGRAM).ended).toMatchObject({
    code: 1,
    printed: expect.stringMatching(/^Set ENTRANCE .* client create --kind application/s),
  })
})
