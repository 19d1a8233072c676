import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { onTestFinished } from 'vitest'
import { testApp, type TestApp } from './app.ts'

const EXAMPLES = join(import.meta.dirname, '../../examples')

export interface Served {
  readonly app: TestApp
  /** The address under which programs reach it, and which it calls its own. */
  readonly origin: string
}

/** A whole server at a free port of this machine, until the test has finished. */
export async function serve(): Promise<Served> {
  let fetch: TestApp['fetch'] = () => new Response(null, { status: 503 })
  const listener = getRequestListener((request) => fetch(request))
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const app = await testApp({ publicUrl: origin })
  fetch = app.fetch
  return { app, origin }
}

export interface Example {
  /** What a pattern finds in all that was printed, as soon as it is there; fails when the program ends without it. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** All that was printed, and the exit code. */
  readonly ended: Promise<{ readonly printed: string; readonly code: number | null }>
}

/** Runs a program of examples/ with the Node of this test; it is stopped when the test has finished. */
export function runExample(
  name: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Example {
  const child = spawn(process.execPath, [join(EXAMPLES, name), ...args], { env })
  onTestFinished(() => void child.kill('SIGKILL'))
  let printed = ''
  const waiting = new Set<() => void>()
  const wake = () => waiting.forEach((look) => look())
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      wake()
    })
  }
  const ended = once(child, 'close').then(([code]) => ({ printed, code: code as number | null }))
  return {
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(printed)
          if (found) resolve(found)
        }
        waiting.add(look)
        look()
        ended.then(
          () => reject(new Error(`It ended, and never said ${String(pattern)}:\n${printed}`)),
          reject,
        )
      }),
  }
}
