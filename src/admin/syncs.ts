import { z } from 'zod'
import type { EntraDirectory, EntraUser } from '../directory/entra-directory.ts'
import type { SyncSubject } from '../directory/plan.ts'
import { entraProblems, requireConnection } from './connection.ts'
import { badBody, id } from './input.ts'
import { planRoutes } from './plans.ts'
import { route, type Caller, type Route } from './route.ts'
import { plan, syncOptions } from './schemas.ts'

const MOST_CHOSEN = 1_000
/** Linked users who are read at a time. */
const PAGE = 600

interface Linked {
  readonly userId: string
  readonly objectId: string
}

/** Those who were chosen. Throws `badRequest` for somebody who is not linked. */
async function chosen({ directory }: Caller, ids: readonly string[]): Promise<Linked[]> {
  const found: Linked[] = []
  for (const [index, userId] of ids.entries()) {
    const user = await directory.users.read(userId)
    if (!user?.link) throw badBody(['users', index], 'There is no such linked user.')
    found.push({ userId, objectId: user.link.objectId })
  }
  return found
}

/** What Entra has of linked users. Who is missing in a list is looked for by id before they are taken for gone. */
async function subjectsOf(
  entra: EntraDirectory,
  linked: readonly Linked[],
): Promise<SyncSubject[]> {
  const people = await entra.usersById(linked.map(({ objectId }) => objectId))
  const subjects: SyncSubject[] = []
  for (const { userId, objectId } of linked) {
    const person: EntraUser | undefined = people.get(objectId) ?? (await entra.userById(objectId))
    subjects.push({ userId, person })
  }
  return subjects
}

async function everybody(caller: Caller, entra: EntraDirectory): Promise<SyncSubject[]> {
  const subjects: SyncSubject[] = []
  for (let after = ''; ; ) {
    const linked = await caller.directory.users.links(after, PAGE)
    subjects.push(...(await subjectsOf(entra, linked)))
    const last = linked.at(-1)
    if (linked.length < PAGE || !last) return subjects
    after = last.userId
  }
}

/** Linked users follow Entra: worked out, looked at, and carried out. */
export const syncRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/syncs',
    operation: 'planSync',
    summary: 'Works out what would change if linked users followed Entra; nothing changes yet',
    body: z.strictObject({
      users: z
        .array(id)
        .min(1)
        .max(MOST_CHOSEN)
        .exactOptional()
        .meta({ description: 'Linked users; without it all of them.' }),
      options: syncOptions.extend({ fields: syncOptions.shape.fields.default([]) }),
    }),
    status: 201,
    answer: plan,
    problems: entraProblems,
    locate: (made) => `/syncs/${made.id}`,
    async handle(caller, { body: { users, options } }) {
      const entra = await requireConnection(caller)
      const subjects = users
        ? await subjectsOf(entra, await chosen(caller, [...new Set(users)]))
        : await everybody(caller, entra)
      return caller.directory.plans.planSync(subjects, options, caller.cause)
    },
  }),
  route({
    method: 'POST',
    path: '/syncs/{id}/release',
    operation: 'releaseSync',
    summary: 'Says that it is right to switch off so many users',
    status: 200,
    answer: plan,
    problems: ['notFound'],
    handle: ({ directory, cause }, given) => directory.plans.release(given.id, cause),
  }),
  ...planRoutes('sync', 'Sync'),
]
