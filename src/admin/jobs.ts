import { z } from 'zod'
import type { Plan } from '../directory/plan.ts'
import { route, type Caller, type Route } from './route.ts'
import { readSyncState } from './sync-state.ts'

/** So many of the last plans of a kind are looked at for those that are under way. */
const LAST_PLANS = 10

const time = z.iso.datetime()
const count = z.int().nonnegative()

/** A plan that is being carried out. */
const running = z.strictObject({
  id: z.string(),
  kind: z.enum(['import', 'sync']),
  created: time,
  done: count,
  failed: count,
  total: count,
})

const jobs = z.strictObject({
  plans: z.array(running).meta({ description: 'Imports and syncs that are being carried out.' }),
  sync: z.strictObject({
    working: z.boolean().meta({ description: 'Whether a preview is being worked out here.' }),
    every: z.int().optional().meta({ description: 'Minutes between runs by themselves.' }),
    due: time.optional(),
    lastRun: time.optional(),
    problem: z.string().optional(),
    held: z.boolean(),
  }),
  mails: z.strictObject({
    configured: z.boolean(),
    going: count.meta({ description: 'Due, or being sent.' }),
    waiting: count.meta({ description: 'Those that wait for their time.' }),
    kept: count,
    failed: count,
  }),
  departures: z.strictObject({
    released: count.meta({ description: 'Released, and not done yet.' }),
    waiting: count.meta({ description: 'Waiting for an administrator.' }),
  }),
  webhooks: z.strictObject({
    on: count,
    failing: count.meta({ description: 'Of those, how many failed and are tried again.' }),
    paused: count,
    givenUp: count,
    next: time.optional().meta({ description: 'When the first of those that failed is tried.' }),
    last: time.optional().meta({ description: 'When one was last told of something.' }),
  }),
  log: z.strictObject({
    days: count.meta({ description: 'For how many days requests are kept; 0 for not at all.' }),
    entries: count.meta({ description: 'How many are kept now, about.' }),
    oldest: time.optional(),
  }),
})

function shown({ id, kind, created, states }: Plan): z.infer<typeof running> {
  const { planned, done, changed, failed } = states
  const settled = done + changed + failed
  return { id, kind, created, done: settled, failed: changed + failed, total: planned + settled }
}

async function plansOf({ directory }: Caller) {
  const found = await Promise.all([
    directory.plans.list('import', LAST_PLANS),
    directory.plans.list('sync', LAST_PLANS),
  ])
  return found.flat().filter(({ state }) => state === 'running')
}

async function syncOf(caller: Caller) {
  const { every, due, lastRun, problem, held } = await readSyncState.call(caller)
  return {
    working: caller.previews.find(caller.organisation)?.state === 'going',
    held,
    ...(every === undefined ? {} : { every }),
    ...(due === undefined ? {} : { due }),
    ...(lastRun === undefined ? {} : { lastRun }),
    ...(problem === undefined ? {} : { problem }),
  }
}

async function webhooksOf({ directory }: Caller) {
  const all = await directory.webhooks.list()
  const on = all.filter(({ state }) => state === 'on')
  const failing = on.filter(({ attempts }) => attempts > 0)
  const [next] = failing.flatMap(({ due }) => due ?? []).sort()
  const last = all
    .flatMap((each) => each.last?.at ?? [])
    .sort()
    .at(-1)
  return {
    on: on.length,
    failing: failing.length,
    paused: all.filter(({ state }) => state === 'paused').length,
    givenUp: all.filter(({ state }) => state === 'given-up').length,
    ...(next === undefined ? {} : { next }),
    ...(last === undefined ? {} : { last }),
  }
}

async function logOf({ directory, provisioningFeed }: Caller) {
  const { provisioningLog } = directory
  const [[oldest], newest] = await Promise.all([
    provisioningLog.since(0, 1),
    provisioningLog.last(),
  ])
  return {
    days: provisioningFeed.days,
    // Their numbers grow by one, and only the oldest are ever removed.
    entries: oldest ? Math.max(newest - oldest.sequence + 1, 0) : 0,
    ...(oldest ? { oldest: oldest.at } : {}),
  }
}

export const readJobs = route({
  method: 'GET',
  path: '/jobs',
  operation: 'readJobs',
  summary: 'What goes on in the background, and how it stands',
  status: 200,
  answer: jobs,
  async handle(caller) {
    const { directory, mails } = caller
    const [plans, sync, open, { waiting, released }, webhooks, log] = await Promise.all([
      plansOf(caller),
      syncOf(caller),
      directory.outbox.open(),
      directory.holds.state(),
      webhooksOf(caller),
      logOf(caller),
    ])
    return {
      plans: plans.map(shown),
      sync,
      mails: { configured: mails.configured, ...open },
      departures: { released, waiting: waiting.deactivate + waiting.delete },
      webhooks,
      log,
    }
  },
})

export const wakeJobs = route({
  method: 'POST',
  path: '/jobs/wake',
  operation: 'wakeJobs',
  summary: 'Looks at once for what is due in the background, instead of within seconds',
  status: 204,
  async handle({ runner, mails, webhooks }) {
    runner.wake()
    mails.wake()
    webhooks.wake()
  },
})

/** What goes on in the background. */
export const jobRoutes: readonly Route[] = [readJobs, wakeJobs]
