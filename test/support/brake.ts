import { onTestFinished } from 'vitest'
import { startReleases } from '../../src/admin/releases.ts'
import type { Worker } from '../../src/admin/worker.ts'
import type { BrakeSettings } from '../../src/directory/settings.ts'
import type { Store } from '../../src/directory/store.ts'
import { isActive } from '../../src/directory/user.ts'
import { createLog } from '../../src/log.ts'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { cause, testApp, type TestApp } from './app.ts'
import { newBrowserSession } from './programs.ts'
import { newUser } from './resources.ts'
import type { ScimAnswer, ScimClient } from './scim-client.ts'

export const off: JsonObject = { op: 'replace', path: 'active', value: false }
export const on: JsonObject = { op: 'replace', path: 'active', value: true }

export const nameOf = (index: number) => `person-${index}@contoso.example`
/** The object id of a person at Entra. */
export const objectIdOf = (index: number) =>
  `aaaaaaaa-0000-4000-8000-${String(index).padStart(12, '0')}`

/** A person as the provisioning client sends it. */
export const person = (index: number): JsonObject => ({ externalId: objectIdOf(index) })

/** So many people whom the provisioning client has made, each signed in; their ids. */
export async function hire(
  { directory }: TestApp,
  scim: ScimClient,
  count: number,
  first = 0,
): Promise<string[]> {
  const ids: string[] = []
  for (let index = first; index < first + count; index += 1) {
    const { id } = await newUser(scim, nameOf(index), person(index))
    await newBrowserSession(directory, id)
    ids.push(id)
  }
  return ids
}

export interface Staff {
  readonly app: TestApp
  readonly scim: ScimClient
  readonly ids: readonly string[]
}

/** An organisation with so many people, and a brake. */
export async function newStaff(
  count: number,
  brake?: Partial<BrakeSettings>,
  options?: Parameters<typeof testApp>[0],
): Promise<Staff> {
  const app = await testApp(options)
  if (brake) await setBrake(app, brake)
  return { app, scim: app.scim, ids: await hire(app, app.scim, count) }
}

export function setBrake({ directory }: TestApp, brake: Partial<BrakeSettings>): Promise<void> {
  return directory.settings.change(
    'brake',
    { users: 10, percent: 10, minutes: 60, ...brake },
    cause,
  )
}

/** What is in force of these users: who is active, who is signed in, and of whom something is held. */
export async function inForce({ directory }: TestApp, ids: readonly string[]) {
  const found = { active: 0, signedIn: 0, held: 0, gone: 0 }
  for (const id of ids) {
    const user = await directory.users.read(id)
    if (!user) found.gone += 1
    if (user && isActive(user.attributes)) found.active += 1
    if (user?.held) found.held += 1
    if ((await directory.sessions.list(id)).length > 0) found.signedIn += 1
  }
  return found
}

/** Switches them off one after the other; fails the test when one is not answered as it should be. */
export async function switchOff(scim: ScimClient, ids: readonly string[]): Promise<ScimAnswer[]> {
  const answers: ScimAnswer[] = []
  for (const id of ids) {
    const answer = await scim.operate(`/Users/${id}`, off)
    if (answer.status !== 200 || answer.body['active'] !== false) throw new Error(answer.text)
    answers.push(answer)
  }
  return answers
}

/** Who carries out what is released, on a store. */
export function releasesOn(store: Store, logged: Record<string, unknown>[] = []): Worker {
  const log = createLog({ level: 'debug', write: (line) => logged.push(JSON.parse(line)) })
  const releases = startReleases({ store, log })
  onTestFinished(() => releases.stop())
  return releases
}

/** People of whom the second is held, and by what was done to the first nobody else is. */
export async function heldOne(
  by: 'deactivate' | 'delete' = 'deactivate',
  options: Parameters<typeof testApp>[0] = {},
) {
  const staff = await newStaff(3, { users: 1, percent: 0 }, options)
  const [first = '', id = '', other = ''] = staff.ids
  await switchOff(staff.scim, [first])
  const answer =
    by === 'delete'
      ? await staff.scim.delete(`/Users/${id}`)
      : await staff.scim.operate(`/Users/${id}`, off)
  const user = () => staff.app.directory.users.read(id)
  const seen = () => staff.scim.get(`/Users/${id}`)
  return { ...staff, id, other, answer, user, seen, path: `/Users/${id}` }
}

/** What was done to a user, in order. */
export async function actionsOn({ app }: Pick<Staff, 'app'>, id: string): Promise<string[]> {
  const events = await app.directory.events.list(0, 10_000)
  return events.flatMap(({ action, resourceId }) =>
    resourceId === id && action.startsWith('user.') ? [action] : [],
  )
}
