import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { startPostgres } from '../test/support/postgres-server.ts'
import { canPin, SERVER_CORE, startChild } from './children.ts'
import type { Databases } from './databases.ts'
import { fillDatabase, postgresTemplate } from './load-postgres.ts'
import type { StatementsMessage } from './processes/statements.ts'
import type { Ceiling, Measured } from './results.ts'
import { say, whole } from './screen.ts'
import { makeTables, type Template, userRowOf, writeTemplate } from './template.ts'
import { childrenOf } from './usage.ts'

/** As an administrator would set it for so many people; what is durable stays as it comes. */
const SETTINGS = ['fsync=on', 'synchronous_commit=on', 'shared_buffers=1GB', 'max_wal_size=4GB']

/** The database of the run, and those that are there for a moment. */
const RUN = 'run'
const PARTIAL = 'partial'
const TEMPLATE = 'template_of_store'
const CEILINGS = 'ceilings'

const QUIT_MILLISECONDS = 5_000
const QUIT_STEP = 10

interface Given {
  readonly folder: string
  /** Whether what was loaded stays for the next run. */
  readonly keep: boolean
  readonly concurrency: readonly number[]
  readonly seconds: number
}

/** Ends a server at once, and waits until all its processes have ended. */
function quitNow(pid: number, folder: string): void {
  process.kill(pid, 'SIGQUIT')
  const clock = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; waited < QUIT_MILLISECONDS; waited += QUIT_STEP) {
    if (!existsSync(join(folder, 'postmaster.pid'))) return
    Atomics.wait(clock, 0, 0, QUIT_STEP)
  }
}

/** A PostgreSQL server of this run's own, on the core of the servers. */
export async function postgresDatabases(given: Given): Promise<Databases> {
  const folder = join(given.folder, 'postgres')
  const server = await startPostgres({ folder, settings: SETTINGS })
  const pid = server.pid()
  const quit = () => quitNow(pid, folder)
  // First of all, so that the folder can be removed then.
  process.prependOnceListener('exit', quit)
  // What it starts later stays on the core of the process that starts it.
  for (const each of canPin ? [pid, ...childrenOf(pid)] : []) {
    spawnSync('taskset', ['-cp', String(SERVER_CORE), String(each)], { stdio: 'ignore' })
  }
  let template: Template

  async function inDatabase<T>(name: string, work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client(server.url(name))
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }

  /** Runs a statement; the first value it yields, if any. */
  const administer = (sql: string) =>
    inDatabase('postgres', async (admin) => {
      const [row] = (await admin.query<Record<string, unknown>>(sql)).rows
      return row && Object.values(row)[0]
    })
  const drop = (name: string) => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)

  async function make(name: string): Promise<string> {
    await drop(name)
    await administer(`CREATE DATABASE ${name}`)
    return server.url(name)
  }

  async function load(users: number, groups: number): Promise<void> {
    await makeTables(await make(PARTIAL))
    await inDatabase(PARTIAL, (client) => fillDatabase(client, template, users, groups))
  }

  async function provide(users: number, groups: number) {
    await writeTemplate(await make(TEMPLATE))
    template = await inDatabase(TEMPLATE, postgresTemplate)
    await drop(TEMPLATE)
    await drop(RUN)
    const kept = `users_${users}_groups_${groups}_${template.hash}`
    if (!(await administer(`SELECT 1 FROM pg_database WHERE datname = '${kept}'`))) {
      say(`Loading ${whole(users)} users …`)
      await load(users, groups)
      await administer(`ALTER DATABASE ${PARTIAL} RENAME TO ${given.keep ? kept : RUN}`)
    }
    if (given.keep) await administer(`CREATE DATABASE ${RUN} TEMPLATE ${kept} STRATEGY file_copy`)
    const bytes = Number(await administer(`SELECT pg_database_size('${RUN}')`))
    return { url: server.url(RUN), bytes }
  }

  async function measureCeilings(users: number): Promise<Ceiling[]> {
    const empty = await make(CEILINGS)
    await makeTables(empty)
    const statements = startChild(SERVER_CORE, ['bench/processes/statements.ts'])
    const ceilings: Ceiling[] = []
    try {
      for (const name of ['select', 'insert'] as const) {
        for (const concurrency of given.concurrency) {
          const message: StatementsMessage = {
            name,
            url: name === 'select' ? server.url(RUN) : empty,
            databasePid: pid,
            concurrency,
            warmUpSeconds: Math.max(0.5, given.seconds / 5),
            seconds: given.seconds,
            users,
            row: userRowOf(template),
          }
          ceilings.push({ name, concurrency, ...(await statements.ask<Measured>(message)) })
        }
      }
    } finally {
      await statements.stop()
      await drop(CEILINGS)
    }
    return ceilings
  }

  return {
    pid,
    version: String(await administer('SHOW server_version')),
    provide,
    measureCeilings,
    remove: async () => void (await drop(RUN)),
    async stop() {
      await server.stop()
      process.removeListener('exit', quit)
    },
  }
}
