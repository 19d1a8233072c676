import { describe, expect, test } from 'vitest'
import { hashSecret } from '../../src/directory/token.ts'
import { cause } from '../support/app.ts'
import { callCli, installation, scope } from './installation.ts'

const ADELE = 'adele@contoso.example'

/** An installation with Adele, and Bob who is signed in once. */
async function people() {
  const installed = installation()
  const ids = await installed.inStore(async (store) => {
    const { users } = store.for(scope)
    const made: string[] = []
    for (const userName of [ADELE, 'bob']) {
      const user = { attributes: { userName, active: true }, origin: 'local' } as const
      made.push((await users.create(user, cause)).user.id)
    }
    return { adele: made[0] ?? '', bob: made[1] ?? '' }
  })
  const open = (userId: string, device: string) =>
    installed.inStore((store) =>
      store.for(scope).sessions.open(
        {
          userId,
          hash: hashSecret(`${userId} ${device}`),
          kind: 'browser',
          method: 'password',
          expires: '2026-03-09T08:00:00.000Z',
          device,
          address: '192.0.2.7',
        },
        cause,
      ),
    )
  const devicesOf = (userId: string) =>
    installed.inStore(async (store) =>
      (await store.for(scope).sessions.list(userId)).map(({ device }) => device),
    )
  await open(ids.bob, 'of Bob')
  return { ...installed, ids, open, devicesOf }
}

describe('session list', () => {
  test('shows where a user is signed in, and no secret', async () => {
    const { call, open, ids } = await people()
    const session = await open(ids.adele, 'Edge on Windows')
    const { code, out } = await call('session', 'list', ADELE.toUpperCase())
    expect(code).toBe(0)
    expect(out.split('\n')).toHaveLength(3)
    expect(out).toMatch(
      new RegExp(
        `${session.id} +browser +password +Edge on Windows +192\\.0\\.2\\.7 +2026-03-02 08:00 +2026-03-02 08:00 +2026-03-09 08:00\n`,
      ),
    )
    expect(JSON.parse((await call('session', 'list', ADELE, '--json')).out)).toStrictEqual([
      {
        id: session.id,
        kind: 'browser',
        method: 'password',
        device: 'Edge on Windows',
        address: '192.0.2.7',
        created: '2026-03-02T08:00:00.000Z',
        lastUsed: '2026-03-02T08:00:00.000Z',
        expires: '2026-03-09T08:00:00.000Z',
      },
    ])
  })

  test('says that there is none', async () => {
    const { call } = await people()
    expect((await call('session', 'list', ADELE)).out).toBe(`${ADELE} is signed in nowhere.\n`)
  })
})

describe('session end', () => {
  test('ends all of a user, and says how many', async () => {
    const { call, open, ids, devicesOf } = await people()
    await open(ids.adele, 'one')
    await open(ids.adele, 'two')
    expect(await call('session', 'end', ADELE)).toStrictEqual({
      code: 0,
      out: `Ended 2 sessions of ${ADELE}.\n`,
      err: '',
    })
    expect(await devicesOf(ids.adele)).toStrictEqual([])
    expect(await devicesOf(ids.bob)).toStrictEqual(['of Bob'])
    expect((await call('session', 'end', ADELE)).out).toMatch(/^Nothing to do: /)
    const ended = (await call('events')).out
      .split('\n')
      .filter((line) => / session\.ended /.test(line))
    expect(ended).toHaveLength(1)
    expect((await call('session', 'end', 'bob')).out).toBe('Ended 1 session of bob.\n')
  })

  test('ends one of them', async () => {
    const { call, open, ids, devicesOf } = await people()
    await open(ids.adele, 'one')
    const two = await open(ids.adele, 'two')
    expect(await call('session', 'end', ADELE, two.id)).toMatchObject({
      code: 0,
      out: `Ended 1 session of ${ADELE}.\n`,
    })
    expect(await devicesOf(ids.adele)).toStrictEqual(['one'])
    expect(await call('session', 'end', ADELE, two.id)).toMatchObject({
      code: 1,
      err: `There is no session whose id begins with "${two.id}".\n`,
    })
  })

  test('ends none of somebody else', async () => {
    const { call, open, ids, devicesOf } = await people()
    const session = await open(ids.adele, 'one')
    expect(await call('session', 'end', 'bob', session.id)).toMatchObject({ code: 1 })
    expect(await devicesOf(ids.adele)).toStrictEqual(['one'])
  })
})

test.each(['list', 'end'])('session %s refuses a name that nobody has', async (command) => {
  const { call } = await people()
  expect(await call('session', command, 'nobody')).toMatchObject({
    code: 1,
    err: 'There is no user "nobody".\n',
  })
})

test.each([
  ['session list', ['session', 'list']],
  ['session end', ['session', 'end']],
])('%s has help', async (name, command) => {
  const { code, out } = await callCli([...command, '--help'])
  expect(code).toBe(0)
  expect(out).toContain(`Usage: npm run cli -- ${name}`)
})
