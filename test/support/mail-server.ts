import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { callbackify } from 'node:util'
import { SMTPServer } from 'smtp-server'
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'
import testCertificate from 'smtp-server/lib/tls-options.js'
import { parseMail, type ParsedMail } from './mail-text.ts'

/** A mail that the server took. */
export interface ReceivedMail extends ParsedMail {
  readonly from: string
  readonly to: readonly string[]
  /** Whether it came encrypted, and by whom. */
  readonly secure: boolean
  readonly user: string | undefined
}

export interface Mailbox {
  /** For SMTP_URL. */
  readonly url: string
  /** The host and the port in it. */
  readonly port: number
  readonly mails: readonly ReceivedMail[]
  /** How many connections there have been, and the most at a time. */
  readonly connections: { readonly count: number; readonly most: number }
  /** How many are open. */
  open(): number
  /** Who was to get mails, taken or not. */
  readonly asked: readonly string[]
  /** Closes all connections, as a mail server does with those on which nothing is said. */
  hangUp(): Promise<void>
  close(): Promise<void>
}

const ACCOUNT = { user: 'entrance', password: 'p@ss/word 1' }

function refusal(answer: string): Error {
  return Object.assign(new Error(answer.slice(4)), { responseCode: Number(answer.slice(0, 3)) })
}

export interface MailboxOptions {
  /** What it answers instead of taking a mail to this address: `450 Later`. */
  readonly refuse?: (address: string) => string | undefined
  /** Whether it offers encryption, or talks in no other way. Its certificate has run out, and nobody vouches for it. */
  readonly tls?: 'offered' | 'always'
  /** Whether it takes mails of nobody but its one account. */
  readonly account?: boolean
  /** Called with a mail that is in, and awaited before the mail is taken. */
  readonly arrived?: () => Promise<void>
}

// It greets at once, and not after a tenth of a second in which it listens for those who speak first.
SMTPConnection.prototype.init = function greet(this: SMTPConnection) {
  this._setListeners(() => this.connectionReady())
}

/** A real mail server that takes what it is sent and keeps it. */
export async function openMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const { refuse = () => undefined, tls, account = false, arrived } = options
  const { key, cert } = testCertificate()
  const mails: ReceivedMail[] = []
  const connections = { count: 0, most: 0 }
  const sockets = new Set<Socket>()
  const asked: string[] = []
  const server = new SMTPServer({
    key,
    cert,
    secure: tls === 'always',
    disabledCommands: [...(tls === undefined ? ['STARTTLS'] : []), ...(account ? [] : ['AUTH'])],
    disableReverseLookup: true,
    allowInsecureAuth: true,
    closeTimeout: 100,
    onAuth({ username, password }, _session, done) {
      const known = username === ACCOUNT.user && password === ACCOUNT.password
      if (known) done(null, { user: username })
      else done(refusal('535 5.7.8 Authentication failed'))
    },
    onRcptTo({ address }, _session, done) {
      asked.push(address)
      const answer = refuse(address)
      done(answer === undefined ? null : refusal(answer))
    },
    onData(stream, { envelope, secure, user }, done) {
      const receive = async () => {
        const raw = await text(stream)
        await arrived?.()
        mails.push({
          ...parseMail(raw),
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          to: envelope.rcptTo.map(({ address }) => address),
          secure,
          user: user === undefined ? undefined : String(user),
        })
        return 'Queued as 4711'
      }
      callbackify(receive)(done)
    },
  })
  // A client that breaks off is a case, not a failure.
  server.on('error', () => {})
  const listener = server.listen(0, '127.0.0.1')
  listener.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    connections.count += 1
    connections.most = Math.max(connections.most, sockets.size)
  })
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  async function hangUp(): Promise<void> {
    const ends = [...sockets].map((socket) => once(socket.end(), 'close'))
    await Promise.all(ends)
  }
  async function close(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(resolve))
    // It would wait for those who are still there.
    for (const socket of sockets) socket.destroy()
    await closed
  }
  const user = account ? `${ACCOUNT.user}:${encodeURIComponent(ACCOUNT.password)}@` : ''
  const url = `${tls === 'always' ? 'smtps' : 'smtp'}://${user}127.0.0.1:${port}`
  const held = () => sockets.size
  return { url, port, mails, connections, open: held, asked, hangUp, close }
}
