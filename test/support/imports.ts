import Database from 'better-sqlite3'
import { expect, inject, onTestFinished } from 'vitest'
import { startPlanRunner } from '../../src/admin/runner.ts'
import type { Worker } from '../../src/admin/worker.ts'
import { newId } from '../../src/directory/id.ts'
import type { MailDesk } from '../../src/directory/mail-desk.ts'
import type { ImportOptions, Plan, PlanItem } from '../../src/directory/plan.ts'
import type { Store } from '../../src/directory/store.ts'
import { createLog } from '../../src/log.ts'
import { newAdmin, type AdminApi } from './admin.ts'
import { cause, testApp, type TestApp } from './app.ts'
import { entraPerson, testEntraDirectory, type TestEntraDirectory } from './entra-directory.ts'
import { TENANT } from './microsoft.ts'

export const ada = entraPerson(1, 'ada', {
  givenName: 'Ada',
  surname: 'Lovelace',
  department: 'Sales',
})
export const grace = entraPerson(2, 'grace')
export const linus = entraPerson(3, 'linus', { enabled: false })
export const many = Array.from({ length: 7 }, (_, index) =>
  entraPerson(10 + index, `person-${index}`),
)

export interface Scene {
  readonly app: TestApp
  readonly entra: TestEntraDirectory
  readonly api: AdminApi
  /** A group whose members are chosen here. */
  readonly group: string
  readonly runner: Worker
  readonly logged: Record<string, unknown>[]
}

export function runnerOn(
  store: Store,
  logged: Record<string, unknown>[] = [],
  mails: Pick<MailDesk, 'wake'> = { wake() {} },
): Worker {
  const log = createLog({ level: 'debug', write: (line) => logged.push(JSON.parse(line)) })
  const runner = startPlanRunner({ store, mails, log, newId })
  onTestFinished(() => runner.stop())
  return runner
}

/** An installation that is connected to a tenant, with a mail server where its URL is given. */
export async function newScene(options: { readonly smtpUrl?: string } = {}): Promise<Scene> {
  const entra = testEntraDirectory(
    [ada, grace, linus, ...many],
    [
      {
        id: 'f0000000-0000-4000-8000-000000000001',
        displayName: 'Everybody',
        members: many.map(({ id }) => id),
      },
    ],
  )
  const app = await testApp({ ...options, entraDirectory: entra })
  const api = await newAdmin(app)
  const { id } = await app.directory.groups.create(
    {
      attributes: { displayName: 'Designers' },
      members: { kind: 'set', members: [] },
      origin: 'local',
    },
    cause,
  )
  const logged: Record<string, unknown>[] = []
  return { app, entra, api, group: id, runner: runnerOn(app.store, logged, app.mails), logged }
}

export interface Chosen {
  readonly plan: Plan
  readonly notFound: readonly string[]
  readonly ambiguous: readonly string[]
}

export async function planned(
  { api, group }: Scene,
  people: object,
  options: Partial<ImportOptions> & { readonly links?: object; readonly persons?: object } = {},
): Promise<Chosen> {
  const { status, text, body } = await api.post('/imports', {
    people,
    options: {
      groups: [group],
      role: 'Designer',
      invite: { when: 'never' },
      links: {},
      ...options,
    },
  })
  if (status !== 201) throw new Error(text)
  return body as unknown as Chosen
}

export const byId = (...people: readonly { id: string }[]) => ({ ids: people.map(({ id }) => id) })

export async function itemsOf({ api }: Scene, { id }: Plan): Promise<PlanItem[]> {
  const { body } = await api.get(`/imports/${id}/items?limit=200`)
  return body['items'] as PlanItem[]
}

export async function planOf({ api }: Scene, { id }: Plan): Promise<Plan> {
  return (await api.get(`/imports/${id}`)).body as unknown as Plan
}

export async function start({ api }: Pick<Scene, 'api'>, { id }: Plan): Promise<void> {
  const { status, text } = await api.post(`/imports/${id}/start`)
  if (status !== 200) throw new Error(text)
}

export async function carriedOut(scene: Scene, plan: Plan): Promise<Plan> {
  await start(scene, plan)
  await scene.runner.tick()
  return planOf(scene, plan)
}

export async function userOf({ app }: Scene, { id }: { readonly id: string }) {
  return app.directory.users.linked({ tenantId: TENANT, objectId: id })
}

export async function eventsOf({ app }: Scene, action: string): Promise<string[]> {
  const all = await app.directory.events.list(0, 10_000)
  return all.filter((event) => event.action === action).map(({ resourceId }) => resourceId)
}

export async function createdOnce(scene: Scene, people: readonly { id: string }[]): Promise<void> {
  const users = await Promise.all(people.map((person) => userOf(scene, person)))
  const created = await eventsOf(scene, 'user.created')
  for (const user of users) expect(created.filter((id) => id === user?.id)).toHaveLength(1)
  const known = new Set(['admin'])
  const { items } = await scene.app.directory.users.query({ startIndex: 1, count: 100 })
  const imported = items.filter(({ attributes }) => !known.has(String(attributes['userName'])))
  expect(imported).toHaveLength(people.length)
}

/** Makes the database refuse a user of this name as it would something that nobody thought of; undone by the answer. */
export async function breakAt(
  { app }: Scene,
  userName: string,
  at: 'INSERT' | 'UPDATE' = 'INSERT',
): Promise<() => Promise<void>> {
  const { url } = app.database
  if (inject('engine') === 'sqlite') {
    const run = (sql: string) => {
      const file = new Database(url.slice('file:'.length))
      file.exec(sql)
      file.close()
    }
    run(`CREATE TRIGGER nobody BEFORE ${at} ON users WHEN NEW.user_name_key = '${userName}'
      BEGIN SELECT RAISE(ABORT, 'nobody'); END`)
    return async () => run('DROP TRIGGER nobody')
  }
  const alter = (sql: string) => app.database.value(`ALTER TABLE users ${sql}`)
  await alter(`ADD CONSTRAINT nobody CHECK (user_name_key <> '${userName}')`)
  const mend = async () => void (await alter('DROP CONSTRAINT IF EXISTS nobody'))
  onTestFinished(mend)
  return mend
}
