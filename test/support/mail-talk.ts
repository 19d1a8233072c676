import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/**
 * A mail server that answers each line as `answer` says, and hangs up where that is nothing. The text of a mail is one
 * line to it, and encryption is beyond it. It is gone when the test has finished.
 */
export async function startTalk(answer: (line: string) => string | undefined): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    let heard = ''
    let writing = false
    const say = (text: string | undefined) => {
      if (text === undefined) return socket.destroy()
      writing = text.startsWith('354')
      return socket.write(`${text}\r\n`)
    }
    say(answer('connected'))
    socket.on('data', (chunk) => {
      // The first byte of a handshake of TLS.
      if (chunk[0] === 0x16) socket.destroy()
      heard += chunk.toString()
      for (;;) {
        const end = heard.indexOf(writing ? '\r\n.\r\n' : '\r\n')
        if (end < 0) return
        const line = heard.slice(0, end)
        heard = heard.slice(end + (writing ? 5 : 2))
        say(answer(writing ? 'the mail' : line))
      }
    })
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
