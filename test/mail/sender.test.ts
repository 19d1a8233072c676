import { describe, expect, test, vi } from 'vitest'
import type { MailQueue } from '../../src/directory/outbox.ts'
import { createLog } from '../../src/log.ts'
import { startSender } from '../../src/mail/sender.ts'
import { cause } from '../support/app.ts'
import { startTalk } from '../support/mail-talk.ts'
import { startMailbox } from '../support/mailbox.ts'
import { otherDirectory, recorded } from '../support/store.ts'
import { MAIL_FROM } from '../support/mails.ts'
import { invite, MINUTE, newPerson, testOffice, type Office } from './office.ts'

const ADELE = 'adele@contoso.example'

/** Answers the first so many asks otherwise than the rest. */
function first(count: number, answer: string) {
  let asked = 0
  return () => {
    asked += 1
    return asked <= count ? answer : undefined
  }
}

function minutesFrom({ clock }: Office, minutes: number): string {
  return new Date(clock.now().getTime() + minutes * MINUTE).toISOString()
}

describe('an invitation', () => {
  test('is sent once, and then is sent', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    const sender = office.sender(mailbox.url)
    const { id } = await invite(office, ADELE)
    expect(await sender.tick()).toBe(1)
    expect(await sender.tick()).toBe(0)
    expect(mailbox.mails).toMatchObject([
      {
        from: 'entrance@contoso.example',
        to: [ADELE],
        text: expect.stringContaining('Hello Adele Vance,'),
        html: expect.stringContaining('Adele Vance'),
      },
    ])
    expect(mailbox.mails[0]?.headers).toMatchObject({
      from: MAIL_FROM,
      to: `Adele Vance <${ADELE}>`,
      subject: 'Your access to Contoso Studio',
      'message-id': `<${id}@contoso.example>`,
      date: 'Mon, 02 Mar 2026 08:00:00 +0000',
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
    })
    const mail = await office.mail()
    expect(mail).toMatchObject({ id, state: 'sent', attempts: 1, sent: minutesFrom(office, 0) })
    expect(office.lines).toMatchObject([
      { level: 'info', message: 'mail sent', mail: id, answer: '250 Queued as 4711' },
    ])
  })

  test('waits until it is due', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    const sender = office.sender(mailbox.url)
    const { id } = await newPerson(office.directory, ADELE)
    await office.directory.outbox.send(id, 'invitation', minutesFrom(office, 5), cause)
    expect(await sender.tick()).toBe(0)
    office.clock.pass(5 * MINUTE)
    expect(await sender.tick()).toBe(1)
    expect(mailbox.mails).toHaveLength(1)
  })

  test('says what is known of the user when it is sent', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    const { userId } = await invite(office, ADELE)
    const rename = (attributes: object) => ({ ...attributes, displayName: 'Adele Möller' })
    await office.directory.users.update(userId, undefined, rename, cause)
    await office.sender(mailbox.url).tick()
    expect(mailbox.mails[0]?.headers['to']).toBe(`Adele Möller <${ADELE}>`)
    expect(mailbox.mails[0]?.text).toContain('Hello Adele Möller,')
  })

  test.each([
    ['in Hebrew', 'משה כהן'],
    ['in Chinese', '陳大文'],
    ['with a comma and quotes', 'Vance, "Adele"'],
    ['with brackets', 'Adele <admin@contoso.example>'],
  ])('reaches somebody whose name is %s', async (_, displayName) => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    await invite(office, ADELE, { displayName })
    await office.sender(mailbox.url).tick()
    const [mail] = mailbox.mails
    expect(mail?.to).toStrictEqual([ADELE])
    const shown = mail?.headers['to']?.replace(/\\(.)|"/g, '$1')
    expect(shown).toBe(`${displayName} <${ADELE}>`)
    expect(mail?.text).toContain(`Hello ${displayName},`)
  })

  test('has no header that a name made up', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    const displayName = 'Adele\r\nBcc: all@contoso.example\r\n\r\nHello'
    await invite(office, ADELE, { displayName })
    await office.sender(mailbox.url).tick()
    expect(mailbox.asked).toStrictEqual([ADELE])
    expect(Object.keys(mailbox.mails[0]?.headers ?? {}).sort()).toStrictEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
      'x-auto-response-suppress',
    ])
  })
})

describe('several servers', () => {
  test('send each mail once', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    const names = Array.from({ length: 20 }, (_, index) => `user${index}@contoso.example`)
    for (const name of names) await invite(office, name)
    const senders = await Promise.all(
      [1, 2, 3, 4].map(async () =>
        office.sender(mailbox.url, { store: await office.anotherStore() }),
      ),
    )
    const counts = await Promise.all(senders.map((sender) => sender.tick()))
    expect(counts.reduce((sum, count) => sum + count)).toBe(20)
    const receivers = mailbox.mails.flatMap(({ to }) => to)
    expect(receivers.toSorted()).toStrictEqual(names.toSorted())
    const mails = await office.directory.outbox.list({ limit: 100 })
    expect(mails.map(({ state, attempts }) => `${state} ${attempts}`)).toStrictEqual(
      names.map(() => 'sent 1'),
    )
  })

  test('send mails of all organisations, each to its own user', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    await invite(office, ADELE)
    const other = await otherDirectory(office)
    const { id } = await newPerson(other, ADELE, { displayName: 'Adele of Fabrikam' })
    await other.outbox.send(id, 'invitation', minutesFrom(office, 0), cause)
    expect(await office.sender(mailbox.url).tick()).toBe(2)
    const receivers = mailbox.mails.map(({ headers }) => headers['to'])
    expect(new Set(receivers)).toStrictEqual(
      new Set([`Adele Vance <${ADELE}>`, `Adele of Fabrikam <${ADELE}>`]),
    )
  })
})

describe('a mail server that says', () => {
  test('“later” is asked again after a minute', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox({ refuse: first(1, '450 Come back later') })
    const sender = office.sender(mailbox.url)
    await invite(office, ADELE)
    await sender.tick()
    expect(await office.mail()).toMatchObject({
      state: 'waiting',
      attempts: 1,
      due: minutesFrom(office, 1),
      problem: expect.stringMatching(/^The mail server said: 450 .*Come back later$/),
    })
    office.clock.pass(MINUTE - 1)
    expect(await sender.tick()).toBe(0)
    office.clock.pass(1)
    expect(await sender.tick()).toBe(1)
    expect(mailbox.mails).toHaveLength(1)
    const mail = await office.mail()
    expect(mail).toMatchObject({ state: 'sent', attempts: 2 })
    expect(mail).not.toHaveProperty('problem')
  })

  test('“later” again and again is given up', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox({ refuse: () => '451 Greylisted' })
    const sender = office.sender(mailbox.url)
    await invite(office, ADELE)
    for (const minutes of [1, 5, 30, 120, 360]) {
      expect(await sender.tick()).toBe(1)
      expect(await office.mail()).toMatchObject({ due: minutesFrom(office, minutes) })
      office.clock.pass(minutes * MINUTE)
    }
    expect(await sender.tick()).toBe(1)
    expect(await office.mail()).toMatchObject({
      state: 'failed',
      attempts: 6,
      problem: expect.stringMatching(/^Given up after 6 tries\. The mail server said: 451 /),
    })
    office.clock.pass(10_000 * MINUTE)
    expect(await sender.tick()).toBe(0)
    expect(mailbox.asked).toHaveLength(6)
  })

  test('“later” is not asked for hours about a forgotten password', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox({ refuse: () => '451 Greylisted' })
    const sender = office.sender(mailbox.url)
    const attributes = { userName: ADELE, active: true }
    const { user } = await office.directory.users.create({ attributes, origin: 'local' }, cause)
    await office.directory.outbox.send(user.id, 'password-reset', minutesFrom(office, 0), cause)
    for (const minutes of [1, 5, 30]) {
      expect(await sender.tick()).toBe(1)
      expect(await office.mail()).toMatchObject({ due: minutesFrom(office, minutes) })
      office.clock.pass(minutes * MINUTE)
    }
    expect(await sender.tick()).toBe(1)
    expect(await office.mail()).toMatchObject({ state: 'failed', attempts: 4 })
    expect(await office.directory.outbox.dispatchAll({ state: 'failed' }, cause)).toBe(0)
  })

  test.each(['432 4.3.2 Too many of you', '421 4.3.2 Stopping'])(
    '“%s” is left alone for a while, and the others keep their tries',
    async (answer) => {
      const office = await testOffice()
      const mailbox = await startMailbox({ refuse: first(3, answer) })
      const sender = office.sender(mailbox.url)
      for (let index = 0; index < 5; index += 1) {
        await invite(office, `user${index}@contoso.example`)
      }
      expect(await sender.tick()).toBe(3)
      const mails = await office.directory.outbox.list({ limit: 10, state: 'waiting' })
      expect(mails.map(({ attempts }) => attempts)).toStrictEqual([0, 0, 1, 1, 1])
      expect(await sender.tick()).toBe(2)
      office.clock.pass(MINUTE)
      expect(await sender.tick()).toBe(3)
      expect(mailbox.mails).toHaveLength(5)
    },
  )

  test('“never” is not asked again', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox({ refuse: () => '550 No such user' })
    const sender = office.sender(mailbox.url)
    const { id } = await invite(office, ADELE)
    await sender.tick()
    expect(await office.mail()).toMatchObject({
      state: 'failed',
      attempts: 1,
      problem: expect.stringMatching(/^The mail server said: 550 .*No such user$/),
    })
    office.clock.pass(10_000 * MINUTE)
    expect(await sender.tick()).toBe(0)
    expect(office.lines).toMatchObject([{ level: 'warn', message: 'mail not sent', mail: id }])
  })

  test('something about one mail still gets the others', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox({
      refuse: (address) => (address.startsWith('bob') ? '550 No such user' : undefined),
    })
    for (const name of ['bob', 'adele', 'carol', 'bob2', 'dora']) {
      await invite(office, `${name}@contoso.example`)
    }
    expect(await office.sender(mailbox.url).tick()).toBe(5)
    const receivers = mailbox.mails.flatMap(({ to }) => to).map((to) => to.split('@')[0])
    expect(new Set(receivers)).toStrictEqual(new Set(['adele', 'carol', 'dora']))
  })
})

test('where the mail server is away, a mail is tried again, and the others keep their tries', async () => {
  const office = await testOffice()
  const mailbox = await startMailbox()
  await mailbox.close()
  const sender = office.sender(mailbox.url)
  for (let index = 0; index < 5; index += 1) await invite(office, `user${index}@contoso.example`)
  expect(await sender.tick()).toBe(3)
  const mails = await office.directory.outbox.list({ limit: 10, state: 'waiting' })
  expect(mails.map(({ attempts }) => attempts)).toStrictEqual([0, 0, 1, 1, 1])
  expect(mails[4]).toMatchObject({
    due: minutesFrom(office, 1),
    problem: `No way into the mail server 127.0.0.1:${mailbox.port}: connect ECONNREFUSED 127.0.0.1:${mailbox.port}`,
  })
})

describe('a mail that was being handed over when the server was killed', () => {
  test('is not sent again, and is failed after ten minutes', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    const { id } = await invite(office, ADELE)
    await office.store.mailQueue.take(1)
    const sender = office.sender(mailbox.url, { store: await office.anotherStore() })
    office.clock.pass(10 * MINUTE)
    expect(await sender.tick()).toBe(0)
    expect(await office.mail()).toMatchObject({ state: 'sending', attempts: 1 })
    office.clock.pass(1)
    expect(await sender.tick()).toBe(0)
    expect(await office.mail()).toMatchObject({
      id,
      state: 'failed',
      problem:
        'The server stopped while it was handed over; whether it arrived is not known. Send it again if it did not.',
    })
    office.clock.pass(10_000 * MINUTE)
    expect(await sender.tick()).toBe(0)
    expect(mailbox.asked).toStrictEqual([])
  })
})

test('a mail after which the mail server said nothing is not sent again', async () => {
  const office = await testOffice()
  const heard: string[] = []
  const port = await startTalk((line) => {
    heard.push(line)
    if (line === 'the mail') return undefined
    return line === 'DATA' ? '354 Go on' : '220 Yes'
  })
  const sender = office.sender(`smtp://127.0.0.1:${port}`)
  await invite(office, ADELE)
  expect(await sender.tick()).toBe(1)
  expect(await office.mail()).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('whether it arrived is not known'),
  })
  office.clock.pass(10_000 * MINUTE)
  expect(await sender.tick()).toBe(0)
  expect(heard.filter((line) => line === 'the mail')).toHaveLength(1)
})

describe('a user who meanwhile was', () => {
  const cases = {
    deleted: ({ directory }: Office, id: string) => directory.users.remove(id, undefined, cause),
    deactivated: ({ directory }: Office, id: string) =>
      directory.users.update(id, undefined, (now) => ({ ...now, active: false }), cause),
  }

  test.each(Object.entries(cases))('%s gets no mail', async (what, change) => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    const sender = office.sender(mailbox.url)
    const { id, userId } = await invite(office, ADELE)
    await change(office, userId)
    const events = await recorded(office.directory, () => sender.tick())
    expect(mailbox.asked).toStrictEqual([])
    const problem = `The user has been ${what}.`
    expect(await office.mail()).toMatchObject({ id, state: 'cancelled', problem })
    expect(events).toMatchObject([
      { action: 'mail.cancelled', actor: 'server', resourceId: userId },
    ])
    office.clock.pass(10_000 * MINUTE)
    expect(await sender.tick()).toBe(0)
  })
})

describe('a sender', () => {
  /** A mail server that keeps a mail until it is told to take it. */
  async function slowMailbox() {
    const [begun, taken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const mailbox = await startMailbox({
      arrived() {
        begun.resolve()
        return taken.promise
      },
    })
    return { ...mailbox, begun: begun.promise, take: () => taken.resolve() }
  }

  test('that is stopped waits for the mail in flight, and takes no other', async () => {
    const office = await testOffice()
    const mailbox = await slowMailbox()
    const sender = office.sender(mailbox.url)
    for (let index = 0; index < 5; index += 1) await invite(office, `user${index}@contoso.example`)
    const ticked = sender.tick()
    await mailbox.begun
    let ended = false
    const stopped = sender.stop().then(() => {
      ended = true
    })
    // As much as anything else that may be under way takes.
    await office.directory.outbox.list({ limit: 1 })
    expect(ended).toBe(false)
    mailbox.take()
    await stopped
    expect(await ticked).toBe(3)
    const states = (await office.directory.outbox.list({ limit: 10 })).map(({ state }) => state)
    expect(states).toStrictEqual(['waiting', 'waiting', 'sent', 'sent', 'sent'])
    expect(await sender.tick()).toBe(0)
  })

  test('that is asked while it sends does not begin again', async () => {
    const office = await testOffice()
    const mailbox = await slowMailbox()
    const sender = office.sender(mailbox.url)
    await invite(office, ADELE)
    const ticked = sender.tick()
    await mailbox.begun
    await invite(office, 'bob@contoso.example')
    const again = sender.tick()
    mailbox.take()
    expect(await Promise.all([ticked, again])).toStrictEqual([2, 2])
    expect(mailbox.mails).toHaveLength(2)
  })

  test('looks by itself for what is due', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    office.sender(mailbox.url, { every: 1 })
    await invite(office, ADELE)
    await vi.waitFor(() => expect(mailbox.mails).toHaveLength(1))
  })

  test('outlives a database that is away', async () => {
    const office = await testOffice()
    const take = vi.fn<MailQueue['take']>().mockResolvedValue([])
    take.mockRejectedValueOnce(new Error('away'))
    const lines: string[] = []
    const log = createLog({ level: 'warn', write: (line) => lines.push(line) })
    const { store, clock } = office
    const letter = { name: '', subject: '', text: '', html: '' }
    const sender = startSender({
      store: { ...store, mailQueue: { ...store.mailQueue, take } },
      send: async () => '250',
      write: async () => letter,
      now: clock.now,
      log,
      every: 1,
    })
    await vi.waitFor(() => expect(take.mock.calls.length).toBeGreaterThan(2))
    await sender.stop()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('away')
  })
})
