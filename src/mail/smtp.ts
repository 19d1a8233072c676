import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { DeliveryFailure, type Message, type Send } from './delivery.ts'

export interface SmtpSettings {
  /** `smtp://user:password@host:587` or `smtps://…:465`, both parts of a user written as in a URL. */
  readonly smtpUrl: string
  /** `Entrance <entrance@contoso.example>`, or the address alone. */
  readonly from: string
}

const CONNECTING_MILLISECONDS = 30_000
const SILENCE_MILLISECONDS = 120_000
/** For a mail in all: less than after which whoever hands it over is thought to have stopped. */
const WHOLE_MILLISECONDS = 300_000

const LONGEST_PROBLEM = 500

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/

interface Server {
  readonly host: string
  readonly port: number
  /** TLS from the start, rather than by STARTTLS. */
  readonly secure: boolean
  readonly credentials: { readonly user: string; readonly pass: string } | undefined
}

function serverOf(smtpUrl: string): Server {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl)
  const secure = protocol === 'smtps:'
  const user = decodeURIComponent(username)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    credentials: user === '' ? undefined : { user, pass: decodeURIComponent(password) },
  }
}

function optionsOf({ host, port, secure }: Server) {
  const loopback = LOOPBACK.test(host)
  return {
    host,
    port,
    secure,
    requireTLS: !loopback,
    // Within this machine nobody is in between, and a mail server there often has a certificate that it made itself.
    tls: { rejectUnauthorized: !loopback },
    connectionTimeout: CONNECTING_MILLISECONDS,
    greetingTimeout: CONNECTING_MILLISECONDS,
    socketTimeout: SILENCE_MILLISECONDS,
  }
}

/** The name and the address of a sender. */
function senderOf(from: string): { name: string; address: string } {
  const [, name = '', address = from] = /^(.*?) *<(.+)>$/.exec(from) ?? []
  return { name, address }
}

/** The password in the forms in which it stands in SMTP_URL or is sent to the mail server, the longest first. */
function secretsOf({ credentials }: Server): string[] {
  if (!credentials) return []
  const { user, pass } = credentials
  const base64 = (secret: string) => Buffer.from(secret).toString('base64')
  return [base64(`\0${user}\0${pass}`), base64(pass), encodeURIComponent(pass), pass]
}

/** A text of a mail server in one line, without secrets: some repeat what they were sent. */
function tellable(text: string, server: Server): string {
  const line = secretsOf(server)
    .reduce((told, secret) => told.replaceAll(secret, '…'), text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return line.length <= LONGEST_PROBLEM ? line : `${line.slice(0, LONGEST_PROBLEM - 1)}…`
}

/** How far a mail has come: errors of one stage mean something else than those of another. */
type Stage = 'connecting' | 'envelope' | 'handed over'

interface Failure extends Error {
  readonly code?: string
  readonly response?: string
  readonly responseCode?: number
  /** Whether the mail server would say the same another time. */
  readonly permanent?: boolean
}

function explain(error: Failure, stage: Stage, server: Server): DeliveryFailure {
  const { code, response = '', responseCode = 0, permanent } = error
  const reason = tellable(error.message, server)
  if (stage === 'connecting') {
    const { host, port } = server
    return new DeliveryFailure(
      'unreachable',
      `No way into the mail server ${host}:${port}: ${reason}`,
    )
  }
  if (responseCode >= 400) {
    const answer = tellable(response, server)
    return new DeliveryFailure(permanent ? 'refused' : 'later', `The mail server said: ${answer}`)
  }
  if (stage === 'handed over') {
    return new DeliveryFailure(
      'unknown',
      `The connection broke when it had been handed over (${reason}); whether it arrived is not known. Send it again if it did not.`,
    )
  }
  // Said by nodemailer itself, of the address or the size.
  const wrong = code === 'EENVELOPE' || code === 'EMESSAGE'
  return new DeliveryFailure(wrong ? 'refused' : 'later', reason)
}

async function compose(message: Message, from: ReturnType<typeof senderOf>) {
  const { id, name, to, date, ...letter } = message
  const composer = new MailComposer({
    from,
    to: { name, address: to },
    messageId: `<${id}@${from.address.replace(/^.*@/, '')}>`,
    date,
    ...letter,
    // Out-of-office replies would go to nobody (RFC 3834 §5; the second is Exchange's own).
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const composed = composer.compile()
  return { envelope: composed.getEnvelope(), raw: await composed.build() }
}

/**
 * Hands mails to a mail server, each over a connection of its own. STARTTLS and a valid certificate are required unless
 * the host is this very machine; nothing is sent without.
 */
export function smtpDelivery({ smtpUrl, from }: SmtpSettings): Send {
  const server = serverOf(smtpUrl)
  const options = optionsOf(server)
  const { credentials } = server
  const sender = senderOf(from)

  return async (message) => {
    const { envelope, raw } = await compose(message, sender)
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const connection = new SMTPConnection(options)
    let stage: Stage = 'connecting'
    const fail = (error: Error) => reject(explain(error, stage, server))
    const late = setTimeout(() => fail(new Error('it took too long')), WHOLE_MILLISECONDS)

    // Read only when the mail server has asked for it.
    const content = new Readable({
      read() {
        stage = 'handed over'
        this.push(raw)
        this.push(null)
      },
    })
    const hand = () => {
      stage = 'envelope'
      connection.send(envelope, content, (error, info) =>
        error ? fail(error) : resolve(tellable(info.response, server)),
      )
    }
    connection.once('error', fail)
    // Whoever has more to say about it says so first.
    connection.once('end', () => setImmediate(() => fail(new Error('the connection was closed'))))
    connection.connect((error) => {
      if (error) fail(error)
      else if (!credentials) hand()
      else connection.login({ credentials }, (refused) => (refused ? fail(refused) : hand()))
    })
    try {
      return await promise
    } finally {
      clearTimeout(late)
      connection.close()
    }
  }
}
