import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export const ROOT = join(import.meta.dirname, '..')
export const SERVER_CORE = 0
export const LOAD_CORE = 1

const STOP_MILLISECONDS = 15_000
const KEPT_OUTPUT = 10_000

export const canPin =
  spawnSync('taskset', ['-c', `${SERVER_CORE},${LOAD_CORE}`, 'true'], { stdio: 'ignore' })
    .status === 0

export interface Child {
  readonly pid: number
  /** Sends a message to a child that answers, and resolves with its answer. */
  ask<T>(message: object): Promise<T>
  /** Rejects, with what the process printed, when it ends before `wait` resolves. */
  during<T>(wait: Promise<T>): Promise<T>
  stop(): Promise<void>
}

type Answer = { readonly value: unknown } | { readonly error: string }

/** Starts a program of this Node, on one core where the system lets us. It ends with this process. */
export function startChild(
  core: number,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Child {
  const command = [process.execPath, ...args]
  const [program = '', ...rest] = canPin ? ['taskset', '-c', String(core), ...command] : command
  const child: ChildProcess = spawn(program, rest, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-KEPT_OUTPUT)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  const reap = () => child.kill('SIGKILL')
  process.once('exit', reap)
  let running = true
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => keep(Buffer.from(`${error.message}\n`)))
    child.once('close', () => {
      running = false
      process.removeListener('exit', reap)
      resolve()
    })
  })

  function during<T>(wait: Promise<T>): Promise<T> {
    const early = ended.then((): never => {
      throw new Error(`${args.at(-1)} ended early:\n${output}`)
    })
    return Promise.race([wait, early])
  }

  return {
    pid: child.pid ?? 0,
    during,
    async ask<T>(message: object) {
      child.send(message)
      const [answer] = (await during(once(child, 'message'))) as [Answer]
      if ('error' in answer) throw new Error(answer.error)
      return answer.value as T
    },
    async stop() {
      if (running) child.kill('SIGTERM')
      const patience = new AbortController()
      const late = delay(STOP_MILLISECONDS, undefined, { signal: patience.signal }).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      )
      await ended
      patience.abort()
      await late
    },
  }
}

/** The other end of `ask`: answers one message after the other, and ends with the process that asks. */
export function answerWith(answer: (message: never) => unknown): void {
  const reply = async (message: unknown) => {
    try {
      process.send?.({ value: (await answer(message as never)) ?? null })
    } catch (error) {
      process.send?.({ error: error instanceof Error ? error.stack : String(error) })
    }
  }
  process.on('disconnect', () => process.exit(0))
  process.on('message', (message) => void reply(message))
}
