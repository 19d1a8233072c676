import { describe, expect, onTestFinished, test } from 'vitest'
import { DeliveryFailure, type Message } from '../../src/mail/delivery.ts'
import { smtpDelivery } from '../../src/mail/smtp.ts'
import { startTalk } from '../support/mail-talk.ts'
import { startMailbox } from '../support/mailbox.ts'
import { MAIL_FROM } from '../support/mails.ts'
import { invite, testOffice } from './office.ts'

const ADELE = 'adele@contoso.example'
const PASSWORD = 'p@ss/word 1'
const message: Message = {
  id: '019a2f41-7c3e-7000-8000-000000000001',
  name: 'Adele',
  to: ADELE,
  date: new Date('2026-03-02T08:00:00.000Z'),
  subject: 'Größe & <b>',
  text: 'A text.\n.\nWith a point alone: 𠮷\n',
  html: '<p>HTML</p>',
}

/** This machine under an address that is not known to be it. */
const elsewhere = (url: string) => url.replace('127.0.0.1', '0.0.0.0')

/** A way to a mail server until the test has finished. */
function wayTo(smtpUrl: string, from = MAIL_FROM) {
  const delivery = smtpDelivery({ smtpUrl, from })
  onTestFinished(delivery.close)
  return delivery
}

async function failureOf(smtpUrl: string, given: Message = message): Promise<DeliveryFailure> {
  const failure: unknown = await wayTo(smtpUrl)
    .send(given)
    .then(
      (answer) => new Error(`It was sent: ${answer}`),
      (error: unknown) => error,
    )
  if (failure instanceof DeliveryFailure) return failure
  throw failure
}

describe('a mail arrives', () => {
  test('as it was written', async () => {
    const mailbox = await startMailbox()
    const answer = await wayTo(mailbox.url).send(message)
    expect(answer).toBe('250 Queued as 4711')
    const { subject, text, html } = message
    expect(mailbox.mails).toMatchObject([{ headers: { subject }, text, secure: false }])
    expect(mailbox.mails[0]?.html.trim()).toBe(html)
  })

  test('encrypted, where a mail server on this machine offers that with a certificate of its own', async () => {
    const mailbox = await startMailbox({ tls: 'offered' })
    await wayTo(mailbox.url).send(message)
    expect(mailbox.mails).toMatchObject([{ to: [ADELE], secure: true }])
  })

  test('encrypted from the start', async () => {
    const mailbox = await startMailbox({ tls: 'always', account: true })
    await wayTo(mailbox.url).send(message)
    expect(mailbox.mails).toMatchObject([{ to: [ADELE], secure: true, user: 'entrance' }])
  })

  test.each([
    ['with a name', MAIL_FROM, MAIL_FROM],
    [
      'with a name that has a comma',
      'Contoso, IT <it@contoso.example>',
      '"Contoso, IT" <it@contoso.example>',
    ],
    ['without a name', 'it@contoso.example', 'it@contoso.example'],
    ['in brackets', '<it@contoso.example>', 'it@contoso.example'],
    ['in another script', '服務台 <it@contoso.example>', '服務台 <it@contoso.example>'],
  ])('from a sender %s', async (_, from, shown) => {
    const mailbox = await startMailbox()
    await wayTo(mailbox.url, from).send(message)
    expect(mailbox.mails[0]?.headers['from']).toBe(shown)
    expect(mailbox.mails[0]?.from).toMatch(/^(it|entrance)@contoso\.example$/)
  })
})

describe('to a mail server elsewhere nothing is said', () => {
  test('without encryption', async () => {
    const mailbox = await startMailbox({ account: true })
    const failure = await failureOf(elsewhere(mailbox.url))
    expect(failure.code).toBe('unreachable')
    expect(failure.message).toMatch(
      /^No way into the mail server 0\.0\.0\.0:\d+: .*STARTTLS: 5\d\d /,
    )
    expect(mailbox.asked).toStrictEqual([])
  })

  test.each(['offered', 'always'] as const)(
    'when nobody vouches for it, with encryption %s',
    async (tls) => {
      const mailbox = await startMailbox({ tls, account: true })
      const failure = await failureOf(elsewhere(mailbox.url))
      expect(failure.code).toBe('unreachable')
      expect(failure.message).toMatch(/certificate/)
      expect(mailbox.asked).toStrictEqual([])
    },
  )

  test.each([
    ['not even the password', 'smtp://joe:password@0.0.0.0'],
    ['nor the address', 'smtp://0.0.0.0'],
  ])('%s', async (_, url) => {
    const heard: string[] = []
    const port = await startTalk((line) => {
      heard.push(line)
      return line.startsWith('EHLO') ? '250 AUTH PLAIN' : '220 Yes'
    })
    // The encryption that it says to have is none.
    expect((await failureOf(`${url}:${port}`)).code).toBe('unreachable')
    expect(heard.slice(0, 3)).toStrictEqual([
      'connected',
      expect.stringMatching(/^EHLO /),
      'STARTTLS',
    ])
    expect(heard.join('\n')).not.toMatch(/AUTH|MAIL/)
  })
})

/** A mail server that is polite but for what it says to lines that begin so. */
function except(begin: string, answer: string | undefined) {
  return (line: string) => {
    if (line.startsWith(begin)) return answer
    if (line.startsWith('EHLO')) return '250-here\r\n250 AUTH PLAIN LOGIN'
    if (line.startsWith('AUTH')) return '235 Come in'
    return line === 'DATA' ? '354 Go on' : '220 Yes'
  }
}

describe('a mail server that', () => {
  test.each([
    ['turns everybody away', 'connected', '554 Not today', 'unreachable', /554 Not today/],
    ['hangs up at once', 'connected', undefined, 'unreachable', /closed/],
    ['hangs up at the hello', 'EHLO', undefined, 'unreachable', /closed/],
    [
      'does not know the account',
      'AUTH',
      '535 5.7.8 Who?',
      'unreachable',
      /Invalid login: 535 5\.7\.8 Who\?/,
    ],
    ['cannot look accounts up', 'AUTH', '454 4.7.0 Later', 'unreachable', /454 4\.7\.0 Later/],
    ['hangs up at the account', 'AUTH', undefined, 'unreachable', /closed/],
    ['is too busy for a mail', 'MAIL', '451 Busy', 'later', /^The mail server said: 451 Busy$/],
    ['is about to stop', 'MAIL', '421 Stopping', 'busy', /^The mail server said: 421 Stopping$/],
    ['has too many of us', 'MAIL', '432 4.3.2 Wait', 'busy', /432 4\.3\.2 Wait/],
    ['hangs up at a mail', 'MAIL', undefined, 'later', /closed/],
    ['knows another sender', 'MAIL', '550 5.7.60 Not as', 'refused', /550 5\.7\.60 Not as/],
    ['greylists', 'RCPT', '450 4.2.0 Later', 'later', /450 4\.2\.0 Later/],
    ['does not know the receiver', 'RCPT', '550 5.1.1 Who?', 'refused', /550 5\.1\.1 Who\?/],
    [
      'says more than a line',
      'RCPT',
      '550-5.1.1 Who?\r\n550 Ask them',
      'refused',
      /^The mail server said: 550-5\.1\.1 Who\? 550 Ask them$/,
    ],
    ['wants no text', 'DATA', '554 No', 'refused', /554 No/],
    [
      'takes the text for spam',
      'the mail',
      '554 5.7.1 Spam',
      'refused',
      /^The mail server said: 554 5\.7\.1 Spam$/,
    ],
    ['has no room', 'the mail', '452 4.3.1 Full', 'later', /452 4\.3\.1 Full/],
    ['hangs up at the text', 'DATA', undefined, 'later', /closed/],
    ['hangs up after the text', 'the mail', undefined, 'unknown', /not known/],
    ['talks nonsense after the text', 'the mail', 'What?', 'unknown', /not known/],
  ] as const)('%s', async (_, begin, answer, code, words) => {
    const port = await startTalk(except(begin, answer))
    const failure = await failureOf(`smtp://joe:password@127.0.0.1:${port}`)
    expect(failure).toMatchObject({ code, message: expect.stringMatching(words) })
    expect(failure.message).not.toMatch(/[\r\n]/)
  })

  test('goes on for pages is cut short', async () => {
    const port = await startTalk(except('RCPT', `550 ${'no '.repeat(5_000)}`))
    expect((await failureOf(`smtp://127.0.0.1:${port}`)).message.length).toBeLessThan(600)
  })
})

test.each(['adele@contoso.example>\r\nRCPT TO:<all@contoso.example', 'a b', ''])(
  'no mail goes to %j',
  async (to) => {
    const mailbox = await startMailbox()
    expect(await failureOf(mailbox.url, { ...message, to })).toMatchObject({ code: 'refused' })
    expect(mailbox.asked).toStrictEqual([])
  },
)

describe('no secret is told', () => {
  const encoded = encodeURIComponent(PASSWORD)
  const forms = [
    PASSWORD,
    encoded,
    Buffer.from(PASSWORD).toString('base64'),
    Buffer.from(`\0entrance\0${PASSWORD}`).toString('base64'),
  ]

  test('by a mail server that does not know the account', async () => {
    const mailbox = await startMailbox({ account: true })
    const url = mailbox.url.replace('entrance:', 'somebody:')
    const failure = await failureOf(url)
    expect(failure.message).toContain('Invalid login: 535')
    expect(failure.message).not.toContain(encoded)
  })

  test.each(forms)('nor by one that repeats %s', async (form) => {
    const office = await testOffice()
    const port = await startTalk(except('AUTH', `500 What is ${form}?`))
    await invite(office, ADELE)
    await office.sender(`smtp://entrance:${encoded}@127.0.0.1:${port}`).tick()
    const { problem } = await office.mail()
    expect(problem).toMatch(/500 What is …\?$/)
    const told = JSON.stringify([problem, office.lines])
    for (const secret of forms) expect(told).not.toContain(secret)
  })
})
