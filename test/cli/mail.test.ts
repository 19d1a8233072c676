import { describe, expect, test } from 'vitest'
import type { Origin } from '../../src/directory/user.ts'
import { cause } from '../support/app.ts'
import { startMailbox } from '../support/mailbox.ts'
import { callCli, idIn, installation, scope } from './installation.ts'

const ADELE = 'adele@contoso.example'
const NOW = '2026-03-02T08:00:00.000Z'
const MAIL_FROM = 'Entrance <entrance@contoso.example>'

async function withUser(origin: Origin = 'import', userName = ADELE) {
  const installed = installation()
  const id = await installed.inStore(async (store) => {
    const attributes = { userName, active: true }
    return (await store.for(scope).users.create({ attributes, origin }, cause)).user.id
  })
  return { ...installed, id }
}

/** An installation with a mail to Adele, which waits. */
async function withMail() {
  const installed = await withUser()
  const mail = await installed.inStore((store) =>
    store.for(scope).outbox.send(installed.id, 'invitation', NOW, cause),
  )
  return { ...installed, mail }
}

describe('mail list', () => {
  test('shows what became of mails', async () => {
    const { call, mail, inStore } = await withMail()
    await inStore(async ({ mailQueue }) => {
      await mailQueue.take(1)
      await mailQueue.failed(mail.id, 'The mail server said: 550 No \u001b[31m', undefined)
    })
    const { code, out } = await call('mail', 'list')
    expect(code).toBe(0)
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toStrictEqual([
      ['ID', 'STATE', 'KIND', 'TO', 'SENT OR DUE (UTC)', 'TRIES', 'PROBLEM'],
      [mail.id, 'failed', 'invitation', ADELE, '–', '1', 'The mail server said: 550 No \ufffd[31m'],
      [''],
    ])
    expect((await call('mail', 'list', '--state', 'waiting')).out).toBe(
      'There is no mail that is waiting.\n',
    )
    expect((await call('mail', 'list', '--state', 'failed', '--limit', '1')).out).toBe(out)
  })

  test('shows when a mail is due', async () => {
    const { call } = await withMail()
    expect((await call('mail', 'list')).out).toMatch(/ waiting .* 2026-03-02 08:00 +0 +–\n/)
  })

  test('shows when a mail was sent', async () => {
    const { call, mail, inStore } = await withMail()
    await inStore(async ({ mailQueue }) => {
      await mailQueue.take(1)
      await mailQueue.sent(mail.id)
    })
    expect((await call('mail', 'list')).out).toMatch(/ sent .* 2026-03-02 08:00 +1 +–\n/)
  })

  test('prints JSON', async () => {
    const { call, mail } = await withMail()
    expect(JSON.parse((await call('mail', 'list', '--json')).out)).toStrictEqual([mail])
  })

  test('says that there is none', async () => {
    expect((await installation().call('mail', 'list')).out).toBe('There is no mail.\n')
  })

  test('refuses another state', async () => {
    expect((await installation().call('mail', 'list', '--state', 'lost')).code).toBe(2)
  })
})

describe('mail send', () => {
  test('queues an invitation, and says that it waits', async () => {
    const { call, inStore } = await withUser()
    expect(await call('mail', 'send', ADELE.toUpperCase())).toStrictEqual({
      code: 0,
      out: `Queued an invitation of ${ADELE} to ${ADELE}. It waits, because SMTP_URL is not set.\n`,
      err: '',
    })
    const mails = await inStore((store) => store.for(scope).outbox.list({ limit: 10 }))
    expect(mails).toMatchObject([{ to: ADELE, state: 'waiting', due: NOW }])
    const events = await inStore((store) => store.for(scope).events.list(0, 10))
    expect(events.at(-1)).toMatchObject({ action: 'mail.queued', actor: 'cli', door: 'cli' })
  })

  test('says who sends it, where there is a mail server', async () => {
    const { env } = await withUser()
    const { out } = await callCli(['mail', 'send', ADELE], {
      ...env,
      SMTP_URL: 'smtp://mail.contoso.example',
      MAIL_FROM,
    })
    expect(out).toContain('The server sends it')
  })

  test('queues one with a link to choose a password for a local user', async () => {
    const { call, inStore } = await withUser('local')
    expect((await call('mail', 'send', ADELE)).out).toBe(
      `Queued an invitation with a link to choose a password of ${ADELE} to ${ADELE}. It waits, because SMTP_URL is not set.\n`,
    )
    const mails = await inStore((store) => store.for(scope).outbox.list({ limit: 10 }))
    expect(mails).toMatchObject([{ kind: 'password-invitation', state: 'waiting' }])
  })

  test.each([
    ['nobody', 'import', ADELE, 'bob', 'There is no user "bob".'],
    ['somebody without an address', 'import', 'adele', 'adele', 'This user has no e-mail address.'],
  ] as const)('refuses %s', async (_, origin, userName, name, message) => {
    const { call, inStore } = await withUser(origin, userName)
    expect(await call('mail', 'send', name)).toStrictEqual({
      code: 1,
      out: '',
      err: `${message}\n`,
    })
    expect(await inStore((store) => store.for(scope).outbox.list({ limit: 10 }))).toStrictEqual([])
  })
})

describe('mail retry', () => {
  test('sends one that failed once more', async () => {
    const { call, mail, inStore } = await withMail()
    await inStore(async ({ mailQueue }) => {
      await mailQueue.take(1)
      await mailQueue.lost(mail.id, 'The connection broke.')
    })
    expect(await call('mail', 'retry', mail.id.slice(0, 18))).toStrictEqual({
      code: 0,
      out: `Queued the mail to ${ADELE} once more. It waits, because SMTP_URL is not set.\n`,
      err: '',
    })
    expect(await inStore(({ mailQueue }) => mailQueue.take(1))).toMatchObject([{ id: mail.id }])
  })

  test('refuses one that was sent', async () => {
    const { call, mail, inStore } = await withMail()
    await inStore(async ({ mailQueue }) => {
      await mailQueue.take(1)
      await mailQueue.sent(mail.id)
    })
    expect(await call('mail', 'retry', mail.id)).toStrictEqual({
      code: 1,
      out: '',
      err: 'This mail is sent.\n',
    })
  })
})

describe('mail cancel', () => {
  test('stops a mail that waits', async () => {
    const { call, mail, inStore } = await withMail()
    expect(await call('mail', 'cancel', mail.id.slice(0, 18))).toStrictEqual({
      code: 0,
      out: `Cancelled: the mail to ${ADELE} is not sent.\n`,
      err: '',
    })
    expect(await inStore(({ mailQueue }) => mailQueue.take(1))).toStrictEqual([])
  })

  test('refuses one that was sent', async () => {
    const { call, mail, inStore } = await withMail()
    await inStore(async ({ mailQueue }) => {
      await mailQueue.take(1)
      await mailQueue.sent(mail.id)
    })
    expect(await call('mail', 'cancel', mail.id)).toMatchObject({
      code: 1,
      err: `The mail to ${ADELE} is sent already.\n`,
    })
  })

  test('refuses one there is not', async () => {
    const { call } = await withMail()
    expect(await call('mail', 'cancel', 'ffff')).toMatchObject({
      code: 1,
      err: 'There is no mail whose id begins with "ffff".\n',
    })
  })
})

describe('mail test', () => {
  test('sends a sample at once, through the mail server of the settings', async () => {
    const mailbox = await startMailbox({ account: true })
    const result = await callCli(['mail', 'test', 'you@contoso.example'], {
      SMTP_URL: mailbox.url,
      MAIL_FROM,
      APPLICATION_NAME: 'Contoso Studio',
      CLIENT_DOWNLOAD_URL: 'https://downloads.contoso.example',
      PUBLIC_URL: 'https://entrance.example',
      SUPPORT_CONTACT: 'the service desk',
    })
    expect(result).toStrictEqual({
      code: 0,
      out: 'The mail server took the mail to you@contoso.example: 250 Queued as 4711\n',
      err: '',
    })
    expect(mailbox.mails).toMatchObject([
      {
        to: ['you@contoso.example'],
        user: 'entrance',
        headers: { from: MAIL_FROM, subject: 'Your access to Contoso Studio' },
      },
    ])
    const [mail] = mailbox.mails
    expect(idIn(mail?.headers['message-id'] ?? '')).not.toBe('no id')
    for (const part of [
      'https://downloads.contoso.example',
      'https://entrance.example/auth/sign-in',
      'you@contoso.example',
      'the service desk',
    ]) {
      expect(mail?.text).toContain(part)
    }
  })

  test('says what the mail server answered', async () => {
    const mailbox = await startMailbox({ refuse: () => '550 No such user' })
    const env = { SMTP_URL: mailbox.url, MAIL_FROM }
    const { code, out, err } = await callCli(['mail', 'test', 'you@contoso.example'], env)
    expect({ code, out }).toStrictEqual({ code: 1, out: '' })
    expect(err).toMatch(/^The mail was not sent\. The mail server said: 550 .*No such user\n$/)
  })

  test('says what to set', async () => {
    expect(await callCli(['mail', 'test', 'you@contoso.example'])).toMatchObject({
      code: 1,
      err: 'Set SMTP_URL and MAIL_FROM first: see docs/operations.md, "Invitations".\n',
    })
  })

  test('refuses what is no address', async () => {
    expect((await callCli(['mail', 'test', 'you'])).code).toBe(2)
  })
})

test.each(['list', 'send', 'retry', 'cancel', 'test'])('mail %s has help', async (command) => {
  const { code, out } = await callCli(['mail', command, '--help'])
  expect(code).toBe(0)
  expect(out).toContain(`Usage: npm run cli -- mail ${command}`)
})
