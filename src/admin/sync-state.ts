import { z } from 'zod'
import type { Plan } from '../directory/plan.ts'
import type { SyncState } from '../directory/sync-state.ts'
import { route, type Route } from './route.ts'
import { plan } from './schemas.ts'
import { syncSettingsOf } from './sync-settings.ts'

const time = z.iso.datetime()

const outcome = z.enum(['nothing', 'plan', 'problem'])

const state = z.strictObject({
  every: z
    .int()
    .optional()
    .meta({ description: 'Minutes between runs that begin by themselves; absent for none.' }),
  due: time.optional().meta({ description: 'When it runs by itself next.' }),
  lastRun: time
    .optional()
    .meta({ description: 'When everybody, or those who have changed, were last compared.' }),
  outcome: outcome.optional().meta({ description: 'What came of the last run.' }),
  problem: z.string().optional().meta({ description: 'Why the last run came to nothing.' }),
  compared: time.optional().meta({ description: 'When everybody was last compared.' }),
  plan: plan.optional().meta({ description: 'The last plan that came of a run.' }),
  held: z.boolean().meta({ description: 'Whether that plan waits for an administrator.' }),
})

/** What came of the last run. */
function outcomeOf(
  { lastRun, problem }: SyncState,
  last: Plan | undefined,
): z.infer<typeof outcome> {
  if (problem !== undefined) return 'problem'
  return last?.created === lastRun ? 'plan' : 'nothing'
}

export const readSyncState = route({
  method: 'GET',
  path: '/sync-state',
  operation: 'readSyncState',
  summary: 'When linked users were last compared with Entra, what came of it, and when it is next',
  status: 200,
  answer: state,
  async handle({ directory }) {
    const known = await directory.syncs.state()
    const { every } = await syncSettingsOf(directory)
    const { due, lastRun, lastPlan, problem, compared } = known
    const last = lastPlan === undefined ? undefined : await directory.plans.read(lastPlan)
    return {
      ...(every === undefined ? {} : { every }),
      ...(due === undefined ? {} : { due }),
      ...(lastRun === undefined ? {} : { lastRun, outcome: outcomeOf(known, last) }),
      ...(problem === undefined ? {} : { problem }),
      ...(compared === undefined ? {} : { compared }),
      ...(last === undefined ? {} : { plan: last }),
      held: last?.held === true && last.state === 'preview',
    }
  },
})

/** Where the sync stands. */
export const syncStateRoutes: readonly Route[] = [readSyncState]
