import { expect, onTestFinished, test } from 'vitest'
import type { Event } from '../../src/directory/event.ts'
import type { QueuedMail } from '../../src/directory/outbox.ts'
import type { Directory } from '../../src/directory/store.ts'
import { databaseFolder } from '../support/database.ts'
import { until } from './administrator.ts'
import { DEMO_TENANT } from './demo-sign-in.ts'
import { isFinished, planImport, whenImport, withDirectory } from './entrance-import.ts'
import { type ImportOffice, openImportOffice } from './import-office.ts'
import { makeTenant } from './make-tenant.ts'
import type { Tenant } from './tenant.ts'

const made = makeTenant({ seed: 11, users: 400, groups: 0 })
// A third of the mails is enough to be killed in the middle of them.
const everybody = [...made.users.values()].map((user, index) =>
  index % 3 === 0 ? user : { ...user, mail: null },
)
const tenant: Tenant = {
  ...made,
  users: new Map(everybody.map((user) => [user.objectId, user] as const)),
}
const present = everybody.filter(({ softDeleted }) => !softDeleted)
const invited = present.filter(({ mail, accountEnabled }) => mail !== null && accountEnabled)

const addresses = invited.flatMap(({ mail }) => mail ?? [])

/** The values that stand there more than once. */
function repeated(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index)
}

async function allMails({ admin }: ImportOffice): Promise<QueuedMail[]> {
  const mails: QueuedMail[] = []
  let before = ''
  for (;;) {
    type Page = { readonly items: readonly QueuedMail[]; readonly next?: string }
    const { items, next } = await admin.get<Page>(`/mails?limit=200${before}`)
    mails.push(...items)
    if (next === undefined) return mails
    before = `&before=${next}`
  }
}

async function allEvents({ events }: Directory): Promise<Event[]> {
  const all: Event[] = []
  for (;;) {
    const page = await events.list(all.at(-1)?.sequence ?? 0, 1_000)
    if (page.length === 0) return all
    all.push(...page)
  }
}

/** The mails of which nobody knows whether they arrived, once Entrance has ended. */
function mailsInHand(folder: string): Promise<string[]> {
  return withDirectory(folder, async ({ outbox }) => {
    const mails = await outbox.list({ state: 'sending', limit: 200 })
    return mails.map(({ id }) => id)
  })
}

/** What is kept of the people, and of what was done to them. */
function readPeople(folder: string, group: string) {
  return withDirectory(folder, async (directory) => {
    const { items } = await directory.users.query({ startIndex: 1, count: 10_000 })
    const events = await allEvents(directory)
    const read = await directory.groups.read(group, true)
    const of = (action: string) =>
      events.filter((event) => event.action === action).map(({ resourceId }) => resourceId)
    return {
      everyId: items.map(({ id }) => id),
      imported: items.filter(({ origin }) => origin === 'import'),
      created: of('user.created'),
      queued: of('mail.queued'),
      finished: of('plan.finished'),
      members: (read?.members ?? []).map(({ value }) => value),
    }
  })
}

test('a server killed in the middle of an import, and again in the middle of its mails, does everything once', async () => {
  const folder = databaseFolder()
  const mailsHalfway = Promise.withResolvers<void>()
  const killedAgain = Promise.withResolvers<void>()
  let arriving = 0
  const office = await openImportOffice(folder, () => tenant, {
    // From the middle on, mails are taken only when who hands them over is gone.
    arrived: async () => {
      arriving += 1
      if (arriving <= invited.length / 2) return
      mailsHalfway.resolve()
      await killedAgain.promise
    },
  })
  onTestFinished(office.close)
  const { admin, graph, group, mailbox } = office

  graph.failNext(2, 429, 1)
  const options = { groups: [group], role: 'PM', invite: { when: 'now' } } as const
  const ids = everybody.map(({ objectId }) => objectId)
  const { plan, notFound } = await planImport(admin, ids, options)
  expect(graph.requests.throttled).toBe(2)
  expect(plan.actions).toMatchObject({ create: present.length, conflict: 0 })
  expect(notFound).toHaveLength(everybody.length - present.length)

  await admin.post(`/imports/${plan.id}/start`)
  await whenImport(admin, plan, ({ states }) => states.done > present.length / 2, 5)
  await office.kill()
  const atKill = await withDirectory(folder, ({ plans }) => plans.read(plan.id))
  expect(atKill?.states.planned).toBeGreaterThan(0)

  await office.start()
  const finished = await whenImport(admin, plan, isFinished)
  const nothing = { planned: 0, changed: 0, failed: 0 }
  expect(finished.states).toEqual({ ...nothing, done: present.length })

  await mailsHalfway.promise
  await office.kill()
  killedAgain.resolve()
  const inDoubt = await mailsInHand(folder)
  expect(inDoubt.length).toBeGreaterThan(0)
  await office.start()
  const isSettled = ({ id, state }: QueuedMail) => state === 'sent' || inDoubt.includes(id)
  const mails = await until(
    () => allMails(office),
    (all) => all.every(isSettled),
    100,
  )
  await office.server().stop()
  expect(mails.map(({ to }) => to).toSorted()).toEqual(addresses.toSorted())
  expect(await mailsInHand(folder)).toEqual(inDoubt)
  const reached = mailbox.mails.flatMap(({ to }) => to)
  expect(repeated(reached)).toEqual([])
  const sent = mails.filter(({ state }) => state === 'sent')
  expect(sent.filter(({ to }) => !reached.includes(to))).toEqual([])

  const kept = await readPeople(folder, group)
  const { everyId, imported, created, queued, members } = kept
  const linked = imported.map(({ link }) => String(link?.objectId))
  const people = present.map(({ objectId }) => objectId)
  expect(linked.toSorted()).toEqual(people.toSorted())
  expect(imported.every(({ link }) => link?.tenantId === DEMO_TENANT)).toBe(true)
  expect(imported.flatMap(({ attributes }) => attributes['roles'])).toEqual(
    imported.map(() => ({ value: 'PM' })),
  )
  const userIds = imported.map(({ id }) => id)
  // The administrator too.
  expect(everyId).toHaveLength(present.length + 1)
  expect(created.toSorted()).toEqual(everyId.toSorted())
  expect(members.toSorted()).toEqual(userIds.toSorted())
  expect(repeated(queued)).toEqual([])
  expect(queued).toHaveLength(invited.length)
  expect(kept.finished).toEqual([plan.id])
}, 60_000)
