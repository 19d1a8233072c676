import { describe, expect, test } from 'vitest'
import { makeChanges } from './changes.ts'
import type { JobState } from './job.ts'
import { makeTenant } from './make-tenant.ts'
import { makeProvisioner, type ProvisionerOptions } from './provisioner.ts'
import { makeRandom } from './random.ts'
import { makeScimClient } from './scim-client.ts'
import { answer, makeStubServer, scimError, type StubServer } from './stub-server.ts'
import { applyChanges, type Change, isActive, type Tenant } from './tenant.ts'
import { compareWithTruth } from './truth.ts'

const HOUR = 3_600_000

function clientOf(server: StubServer) {
  return makeScimClient({
    base: 'http://stub.example/scim/v2',
    token: 'secret',
    transport: server.transport,
    tries: 3,
    sleep: () => Promise.resolve(),
  })
}

/** A server, a tenant and a service between them. */
function world(options: Partial<ProvisionerOptions> = {}, users = 60) {
  const server = makeStubServer()
  let tenant: Tenant = makeTenant({ seed: 5, users, groups: 6 })
  const settings: ProvisionerOptions = {
    client: clientOf(server),
    tenant: () => tenant,
    ...options,
  }
  const provisioner = makeProvisioner(settings)
  const change = (changes: readonly Change[]) => {
    tenant = applyChanges(tenant, changes)
    return provisioner.incrementalCycle(changes)
  }
  const nextList = (cycle: number) => change(makeChanges(tenant, makeRandom(cycle), cycle))
  const differences = () => compareWithTruth(clientOf(server), tenant, { pageSize: 7 })
  const active = () => [...tenant.users.values()].filter(isActive)
  const writes = () => server.log.filter(({ method }) => method !== 'GET')
  return { server, settings, provisioner, change, nextList, differences, active, writes }
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new Error(`There is no item ${index}.`)
  return item
}

describe.each([
  ['legacy', 'userName'],
  ['legacy', 'externalId'],
  ['legacy', 'email'],
  ['aadOptscim062020', 'userName'],
  ['aadOptscim062020', 'externalId'],
] as const)('in the %s dialect, matching by %s', (dialect, matching) => {
  test('the server comes to equal the tenant, cycle after cycle', async () => {
    const { provisioner, nextList, differences, change } = world({ dialect, matching })
    const initial = await provisioner.initialCycle()
    expect(initial).toMatchObject({ outcome: 'done', failures: [], counts: { created: 60 } })
    expect(await differences()).toStrictEqual([])
    for (const cycle of [1, 2, 3, 4]) {
      await nextList(cycle)
      const retry = await change([])
      expect(retry.failures).toStrictEqual([])
      expect(await differences()).toStrictEqual([])
    }
    expect(provisioner.isSettled()).toBe(true)
  })
})

test('a cycle without changes only looks whether the server is there', async () => {
  const { provisioner, change, server } = world()
  await provisioner.initialCycle()
  server.log.length = 0
  expect(await change([])).toMatchObject({ outcome: 'done', traffic: { requests: 2 } })
})

test('an initial cycle that is run again writes nothing but memberships', async () => {
  const { provisioner, writes, server, differences } = world()
  await provisioner.initialCycle()
  server.log.length = 0
  const { counts } = await provisioner.initialCycle()
  expect(counts).toMatchObject({ created: 0, updated: 0, managers: 0, membersAdded: 0 })
  expect(writes().filter(({ url }) => !url.includes('/Groups/'))).toStrictEqual([])
  expect(await differences()).toStrictEqual([])
})

test('a person who is off and unknown to the server is never created', async () => {
  const { provisioner, server, active } = world()
  const { counts } = await provisioner.initialCycle()
  expect(server.resources.Users.size).toBe(active().length)
  expect(counts.neverCreated).toBeGreaterThan(0)
})

test('a chain of renames fails once and comes right in the next cycle', async () => {
  const { provisioner, change, active, differences } = world({ parallel: 1 })
  await provisioner.initialCycle()
  const [one, two] = [at(active(), 0), at(active(), 1)]
  const report = await change([
    { kind: 'update', id: one.objectId, set: { userPrincipalName: two.userPrincipalName } },
    { kind: 'update', id: two.objectId, set: { userPrincipalName: 'new@contoso.example' } },
  ])
  expect(report.failures).toMatchObject([{ objectId: one.objectId, status: 409, attempts: 1 }])
  expect(provisioner.isSettled()).toBe(false)
  expect(await change([])).toMatchObject({ failures: [], recovered: 1 })
  expect(await differences()).toStrictEqual([])
})

test('an answer that comes too late makes no second account', async () => {
  const { provisioner, change, server, differences, active } = world()
  server.setHook((request) => {
    if (request.method !== 'POST' || !request.url.endsWith('/Users')) return undefined
    server.setHook(null)
    void server.transport(request)
    throw new Error('socket hang up')
  })
  const report = await provisioner.initialCycle()
  expect(report.failures).toMatchObject([{ status: 409 }])
  expect(await change([])).toMatchObject({ failures: [], recovered: 1, counts: { matched: 1 } })
  expect(server.resources.Users.size).toBe(active().length)
  expect(await differences()).toStrictEqual([])
})

test('an account that vanished is made again, with its groups and its reports', async () => {
  const { provisioner, change, server, active, differences } = world()
  await provisioner.initialCycle()
  const lead = at(active(), 0)
  const account = [...server.resources.Users.values()].find(
    ({ externalId }) => externalId === lead.objectId,
  )
  server.resources.Users.delete(String(account?.['id']))
  const set = { jobTitle: 'New title' }
  const report = await change([{ kind: 'update', id: lead.objectId, set }])
  expect(report.counts.created).toBe(1)
  expect(report.counts.managers).toBeGreaterThan(0)
  for (const group of server.resources.Groups.values()) {
    const members = group['members'] as { value: string }[] | undefined
    group['members'] = members?.filter(({ value }) => value !== account?.['id'])
  }
  expect(await differences()).toStrictEqual([])
})

test('an account that is somebody’s already is not given to a namesake', async () => {
  const { provisioner, change, server, active, differences } = world()
  await provisioner.initialCycle()
  const old = at(active(), 0)
  server.setHook(({ method }) => (method === 'PATCH' ? scimError(400, 'Later.') : undefined))
  const namesake = { ...old, objectId: 'bbbbbbbb-0000-4000-8000-000000000002', mail: null }
  const report = await change([
    { kind: 'update', id: old.objectId, set: { userPrincipalName: 'freed@contoso.example' } },
    { kind: 'hire', user: namesake },
  ])
  expect(report.failures).toHaveLength(2)
  expect(report.counts).toMatchObject({ matched: 0, created: 0 })
  server.setHook(null)
  await change([])
  await change([])
  expect(await differences()).toStrictEqual([])
})

test('the recycle bin’s new name goes along with the deactivation, and the server keeps the old', async () => {
  const { provisioner, change, server, active, writes, differences } = world()
  await provisioner.initialCycle()
  server.log.length = 0
  const person = at(
    active().filter(({ mail, userPrincipalName }) => mail === userPrincipalName),
    0,
  )
  await change([{ kind: 'soft-delete', id: person.objectId }])
  const renamed = `${person.objectId.replaceAll('-', '')}${person.userPrincipalName}`
  expect(JSON.parse(at(writes(), 0).body ?? '')).toMatchObject({
    Operations: [
      { op: 'Replace', path: 'userName', value: renamed },
      { op: 'Replace', path: 'emails[type eq "work"].value', value: renamed },
      { op: 'Replace', path: 'active', value: 'False' },
    ],
  })
  expect(await differences()).toStrictEqual([])
})

test('two accounts that match are an error of that person alone', async () => {
  const { provisioner, server, active } = world()
  const { userPrincipalName } = at(active(), 0)
  for (const id of ['one', 'two']) {
    server.resources.Users.set(id, { id, userName: userPrincipalName })
  }
  const { failures, counts } = await provisioner.initialCycle()
  expect(failures).toMatchObject([{ objectId: at(active(), 0).objectId }])
  expect(counts.created).toBe(active().length - 1)
})

test('a local account with the same name is taken over', async () => {
  const { provisioner, server, active, differences } = world()
  const { userPrincipalName: userName } = at(active(), 0)
  server.resources.Users.set('local', { id: 'local', userName })
  expect((await provisioner.initialCycle()).counts).toMatchObject({ matched: 1 })
  expect(await differences()).toStrictEqual([])
})

describe('quarantine', () => {
  test('follows a refused token, lasts for hours, and ends when the server is right again', async () => {
    let time = 0
    const { provisioner, change, server, differences } = world({ now: () => time })
    await provisioner.initialCycle()
    server.setHook(() => scimError(401, 'Who are you?'))
    expect(await provisioner.testConnection()).toStrictEqual({ ok: false, detail: 'Who are you?' })
    expect(await change([])).toMatchObject({ outcome: 'stopped', reason: 'credentials' })
    expect(provisioner.quarantine()).toMatchObject({ attempts: 1, retryAt: 6 * HOUR })
    const requests = server.log.length
    time = 6 * HOUR - 1
    expect(await change([])).toMatchObject({ outcome: 'in quarantine' })
    expect(server.log).toHaveLength(requests)
    time = 6 * HOUR
    expect(await change([])).toMatchObject({ outcome: 'stopped' })
    expect(provisioner.quarantine()).toMatchObject({ attempts: 2, retryAt: 18 * HOUR })
    time = 18 * HOUR
    server.setHook(null)
    expect(await change([])).toMatchObject({ outcome: 'done' })
    expect(provisioner.quarantine()).toBeNull()
    expect(await differences()).toStrictEqual([])
  })

  test.each([
    ['a filter is not found', () => scimError(404, 'No such thing.')],
    ['the media type is wrong', () => ({ ...answer(200, {}), contentType: 'application/json' })],
    ['every filter finds everybody', () => answer(200, { totalResults: 1, Resources: [{}] })],
  ])('follows when %s', async (_, hook) => {
    const { provisioner, server } = world()
    server.setHook(hook)
    expect(await provisioner.initialCycle()).toMatchObject({ reason: 'incompatible' })
    expect(provisioner.quarantine()).not.toBeNull()
  })

  test('follows when the token is refused in the middle, after a few requests', async () => {
    const { provisioner, server } = world({ parallel: 1 })
    server.setHook(({ method }) => (method === 'POST' ? scimError(403, 'No.') : undefined))
    expect(await provisioner.initialCycle()).toMatchObject({
      outcome: 'stopped',
      reason: 'credentials',
    })
    expect(server.log.filter(({ method }) => method === 'POST')).toHaveLength(3)
  })
})

describe('a server that goes away', () => {
  test('stops the cycle without quarantine, and the next cycle goes on', async () => {
    const { provisioner, change, server, differences } = world()
    server.setHook(() => {
      if (server.log.length > 60) throw new Error('connect ECONNREFUSED')
      return undefined
    })
    const report = await provisioner.initialCycle()
    expect(report).toMatchObject({ outcome: 'stopped', reason: 'unreachable' })
    expect(provisioner.quarantine()).toBeNull()
    server.setHook(null)
    await change([])
    expect(await differences()).toStrictEqual([])
  })

  test('is gone on with from saved state', async () => {
    const { provisioner, settings, server, differences } = world()
    server.setHook(() => {
      if (server.log.length > 60) throw new Error('connect ECONNREFUSED')
      return undefined
    })
    await provisioner.initialCycle()
    server.setHook(null)
    const created = server.resources.Users.size
    const state: JobState = JSON.parse(JSON.stringify(provisioner.save()))
    const later = makeProvisioner({ ...settings, state })
    const { counts } = await later.initialCycle()
    expect(created).toBeGreaterThan(0)
    expect(counts.created).toBe(60 - created)
    expect(await differences()).toStrictEqual([])
  })
})

describe('a restart', () => {
  test('with links reset finds every account again by filter', async () => {
    const { provisioner, active, differences } = world()
    await provisioner.initialCycle()
    provisioner.restart({ resetLinks: true })
    const { counts } = await provisioner.initialCycle()
    expect(counts).toMatchObject({ created: 0, matched: active().length, groupsMatched: 6 })
    expect(await differences()).toStrictEqual([])
  })

  test('with links kept puts right what was changed locally', async () => {
    const { provisioner, change, server, differences } = world()
    await provisioner.initialCycle()
    at([...server.resources.Users.values()], 0)['title'] = 'changed by hand'
    const [group] = server.resources.Groups.values()
    if (Array.isArray(group?.['members'])) group['members'].pop()
    await change([])
    expect(await differences()).toMatchObject([{ attribute: 'title' }, { attribute: 'members' }])
    provisioner.restart({ resetLinks: false })
    await change([])
    expect(await differences()).toStrictEqual([])
  })
})

describe('on demand', () => {
  test('one person is made at once, without roles', async () => {
    const { provisioner, active, writes } = world()
    const person = at(
      active().filter(({ appRoles }) => appRoles.length > 0),
      0,
    )
    const report = await provisioner.provisionOnDemand(person.objectId)
    expect(report).toStrictEqual({ result: 'created', detail: null })
    expect(JSON.parse(at(writes(), 0).body ?? '')).not.toHaveProperty('roles')
  })

  test('the legacy dialect is used whatever the flag', async () => {
    const { provisioner, change, active, writes, server } = world({ dialect: 'aadOptscim062020' })
    await provisioner.initialCycle()
    const { objectId: id } = at(active(), 0)
    server.setHook(({ method }) => (method === 'PATCH' ? scimError(400, 'Later.') : undefined))
    await change([{ kind: 'update', id, set: { jobTitle: 'Pilot' } }])
    server.setHook(null)
    server.log.length = 0
    expect(await provisioner.provisionOnDemand(id)).toMatchObject({ result: 'updated' })
    expect(JSON.parse(at(writes(), 0).body ?? '')).toMatchObject({
      Operations: [{ path: 'title', value: 'Pilot' }],
    })
  })

  test('nobody is switched off', async () => {
    const { provisioner, active, server, change } = world()
    await provisioner.initialCycle()
    const { objectId: id } = at(active(), 0)
    server.setHook(({ method }) => (method === 'PATCH' ? scimError(400, 'Later.') : undefined))
    await change([{ kind: 'block', id }])
    expect(await provisioner.provisionOnDemand(id)).toMatchObject({ result: 'out of scope' })
  })
})
