import { describe, expect, test } from 'vitest'
import type { MailKind, QueuedMail } from '../../src/directory/outbox.ts'
import type { User } from '../../src/directory/user.ts'
import { cause } from '../support/app.ts'
import { newBrowser } from '../support/browser.ts'
import { TENANT } from '../support/microsoft.ts'
import { startMailbox } from '../support/mailbox.ts'
import { startTalk } from '../support/mail-talk.ts'
import { recorded } from '../support/store.ts'
import { MINUTE, newPerson, testOffice, type Office } from './office.ts'

const ADELE = 'adele@contoso.example'
const OBJECT = 'a0000000-0000-4000-8000-000000000001'
const PASSWORD = 'a few plain words'
const CHOSEN = { password: PASSWORD, again: PASSWORD }
const LINK = /https:\/\/entrance\.example(\/auth\/link\/(entrance_[\w-]{43}))\n/

type Asked = Exclude<MailKind, 'invitation'>
const kinds = ['password-invitation', 'password-reset'] as const

async function newLocal({ directory }: Office): Promise<User> {
  const attributes = { userName: ADELE, displayName: 'Adele Vance', active: true }
  return (await directory.users.create({ attributes, origin: 'local' }, cause)).user
}

/** A local user with a mail that is due. */
async function ask(office: Office, kind: Asked): Promise<QueuedMail> {
  const { id } = await newLocal(office)
  return office.directory.outbox.send(id, kind, office.clock.now().toISOString(), cause)
}

/** The path of the link in a mail, and the secret in it. */
function linkIn(text: string | undefined): { path: string; secret: string } {
  const [, path = '', secret = ''] = LINK.exec(text ?? '') ?? []
  return { path, secret }
}

describe('a mail to choose a password', () => {
  test.each([
    ['password-invitation', 7 * 24 * 60],
    ['password-reset', 60],
  ] as const)('%s has a link that works once, for %i minutes', async (kind, minutes) => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    await ask(office, kind)
    const sender = office.sender(mailbox.url)
    expect(await sender.tick()).toBe(1)
    const { path } = linkIn(mailbox.mails[0]?.text)
    expect(mailbox.mails[0]?.html).toContain(`href="https://entrance.example${path}"`)
    office.clock.pass(minutes * MINUTE - 1)
    expect((await newBrowser(office).get(path)).html).toContain(ADELE)
    expect((await newBrowser(office).post(path, CHOSEN)).status).toBe(303)
    expect((await newBrowser(office).get(path)).status).toBe(410)
    const typed = { userName: ADELE, password: PASSWORD }
    expect((await newBrowser(office).post('/auth/sign-in', typed)).status).toBe(303)
  })

  test.each([
    ['password-invitation', 7 * 24 * 60],
    ['password-reset', 60],
  ] as const)('%s has one that is of no use after %i minutes', async (kind, minutes) => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    await ask(office, kind)
    await office.sender(mailbox.url).tick()
    const { path } = linkIn(mailbox.mails[0]?.text)
    expect((await newBrowser(office).get(path)).status).toBe(200)
    office.clock.pass(minutes * MINUTE)
    expect((await newBrowser(office).get(path)).status).toBe(410)
  })

  test.each(kinds)('%s has a secret that is kept nowhere else', async (kind) => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    const sender = office.sender(mailbox.url)
    const { userId } = await ask(office, kind)
    const events = await recorded(office.directory, () => sender.tick())
    expect(events).toMatchObject([{ action: 'link.issued', resourceId: userId, actor: 'server' }])
    const { secret } = linkIn(mailbox.mails[0]?.text)
    expect(secret).toMatch(/^entrance_/)
    const kept = (await office.database.raw()).toString('latin1')
    expect(kept).toContain(userId)
    expect(kept).not.toContain(secret)
    expect(JSON.stringify([events, office.lines, office.logged])).not.toContain(secret)
  })

  test('has a new link each time it is tried', async () => {
    const office = await testOffice()
    let tries = 0
    const port = await startTalk((line) => {
      if (line === 'DATA') return '354 Go on'
      if (line !== 'the mail') return '220 Yes'
      tries += 1
      return tries === 1 ? '451 4.7.1 Later' : '250 Yes'
    })
    const sender = office.sender(`smtp://127.0.0.1:${port}`)
    await ask(office, 'password-invitation')
    await sender.tick()
    expect(await office.mail()).toMatchObject({ state: 'waiting', attempts: 1 })
    office.clock.pass(MINUTE)
    await sender.tick()
    expect(await office.mail()).toMatchObject({ state: 'sent', attempts: 2 })
    const hashes = await office.database.value('SELECT count(DISTINCT hash) FROM one_time_links')
    expect(Number(hashes)).toBe(2)
  })

  test('has a secret that a mail server may repeat, and nobody keeps', async () => {
    const office = await testOffice()
    const said = `https://entrance.example/auth/link/entrance_${'s'.repeat(43)}`
    const port = await startTalk((line) => {
      if (line === 'DATA') return '354 Go on'
      return line === 'the mail' ? `554 5.7.1 Spam: ${said}` : '220 Yes'
    })
    await ask(office, 'password-reset')
    await office.sender(`smtp://127.0.0.1:${port}`).tick()
    const { problem } = await office.mail()
    expect(problem).toBe(
      'The mail server said: 554 5.7.1 Spam: https://entrance.example/auth/link/…',
    )
  })

  test('that cannot be written is tried again, and none is sent without its link', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    await ask(office, 'password-invitation')
    const broken = {
      ...office.store,
      for: (scope: Parameters<typeof office.store.for>[0]) => {
        const directory = office.store.for(scope)
        const issueLink = () => Promise.reject(new Error('The disk is full.'))
        return { ...directory, accounts: { ...directory.accounts, issueLink } }
      },
    }
    await office.sender(mailbox.url, { store: broken }).tick()
    expect(await office.mail()).toMatchObject({
      state: 'waiting',
      attempts: 1,
      problem: 'The mail could not be written. The log has the cause.',
    })
    expect(mailbox.asked).toStrictEqual([])
    office.clock.pass(MINUTE)
    await office.sender(mailbox.url).tick()
    expect(await office.mail()).toMatchObject({ state: 'sent', attempts: 2 })
  })
})

describe('who meanwhile', () => {
  test.each(kinds)('signs in with Microsoft gets no %s', async (kind) => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    const { userId } = await ask(office, kind)
    await office.store.organisations.setTenant('default', TENANT, cause)
    await office.directory.linkRequests.ask(
      { objectId: OBJECT, userName: ADELE, displayName: 'Adele' },
      cause,
    )
    const [request] = await office.directory.linkRequests.list()
    await office.directory.linkRequests.accept(String(request?.id), userId, cause)
    expect((await office.directory.users.read(userId))?.link?.objectId).toBe(OBJECT)
    await office.sender(mailbox.url).tick()
    expect(await office.mail()).toMatchObject({
      state: 'cancelled',
      problem: 'The user signs in with Microsoft Entra ID by now.',
    })
    expect(mailbox.asked).toStrictEqual([])
    expect(Number(await office.database.value('SELECT count(*) FROM one_time_links'))).toBe(0)
  })

  test('signs in with a password gets no word of Microsoft', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    await office.store.organisations.setTenant('default', TENANT, cause)
    const { id } = await newPerson(office.directory, ADELE)
    await office.directory.linkRequests.ask(
      { objectId: OBJECT, userName: ADELE, displayName: 'Adele' },
      cause,
    )
    const [request] = await office.directory.linkRequests.list()
    await office.directory.linkRequests.accept(String(request?.id), id, cause)
    const due = office.clock.now().toISOString()
    await office.directory.outbox.send(id, 'invitation', due, cause)
    await office.directory.users.unlink(id, cause)
    await office.sender(mailbox.url).tick()
    expect(await office.mail()).toMatchObject({
      state: 'cancelled',
      problem: 'The user signs in with a password by now.',
    })
    expect(mailbox.asked).toStrictEqual([])
  })
})

describe('a mail that was taken when the server could not note it', () => {
  test('is not sent again before somebody says so', async () => {
    const office = await testOffice()
    const mailbox = await startMailbox()
    const { id } = await ask(office, 'password-invitation')
    const { mailQueue } = office.store
    const sent = () => Promise.reject(new Error('killed'))
    const dying = office.sender(mailbox.url, {
      store: { ...office.store, mailQueue: { ...mailQueue, sent } },
    })
    await dying.tick()
    expect(mailbox.mails).toHaveLength(1)
    expect(await office.mail()).toMatchObject({ state: 'sending' })
    const others = [
      office.sender(mailbox.url),
      office.sender(mailbox.url, { store: await office.anotherStore() }),
    ]
    const tickAll = () => Promise.all([dying, ...others].map((sender) => sender.tick()))
    for (let minutes = 0; minutes < 30; minutes += 5) {
      await tickAll()
      office.clock.pass(5 * MINUTE)
    }
    expect(await office.mail()).toMatchObject({ state: 'failed', uncertain: true, attempts: 1 })
    expect(await office.directory.outbox.dispatchAll({ state: 'failed' }, cause)).toBe(0)
    await tickAll()
    expect(mailbox.mails).toHaveLength(1)
    await office.directory.outbox.dispatch(id, cause)
    await Promise.all(others.map((sender) => sender.tick()))
    expect(mailbox.mails).toHaveLength(2)
    expect(await office.mail()).toMatchObject({ state: 'sent', attempts: 2 })
    const [first, second] = mailbox.mails.map(({ text }) => linkIn(text).secret)
    expect(second).not.toBe(first)
  })
})

test('a sender that is woken while it looks looks once more', async () => {
  const office = await testOffice()
  const mailbox = await startMailbox()
  const { mailQueue } = office.store
  const [looking, seen] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let looks = 0
  const sender = office.sender(mailbox.url, {
    store: {
      ...office.store,
      mailQueue: {
        ...mailQueue,
        async take(count) {
          const found = await mailQueue.take(count)
          looks += 1
          if (looks > 1) return found
          looking.resolve()
          await seen.promise
          return found
        },
      },
    },
  })
  sender.wake()
  await looking.promise
  await ask(office, 'password-invitation')
  sender.wake()
  seen.resolve()
  await expect.poll(() => mailbox.mails).toHaveLength(1)
})
