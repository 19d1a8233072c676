import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { EntraFailure } from '../directory/entra-directory.ts'
import type { GraphClient } from './graph-client.ts'

/** Requests in one batch (entra.md §5.8). */
const AT_A_TIME = 20
const TRIES = 6

const answers = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number(),
      headers: z.record(z.string(), z.string()).nullish(),
      body: z.unknown(),
    }),
  ),
})

type Answer = z.infer<typeof answers>['responses'][number]

const isPassing = ({ status }: Answer) => status === 429 || status >= 500

/** How long those that were throttled ask to be left alone, in seconds. */
function delayOf(passing: readonly Answer[]): number {
  const asked = passing.map(({ headers }) => {
    const entry = Object.entries(headers ?? {}).find(
      ([name]) => name.toLowerCase() === 'retry-after',
    )
    return Number(entry?.[1] ?? 1)
  })
  return Math.max(0, ...asked.filter(Number.isFinite))
}

async function askBatch(client: GraphClient, paths: ReadonlyMap<string, string>) {
  const requests = [...paths].map(([id, url]) => ({
    id,
    method: 'GET',
    url,
    headers: { ConsistencyLevel: 'eventual' },
  }))
  return answers.parse(await client.post('/$batch', { requests })).responses
}

/**
 * Asks for many paths in few requests; the bodies, in the order of the paths. Those that are throttled are asked for
 * again. Throws EntraFailure for the first that fails.
 */
export async function batch(client: GraphClient, paths: readonly string[]): Promise<unknown[]> {
  const bodies = new Map<string, unknown>()
  const waiting = new Map(paths.map((path, index) => [String(index), path]))
  for (let tries = 0; waiting.size > 0; ) {
    const now = new Map([...waiting].slice(0, AT_A_TIME))
    const found = await askBatch(client, now)
    for (const { id, status, body } of found) {
      if (status === 200) bodies.set(id, body)
      if (status === 200) waiting.delete(id)
    }
    const passing = found.filter(isPassing)
    const refused = found.find((answer) => answer.status !== 200 && !isPassing(answer))
    if (refused) {
      const code = refused.status === 403 ? 'forbidden' : 'refused'
      throw new EntraFailure(code, `Microsoft Graph answered ${refused.status} within a batch.`)
    }
    if (passing.length === 0) {
      tries = 0
      continue
    }
    tries += 1
    if (tries === TRIES) throw new EntraFailure('unavailable', 'Microsoft Graph is too busy.')
    await pause(delayOf(passing) * 1_000)
  }
  return paths.map((_, index) => bodies.get(String(index)))
}
