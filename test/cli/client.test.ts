import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hashSecret } from '../../src/directory/token.ts'
import { callCli, idIn, installation, scope, secretIn } from './installation.ts'

const SUBJECT = '1B4E28BA-2fa1-4d2e-883f-0016d3cca427'

/** An installation with one client. */
async function withClient(...options: string[]) {
  const installed = installation()
  const { out } = await installed.call('client', 'create', '--name', 'Entra', ...options)
  const secretsOf = () =>
    installed.inStore(async (store) => (await store.for(scope).clients.list())[0]?.secrets ?? [])
  return { ...installed, out, id: idIn(out), secretsOf }
}

describe('client create', () => {
  test('makes a client for Entra and shows what to paste there, the secret once', async () => {
    const { env, folder, inStore } = installation()
    const url = { ...env, PUBLIC_URL: 'https://entrance.example/app/' }
    const { code, err, out } = await callCli(['client', 'create', '--name', 'Entra'], url)
    expect({ code, err }).toStrictEqual({ code: 0, err: '' })
    const [id, secret] = [idIn(out), secretIn(out)]
    expect(out).toMatch(/Tenant URL +https:\/\/entrance\.example\/app\/scim\/v2\n/)
    expect(out).toMatch(/Token endpoint +https:\/\/entrance\.example\/app\/auth\/token\n/)
    expect(out).toMatch(new RegExp(`Client identifier +${id}\n`))
    expect(out).toMatch(new RegExp(`Client secret +${secret}\n`))
    expect(out).toContain('valid until 2027-03-02 08:00 UTC')
    expect(out).not.toContain('reverse proxy')
    expect(out.split(secret)).toHaveLength(2)
    expect(await inStore((store) => store.findClient(id))).toMatchObject({
      kind: 'provisioning',
      name: 'Entra',
      secrets: [{ hash: hashSecret(secret) }],
    })
    const listed = await callCli(['client', 'list'], url)
    expect(listed.out).not.toContain(secret)
    expect((await callCli(['events'], url)).out).not.toContain(hashSecret(secret))
    for (const file of readdirSync(folder)) {
      expect(readFileSync(join(folder, file)).includes(secret)).toBe(false)
    }
  })

  test('makes one for the server of the application', async () => {
    const { out, inStore, id } = await withClient('--kind', 'application')
    expect(out).toMatch(/Introspection endpoint +http:\/\/localhost:3000\/auth\/introspect\n/)
    expect(out).not.toContain('Entra reaches')
    expect(out).not.toContain('/scim/v2')
    expect(await inStore((store) => store.findClient(id))).toMatchObject({ kind: 'application' })
  })

  test('says that Entra needs https', async () => {
    expect((await withClient()).out).toContain('Entra reaches only https addresses')
  })

  test.each([
    ['12h', '2026-03-02T20:00:00.000Z'],
    ['3y', '2029-03-01T08:00:00.000Z'],
    ['2027-05-01', '2027-05-01T00:00:00.000Z'],
  ])('with a secret that expires %s', async (expires, expected) => {
    const { secretsOf } = await withClient('--expires', expires)
    expect(await secretsOf()).toMatchObject([{ expires: expected }])
  })

  test.each(['never', '4y', '2030-01-01', '0d', '2026-03-02', '180', 'soon'])(
    'refuses a secret that expires %s',
    async (expires) => {
      const { call, inStore } = installation()
      const result = await call('client', 'create', '--name', 'a', '--expires', expires)
      expect(result).toMatchObject({ code: 2, out: '' })
      expect(result.err).toContain('3y from now at most')
      expect(result.err).not.toContain('or never')
      expect(await inStore((store) => store.for(scope).clients.list())).toStrictEqual([])
    },
  )
})

describe('client list', () => {
  test('shows clients and their secrets with their state', async () => {
    const { env, call, id } = await withClient('--expires', '1h')
    await call('client', 'secret', id.slice(0, 13))
    const made = await call('client', 'create', '--name', 'SI server', '--kind', 'application')
    await call('client', 'revoke', idIn(made.out))
    await call('client', 'federate', id, '--subject', SUBJECT, '--audience', 'api://entrance')
    const later = '2026-03-02T10:00:00.000Z'
    const { out } = await callCli(['client', 'list'], env, later)
    expect(out).toMatch(/^ID .+NAME .+KIND .+STATE/)
    expect(out).toMatch(
      new RegExp(`${id} +Entra +provisioning +active .+${SUBJECT.toLowerCase()} +api://entrance`),
    )
    expect(out).toMatch(/SI server +application +revoked .+ – +–\n/)
    expect(out).toMatch(/Entra +expired +2026-03-02 09:00 +never/)
    expect(out).toMatch(/Entra +active +2027-03-02 08:00 +never/)
    const { out: json } = await callCli(['client', 'list', '--json'], env, later)
    expect(JSON.parse(json)).toMatchObject([
      {
        id,
        name: 'Entra',
        kind: 'provisioning',
        state: 'active',
        federation: { subject: SUBJECT.toLowerCase(), audience: 'api://entrance' },
        secrets: [{ state: 'expired' }, { state: 'active' }],
      },
      { name: 'SI server', state: 'revoked', secrets: [] },
    ])
    expect(json).not.toContain('hash')
  })

  test('says how to make the first', async () => {
    const { call } = installation()
    expect((await call('client', 'list')).out).toMatch(/^There is no client\. Make one with:/)
  })

  test('shows those of one organisation', async () => {
    const { call } = await withClient()
    await call('organisation', 'create', '--name', 'Contoso')
    expect((await call('client', 'list', '--organisation', 'Contoso')).out).toMatch(/^There is no/)
  })
})

describe('client secret', () => {
  test('makes a second one, shown once, and no third', async () => {
    const { call, inStore, id, out } = await withClient()
    const second = await call('client', 'secret', id, '--expires', '2y')
    expect(second).toMatchObject({ code: 0, err: '' })
    expect(second.out).toContain('valid until 2028-03-01 08:00 UTC')
    expect(await inStore((store) => store.findClient(id))).toMatchObject({
      secrets: [{ hash: hashSecret(secretIn(out)) }, { hash: hashSecret(secretIn(second.out)) }],
    })
    expect(await call('client', 'secret', id)).toStrictEqual({
      code: 1,
      out: '',
      err: 'This client has 2 valid secrets already. Remove the one that is not in use first.\n',
    })
  })

  test('is removed by the beginning of its id', async () => {
    const { call, id, secretsOf } = await withClient()
    await call('client', 'secret', id)
    const [first, second] = await secretsOf()
    const removed = await call('client', 'remove-secret', id, first?.id ?? '')
    expect(removed).toMatchObject({ code: 0, err: '' })
    expect(removed.out).toContain(`Removed the secret ${first?.id} of the client "Entra"`)
    expect(await secretsOf()).toStrictEqual([second])
    expect(await call('client', 'remove-secret', id, first?.id ?? '')).toMatchObject({
      code: 1,
      err: `There is no secret whose id begins with "${first?.id}".\n`,
    })
  })
})

describe('client federate', () => {
  test('lets a workload identity in, and says where', async () => {
    const { call, inStore, id } = await withClient()
    const args = ['--subject', SUBJECT, '--audience', 'api://entrance']
    const { code, out } = await call('client', 'federate', id, ...args)
    expect(code).toBe(0)
    expect(out).toContain(`Entra's workload identity ${SUBJECT.toLowerCase()} may now get tokens`)
    expect(out).toMatch(/Token endpoint +http:\/\/localhost:3000\/auth\/token\n/)
    expect(out).toMatch(new RegExp(`Client identifier +${id}\n`))
    expect(out).toContain('organisation tenant "default"')
    expect(await inStore((store) => store.findClient(id))).toMatchObject({
      federation: { subject: SUBJECT.toLowerCase(), audience: 'api://entrance' },
    })
    await call('organisation', 'tenant', 'default', SUBJECT)
    expect((await call('client', 'federate', id, ...args)).out).not.toContain('organisation tenant')
  })

  test.each([
    ['no subject', ['--audience', 'a'], "required option '--subject <guid>' not specified"],
    ['no audience', ['--subject', SUBJECT], "required option '--audience <text>' not specified"],
    ['half a GUID', ['--subject', '1b4e28ba', '--audience', 'a'], 'Write the object id'],
    ['blanks', ['--subject', SUBJECT, '--audience', 'a b'], 'without blanks'],
    ['nothing', ['--subject', SUBJECT, '--audience', ''], 'Write 1 to 200 characters'],
  ])('refuses %s', async (_, args, message) => {
    const result = await callCli(['client', 'federate', '0123', ...args])
    expect(result).toMatchObject({ code: 2, out: '' })
    expect(result.err).toContain(message)
  })
})

describe('client revoke', () => {
  test('ends a client, once', async () => {
    const { call, inStore, id } = await withClient()
    const revoked = await call('client', 'revoke', id.slice(0, 13))
    expect(revoked).toStrictEqual({
      code: 0,
      out: `Revoked the client "Entra" (${id}). Its secrets and tokens have ended.\n`,
      err: '',
    })
    expect(await inStore((store) => store.findClient(id))).toBeUndefined()
    expect((await call('client', 'revoke', id)).out).toMatch(/^Nothing to do: .+ was revoked on/)
    expect(await call('client', 'secret', id)).toMatchObject({
      code: 1,
      err: `The client "${id}" was revoked.\n`,
    })
  })
})

test.each(['secret', 'revoke', 'federate', 'remove-secret'])(
  'client %s refuses an id that nobody has',
  async (command) => {
    const { call } = await withClient()
    const more = {
      federate: ['--subject', SUBJECT, '--audience', 'a'],
      'remove-secret': ['0123'],
    }[command]
    expect(await call('client', command, 'ffff', ...(more ?? []))).toMatchObject({
      code: 1,
      err: 'There is no client whose id begins with "ffff".\n',
    })
  },
)

test.each(['create', 'list', 'secret', 'remove-secret', 'federate', 'revoke'])(
  'client %s has help',
  async (command) => {
    const { code, out } = await callCli(['client', command, '--help'])
    expect(code).toBe(0)
    expect(out).toContain(`Usage: npm run cli -- client ${command}`)
  },
)
