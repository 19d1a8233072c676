import { describe, expect, test } from 'vitest'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { HOUR } from '../support/clients.ts'
import { ada, CLIENT, newOffice, TENANT } from '../support/microsoft.ts'
import { ask, basic, GRANT, newProgram, type Fields, type Program } from '../support/programs.ts'
import { otherDirectory } from '../support/store.ts'

const PATH = '/auth/token'

async function newCase() {
  const app = await testApp()
  return { app, client: await newProgram(app.directory, 'provisioning') }
}

const token = (app: TestApp, form: Fields | string, headers: Fields = {}) =>
  ask(app, 'POST', PATH, { form, headers })

const users = async (app: TestApp, accessToken: string) =>
  (await app.clientWith(`Bearer ${accessToken}`).get('/Users')).status

describe('a client that does not prove who it is gets the same answer, whatever is wrong:', () => {
  interface Case {
    readonly app: TestApp
    readonly client: Program
  }
  type Shown = (of: Case) => Promise<{ form?: Fields; headers?: Fields }>
  const rows: readonly (readonly [string, Shown])[] = [
    [
      'a wrong secret',
      async ({ client: { form } }) => ({
        form: { ...form, client_secret: `${form['client_secret']}x` },
      }),
    ],
    ['a wrong secret in the header', async ({ client: { id } }) => ({ headers: basic(id, 'x') })],
    [
      'the secret of another client',
      async ({ app, client: { form, id } }) => {
        const other = await newProgram(app.directory, 'provisioning', 'other')
        return { form: { ...form, ...other.form, client_id: id } }
      },
    ],
    [
      'the hash of the secret',
      async ({ app, client: { form, id } }) => {
        const found = await app.store.findClient(id)
        return { form: { ...form, client_secret: found?.secrets[0]?.hash ?? '' } }
      },
    ],
    [
      'a client that there is not',
      async ({ client: { secret } }) => ({
        form: { client_id: '019a2f41-7c3e-7000-8000-000000000000', client_secret: secret },
      }),
    ],
    [
      'an id that no database takes',
      async ({ client: { secret } }) => ({
        form: { client_id: '\u0000', client_secret: secret },
      }),
    ],
    ['no id', async ({ client: { secret } }) => ({ form: { client_secret: secret } })],
    [
      'a secret that has expired',
      async ({ app, client }) => {
        app.clock.pass(24 * HOUR)
        return client
      },
    ],
    [
      'a secret that was removed',
      async ({ app, client }) => {
        await app.directory.clients.removeSecret(client.id, client.secretId, cause)
        return client
      },
    ],
    [
      'a client that was revoked',
      async ({ app, client }) => {
        await app.directory.clients.revoke(client.id, cause)
        return client
      },
    ],
    [
      'a header without a colon',
      async ({ client: { id } }) => ({
        headers: { Authorization: `Basic ${btoa(id)}` },
      }),
    ],
    ['a header that is not base64', async () => ({ headers: { Authorization: 'Basic :' } })],
    ['a header with nothing in it', async () => ({ headers: { Authorization: 'Basic' } })],
    ['a header that is encoded wrongly', async () => ({ headers: basic('%', '%') })],
    [
      'an assertion, without a federation',
      async ({ client: { id } }) => ({
        form: {
          client_id: id,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: 'a.b.c',
        },
      }),
    ],
    [
      'an assertion of another type',
      async ({ client: { id } }) => ({
        form: {
          client_id: id,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
          client_assertion: 'a.b.c',
        },
      }),
    ],
  ]

  test.each(rows)('%s', async (_, shown) => {
    const { app, client } = await newCase()
    const { form, headers } = await shown({ app, client })
    const answer = await token(app, { ...GRANT, ...form }, headers)
    expect(answer.status).toBe(401)
    expect(answer.body).toStrictEqual({
      error: 'invalid_client',
      error_description: 'The client did not prove who it is.',
    })
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="entrance"')
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test('none at all, with another sentence', async () => {
    const { app, client } = await newCase()
    for (const form of [GRANT, { ...GRANT, client_id: client.id, client_secret: '' }]) {
      const { status, body } = await token(app, form)
      expect([status, body['error']]).toStrictEqual([401, 'invalid_client'])
    }
  })
})

describe('after 20 failures from one address', () => {
  async function afterTwenty() {
    const { app, client } = await newCase()
    const wrong = { ...GRANT, ...client.form, client_secret: 'wrong' }
    for (let index = 0; index < 20; index += 1) {
      expect((await token(app, wrong)).status).toBe(401)
    }
    return { app, client, wrong }
  }

  test('the next is answered with 429 and the seconds to wait', async () => {
    const { app, wrong } = await afterTwenty()
    app.clock.pass(10_000)
    const { status, headers, body } = await token(app, wrong)
    expect([status, headers.get('retry-after'), body['error']]).toStrictEqual([
      429,
      '50',
      'slow_down',
    ])
    app.clock.pass(50_000)
    expect((await token(app, wrong)).status).toBe(401)
  })

  test('a client that is right is never slowed down, and who shows nothing is told so', async () => {
    const { app, client, wrong } = await afterTwenty()
    expect((await token(app, wrong)).status).toBe(429)
    expect((await token(app, { ...GRANT, ...client.form })).status).toBe(200)
    expect((await token(app, GRANT)).status).toBe(401)
    expect((await app.scim.get('/Users')).status).toBe(200)
  })
})

describe('the assertion of a workload identity', () => {
  async function newFederation() {
    const office = await newOffice()
    const { app, authority } = office
    const { id } = await app.directory.clients.create(
      { kind: 'provisioning', name: 'Entra' },
      cause,
    )
    const federation = { subject: ada.objectId, audience: CLIENT }
    await app.directory.clients.federate(id, federation, cause)
    const seconds = app.clock.now().getTime() / 1_000
    const assertion = await authority.sign({
      iss: `${authority.origin}/${TENANT}/v2.0`,
      aud: CLIENT,
      sub: ada.objectId,
      oid: ada.objectId,
      tid: TENANT,
      iat: seconds,
      nbf: seconds,
      exp: seconds + HOUR / 1_000,
    })
    const form = {
      ...GRANT,
      client_id: id,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }
    return { ...office, id, form }
  }

  test('stands for a secret, any number of times', async () => {
    const { app, form } = await newFederation()
    for (let index = 0; index < 2; index += 1) {
      const { status, body } = await token(app, form)
      expect(status).toBe(200)
      expect(await users(app, String(body['access_token']))).toBe(200)
    }
    expect(JSON.stringify(app.logged)).not.toContain(form.client_assertion)
  })

  test.each([
    'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
    'URN:ietf:params:oauth:client-assertion-type:jwt-bearer',
    '',
  ])('is worth nothing when it says that it is %j', async (type) => {
    const { app, form } = await newFederation()
    expect((await token(app, { ...form, client_assertion_type: type })).status).toBe(401)
  })

  test('is worth nothing when the client was revoked', async () => {
    const { app, id, form } = await newFederation()
    await app.directory.clients.revoke(id, cause)
    expect((await token(app, form)).status).toBe(401)
  })

  test('is worth nothing to another client, and the log has the reason', async () => {
    const { app, form } = await newFederation()
    const other = await newProgram(app.directory, 'provisioning', 'other')
    const { status, text } = await token(app, { ...form, client_id: other.id })
    expect(status).toBe(401)
    expect(text).not.toContain('subject')
    expect(app.logged.at(-1)).toMatchObject({
      level: 'info',
      status: 401,
      failure: { cause: { message: 'A token of Entra is refused: subject.' } },
    })
  })

  test('is worth nothing in an organisation that has no tenant', async () => {
    const { app, form } = await newFederation()
    const directory = await otherDirectory(app)
    const { id } = await directory.clients.create({ kind: 'provisioning', name: 'x' }, cause)
    await directory.clients.federate(id, { subject: ada.objectId, audience: CLIENT }, cause)
    expect((await token(app, { ...form, client_id: id })).status).toBe(401)
    expect(app.logged.at(-1)).toMatchObject({
      failure: { cause: { message: 'A token of Entra is refused: tenant.' } },
    })
  })

  test('has to wait while the keys of Entra cannot be read, which is nobody’s failure', async () => {
    const { app, authority, form } = await newFederation()
    authority.keysAvailable = false
    for (let index = 0; index < 21; index += 1) {
      const { status, headers, body } = await token(app, form)
      expect([status, headers.get('retry-after'), body['error']]).toStrictEqual([
        503,
        '10',
        'temporarily_unavailable',
      ])
    }
    expect(app.logged.at(-1)).toMatchObject({ level: 'error', failure: expect.anything() })
    authority.keysAvailable = true
    expect((await token(app, form)).status).toBe(200)
  })
})
