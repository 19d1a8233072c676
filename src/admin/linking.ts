import { z } from 'zod'
import type { EntraUser } from '../directory/entra-directory.ts'
import type { ImportOptions } from '../directory/plan.ts'
import type { Proposal } from '../directory/proposal.ts'
import { entraProblems, requireConnection } from './connection.ts'
import { badBody, objectId } from './input.ts'
import { Problem } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'
import { requireUser, shownWhole } from './user-list.ts'
import { wholeUser } from './user-schemas.ts'

/** A link changes nothing but what Entra owns. */
const justLinked: ImportOptions = { groups: [], invite: { when: 'never' }, rules: false }

/** What becomes of a user who is linked to somebody of Entra. Nothing is kept. */
export function proposeLink({ directory }: Caller, userId: string, person: EntraUser) {
  return directory.plans.propose({ person, chosen: { link: userId } }, justLinked)
}

/** Why a user cannot be linked to an account, as a proposal says; undefined where that can be. */
export function whyNot(
  { action, notes, userId }: Pick<Proposal, 'action' | 'notes' | 'userId'>,
  wanted: string,
): string | undefined {
  if (action === 'link') return undefined
  if (action !== 'conflict' && userId !== wanted) return 'Another user is linked to this account.'
  return notes[0] ?? 'The user cannot be linked to this account.'
}

/** Links a user as an import of one person does, and waits for what comes of it. Throws `conflict`. */
async function linkTo(caller: Caller, userId: string, person: EntraUser): Promise<void> {
  const { directory, cause } = caller
  const problem = whyNot(await proposeLink(caller, userId, person), userId)
  if (problem !== undefined) throw new Problem('conflict', problem)
  const subject = { person, chosen: { link: userId } }
  const { id } = await directory.plans.planImport([subject], justLinked, cause)
  await directory.plans.start(id, cause)
  while (await directory.plans.applyNext(id, cause));
  const [item] = await directory.plans.items(id, { after: -1, limit: 1 })
  if (item?.state === 'done') return
  throw new Problem('conflict', item?.outcome ?? 'The user could not be linked.')
}

const pair = z.strictObject({
  objectId: objectId.meta({ description: 'The account of Entra.' }),
})

export const linkUser = route({
  method: 'POST',
  path: '/users/{id}/link',
  operation: 'linkUser',
  summary:
    'Makes a user an account of Entra, which owns name, e-mail, user name and mobile number from then on: no password, signed out everywhere',
  body: pair,
  status: 200,
  answer: wholeUser,
  problems: ['notFound', 'conflict', ...entraProblems],
  async handle(caller, { id, body }) {
    await requireUser(caller, id)
    const entra = await requireConnection(caller)
    const person = await entra.userById(body.objectId)
    if (!person) throw badBody(['objectId'], 'Entra has nobody with this object id.')
    await linkTo(caller, id, person)
    return shownWhole(caller, await requireUser(caller, id))
  },
})

export const rejectLink = route({
  method: 'POST',
  path: '/users/{id}/reject-link',
  operation: 'rejectLink',
  summary: 'Says that a user is not the person of an account, which is not suggested any more',
  body: pair,
  status: 200,
  answer: z.strictObject({
    id: z.string().meta({ description: 'Of the decision, to take it back with `reopen`.' }),
  }),
  problems: ['notFound'],
  async handle(caller, { id, body }) {
    await requireUser(caller, id)
    const given = { userId: id, objectId: body.objectId }
    return { id: await caller.directory.linkRequests.reject(given, caller.cause) }
  },
})

/** Who here is whom of Entra, decided one by one. */
export const linkingRoutes: readonly Route[] = [linkUser, rejectLink]
