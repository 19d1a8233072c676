import { expect, onTestFinished, test } from 'vitest'
import type { BrakeState } from '../../src/directory/held.ts'
import { hashSecret, newTokenSecret } from '../../src/directory/token.ts'
import { isActive as mayIn } from '../../src/directory/user.ts'
import { cause } from '../support/app.ts'
import { databaseFolder } from '../support/database.ts'
import { setUpAdministrator, until } from './administrator.ts'
import { withDirectory } from './entrance-import.ts'
import { freePort, startEntrance } from './entrance-process.ts'
import { makeTenant } from './make-tenant.ts'
import { makeProvisioner } from './provisioner.ts'
import { makeScimClient } from './scim-client.ts'
import { applyChanges, type Change, isActive, type Tenant } from './tenant.ts'
import { httpTransport } from './transport.ts'
import { compareWithTruth } from './truth.ts'

type Brake = Pick<BrakeState, 'limit' | 'departed' | 'waiting' | 'released'>

const PARALLEL = 8
const FAR = '2099-01-01T00:00:00.000Z'

/** Everybody whom provisioning made, signed in. */
function signEverybodyIn(folder: string): Promise<void> {
  return withDirectory(folder, async ({ users, sessions }) => {
    const { items } = await users.query({ startIndex: 1, count: 1_000 })
    for (const { id: userId, origin, attributes } of items) {
      if (origin !== 'scim' || !mayIn(attributes)) continue
      const hash = hashSecret(newTokenSecret())
      const session = { userId, hash, kind: 'browser', method: 'entra', expires: FAR } as const
      await sessions.open(session, cause)
    }
  })
}

/** How many of these accounts of Entra are active, and how many are signed in. */
function inForce(folder: string, objectIds: ReadonlySet<string>) {
  return withDirectory(folder, async ({ users, sessions }) => {
    const { items } = await users.query({ startIndex: 1, count: 1_000 })
    const found = { active: 0, signedIn: 0 }
    for (const { id, attributes } of items) {
      if (!objectIds.has(String(attributes['externalId']))) continue
      if (mayIn(attributes)) found.active += 1
      if ((await sessions.list(id)).length > 0) found.signedIn += 1
    }
    return found
  })
}

test('a third of a tenant unassigned by mistake stays, and once it is meant goes, through a crash', async () => {
  const folder = databaseFolder()
  const settings = {
    folder,
    token: 'a-token-of-more-than-thirty-two-characters',
    port: await freePort(),
  }
  let server = await startEntrance(settings)
  onTestFinished(() => server.stop('SIGKILL'))
  const admin = await setUpAdministrator(server)
  const transport = httpTransport({ parallel: PARALLEL, timeout: 10_000 })
  const client = makeScimClient({ base: server.base, token: settings.token, transport })
  let tenant: Tenant = makeTenant({ seed: 3, users: 200, groups: 0 })
  const provisioner = makeProvisioner({ client, tenant: () => tenant, parallel: PARALLEL })
  const follow = async (changes: readonly Change[]) => {
    tenant = applyChanges(tenant, changes)
    const report = await provisioner.incrementalCycle(changes)
    expect(report).toMatchObject({ outcome: 'done', failures: [] })
    expect(await compareWithTruth(client, tenant)).toEqual([])
  }

  await provisioner.initialCycle()
  await signEverybodyIn(folder)
  const people = [...tenant.users.values()].filter(isActive)
  const mistaken = people.slice(0, Math.round(people.length * 0.3))
  const ids = new Set(mistaken.map(({ objectId }) => objectId))
  const limit = Math.floor(people.length / 10)
  const unassign = mistaken.map(({ objectId: id }): Change => ({ kind: 'unassign', id }))
  const assign = mistaken.map(({ objectId: id }): Change => ({ kind: 'assign', id, set: {} }))

  // To Entra all of it is done.
  await follow(unassign)
  const stay = ids.size - limit
  expect(stay).toBeGreaterThan(limit)
  expect(await inForce(folder, ids)).toEqual({ active: stay, signedIn: stay })
  const held = await admin.get<Brake>('/brake')
  expect(held).toMatchObject({ limit, departed: limit, waiting: { deactivate: stay, delete: 0 } })

  // It was a mistake.
  expect(await admin.post('/held/discard')).toEqual({ discarded: stay })
  await follow(assign)
  expect(await inForce(folder, ids)).toEqual({ active: ids.size, signedIn: stay })
  const now = await admin.get<Brake>('/brake')
  expect(now).toMatchObject({ departed: 0, waiting: { deactivate: 0 } })

  // It is meant, and the server crashes over it.
  await follow(unassign)
  expect(await admin.post('/held/release')).toEqual({ released: stay })
  await server.stop('SIGKILL')
  const left = await withDirectory(folder, async ({ holds }) => (await holds.state()).released)
  expect(left).toBeGreaterThan(0)
  server = await startEntrance(settings)
  await until(
    () => admin.get<Brake>('/brake'),
    ({ released }) => released === 0,
  )
  expect(await inForce(folder, ids)).toEqual({ active: 0, signedIn: 0 })
  expect(await compareWithTruth(client, tenant)).toEqual([])
}, 60_000)
