import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Message } from '../../src/mail/delivery.ts'
import { smtpDelivery } from '../../src/mail/smtp.ts'
import { startTalk } from '../support/mail-talk.ts'
import { startMailbox } from '../support/mailbox.ts'
import { MAIL_FROM } from '../support/mails.ts'

function messageTo(to: string): Message {
  const id = `${to}-1`
  const date = new Date('2026-03-02T08:00:00.000Z')
  return { id, name: '', to, date, subject: 'Hello', text: 'A text.\n', html: '<p>HTML</p>' }
}

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => `user${index}@contoso.example`)

function wayTo(smtpUrl: string) {
  const delivery = smtpDelivery({ smtpUrl, from: MAIL_FROM })
  onTestFinished(delivery.close)
  const send = (to: string) => delivery.send(messageTo(to))
  return { send, close: delivery.close }
}

describe('a connection to the mail server', () => {
  test.each([
    ['as it is', {}],
    ['with an account', { account: true }],
    ['encrypted', { tls: 'offered', account: true }],
    ['encrypted from the start', { tls: 'always', account: true }],
  ] as const)('carries one mail after the other, %s', async (_, options) => {
    const mailbox = await startMailbox(options)
    const { send } = wayTo(mailbox.url)
    for (const person of people(5)) await send(person)
    expect(mailbox.mails.map(({ to }) => to[0])).toStrictEqual(people(5))
    expect(mailbox.connections).toStrictEqual({ count: 1, most: 1 })
  })

  test('is one of three at most, however many mails there are at a time', async () => {
    const mailbox = await startMailbox()
    const { send } = wayTo(mailbox.url)
    await Promise.all(people(20).map(send))
    expect(new Set(mailbox.asked)).toStrictEqual(new Set(people(20)))
    expect(mailbox.mails).toHaveLength(20)
    expect(mailbox.connections).toStrictEqual({ count: 3, most: 3 })
  })

  test('is used on after a mail that was refused', async () => {
    const mailbox = await startMailbox({
      refuse: (address) => (address.startsWith('user1@') ? '550 No such user' : undefined),
    })
    const { send } = wayTo(mailbox.url)
    const [first, second, third] = people(3).map((person) => () => send(person))
    await first?.()
    await expect(second?.()).rejects.toMatchObject({ code: 'refused' })
    await third?.()
    expect(mailbox.mails.map(({ to }) => to[0])).toStrictEqual([people(3)[0], people(3)[2]])
    expect(mailbox.connections.count).toBe(1)
  })

  test('is opened anew when the mail server has closed it, and nobody notices', async () => {
    const mailbox = await startMailbox()
    const { send } = wayTo(mailbox.url)
    await Promise.all(people(3).map(send))
    await mailbox.hangUp()
    await Promise.all(people(3).map(send))
    expect(mailbox.mails).toHaveLength(6)
    expect(mailbox.connections.count).toBe(6)
  })

  test('is left after a hundred mails', async () => {
    const mailbox = await startMailbox()
    const { send } = wayTo(mailbox.url)
    for (const person of people(101)) await send(person)
    expect(mailbox.mails).toHaveLength(101)
    expect(mailbox.connections.count).toBe(2)
  })

  test('is let go when there is nothing to send for ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
    onTestFinished(() => void vi.useRealTimers())
    const mailbox = await startMailbox()
    const { send } = wayTo(mailbox.url)
    for (const person of people(2)) {
      await send(person)
      await vi.advanceTimersByTimeAsync(9_000)
    }
    expect(mailbox.connections.count).toBe(1)
    expect(mailbox.open()).toBe(1)
    await vi.advanceTimersByTimeAsync(1_000)
    await expect.poll(() => mailbox.open()).toBe(0)
    await send('adele@contoso.example')
    expect(mailbox.connections.count).toBe(2)
  })

  test('is not kept by whoever is done', async () => {
    const mailbox = await startMailbox()
    const { send, close } = wayTo(mailbox.url)
    await send('adele@contoso.example')
    close()
    await expect.poll(() => mailbox.open()).toBe(0)
  })

  test('that nobody could open leaves room for others', async () => {
    const mailbox = await startMailbox()
    await mailbox.close()
    const { send } = wayTo(mailbox.url)
    const failures = await Promise.allSettled(people(7).map(send))
    expect(
      failures.map((failure) => failure.status === 'rejected' && failure.reason),
    ).toStrictEqual(people(7).map(() => expect.objectContaining({ code: 'unreachable' })))
  })
})

/** A mail server that is polite, but for what `answer` says to a line on the connection of this number. */
async function startMoody(answer: (line: string, connection: number) => string | undefined | null) {
  const heard: string[] = []
  let connection = 0
  const port = await startTalk((line) => {
    if (line === 'connected') connection += 1
    heard.push(`${connection} ${line.split(':')[0]}`)
    const own = answer(line, connection)
    if (own !== null) return own
    return line === 'DATA' ? '354 Go on' : '220 Yes'
  })
  return { url: `smtp://127.0.0.1:${port}`, heard }
}

describe('a connection that was used before', () => {
  test.each([
    ['hangs up', undefined],
    ['says goodbye', '421 4.4.2 Idle for too long'],
  ])('and %s before the mail is handed over is replaced', async (_, goodbye) => {
    let mails = 0
    const { url, heard } = await startMoody((line, connection) => {
      if (line.startsWith('MAIL')) mails += 1
      return line.startsWith('MAIL') && connection === 1 && mails === 2 ? goodbye : null
    })
    const { send } = wayTo(url)
    await send('adele@contoso.example')
    expect(await send('bob@contoso.example')).toBe('220 Yes')
    expect(heard.filter((line) => line.endsWith('the mail'))).toStrictEqual([
      '1 the mail',
      '2 the mail',
    ])
  })

  test('and hangs up when the mail has been handed over does not get it again', async () => {
    let mails = 0
    const { url, heard } = await startMoody((line) => {
      if (line === 'the mail') mails += 1
      return line === 'the mail' && mails === 2 ? undefined : null
    })
    const { send } = wayTo(url)
    await send('adele@contoso.example')
    await expect(send('bob@contoso.example')).rejects.toMatchObject({ code: 'unknown' })
    expect(heard.filter((line) => line.endsWith('the mail'))).toHaveLength(2)
  })

  test('and a new one that hangs up too are not replaced for ever', async () => {
    const { url, heard } = await startMoody((line, connection) =>
      line.startsWith('MAIL') && (connection > 1 || heardMails(heard) > 1) ? undefined : null,
    )
    const { send } = wayTo(url)
    await send('adele@contoso.example')
    await expect(send('bob@contoso.example')).rejects.toMatchObject({ code: 'later' })
    expect(heardMails(heard)).toBe(3)
  })
})

const heardMails = (heard: readonly string[]) =>
  heard.filter((line) => line.endsWith('MAIL FROM')).length
