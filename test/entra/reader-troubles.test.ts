import { describe, expect, test } from 'vitest'
import { entraDirectory } from '../../src/entra/graph.ts'
import { APP, asking } from './graph/asking.ts'
import type { Graph } from './graph/graph.ts'
import { people } from './graph/small-tenant.ts'
import { makeTenant } from './make-tenant.ts'
import { all, idsThere, names, reading } from './reading.ts'

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toUTCString()

/** What Graph says of when to come back, and the least and the most that is waited then, each time. */
const waits: Readonly<
  Record<
    string,
    readonly [
      status: 429 | 500 | 503 | 504,
      said: string | number | undefined,
      ...(readonly [number, number])[],
    ]
  >
> = {
  'throttled, for some seconds': [429, 7, [7, 7], [7, 7], [7, 7]],
  'throttled, until a date': [429, inSeconds(30), [20, 30], [20, 30], [20, 30]],
  'throttled, until a date that has passed': [429, inSeconds(-30), [0, 0], [0, 0], [0, 0]],
  'throttled, for it does not say how long': [429, undefined, [1, 1.25], [2, 2.5], [4, 5]],
  'throttled, for what nobody understands': [429, 'a while', [1, 1.25], [2, 2.5], [4, 5]],
  'away for some seconds': [503, 3, [3, 3], [3, 3], [3, 3]],
  'away, for it does not say how long': [503, undefined, [1, 1.25], [2, 2.5], [4, 5]],
  'too slow': [504, undefined, [1, 1.25], [2, 2.5], [4, 5]],
  'broken for a moment': [500, undefined, [1, 1.25], [2, 2.5], [4, 5]],
}

function expectWaits(found: readonly number[], wanted: readonly (readonly [number, number])[]) {
  expect(found).toHaveLength(wanted.length)
  for (const [index, [least, most]] of wanted.entries()) {
    expect(found[index]).toBeGreaterThanOrEqual(least)
    expect(found[index]).toBeLessThanOrEqual(most)
  }
}

describe('a question is asked again while Graph is', () => {
  test.each(Object.entries(waits))('%s', async (_, [status, said, ...wanted]) => {
    const { directory, graph, waits: found } = await reading()
    graph.failNext(3, status, said)
    expect(names((await directory.searchUsers('adele')).items)).toEqual(['Adele Vance'])
    expect(graph.requests.total).toBe(4)
    expectWaits(found, wanted)
  })

  test.each(Object.entries(waits))('%s, in a batch too', async (_, [status, said, ...wanted]) => {
    const { directory, graph, waits: found } = await reading()
    graph.failNext(3, status, said)
    expect((await directory.usersById([people.adele.objectId])).size).toBe(1)
    expect(graph.requests.total).toBe(4)
    expectWaits(found, wanted)
  })
})

describe('while Graph has troubles', () => {
  test('what was throttled of a batch is asked again, and nothing else', async () => {
    const tenant = makeTenant({ seed: 5, users: 200, groups: 4 })
    const { directory, graph, waits: found } = await reading({ first: tenant })
    const ids = idsThere(tenant)
    graph.failNext(1, 429, 4)
    graph.failNext(1, 503, 9)
    graph.failNext(1, 429)
    expect((await directory.usersById(ids)).size).toBe(ids.length)
    expect(graph.requests.byPath.get('/users')).toBe(Math.ceil(ids.length / 15) + 3)
    // As long as the one that asks for the longest time.
    expect(found).toEqual([9])
  })

  test('a batch that gets on is not given up, however slowly it does', async () => {
    const tenant = makeTenant({ seed: 5, users: 140, groups: 4 })
    const ids = idsThere(tenant)
    let refused = Math.ceil(ids.length / 15)
    const refuseOneLess = (graph: Graph) => {
      refused -= 1
      graph.failNext(refused, 429, 1)
    }
    const { directory, graph, waits: found } = await reading({ first: tenant }, {}, refuseOneLess)
    refuseOneLess(graph)
    expect((await directory.usersById(ids)).size).toBe(ids.length)
    expect(found).toEqual(Array.from({ length: 9 }, () => 1))
  })

  test.each([
    ['that goes on without end', 1_000, 0, 5],
    ['that wants longer than anybody waits', 1, 90, 0],
  ])('throttling %s is told', async (_, times, seconds, retries) => {
    const { directory, graph, waits: found } = await reading()
    const { objectId } = people.adele
    for (const ask of [
      () => directory.searchUsers('adele'),
      () => directory.usersById([objectId]),
      () => directory.changes(undefined),
      () => directory.memberIdsOf(objectId, true),
      () => directory.assigneesOf(undefined),
    ]) {
      const before = found.length
      graph.failNext(times, 429, seconds)
      await expect(ask()).rejects.toMatchObject({ code: 'unavailable' })
      expect(found.length - before).toBe(retries)
    }
  })

  test('a list goes on where it was when an outage is over', async () => {
    const tenant = makeTenant({ seed: 5, users: 2_500, groups: 1 })
    const [group] = tenant.groups.values()
    const { directory, graph } = await reading({ first: tenant })
    const members = await all((next) => {
      graph.failNext(2, 503)
      return directory.membersOf(group?.objectId ?? '', next)
    })
    expect(members.map(({ id }) => id).sort()).toEqual(idsThere(tenant).sort())
  })

  test('a connection that is cut is tried again, and told when it is cut each time', async () => {
    const { directory, graph, waits: found } = await reading()
    graph.dropNext(2)
    expect(names((await directory.searchUsers('adele')).items)).toEqual(['Adele Vance'])
    expect(found).toHaveLength(2)
    graph.dropNext(3)
    await expect(directory.searchUsers('adele')).rejects.toMatchObject({ code: 'unavailable' })
    expect(found).toHaveLength(4)
  })

  test('what Graph does not understand is not asked again', async () => {
    const { directory, graph, waits: found } = await reading()
    const path = '/users?$top=1000'
    await expect(directory.searchUsers('', path)).rejects.toMatchObject({ code: 'refused' })
    expect([graph.requests.total, found]).toEqual([1, []])
  })
})

describe('in the middle of a job', () => {
  const tenant = makeTenant({ seed: 5, users: 1_500, groups: 1 })
  const [group] = [...tenant.groups.keys()]

  /** The first part of the members of a group, and how to get the others. */
  async function started() {
    const { directory, graph } = await reading({ first: tenant })
    const { next } = await directory.membersOf(group ?? '')
    return { graph, goOn: () => directory.membersOf(group ?? '', next) }
  }

  test('a token that Graph does not take any more is replaced', async () => {
    const { graph, goOn } = await started()
    graph.expireTokens()
    expect((await goOn()).items.length).toBeGreaterThan(500)
    expect(graph.requests.tokens).toBe(2)
  })

  test('a client secret that expires is told, with what to do', async () => {
    const { graph, goOn } = await started()
    graph.expireTokens()
    graph.secretExpired = true
    await expect(goOn()).rejects.toMatchObject({
      code: 'credentials',
      message: expect.stringMatching(/secret has expired: make a new one.+AADSTS7000222/u),
    })
    graph.secretExpired = false
    expect((await goOn()).items.length).toBeGreaterThan(500)
  })

  test('a permission that is withdrawn is told', async () => {
    const { graph, goOn } = await started()
    graph.permissions = []
    await expect(goOn()).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('Insufficient privileges'),
    })
  })
})

test('a token that Graph never takes is not asked for again and again', async () => {
  const { graph } = await asking()
  const { graph: other } = await asking()
  const { tenantId, clientId, clientSecret: secret } = APP
  const credential = { kind: 'secret', secret } as const
  const registration = { tenantId, clientId, credential, loginUrl: other.origin }
  const directory = entraDirectory(registration, graph.origin)
  await expect(directory.searchUsers('')).rejects.toMatchObject({ code: 'credentials' })
  expect([graph.requests.total, other.requests.tokens]).toEqual([2, 2])
})
