import { onTestFinished } from 'vitest'
import { startSyncScheduler, type SyncScheduler } from '../../src/admin/scheduler.ts'
import type { EntraDirectories } from '../../src/directory/connection.ts'
import type { EntraUser } from '../../src/directory/entra-directory.ts'
import { newId } from '../../src/directory/id.ts'
import type { Plan, PlanItem } from '../../src/directory/plan.ts'
import type { Store } from '../../src/directory/store.ts'
import { createLog } from '../../src/log.ts'
import { cause } from './app.ts'
import { entraPerson } from './entra-directory.ts'
import { byId, carriedOut, newScene, planned, userOf, type Scene } from './imports.ts'

export const MINUTE = 60_000
export const DAY = 24 * 60 * MINUTE

export const ada = entraPerson(1, 'ada', {
  displayName: 'Ada Byron',
  givenName: 'Ada',
  surname: 'Byron',
  mobilePhone: '+44 1',
})
/** What Entra has of Ada later. */
export const married: EntraUser = {
  ...ada,
  userPrincipalName: 'ada.lovelace@contoso.example',
  mail: 'ada.lovelace@contoso.example',
  displayName: 'Ada Lovelace',
  surname: 'Lovelace',
  mobilePhone: '+44 2',
}

/** These people have been imported. */
export async function sceneWith(...people: readonly EntraUser[]): Promise<Scene> {
  const scene = await newScene()
  scene.entra.people = people
  await carriedOut(scene, (await planned(scene, byId(...people))).plan)
  return scene
}

/** Entra has this of these people from now on, and names them as changed. */
export function changeAtEntra({ entra }: Scene, ...people: readonly EntraUser[]): void {
  const others = entra.people.filter(({ id }) => people.every((person) => person.id !== id))
  entra.people = [...others, ...people]
  entra.changed(...people.map(({ id }) => id))
}

/** Entra has these people no more, and names them as removed. */
export function removeAtEntra({ entra }: Scene, ...people: readonly EntraUser[]): void {
  entra.people = entra.people.filter(({ id }) => people.every((person) => person.id !== id))
  entra.changed(...people.map(({ id }) => id))
}

export async function planSync({ api }: Scene, body: object = {}): Promise<Plan> {
  const answer = await api.post('/syncs', body)
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body as unknown as Plan
}

export async function syncOf({ api }: Scene, { id }: { readonly id: string }): Promise<Plan> {
  return (await api.get(`/syncs/${id}`)).body as unknown as Plan
}

/** All syncs, newest first, also when the session of the administrator is over by now. */
export function syncsOf({ app }: Scene): Promise<Plan[]> {
  return app.directory.plans.list('sync')
}

export async function run(scene: Scene, plan: Plan): Promise<Plan> {
  const { status, text } = await scene.api.post(`/syncs/${plan.id}/start`)
  if (status !== 200) throw new Error(text)
  await scene.runner.tick()
  return syncOf(scene, plan)
}

export async function syncItemsOf({ api }: Scene, { id }: Plan): Promise<PlanItem[]> {
  return (await api.get(`/syncs/${id}/items?limit=200`)).body['items'] as PlanItem[]
}

/** Syncs everybody, or as the body says; what became of the plan, and of the first person in it. */
export async function synced(scene: Scene, body: object = {}) {
  const plan = await run(scene, await planSync(scene, body))
  const [item] = await syncItemsOf(scene, plan)
  return { plan, item }
}

export async function isActive(scene: Scene, person: EntraUser): Promise<unknown> {
  return (await userOf(scene, person))?.attributes['active']
}

export async function nameOf(scene: Scene, person: EntraUser): Promise<unknown> {
  return (await userOf(scene, person))?.attributes['displayName']
}

/** Changes one attribute of the user who is a person, as somebody in the console would. */
export async function changeHere(
  scene: Scene,
  person: EntraUser,
  attributes: Readonly<Record<string, boolean | string>>,
): Promise<void> {
  const user = await userOf(scene, person)
  const { users } = scene.app.directory
  await users.update(String(user?.id), undefined, (now) => ({ ...now, ...attributes }), cause)
}

/** A scheduler as a server has one; a run that it starts is carried out by the runner of the scene. */
export function schedulerOn(
  scene: Scene,
  other: {
    readonly store?: Store
    readonly connections?: EntraDirectories
    readonly runner?: { wake(): void }
  } = {},
): SyncScheduler {
  const { app, entra, logged } = scene
  const of = async (organisation: string) => (organisation === 'default' ? entra : undefined)
  const log = createLog({ level: 'debug', write: (line) => logged.push(JSON.parse(line)) })
  const { store = app.store, connections = { of }, runner = scene.runner } = other
  const scheduler = startSyncScheduler({
    store,
    connections,
    runner,
    log,
    now: app.clock.now,
    newId,
  })
  onTestFinished(() => scheduler.stop())
  return scheduler
}

/** Minutes between two runs that begin by themselves. */
export const EVERY = 15

export interface StateOfSync {
  readonly every?: number
  readonly due?: string
  readonly lastRun?: string
  readonly outcome?: 'nothing' | 'plan' | 'problem'
  readonly problem?: string
  readonly compared?: string
  readonly plan?: Plan
  readonly held: boolean
}

export async function stateOf({ api }: Scene): Promise<StateOfSync> {
  return (await api.get('/sync-state')).body as unknown as StateOfSync
}

export async function setSync({ api }: Scene, more: object = { every: EVERY }): Promise<void> {
  const { status, text } = await api.post('/sync-settings', {
    fields: [],
    provisioned: 'left',
    ...more,
  })
  if (status !== 200) throw new Error(text)
}

/** A scene whose sync runs by itself, with a first run behind it; `turn` lets the next one come, and carries it out. */
export async function scheduled(...people: readonly EntraUser[]) {
  const scene = await sceneWith(...people)
  await setSync(scene)
  const scheduler = schedulerOn(scene)

  async function tick(): Promise<void> {
    await scheduler.tick()
    await scene.runner.tick()
  }
  async function turn(): Promise<void> {
    scene.app.clock.pass(EVERY * MINUTE)
    await tick()
  }
  await tick()
  return { scene, scheduler, tick, turn }
}

/** The time so many minutes from now. */
export function inMinutes({ app }: Scene, minutes: number): string {
  return new Date(app.clock.now().getTime() + minutes * MINUTE).toISOString()
}
