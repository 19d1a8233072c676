import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { buildOnce, SERVER } from '../../tools/build.ts'

/** A running Entrance in a process of its own. */
export type EntranceProcess = {
  /** Such as `http://127.0.0.1:43211`. */
  origin: string
  /** The tenant URL, `origin` and `/scim/v2`. */
  base: string
  pid: number
  /** The last lines it printed. */
  output: () => string
  /** Most bytes it ever had in memory, or null where the system does not tell. */
  peakMemory: () => Promise<number | null>
  /** Resolves once the process has ended. `SIGKILL` is the power failure. */
  stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>
  /** Resolves when the process ends for whatever reason, with `code 1` or `signal SIGKILL`. */
  ended: Promise<string>
}

export type EntranceSettings = {
  /** Where the database file is kept; a second start with the same folder goes on with it. */
  folder: string
  token: string
  port: number
  environment?: Record<string, string>
}

const ROOT = join(import.meta.dirname, '../..')
const START_MILLISECONDS = 30_000
const STOP_MILLISECONDS = 10_000
const KEPT_OUTPUT = 20_000

/** A TCP port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.')
  return address.port
}

/** Starts Entrance as `npm start` does and waits until it is ready. Throws with its output when it is not. */
export async function startEntrance(settings: EntranceSettings): Promise<EntranceProcess> {
  const { folder, token, port, environment } = settings
  const origin = `http://127.0.0.1:${port}`
  await buildOnce()
  const child = spawn(process.execPath, SERVER, {
    cwd: ROOT,
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: origin,
      DATABASE_URL: `file:${join(folder, 'entrance.db')}`,
      SCIM_TOKEN: token,
      LOG_LEVEL: 'warn',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let running = true
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-KEPT_OUTPUT)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => keep(Buffer.from(`${error.message}\n`)))
    child.on('close', (code, signal) => {
      running = false
      resolve(signal === null ? `code ${code}` : `signal ${signal}`)
    })
  })
  // Not even a crash of this process leaves a server behind.
  const reap = (): boolean => child.kill('SIGKILL')
  process.once('exit', reap)
  void ended.then(() => process.removeListener('exit', reap))

  const stop: EntranceProcess['stop'] = async (signal = 'SIGTERM') => {
    child.kill(signal)
    const patience = new AbortController()
    const late = delay(STOP_MILLISECONDS, true, { signal: patience.signal }).catch(() => false)
    if (await Promise.race([ended.then(() => false), late])) child.kill('SIGKILL')
    patience.abort()
    await ended
  }

  const deadline = Date.now() + START_MILLISECONDS
  for (;;) {
    if (!running) throw new Error(`Entrance ended before it was ready:\n${output}`)
    const ready = await fetch(`${origin}/readyz`).then(
      (response) => response.ok,
      () => false,
    )
    if (ready && running) break
    if (Date.now() > deadline) {
      await stop('SIGKILL')
      throw new Error(`Entrance was not ready in ${START_MILLISECONDS / 1000} s:\n${output}`)
    }
    await delay(50)
  }

  return {
    origin,
    base: `${origin}/scim/v2`,
    pid: child.pid ?? 0,
    output: () => output,
    peakMemory: async () => {
      const status = await readFile(`/proc/${child.pid ?? 0}/status`, 'utf8').catch(() => '')
      const kilobytes = /^VmHWM:\s+(\d+) kB$/mu.exec(status)?.[1]
      return kilobytes === undefined ? null : Number(kilobytes) * 1024
    },
    stop,
    ended,
  }
}
