import type { Event } from '../../src/directory/event.ts'
import { newAdmin, type AdminApi } from './admin.ts'
import { newStaff, switchOff, type Staff } from './brake.ts'

export interface Scene extends Staff {
  readonly api: AdminApi
  /** Those who are held, by id. */
  readonly held: readonly string[]
}

/** So many people of whom two are off and the others are held. */
export async function newScene(count = 6, options = {}): Promise<Scene> {
  const staff = await newStaff(count, { users: 2, percent: 0 }, options)
  await switchOff(staff.scim, staff.ids)
  return { ...staff, api: await newAdmin(staff.app), held: staff.ids.slice(2) }
}

export async function release({ api }: Pick<Scene, 'api'>, body: object = {}): Promise<unknown> {
  return (await api.post('/held/release', body)).body['released']
}

export async function discard({ api }: Pick<Scene, 'api'>, body: object = {}): Promise<unknown> {
  return (await api.post('/held/discard', body)).body['discarded']
}

/** What is held, and how the brake stands. */
export async function heldOf({ api }: Pick<Scene, 'api'>, query = '') {
  const { status, body, text } = await api.get(`/held${query}`)
  if (status !== 200) throw new Error(text)
  return {
    ids: (body['items'] as { id: string }[]).map(({ id }) => id),
    items: body['items'] as Record<string, unknown>[],
    next: body['next'],
    at: String(body['at']),
    brake: body['brake'],
  }
}

/** The events of users that are not about how they came, without what the sessions say. */
export async function eventsOf({ app }: Pick<Scene, 'app'>, action: string): Promise<Event[]> {
  const all = await app.directory.events.list(0, 10_000)
  return all.filter((event) => event.action === action)
}

/** What is in force of somebody who is off. */
export const nobody = { active: 0, signedIn: 0, held: 0, gone: 0 }
