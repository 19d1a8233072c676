import { z } from 'zod'
import { EntraFailure } from '../directory/entra-directory.ts'
import { isPassing, toFailure } from './graph-failure.ts'
import { type Pause, secondsToWait } from './patience.ts'

/** Requests in one batch (entra.md §5.8). */
const AT_A_TIME = 20
const RETRIES = 5

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

const failed = z.object({
  error: z.object({ code: z.string().optional(), message: z.string().default('') }),
})

type Answer = z.infer<typeof answers>['responses'][number]

function errorOf({ status, body }: Answer) {
  const { error } = failed.safeParse(body).data ?? { error: { code: undefined, message: '' } }
  return { status, code: error.code, message: error.message }
}

/** How long those that were throttled ask to be left alone, in seconds: as long as the most patient of them. */
function waitFor(passing: readonly Answer[], retry: number): number | undefined {
  let longest = 0
  for (const { headers } of passing) {
    const asked = Object.entries(headers ?? {}).find(([name]) => /^retry-after$/i.test(name))?.[1]
    const seconds = secondsToWait(retry, asked)
    if (seconds === undefined) return undefined
    longest = Math.max(longest, seconds)
  }
  return longest
}

/**
 * Asks for many paths in few requests; the bodies, in the order of the paths. Those that are throttled are asked for
 * again. Throws EntraFailure for the first that fails.
 */
export async function batch(
  post: (requests: readonly object[]) => Promise<unknown>,
  paths: readonly string[],
  pause: Pause,
): Promise<unknown[]> {
  const bodies = new Map<string, unknown>()
  const waiting = new Map(paths.map((path, index) => [String(index), path]))
  for (let stalled = 0; waiting.size > 0; ) {
    const before = waiting.size
    const requests = [...waiting].slice(0, AT_A_TIME).map(([id, url]) => ({
      id,
      method: 'GET',
      url,
      headers: { ConsistencyLevel: 'eventual' },
    }))
    const found = answers.parse(await post(requests)).responses
    for (const { id, status, body } of found) {
      if (status !== 200) continue
      bodies.set(id, body)
      waiting.delete(id)
    }
    const failures = found.filter(({ status }) => status !== 200)
    const refused = failures.map(errorOf).find((error) => !isPassing(error))
    if (refused) throw toFailure(refused)
    // Whoever gets on, however slowly, is not given up.
    stalled = waiting.size < before ? 0 : stalled + 1
    if (failures.length === 0 && stalled === 0) continue
    const seconds = stalled > RETRIES ? undefined : waitFor(failures, Math.max(0, stalled - 1))
    if (seconds === undefined) throw new EntraFailure('unavailable', 'Microsoft Graph is too busy.')
    await pause(seconds)
  }
  return paths.map((_, index) => bodies.get(String(index)))
}
