import { describe, expect, test } from 'vitest'
import { isMailAddress, mailAddress } from '../../src/directory/mail-address.ts'
import type { QueuedMail } from '../../src/directory/outbox.ts'
import { cause } from '../support/app.ts'
import { otherDirectory, recorded } from '../support/store.ts'
import { invite, MINUTE, newPerson, testOffice, type Office } from './office.ts'

const ADELE = 'adele@contoso.example'
const NOBODY = '00000000-0000-7000-8000-999999999999'

const work = (value: string, primary?: boolean) => ({
  type: 'work',
  value,
  ...(primary === undefined ? {} : { primary }),
})

describe('a mail goes to', () => {
  test.each([
    [
      'the primary address',
      { emails: [work('a@x.example'), work('b@x.example', true)] },
      'b@x.example',
    ],
    [
      'else the first',
      { emails: [work('a@x.example'), work('b@x.example', false)] },
      'a@x.example',
    ],
    ['else the user name', {}, ADELE],
    ['the user name, where addresses are none', { emails: [work('n/a'), { type: 'home' }] }, ADELE],
    ['the first that is one', { emails: [work('n/a', true), work('b@x.example')] }, 'b@x.example'],
    ['an address of another script', { emails: [work('用户@例子.example')] }, '用户@例子.example'],
    ['nowhere', { userName: 'adele' }, undefined],
    [
      'no guest under the name that Entra gives',
      { userName: 'a_x.example#EXT#@contoso.example' },
      undefined,
    ],
    ['nobody', { userName: undefined }, undefined],
  ])('%s', (_, attributes, address) => {
    const all = { userName: ADELE, ...attributes }
    expect(mailAddress(JSON.parse(JSON.stringify(all)))).toBe(address)
  })

  test.each([
    'adele',
    '@contoso.example',
    'adele@',
    'a@b@c',
    'a b@c',
    'a@c\r\nBcc: d@e',
    '<a@c>',
    'a@c, d@e',
    '"a"@c',
    'a@[127.0.0.1]',
    `${'a'.repeat(65)}@c`,
  ])('no address such as %j', (text) => {
    expect(isMailAddress(text)).toBe(false)
  })
})

describe('sending', () => {
  test('queues a mail with one event', async () => {
    const office = await testOffice()
    const { directory, clock } = office
    const { id } = await newPerson(directory, 'adele', { displayName: 'Adele' })
    const address = (now: object) => ({ ...now, emails: [work(ADELE)] })
    await directory.users.update(id, undefined, address, cause)
    const due = clock.pass(MINUTE).toISOString()
    const events = await recorded(directory, () =>
      directory.outbox.send(id, 'invitation', due, cause),
    )
    expect(events).toMatchObject([
      { action: 'mail.queued', resourceId: id, changes: [{ path: 'mail', to: 'invitation' }] },
    ])
    expect(await office.mail()).toStrictEqual({
      id: expect.any(String),
      organisation: 'default',
      kind: 'invitation',
      userId: id,
      to: ADELE,
      state: 'waiting',
      created: due,
      due,
      attempts: 0,
    })
  })

  test('refuses a user without address, and one there is not, and queues nothing', async () => {
    const { directory, clock, store, database } = await testOffice()
    const due = clock.now().toISOString()
    const send = (to: typeof directory, id: string) => to.outbox.send(id, 'invitation', due, cause)
    const { id } = await newPerson(directory, 'adele')
    const before = await database.dump()
    await expect(send(directory, id)).rejects.toMatchObject({ code: 'conflict' })
    await expect(send(directory, NOBODY)).rejects.toMatchObject({ code: 'notFound' })
    const other = store.for({ organisation: 'other', localUsers: 'visible' })
    await expect(send(other, id)).rejects.toMatchObject({ code: 'notFound' })
    expect(await database.dump()).toBe(before)
  })
})

describe('for a forgotten password a mail', () => {
  /** A local user who may have one, but for what is changed. */
  async function newLocal({ directory, ...app }: Office, userName = ADELE, hash = 'a hash') {
    const attributes = { userName, active: true }
    const { user } = await directory.users.create({ attributes, origin: 'local' }, cause)
    const expires = new Date(app.clock.now().getTime() + MINUTE).toISOString()
    const link = { purpose: 'invitation', userId: user.id, hash: user.id, expires } as const
    const { id } = await directory.accounts.issueLink(link, cause)
    if (hash !== '') await directory.accounts.choosePassword(id, hash, cause)
    return user.id
  }

  test('is queued', async () => {
    const office = await testOffice()
    const id = await newLocal(office)
    expect(await office.directory.outbox.sendReset(id, cause)).toBe(true)
    expect(await office.mail()).toMatchObject({ kind: 'password-reset', userId: id, to: ADELE })
  })

  test.each([
    ['there is not', async () => NOBODY],
    ['without a password', (office: Office) => newLocal(office, ADELE, '')],
    ['without an address', (office: Office) => newLocal(office, 'adele')],
    ['of Entra', async ({ directory }: Office) => (await newPerson(directory, ADELE)).id],
    [
      'who is not active',
      async (office: Office) => {
        const id = await newLocal(office)
        const off = (now: object) => ({ ...now, active: false })
        await office.directory.users.update(id, undefined, off, cause)
        return id
      },
    ],
  ])('is not, for a user %s', async (_, make) => {
    const office = await testOffice()
    const id = await make(office)
    const before = await office.database.dump()
    expect(await office.directory.outbox.sendReset(id, cause)).toBe(false)
    expect(await office.database.dump()).toBe(before)
  })

  test('is queued three times an hour, however many ask at once', async () => {
    const office = await testOffice()
    const other = (await office.anotherStore()).for({
      organisation: 'default',
      localUsers: 'visible',
    })
    const id = await newLocal(office)
    const asking = Array.from({ length: 8 }, (_, index) =>
      (index % 2 === 0 ? office.directory : other).outbox.sendReset(id, cause),
    )
    const queued = (await Promise.all(asking)).filter(Boolean)
    expect(queued).toHaveLength(3)
    office.clock.pass(60 * MINUTE)
    expect(await office.directory.outbox.sendReset(id, cause)).toBe(true)
  })
})

test('mails are listed by page and state, the newest first, and each organisation has its own', async () => {
  const office = await testOffice()
  const { outbox } = office.directory
  const mails: QueuedMail[] = []
  for (let index = 0; index < 5; index += 1) {
    mails.push(await invite(office, `user${index}@contoso.example`))
  }
  const ids = mails.map(({ id }) => id).toReversed()
  await outbox.cancel(ids[1] ?? '', cause)
  const listed = async (which: Parameters<typeof outbox.list>[0]) =>
    (await outbox.list(which)).map(({ id }) => id)
  expect(await listed({ limit: 10 })).toStrictEqual(ids)
  expect(await listed({ limit: 2 })).toStrictEqual(ids.slice(0, 2))
  expect(await listed({ limit: 2, before: ids[1] ?? '' })).toStrictEqual(ids.slice(2, 4))
  expect(await listed({ limit: 10, state: 'cancelled' })).toStrictEqual([ids[1]])
  expect(await listed({ limit: 2, state: 'waiting', before: ids[0] ?? '' })).toStrictEqual(
    ids.slice(2, 4),
  )
  const other = await otherDirectory(office)
  expect(await other.outbox.list({ limit: 10 })).toStrictEqual([])
})

describe('cancelling', () => {
  /** A mail in each state. */
  const states = {
    waiting: async () => {},
    sending: async ({ store }: Office) => void (await store.mailQueue.take(1)),
    sent: async ({ store }: Office, id: string) => {
      await store.mailQueue.take(1)
      await store.mailQueue.sent(id)
    },
    failed: async ({ store }: Office, id: string) => {
      await store.mailQueue.take(1)
      await store.mailQueue.failed(id, 'No such user', undefined)
    },
    cancelled: async ({ directory }: Office, id: string) =>
      void (await directory.outbox.cancel(id, cause)),
  }

  test.each(['waiting', 'failed'] as const)('stops a mail that is %s', async (state) => {
    const office = await testOffice()
    const { id, userId } = await invite(office, ADELE)
    await states[state](office, id)
    const events = await recorded(office.directory, async () => {
      expect(await office.directory.outbox.cancel(id, cause)).toMatchObject({ state: 'cancelled' })
    })
    expect(events).toMatchObject([
      {
        action: 'mail.cancelled',
        resourceId: userId,
        changes: [{ path: 'mail', from: 'invitation' }],
      },
    ])
    office.clock.pass(10_000 * MINUTE)
    expect(await office.store.mailQueue.take(10)).toStrictEqual([])
  })

  test.each(['sending', 'sent', 'cancelled'] as const)(
    'changes nothing of one that is %s',
    async (state) => {
      const office = await testOffice()
      const { id } = await invite(office, ADELE)
      await states[state](office, id)
      const before = await office.database.dump()
      expect(await office.directory.outbox.cancel(id, cause)).toMatchObject({ id, state })
      expect(await office.database.dump()).toBe(before)
    },
  )

  test('refuses a mail there is not, and one of another organisation', async () => {
    const office = await testOffice()
    const { id } = await invite(office, ADELE)
    const other = await otherDirectory(office)
    for (const cancelled of [
      office.directory.outbox.cancel(NOBODY, cause),
      other.outbox.cancel(id, cause),
    ]) {
      await expect(cancelled).rejects.toMatchObject({ code: 'notFound' })
    }
    expect(await office.mail()).toMatchObject({ state: 'waiting' })
  })
})

describe('the queue', () => {
  test('gives mails in the order in which they are due, and each once', async () => {
    const office = await testOffice()
    const { clock, directory, store } = office
    const { id } = await newPerson(directory, ADELE)
    const dues: string[] = []
    for (const minutes of [3, 1, 2]) {
      const due = new Date(clock.now().getTime() + minutes * MINUTE).toISOString()
      await directory.outbox.send(id, 'invitation', due, cause)
      dues.push(due)
    }
    expect(await store.mailQueue.take(10)).toStrictEqual([])
    clock.pass(2 * MINUTE)
    const [first, ...others] = await store.mailQueue.take(1)
    expect(others).toStrictEqual([])
    const taken = { state: 'sending', attempts: 1, due: clock.now().toISOString() }
    expect(first).toMatchObject({ ...taken, to: ADELE, organisation: 'default' })
    expect(await store.mailQueue.take(10)).toHaveLength(1)
    expect(await store.mailQueue.take(10)).toStrictEqual([])
    const [waiting] = await directory.outbox.list({ limit: 10, state: 'waiting' })
    expect(waiting?.due).toBe(dues[0])
  })

  test('gives each mail to one of many who ask at once', async () => {
    const office = await testOffice()
    for (let index = 0; index < 30; index += 1) {
      await invite(office, `user${index}@contoso.example`)
    }
    const stores = [office.store, await office.anotherStore(), await office.anotherStore()]
    const asking = Array.from({ length: 12 }, (_, index) => stores[index % stores.length])
    const taken = (
      await Promise.all(asking.map((store) => store?.mailQueue.take(5) ?? Promise.resolve([])))
    ).flat()
    expect(new Set(taken.map(({ id }) => id)).size).toBe(30)
    expect(taken).toHaveLength(30)
  })

  test('and those who cancel at once agree on who was first', async () => {
    const office = await testOffice()
    const other = await office.anotherStore()
    const { id } = await invite(office, ADELE)
    const [taken, cancelled] = await Promise.all([
      other.mailQueue.take(1),
      office.directory.outbox.cancel(id, cause),
    ])
    const { state } = await office.mail()
    expect(state).toBe(taken.length === 1 ? 'sending' : 'cancelled')
    expect(cancelled.state).toBe(state)
  })

  test('notes that a mail was sent, also of one that was given up as unknown', async () => {
    const office = await testOffice()
    const { id } = await invite(office, ADELE)
    const { mailQueue } = office.store
    await mailQueue.take(1)
    office.clock.pass(11 * MINUTE)
    await mailQueue.take(1)
    expect(await office.mail()).toMatchObject({ state: 'failed' })
    await mailQueue.sent(id)
    const mail = await office.mail()
    expect(mail).toMatchObject({ state: 'sent', sent: office.clock.now().toISOString() })
    expect(mail).not.toHaveProperty('problem')
  })

  test('tries nothing again that was given up as unknown, or cancelled', async () => {
    const office = await testOffice()
    const { id } = await invite(office, ADELE)
    const { mailQueue } = office.store
    const due = office.clock.now().toISOString()
    await mailQueue.take(1)
    office.clock.pass(11 * MINUTE)
    await mailQueue.take(1)
    await mailQueue.failed(id, 'Later', due)
    expect(await office.mail()).toMatchObject({ state: 'failed' })
    await office.directory.outbox.cancel(id, cause)
    await mailQueue.failed(id, 'Later', due)
    await mailQueue.sent(id)
    expect(await office.mail()).toMatchObject({ state: 'cancelled' })
    expect(await mailQueue.take(1)).toStrictEqual([])
  })
})
