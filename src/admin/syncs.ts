import { z } from 'zod'
import type { Plan } from '../directory/plan.ts'
import type { LinkedUser } from '../directory/store.ts'
import { entraProblems, requireConnection } from './connection.ts'
import { badBody, id } from './input.ts'
import { planOperations } from './plans.ts'
import { route, type Caller, type Route } from './route.ts'
import { plan, syncOptions } from './schemas.ts'
import { runSync, syncChosen } from './sync-run.ts'
import { syncSettingsOf } from './sync-settings.ts'

const MOST_CHOSEN = 1_000

/** Those who were chosen. Throws `badRequest` for somebody who is not linked to the tenant. */
async function chosen(
  { directory }: Caller,
  ids: readonly string[],
  tenantId: string,
): Promise<LinkedUser[]> {
  const found: LinkedUser[] = []
  for (const [index, userId] of ids.entries()) {
    const user = await directory.users.read(userId)
    if (user?.link?.tenantId !== tenantId) {
      throw badBody(['users', index], 'There is no such linked user.')
    }
    found.push({ userId, objectId: user.link.objectId })
  }
  return found
}

/** A plan that somebody looks at is kept, whatever is in it. */
function requireMade(made: Plan | undefined): Plan {
  if (made) return made
  throw new Error('A plan that somebody asked for was not kept.')
}

const operations = planOperations('sync', 'Sync')

export const { read: readSync, start: startSync, cancel: cancelSync } = operations

export const planSync = route({
  method: 'POST',
  path: '/syncs',
  operation: 'planSync',
  summary: 'Works out what would change if linked users followed Entra; nothing changes yet',
  body: z
    .strictObject({
      users: z.array(id).min(1).max(MOST_CHOSEN).exactOptional().meta({
        description: 'Linked users; without it all of them, or those who have changed.',
      }),
      mode: z.enum(['full', 'changes']).exactOptional().meta({
        description:
          'All linked users, or those of whom Entra says that they have changed since the last time.',
      }),
      options: syncOptions
        .extend({ fields: syncOptions.shape.fields.default([]) })
        .exactOptional()
        .meta({ description: 'Without it as it is set.' }),
    })
    .refine(({ users, mode }) => users === undefined || mode === undefined, {
      path: ['mode'],
      message: 'Goes without users.',
    }),
  status: 201,
  answer: plan,
  problems: entraProblems,
  locate: (made) => `/syncs/${made.id}`,
  async handle(caller, { body: { users, mode = 'full', options: given } }) {
    const { directory, cause, now } = caller
    const entra = await requireConnection(caller)
    const parts = { directory, entra, cause, now }
    const { fields, provisioned } = given ?? (await syncSettingsOf(directory))
    const options = { fields, provisioned }
    if (users === undefined) {
      return requireMade(await runSync(parts, { mode, options, unattended: false }))
    }
    const linked = await chosen(caller, [...new Set(users)], entra.tenantId)
    return requireMade(await syncChosen(parts, linked, options))
  },
})

export const releaseSync = route({
  method: 'POST',
  path: '/syncs/{id}/release',
  operation: 'releaseSync',
  summary: 'Says that it is right to switch off so many users',
  status: 200,
  answer: plan,
  problems: ['notFound'],
  handle: ({ directory, cause }, given) => directory.plans.release(given.id, cause),
})

/** Linked users follow Entra: worked out, looked at, and carried out. */
export const syncRoutes: readonly Route[] = [planSync, releaseSync, ...Object.values(operations)]
