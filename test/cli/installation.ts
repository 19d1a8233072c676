import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { runCli } from '../../src/cli/program.ts'
import { openStore } from '../../src/db/open.ts'
import { newId } from '../../src/directory/id.ts'
import type { Store } from '../../src/directory/store.ts'
import { buildOnce, CLI } from '../../tools/build.ts'
import { databaseFolder } from '../support/database.ts'

export const root = resolve(import.meta.dirname, '../..')
export const scope = { organisation: 'default', localUsers: 'visible' } as const

const NOW = '2026-03-02T08:00:00.000Z'

export interface Result {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs the command line as an operator does, in a process of its own. */
export async function spawnCli(
  args: readonly string[],
  env: Record<string, string>,
  nodeArgs: readonly string[] = [],
): Promise<Result> {
  await buildOnce()
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [...nodeArgs, CLI, ...args], {
      cwd: root,
      env: { PATH: process.env['PATH'], ...env },
    })
    const read = { out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => (read.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (read.err += chunk.toString()))
    child.on('error', fail)
    child.on('close', (code) => done({ code, ...read }))
  })
}

/** The same in this process: quick enough for tables. */
export async function callCli(
  args: readonly string[],
  env: Record<string, string> = {},
  now = NOW,
): Promise<Result> {
  const read = { out: '', err: '' }
  const code = await runCli(args, {
    env,
    write: (text) => void (read.out += text),
    complain: (text) => void (read.err += text),
    now: () => new Date(now),
    newId,
  })
  return { code, ...read }
}

export function installation() {
  const folder = databaseFolder()
  const file = join(folder, 'entrance.db')
  const env = { DATABASE_URL: `file:${file}` }
  return {
    folder,
    file,
    env,
    spawn: (...args: string[]) => spawnCli(args, env),
    call: (...args: string[]) => callCli(args, env),
    /** What the store holds, read by another process than the command line. */
    async inStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
      const store = await openStore(env.DATABASE_URL, { now: () => new Date(NOW), newId })
      try {
        return await work(store)
      } finally {
        await store.close()
      }
    },
  }
}

export const secretIn = (text: string) => /entrance_[\w-]{43,51}/.exec(text)?.[0] ?? 'no secret'
export const idIn = (text: string) =>
  /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(text)?.[0] ?? 'no id'
