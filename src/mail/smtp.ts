import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { DeliveryFailure, type Delivery, type Message } from './delivery.ts'
import { keepLines, type Line } from './lines.ts'
import { AT_ONCE } from './sender.ts'

export interface SmtpSettings {
  /** `smtp://user:password@host:587` or `smtps://…:465`, both parts of a user written as in a URL. */
  readonly smtpUrl: string
  /** `Entrance <entrance@contoso.example>`, or the address alone. */
  readonly from: string
}

const CONNECTING_MILLISECONDS = 30_000
const SILENCE_MILLISECONDS = 120_000
/*
 * For the way into the mail server, for going on to another connection where one is gone, and for the mail: together
 * less than after which whoever hands it over is thought to have stopped.
 */
const OPENING_MILLISECONDS = 120_000
const REPLACING_MILLISECONDS = 60_000
const HANDING_OVER_MILLISECONDS = 300_000

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

/** What is secret of a one-time link. */
const LINK_SECRET = /entrance_[\w-]+/g

/** A text of a mail server in one line, without secrets: some repeat what they were sent. */
function tellable(text: string, server: Server): string {
  const line = secretsOf(server)
    .reduce((told, secret) => told.replaceAll(secret, '…'), text)
    .replace(LINK_SECRET, '…')
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

/** It closes the connection (RFC 5321 §3.8), or has too many of us: that of Microsoft 365 says so with 432. */
const BUSY: readonly number[] = [421, 432]

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
    const later = BUSY.includes(responseCode) ? 'busy' : 'later'
    return new DeliveryFailure(permanent ? 'refused' : later, `The mail server said: ${answer}`)
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

/** What comes of a step of a connection: of what it calls back, or of its end. */
async function outcome<T>(
  connection: SMTPConnection,
  milliseconds: number,
  begin: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const late = setTimeout(() => reject(new Error('it took too long')), milliseconds)
  // Whoever has more to say about it says so first.
  const closed = Object.assign(new Error('the connection was closed'), { code: 'ECONNECTION' })
  const ended = () => setImmediate(() => reject(closed))
  connection.once('error', reject)
  connection.once('end', ended)
  try {
    begin(resolve, reject)
    return await promise
  } finally {
    clearTimeout(late)
    connection.off('error', reject)
    connection.off('end', ended)
  }
}

/** A connection on which mails may be sent. */
async function open(server: Server): Promise<SMTPConnection> {
  const { credentials } = server
  const connection = new SMTPConnection(optionsOf(server))
  // Whoever uses it hears of it from what they wait for, and nobody while nobody does.
  connection.on('error', () => {})
  try {
    await outcome<void>(connection, OPENING_MILLISECONDS, (resolve, reject) => {
      connection.connect((error) => {
        if (error) reject(error)
        else if (!credentials) resolve()
        else connection.login({ credentials }, (refused) => (refused ? reject(refused) : resolve()))
      })
    })
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** What nodemailer calls a connection that the mail server has closed. */
const GONE: readonly string[] = ['ECONNECTION', 'ESOCKET']

type Composed = Awaited<ReturnType<typeof compose>>

/** What came of trying to hand a mail over; `stale` says that the connection was gone before it could be tried. */
type Tried =
  | { readonly answer: string }
  | { readonly error: Failure; readonly stage: Stage; readonly stale: boolean }

async function tryOn(line: Line, { envelope, raw }: Composed): Promise<Tried> {
  const { connection, used } = line
  let stage: Stage = 'envelope'
  // Read only when the mail server has asked for it.
  const content = new Readable({
    read() {
      stage = 'handed over'
      this.push(raw)
      this.push(null)
    },
  })
  try {
    const { response } = await outcome<{ response: string }>(
      connection,
      HANDING_OVER_MILLISECONDS,
      (resolve, reject) => {
        // Of its own: nodemailer writes into it what became of it.
        const own = structuredClone(envelope)
        connection.send(own, content, (error, info) => (error ? reject(error) : resolve(info)))
      },
    )
    line.leave(true)
    return { answer: response }
  } catch (error) {
    const failure = error as Failure
    const { responseCode = 0, code = '' } = failure
    const gone = responseCode === 421 || (responseCode === 0 && GONE.includes(code))
    const stale = used && stage === 'envelope' && gone
    // Whoever has said no to one mail may be asked about the next.
    if (responseCode < 400 || connection.destroyed) line.leave(false)
    else connection.reset((trouble) => line.leave(!trouble))
    return { error: failure, stage, stale }
  }
}

/**
 * Hands mails to a mail server, over connections that are kept for a while. STARTTLS and a valid certificate are required
 * unless the host is this very machine; nothing is sent without.
 */
export function smtpDelivery({ smtpUrl, from }: SmtpSettings): Delivery {
  const server = serverOf(smtpUrl)
  const sender = senderOf(from)
  const lines = keepLines(AT_ONCE, () => open(server))

  function takeLine(): Promise<Line> {
    return lines.take().catch((error: Failure) => {
      throw explain(error, 'connecting', server)
    })
  }

  return {
    async send(message) {
      const composed = await compose(message, sender)
      const begun = performance.now()
      for (;;) {
        const tried = await tryOn(await takeLine(), composed)
        if ('answer' in tried) return tellable(tried.answer, server)
        // One that was used is gone from then on: at last there is a new one.
        const late = performance.now() - begun > REPLACING_MILLISECONDS
        if (!tried.stale || late) throw explain(tried.error, tried.stage, server)
      }
    },
    close: lines.close,
  }
}
