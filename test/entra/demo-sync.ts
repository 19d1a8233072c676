import type { Plan, PlanItem, SyncMode } from '../../src/directory/plan.ts'
import type { Why } from '../../src/directory/why.ts'
import { type Administrator, until } from './administrator.ts'
import { named } from './demo-colleagues.ts'
import { checkedLine, type Line } from './demo-line.ts'
import { DEMO_TENANT } from './demo-sign-in.ts'
import { newVisitor } from './demo-visitor.ts'
import { isFinished, withDirectory } from './entrance-import.ts'
import type { Change, EntraUser } from './tenant.ts'

/** What an administrator of the tenant does. */
export type ChangeTenant = (change: Change) => void

const IN = 303
const OUT = [401, 401]
const FORBIDDEN = 403
const INVALID_GRANT = 400

/** Runs a sync to its end; what it did. */
async function sync(
  admin: Administrator,
  mode: Exclude<SyncMode, 'chosen'>,
): Promise<{ plan: Plan; items: readonly PlanItem[] }> {
  const { id } = await admin.post<Plan>('/syncs', { mode })
  await admin.post(`/syncs/${id}/start`)
  const plan = await until(() => admin.get<Plan>(`/syncs/${id}`), isFinished)
  const { items } = await admin.get<{ items: PlanItem[] }>(`/syncs/${id}/items`)
  return { plan, items }
}

const doneOf = (items: readonly PlanItem[]) =>
  items.map(({ person, action, state }) => [person.id, action, state])

/** The id of the user who is somebody of the tenant. */
function userIdOf(folder: string, { objectId }: EntraUser): Promise<string> {
  return withDirectory(folder, async ({ users }) => {
    const user = await users.linked({ tenantId: DEMO_TENANT, objectId })
    return String(user?.id)
  })
}

/** What Entrance has of a linked user, by what it is called at Entra. */
async function fieldsOf(admin: Administrator, userId: string): Promise<Map<string, unknown>> {
  type Sample = { fields: readonly { readonly field: string; readonly user?: unknown }[] }
  const { fields } = await admin.get<Sample>(`/sync-settings/sample?user=${userId}`)
  return new Map(fields.map(({ field, user }) => [field, user]))
}

/** Compares everybody, which has to find nothing, so that from now on Entra is only asked for changes. */
export async function showFirstSync(admin: Administrator): Promise<Line> {
  const { plan } = await sync(admin, 'full')
  const { skip: _, ...changing } = plan.actions
  return checkedLine('Compared: all linked users with Entra, and nobody has to change.', [
    ['changes', Object.entries(changing).filter(([, count]) => count > 0), []],
  ])
}

/** Somebody gets another name, address and number in Entra: says what came of it here. */
export async function showChange(
  admin: Administrator,
  folder: string,
  person: EntraUser,
  change: ChangeTenant,
): Promise<Line> {
  const { displayName, givenName, surname, mail } = named(person.givenName ?? '', 'Married')
  const set = { displayName, givenName, surname, mail, mobile: '+44 (0)300 4000' }
  change({ kind: 'update', id: person.objectId, set })
  const { items, plan } = await sync(admin, 'changes')
  const fields = await fieldsOf(admin, await userIdOf(folder, person))
  const { mobile, ...same } = set
  const expected = { ...same, mobilePhone: mobile }
  const found = Object.fromEntries(Object.keys(expected).map((field) => [field, fields.get(field)]))
  return checkedLine(
    `Synced: ${plan.states.done} changed in Entra: ${person.displayName} is ${String(found['displayName'])} here too, with ${String(found['mail'])} and ${String(found['mobilePhone'])}.`,
    [
      ['what was done', doneOf(items), [[person.objectId, 'update', 'done']]],
      ['what Entrance has', found, expected],
    ],
  )
}

/** How many sessions the event says that it ended by which a user is inactive. */
function receiptOf(folder: string, { active: { event } }: Why): Promise<unknown[]> {
  return withDirectory(folder, async ({ events }) => {
    const [found] = event === undefined ? [] : await events.list(event.sequence - 1, 1)
    const sessions = found?.changes.find(({ path }) => path === 'sessions')?.from
    return [found?.action, found?.resourceId, sessions]
  })
}

/** Somebody who is signed in is blocked in Entra: says what came of it here. */
export async function showLeaver(
  admin: Administrator,
  { origin, folder }: { readonly origin: string; readonly folder: string },
  person: EntraUser,
  change: ChangeTenant,
): Promise<Line> {
  const { objectId, userPrincipalName, displayName } = person
  const visitor = newVisitor(origin)
  const gotIn = await visitor.withEntra(userPrincipalName)
  await visitor.startClient()
  const before = [await visitor.inBrowser(), await visitor.inClient()]

  change({ kind: 'block', id: objectId })
  const { items } = await sync(admin, 'changes')
  const userId = await userIdOf(folder, person)
  const after = [await visitor.inBrowser(), await visitor.inClient()]
  const renewed = await visitor.renew()
  // The token of Entra may be older than the block.
  const again = await newVisitor(origin).withEntra(userPrincipalName)
  const why = await admin.get<Why>(`/users/${userId}/why`)
  const receipt = await receiptOf(folder, why)
  const { items: sessions } = await admin.get<{ items: unknown[] }>(`/users/${userId}/sessions`)
  return checkedLine(
    `Left: ${displayName}, who was signed in in a browser and in the desktop client, is blocked in Entra. After the sync both are refused, the client gets no new tokens, Entrance lets nobody in as ${displayName}, and the event says that ${String(receipt[2])} sessions ended.`,
    [
      ['sign-in before', gotIn, IN],
      ['browser and client before', before, [200, 200]],
      ['what was done', doneOf(items), [[objectId, 'deactivate', 'done']]],
      ['browser and client after', after, OUT],
      ['new tokens', renewed, INVALID_GRANT],
      ['sign-in after', again, FORBIDDEN],
      ['whether active', why.active.now, false],
      ['the event', receipt, ['user.deactivated', userId, 2]],
      ['sessions left', sessions, []],
    ],
  )
}
