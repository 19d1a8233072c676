import { z } from 'zod'
import { isOn, isReleased, wants, type BrakeState, type HeldUser } from '../directory/held.ts'
import { displayName, userName } from '../directory/user.ts'
import { id, numberIn } from './input.ts'
import { route, type Route } from './route.ts'
import { brake, brakeSettings } from './schemas.ts'

const LARGEST_PAGE = 200
const MOST_CHOSEN = 1_000

const count = z.int().nonnegative()

const heldUser = z.strictObject({
  id: z.string().meta({ description: 'The user.' }),
  userName: z.string(),
  displayName: z.string(),
  wants: z.enum(['deactivate', 'delete']),
  state: z
    .enum(['waiting', 'released'])
    .meta({ description: 'Whether an administrator has released it, and it is about to be done.' }),
  since: z.iso.datetime(),
  actor: z.string().meta({ description: 'Who asked for it.' }),
})

const selection = z.strictObject({
  users: z
    .array(id)
    .min(1)
    .max(MOST_CHOSEN)
    .exactOptional()
    .meta({ description: 'Ids of users; without it everybody who is held.' }),
  until: z.iso.datetime().exactOptional().meta({
    description: 'The `at` of the list that was looked at: who was held since is left alone.',
  }),
})

const page = z.strictObject({
  after: id.exactOptional().meta({ description: 'The `next` of the part before.' }),
  limit: numberIn(z.int().min(1).max(LARGEST_PAGE).default(50)),
})

function shownUser({ user, hold, since, actor }: HeldUser) {
  return {
    id: user.id,
    userName: userName(user.attributes),
    displayName: displayName(user.attributes),
    wants: wants(hold),
    state: isReleased(hold) ? ('released' as const) : ('waiting' as const),
    since,
    actor,
  }
}

function shownBrake({ settings: set, ...state }: BrakeState) {
  return { ...set, on: isOn(set), ...state }
}

export const listHeld = route({
  method: 'GET',
  path: '/held',
  operation: 'listHeld',
  summary: 'Users whom provisioning wants switched off or deleted, and whom the brake holds',
  query: page,
  status: 200,
  answer: z.strictObject({
    items: z.array(heldUser),
    next: z.string().optional(),
    at: z.iso.datetime(),
    brake,
  }),
  async handle({ directory, now }, { query: { after = '', limit } }) {
    const at = now().toISOString()
    // One more tells whether there are more.
    const found = await directory.holds.list(after, limit + 1)
    const items = found.slice(0, limit).map(shownUser)
    const last = items.at(-1)
    return {
      items,
      ...(found.length > items.length && last ? { next: last.id } : {}),
      at,
      brake: shownBrake(await directory.holds.state()),
    }
  },
})

export const releaseHeld = route({
  method: 'POST',
  path: '/held/release',
  operation: 'releaseHeld',
  summary: 'Says that it is right: those who are held are switched off or deleted',
  body: selection,
  status: 200,
  answer: z.strictObject({ released: count }),
  async handle({ directory, cause, runner }, { body }) {
    const released = await directory.holds.release(body, cause)
    runner.wake()
    return { released }
  },
})

export const discardHeld = route({
  method: 'POST',
  path: '/held/discard',
  operation: 'discardHeld',
  summary: 'Says that it is wrong: those who are held, and those released but not done, stay',
  body: selection,
  status: 200,
  answer: z.strictObject({ discarded: count }),
  handle: async ({ directory, cause }, { body }) => ({
    discarded: await directory.holds.discard(body, cause),
  }),
})

export const readBrake = route({
  method: 'GET',
  path: '/brake',
  operation: 'readBrake',
  summary: 'When provisioning is held, and how near it is to that',
  status: 200,
  answer: brake,
  handle: async ({ directory }) => shownBrake(await directory.holds.state()),
})

export const changeBrake = route({
  method: 'POST',
  path: '/brake',
  operation: 'changeBrake',
  summary: 'Says when provisioning is held; who is held already stays so',
  body: brakeSettings,
  status: 200,
  answer: brake,
  async handle({ directory, cause }, { body }) {
    await directory.settings.change('brake', body, cause)
    return shownBrake(await directory.holds.state())
  },
})

/** Departures that the provisioning client was told are done, and that wait for an administrator. */
export const heldRoutes: readonly Route[] = [
  listHeld,
  releaseHeld,
  discardHeld,
  readBrake,
  changeBrake,
]
