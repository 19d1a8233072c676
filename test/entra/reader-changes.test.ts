import { describe, expect, test } from 'vitest'
import { entraDirectory } from '../../src/entra/graph.ts'
import { APP, asking } from './graph/asking.ts'
import { people } from './graph/small-tenant.ts'
import { makeTenant } from './make-tenant.ts'
import { reading } from './reading.ts'
import type { Change, Person } from './tenant.ts'

const { adele, bertha, siobhan, recycled } = people
const id = adele.objectId
const update = (set: Partial<Person>): Change => ({ kind: 'update', id, set })

/** A link from before everything that happens. */
async function begun(...given: Parameters<typeof reading>) {
  const { directory, ...more } = await reading(...given)
  const { ids, link } = await directory.changes(undefined)
  expect(ids).toEqual([])
  return { directory, link, ...more }
}

describe('what has changed since a link was given', () => {
  test('begins with nothing, in one request, whoever is there', async () => {
    const tenant = makeTenant({ seed: 4, users: 1_000, groups: 1 })
    const { graph, link } = await begun({ first: tenant })
    expect(graph.requests.total).toBe(1)
    expect(link).not.toContain(graph.origin)
  })

  test.each<[string, readonly Change[], readonly string[]]>([
    ['nothing at all', [], []],
    ['a new name', [update({ displayName: 'Adele Hill', surname: 'Hill' })], [id]],
    ['a new address', [update({ mail: 'hill@contoso.example' })], [id]],
    ['a department that was cleared', [update({ department: null })], [id]],
    ['a mobile number', [update({ mobile: '+49 1' })], [id]],
    ['what is not read of people', [update({ city: 'Paris', fax: '+49 2' })], []],
    ['a blocked account', [{ kind: 'block', id }], [id]],
    ['who was deleted', [{ kind: 'soft-delete', id }], [id]],
    ['who is gone for good', [{ kind: 'purge', id: recycled.objectId }], [recycled.objectId]],
    [
      'who was restored',
      [{ kind: 'restore', id: recycled.objectId, set: {} }],
      [recycled.objectId],
    ],
    [
      'several people, each once',
      [
        update({ displayName: 'Adele Hill' }),
        { kind: 'block', id: bertha.objectId },
        update({ jobTitle: 'Chief' }),
        { kind: 'soft-delete', id: siobhan.objectId },
      ],
      [id, bertha.objectId, siobhan.objectId],
    ],
  ])('names %s', async (_, changes, ids) => {
    const { directory, change, link } = await begun()
    change(...changes)
    const found = await directory.changes(link)
    expect(found.ids).toEqual(ids)
    expect((await directory.changes(found.link)).ids).toEqual([])
  })

  test('is told again to whoever comes with the same link again', async () => {
    const { directory, change, link } = await begun()
    change(update({ displayName: 'Adele Hill' }))
    const first = await directory.changes(link)
    expect((await directory.changes(link)).ids).toEqual(first.ids)
    change({ kind: 'block', id: bertha.objectId })
    expect((await directory.changes(link)).ids).toEqual([id, bertha.objectId])
    expect((await directory.changes(first.link)).ids).toEqual([bertha.objectId])
  })

  test('comes in any number of parts, empty ones too, and names everybody once', async () => {
    const tenant = makeTenant({ seed: 4, users: 700, groups: 1 })
    const { directory, graph, change, link } = await begun({ first: tenant, oddPages: true })
    const ids = [...tenant.users.values()]
      .filter((user) => !user.softDeleted)
      .map((user) => user.objectId)
    change(...ids.map((each): Change => ({ kind: 'update', id: each, set: { jobTitle: 'New' } })))
    const before = graph.requests.total
    const found = await directory.changes(link)
    expect([...found.ids].sort()).toEqual(ids.sort())
    expect(graph.requests.total - before).toBeGreaterThan(4)
    expect((await directory.changes(found.link)).ids).toEqual([])
  })

  test('is told to another server with the same link', async () => {
    const { graph, change } = await asking()
    const { tenantId, clientId, clientSecret: secret } = APP
    const credential = { kind: 'secret', secret } as const
    const registration = { tenantId, clientId, credential, loginUrl: graph.origin }
    const { link } = await entraDirectory(registration, graph.origin).changes(undefined)
    change(update({ displayName: 'Adele Hill' }))
    expect((await entraDirectory(registration, graph.origin).changes(link)).ids).toEqual([id])
  })
})

describe('a link is no longer good', () => {
  test('when it is too old', async () => {
    const { directory, graph, change, link } = await begun()
    change(update({ displayName: 'Adele Hill' }))
    graph.expireDeltaTokens()
    await expect(directory.changes(link)).rejects.toMatchObject({ code: 'expired' })
    const { link: anew } = await directory.changes(undefined)
    change({ kind: 'block', id: bertha.objectId })
    expect((await directory.changes(anew)).ids).toEqual([bertha.objectId])
  })

  test('when it grows too old between two parts', async () => {
    const tenant = makeTenant({ seed: 4, users: 300, groups: 1 })
    let parts = 0
    const { directory, graph, change, link } = await begun({ first: tenant }, {}, (stand) => {
      parts += 1
      if (parts === 1) stand.expireDeltaTokens()
    })
    const ids = [...tenant.users.keys()]
    change(...ids.map((each): Change => ({ kind: 'update', id: each, set: { office: 'B' } })))
    change(...ids.map((each): Change => ({ kind: 'update', id: each, set: { jobTitle: 'New' } })))
    graph.failNext(1, 429, 0)
    await expect(directory.changes(link)).rejects.toMatchObject({ code: 'expired' })
  })

  test.each([
    ['that leads to another server', () => 'https://evil.example/v1.0/users/delta?'],
    ['that leads to another server, in its path', (link: string) => link.replace('/', '//evil/')],
    ['that leads elsewhere', (link: string) => link.replace('/users/delta', '/groups/delta')],
    ['that leads to a person', (link: string) => link.replace('delta?', `${id}?`)],
    ['that climbs', (link: string) => link.replace('/users/delta', '/users/delta/../../groups')],
    ['about other properties', (link: string) => link.replace(/^\S+/, '00000000')],
    ['of nothing', () => ''],
    ['without a path', (link: string) => link.split(' ')[0] ?? ''],
  ])('when it is one %s, and then nobody is asked', async (_, tamper) => {
    const { directory, graph, link } = await begun()
    const before = graph.requests.total
    await expect(directory.changes(tamper(link))).rejects.toMatchObject({ code: 'expired' })
    expect(graph.requests.total).toBe(before)
  })

  test.each([
    [
      'with a token that nobody gave',
      (link: string) => link.replace(/deltatoken=.*/, 'deltatoken=x'),
    ],
    ['that Graph does not understand', (link: string) => `${link}&$top=1`],
  ])('when it is one %s', async (_, tamper) => {
    const { directory, link } = await begun()
    await expect(directory.changes(tamper(link))).rejects.toMatchObject({ code: 'expired' })
  })
})

test('changes need the permission to read people, and a link stays good without it', async () => {
  const { directory, graph, change, link } = await begun()
  change(update({ displayName: 'Adele Hill' }))
  graph.permissions = []
  await expect(directory.changes(link)).rejects.toMatchObject({ code: 'forbidden' })
  graph.permissions = ['User.Read.All']
  expect((await directory.changes(link)).ids).toEqual([id])
})
