import { describe, expect, test } from 'vitest'
import type { EntraPage } from '../../src/directory/entra-directory.ts'
import { entraDirectory } from '../../src/entra/graph.ts'
import { APP, asking } from './graph/asking.ts'
import type { GraphOptions } from './graph/graph.ts'
import { groups, people } from './graph/small-tenant.ts'
import { makeTenant } from './make-tenant.ts'

type Options = Parameters<typeof asking>[0]

/** The reader of the product, and the stand-in it asks. */
async function reading(options: Options = {}, given: Partial<GraphOptions> = {}) {
  const { graph, change } = await asking(options)
  const { tenantId, clientId, clientSecret } = { ...APP, ...given }
  const registration = { tenantId, clientId, clientSecret, loginUrl: graph.origin }
  return { graph, change, directory: entraDirectory(registration, graph.origin) }
}

async function all<Item>(ask: (next?: string) => Promise<EntraPage<Item>>): Promise<Item[]> {
  const found: Item[] = []
  let next: string | undefined
  do {
    const page: EntraPage<Item> = await ask(next)
    found.push(...page.items)
    next = page.next
  } while (next !== undefined)
  return found
}

const names = (users: readonly { readonly displayName: string }[]) =>
  users.map(({ displayName }) => displayName).sort()

describe('searching people', () => {
  test('gives everything that an import needs to know', async () => {
    const { directory } = await reading()
    const { items } = await directory.searchUsers('adele')
    expect(items).toEqual([
      {
        id: people.adele.objectId,
        userPrincipalName: 'adele.vance@contoso.example',
        displayName: 'Adele Vance',
        givenName: 'Adele',
        surname: 'Vance',
        mail: 'adele.vance@contoso.example',
        businessPhone: '+44 20 7946 0001',
        jobTitle: 'Engineer',
        department: 'R&D',
        employeeId: 'E-1001',
        preferredLanguage: 'en-GB',
        companyName: expect.any(String),
        proxyAddresses: expect.arrayContaining(['adele.vance@contoso.example']),
        guest: false,
        enabled: true,
      },
    ])
  })

  test.each([
    ['by a part of the name', 'van', ['Adele Vance']],
    ['by the beginning of the address', 'bertha.h', ['Bertha Hill']],
    ['by a name with a quote', "o'brien", ["Siobhán O'Brien"]],
    ['with a quotation mark in it', 'ade"le', []],
    ['with a backslash in it', 'adele\\', ['Adele Vance']],
    ['that looks like a query', 'x" OR "displayName:adele', []],
    ['for nobody', 'zzz', []],
  ])('%s', async (_, text, wanted) => {
    const { directory } = await reading()
    expect(names((await directory.searchUsers(text)).items)).toEqual(wanted)
  })

  test('shows guests and who is blocked as such, and nobody from the recycle bin', async () => {
    const { directory } = await reading()
    const users = await all((next) => directory.searchUsers('', next))
    expect(users).toHaveLength(6)
    expect(names(users.filter(({ guest }) => guest))).toEqual(['Gus Fabrikam'])
    expect(names(users.filter(({ enabled }) => !enabled))).toEqual(['Boris Jean-Luc'])
  })

  test('goes through any number of pages, empty ones too', async () => {
    const tenant = makeTenant({ seed: 3, users: 300, groups: 4 })
    const { directory } = await reading({ first: tenant, oddPages: true })
    const users = await all((next) => directory.searchUsers('', next))
    const there = [...tenant.users.values()].filter((user) => !user.softDeleted && !user.purged)
    expect(new Set(users.map(({ id }) => id))).toEqual(new Set(there.map((user) => user.objectId)))
    expect(users).toHaveLength(there.length)
  })

  test.each(['/groups?$top=1', '/me', 'https://evil.example/users?', '/users/../groups?'])(
    'does not go on at %s',
    async (next) => {
      const { directory, graph } = await reading()
      await expect(directory.searchUsers('', next)).rejects.toMatchObject({ code: 'refused' })
      expect(graph.requests.total).toBe(0)
    },
  )
})

describe('groups', () => {
  test('are found by the beginning of a word', async () => {
    const { directory } = await reading()
    expect(names((await directory.searchGroups('emea')).items)).toEqual(['Sales EMEA'])
  })

  test('have their direct members who are people', async () => {
    const { directory } = await reading()
    const membersOf = (id: string) => all((next) => directory.membersOf(id, next))
    expect(names(await membersOf(groups.team.objectId))).toEqual([
      'Gus Fabrikam',
      "Siobhán O'Brien",
    ])
    expect(names(await membersOf(groups.everybody.objectId))).toEqual(['Adele Vance'])
    await expect(membersOf(people.adele.objectId)).rejects.toMatchObject({ code: 'notFound' })
  })
})

describe('people by what is known of them', () => {
  test('by object id, many in few requests, and only those who are there', async () => {
    const tenant = makeTenant({ seed: 5, users: 1_000, groups: 4 })
    const { directory, graph } = await reading({ first: tenant })
    const there = [...tenant.users.values()].filter((user) => !user.softDeleted && !user.purged)
    const ids = there.map((user) => user.objectId)
    const found = await directory.usersById([
      ...ids.map((id) => id.toUpperCase()),
      people.recycled.objectId,
    ])
    expect(new Set(found.keys())).toEqual(new Set(ids))
    expect(graph.requests.total).toBe(Math.ceil(Math.ceil((ids.length + 1) / 15) / 20))
  })

  test.each([
    ['who is there', people.adele.objectId, 'Adele Vance'],
    ['who is in the recycle bin', people.recycled.objectId, undefined],
    ['who never was', 'ffffffff-0000-4000-8000-000000000000', undefined],
    ['that is another thing', groups.team.objectId, undefined],
    ['that leads elsewhere', '../groups', undefined],
  ])('one alone: %s', async (_, id, name) => {
    const { directory } = await reading()
    expect((await directory.userById(id))?.displayName).toBe(name)
  })

  test('by address, whatever its letter case', async () => {
    const { directory } = await reading()
    const found = await directory.usersByAddress([
      ' Adele.Vance@CONTOSO.example ',
      'gus@fabrikam.example',
      "siobhán.o'brien@nowhere.example",
      'nobody@contoso.example',
    ])
    expect([...found].map(([address, users]) => [address, names(users)])).toEqual([
      ['adele.vance@contoso.example', ['Adele Vance']],
      ['gus@fabrikam.example', ['Gus Fabrikam']],
      ["siobhán.o'brien@nowhere.example", []],
      ['nobody@contoso.example', []],
    ])
  })

  test('with nobody asked for, nobody is asked', async () => {
    const { directory, graph } = await reading()
    expect((await directory.usersById([])).size).toBe(0)
    expect((await directory.usersByAddress([])).size).toBe(0)
    expect(graph.requests.total).toBe(0)
  })
})

describe('while Graph has troubles', () => {
  test.each([
    ['throttled', 429],
    ['away for a moment', 503],
    ['too slow', 504],
  ] as const)('a question that is %s is asked again', async (_, status) => {
    const { directory, graph } = await reading()
    graph.failNext(2, status, 0)
    expect(names((await directory.searchUsers('adele')).items)).toEqual(['Adele Vance'])
    expect(graph.requests.total).toBe(3)
  })

  test('what was throttled of a batch is asked again, and nothing else', async () => {
    const tenant = makeTenant({ seed: 5, users: 200, groups: 4 })
    const { directory, graph } = await reading({ first: tenant })
    const there = [...tenant.users.values()].filter((user) => !user.softDeleted && !user.purged)
    graph.failNext(3, 429, 0)
    const found = await directory.usersById(there.map((user) => user.objectId))
    expect(found.size).toBe(there.length)
    const lists = Math.ceil(there.length / 15)
    expect(graph.requests.byPath.get('/users')).toBe(lists + 3)
  })

  test('one that goes on without end is told', async () => {
    const { directory, graph } = await reading()
    graph.failNext(1_000, 429, 0)
    await expect(directory.searchUsers('adele')).rejects.toMatchObject({ code: 'unavailable' })
    await expect(directory.usersById([people.adele.objectId])).rejects.toMatchObject({
      code: 'unavailable',
    })
  })

  test('a connection that is cut is told', async () => {
    const { directory, graph } = await reading()
    graph.dropNext(10)
    await expect(directory.searchUsers('adele')).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('the connection', () => {
  const wrong = (checks: readonly { what: string; ok: boolean; problem?: string }[]) =>
    checks.filter(({ ok }) => !ok).map(({ what, problem }) => [what, problem])

  test('is checked, one permission after the other', async () => {
    const { directory } = await reading()
    const checks = await directory.check()
    expect(checks.map(({ what, ok }) => [what, ok])).toEqual([
      ['User.Read.All', true],
      ['GroupMember.Read.All', true],
      ['Application.Read.All', true],
    ])
  })

  test('says which permission is missing, and how to grant it', async () => {
    const { directory, graph } = await reading()
    graph.permissions = ['User.Read.All']
    expect(wrong(await directory.check())).toEqual([
      ['GroupMember.Read.All', expect.stringContaining('grant admin consent')],
      ['Application.Read.All', expect.stringContaining('Application.Read.All')],
    ])
    await expect(directory.searchGroups('')).rejects.toMatchObject({ code: 'forbidden' })
    graph.permissions = []
    await expect(directory.userById(people.adele.objectId)).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  test.each([
    ['a secret that expired', {}, true, 'has expired'],
    ['a wrong secret', { clientSecret: 'another one' }, false, 'is wrong'],
    [
      'a wrong client',
      { clientId: 'dddddddd-0000-4000-8000-000000000001' },
      false,
      'ENTRA_CLIENT_ID',
    ],
    [
      'a wrong tenant',
      { tenantId: '99999999-0000-4000-8000-000000000000' },
      false,
      'ENTRA_TENANT_ID',
    ],
  ])('says what is wrong with %s', async (_, given, expired, words) => {
    const { directory, graph } = await reading({}, given)
    graph.secretExpired = expired
    const checks = await directory.check()
    expect(checks.every(({ ok }) => !ok)).toBe(true)
    expect(checks[0]?.problem).toContain(words)
    expect(JSON.stringify(checks)).not.toContain(APP.clientSecret)
    await expect(directory.searchUsers('')).rejects.toMatchObject({ code: 'credentials' })
  })

  test('gets one token for many questions', async () => {
    const { directory, graph } = await reading()
    for (const text of ['adele', 'bertha', '']) await directory.searchUsers(text)
    expect(graph.requests.tokens).toBe(1)
  })

  test('says that Entra cannot be reached', async () => {
    const registration = { ...APP, loginUrl: 'http://127.0.0.1:9' }
    const directory = entraDirectory(registration, 'http://127.0.0.1:9')
    expect((await directory.check())[0]).toMatchObject({ ok: false })
    await expect(directory.searchUsers('')).rejects.toMatchObject({ code: 'unavailable' })
  })
})
