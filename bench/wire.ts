import { connect, type Socket } from 'node:net'

/** One keep-alive connection of HTTP/1.1, with as little between the program and the socket as will do. */
export interface Wire {
  /** Sends a whole request; the next one only after its answer. */
  send(request: string): void
  close(): void
}

export interface Listener {
  connected(): void
  answered(status: number, body: Buffer): void
  lost(reason: string): void
}

const HEAD_END = Buffer.from('\r\n\r\n')
const NOTHING = Buffer.alloc(0)

/** The body of a chunked answer that begins at `start`, or undefined until it is whole. */
function unchunk(bytes: Buffer, start: number): Buffer | undefined {
  const parts: Buffer[] = []
  for (let at = start; ; ) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16)
    if (Number.isNaN(size)) throw new Error('A chunk has no size.')
    const end = line + 2 + size
    if (bytes.length < end + 2) return undefined
    if (size === 0) return Buffer.concat(parts)
    parts.push(bytes.subarray(line + 2, end))
    at = end + 2
  }
}

/** Parses the one answer in `bytes`; a number is how many bytes it takes at least. */
function parse(bytes: Buffer): { status: number; body: Buffer } | number {
  const end = bytes.indexOf(HEAD_END)
  if (end < 0) return bytes.length + 1
  const head = bytes.toString('latin1', 0, end)
  const status = Number(head.slice(9, 12))
  const start = end + HEAD_END.length
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length !== undefined) {
    const whole = start + Number(length)
    return bytes.length < whole ? whole : { status, body: bytes.subarray(start, whole) }
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return { status, body: NOTHING }
  const body = unchunk(bytes, start)
  return body === undefined ? bytes.length + 1 : { status, body }
}

/** Opens a connection to loopback. */
export function openWire(port: number, listener: Listener): Wire {
  let chunks: Buffer[] = []
  let held = 0
  let needed = 1
  let closed = false
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })

  function lose(reason: string): void {
    if (closed) return
    closed = true
    socket.destroy()
    listener.lost(reason)
  }

  socket.on('connect', () => listener.connected())
  socket.on('error', (error) => lose(error.message))
  socket.on('close', () => lose('The server closed the connection.'))
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    held += chunk.length
    if (held < needed) return
    const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks)
    try {
      const answer = parse(bytes)
      if (typeof answer === 'number') {
        chunks = [bytes]
        needed = answer
        return
      }
      chunks = []
      held = 0
      needed = 1
      listener.answered(answer.status, answer.body)
    } catch (error) {
      lose(String(error))
    }
  })

  return {
    send: (request) => void socket.write(request),
    close() {
      closed = true
      socket.destroy()
    },
  }
}
