import { expect, onTestFinished, test } from 'vitest'
import type { Event } from '../../src/directory/event.ts'
import type { Plan } from '../../src/directory/plan.ts'
import type { Directory } from '../../src/directory/store.ts'
import type { User } from '../../src/directory/user.ts'
import { databaseFolder } from '../support/database.ts'
import { until } from './administrator.ts'
import { isFinished, withDirectory } from './entrance-import.ts'
import { openImportOffice } from './import-office.ts'
import { loadLinked, personOf } from './linked-users.ts'
import { makeTenant } from './make-tenant.ts'
import { type EntraUser, recycle, type Tenant } from './tenant.ts'

const made = makeTenant({ seed: 12, users: 1_100, groups: 0 })
const isThere = ({ accountEnabled, purged, softDeleted }: EntraUser) =>
  accountEnabled && !purged && !softDeleted
const present = [...made.users.values()].filter(isThere)

/** What happens at Entra: few leave, so that nothing is held, some stay as they are, and the others get another name. */
function changeOf(user: EntraUser, index: number): EntraUser {
  if (index % 50 === 0) return { ...user, accountEnabled: false }
  if (index % 50 === 1) return { ...user, purged: true }
  if (index % 50 === 2) return recycle(user)
  return index % 5 === 3 ? user : { ...user, displayName: `${user.displayName} ${index}` }
}

const changed = present.map(changeOf)
const after: Tenant = {
  ...made,
  users: new Map([
    ...made.users,
    ...changed.map((user): [string, EntraUser] => [user.objectId, user]),
  ]),
  version: 1,
}
async function allEvents({ events }: Directory): Promise<Event[]> {
  const all: Event[] = []
  for (;;) {
    const page = await events.list(all.at(-1)?.sequence ?? 0, 1_000)
    if (page.length === 0) return all
    all.push(...page)
  }
}

/** All linked users by object id, and what sync has done to them. */
function readUsers(folder: string) {
  return withDirectory(folder, async (directory) => {
    const { items } = await directory.users.query({ startIndex: 1, count: 10_000 })
    const linked = items.flatMap((user): [string, User][] =>
      user.link ? [[user.link.objectId, user]] : [],
    )
    const events = (await allEvents(directory)).filter(({ actor }) => actor === 'schedule')
    return { linked: new Map(linked), events }
  })
}

test('a server killed in the middle of a sync that runs by itself does every change once', async () => {
  const folder = databaseFolder()
  let tenant = made
  const office = await openImportOffice(folder, () => tenant)
  onTestFinished(office.close)
  const { admin } = office
  await loadLinked(folder, present.map(personOf))
  const before = (await readUsers(folder)).linked
  expect(before.size).toBe(present.length)

  const syncs = async () => (await admin.get<{ items: readonly Plan[] }>('/syncs')).items
  tenant = after
  await admin.post('/sync-settings', { fields: [], provisioned: 'left', every: 10_080 })
  // It looks what is due when it starts.
  await office.kill()
  await office.start()
  const [begun] = await until(syncs, ([plan]) => (plan?.states.done ?? 0) > present.length / 4, 5)
  await office.kill()
  const atKill = await withDirectory(folder, ({ plans }) => plans.read(String(begun?.id)))
  expect(atKill).toMatchObject({ state: 'running', held: false, actor: 'schedule' })
  expect(atKill?.states.planned).toBeGreaterThan(0)

  await office.start()
  const [finished, ...others] = await until(syncs, (plans) => plans.every(isFinished))
  expect(others).toEqual([])
  const unlike = changed.filter((user, index) => user !== present[index])
  const nothing = { planned: 0, changed: 0, failed: 0 }
  expect(finished?.states).toEqual({ ...nothing, done: unlike.length })
  await office.server().stop()

  const { linked, events } = await readUsers(folder)
  const named = (action: string) =>
    events.filter((event) => event.action === action).map(({ resourceId }) => resourceId)
  const idsOf = (users: readonly EntraUser[]) =>
    users.flatMap(({ objectId }) => linked.get(objectId)?.id ?? []).toSorted()
  expect(named('user.deactivated').toSorted()).toEqual(idsOf(unlike.filter((u) => !isThere(u))))
  expect(named('user.updated').toSorted()).toEqual(idsOf(unlike.filter(isThere)))
  expect(events).toHaveLength(unlike.length + 3)
  for (const action of ['plan.created', 'plan.started', 'plan.finished']) {
    expect(named(action)).toEqual([begun?.id])
  }

  const untouched = present.filter(
    (user) => !unlike.some((each) => each.objectId === user.objectId),
  )
  expect(untouched.length).toBeGreaterThan(0)
  for (const { objectId } of untouched) {
    expect(linked.get(objectId)).toEqual(before.get(objectId))
  }
  for (const user of unlike) {
    const { attributes, version } = linked.get(user.objectId) ?? {}
    const { userName } = before.get(user.objectId)?.attributes ?? {}
    const displayName = isThere(user) ? { displayName: user.displayName } : {}
    expect(attributes).toMatchObject({ userName, active: isThere(user), ...displayName })
    expect(version).toBe(2)
  }
}, 60_000)
