import { describe, expect, test } from 'vitest'
import { groups, people } from './graph/small-tenant.ts'
import { makeTenant } from './make-tenant.ts'
import { all, idsThere, names, reading } from './reading.ts'

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
        onPremisesImmutableId: expect.any(String),
        onPremisesSamAccountName: 'adele.vance',
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
    ['by the beginning of the department', 'fin', ['Ursula Adams']],
    ['by a department with a sign in it', 'r&d', ['Adele Vance']],
    ['by the beginning of the job title', 'chi', ['Bertha Hill']],
    ['not by what stands within a job title', 'hief', []],
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
    expect(users.map(({ id }) => id).sort()).toEqual(idsThere(tenant).sort())
  })

  test('is not refused for a long text, of which Graph gets no more than fits into a URL', async () => {
    const { directory, change } = await reading()
    const long = '責任者'.repeat(60)
    change({ kind: 'update', id: people.adele.objectId, set: { displayName: long } })
    expect(names((await directory.searchUsers(long)).items)).toEqual([long])
    expect((await directory.searchGroups(long)).items).toEqual([])
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

describe('the ids of the members of a group', () => {
  test('are those of direct members, or of the groups within too', async () => {
    const { directory } = await reading()
    const { adele, siobhan, guest } = people
    const idsOf = async (id: string, nested: boolean) =>
      [...(await directory.memberIdsOf(id, nested))].sort()
    const { everybody, empty } = groups
    const within = [adele, siobhan, guest].map(({ objectId }) => objectId).sort()
    expect(await idsOf(everybody.objectId, false)).toEqual([adele.objectId])
    expect(await idsOf(everybody.objectId, true)).toEqual(within)
    expect(await idsOf(empty.objectId, true)).toEqual([])
  })

  test.each([false, true])(
    'come however many there are, with groups within: %s',
    async (nested) => {
      const tenant = makeTenant({ seed: 5, users: 2_500, groups: 1 })
      const [group] = tenant.groups.values()
      const { directory, graph } = await reading({ first: tenant, oddPages: true })
      const ids = await directory.memberIdsOf(group?.objectId ?? '', nested)
      expect([...ids].sort()).toEqual(idsThere(tenant).sort())
      expect(graph.requests.total).toBeGreaterThan(2)
    },
  )

  test('need no permission to read people', async () => {
    const { directory, graph } = await reading()
    graph.permissions = ['GroupMember.Read.All']
    expect((await directory.memberIdsOf(groups.team.objectId, false)).size).toBe(2)
  })

  test.each([
    ['that never was', 'ffffffff-0000-4000-8000-000000000000'],
    ['that is a person', people.adele.objectId],
    ['that leads elsewhere', '../users'],
  ])('are not there of a group %s', async (_, id) => {
    const { directory } = await reading()
    for (const nested of [false, true]) {
      await expect(directory.memberIdsOf(id, nested)).rejects.toMatchObject({ code: 'notFound' })
    }
  })
})

describe('people by what is known of them', () => {
  test('by object id, many in few requests, and only those who are there', async () => {
    const tenant = makeTenant({ seed: 5, users: 1_000, groups: 4 })
    const { directory, graph } = await reading({ first: tenant })
    const ids = idsThere(tenant)
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

  test('by address, with everybody who has it', async () => {
    const { directory, change } = await reading()
    const { mail } = people.adele
    change(
      { kind: 'update', id: people.bertha.objectId, set: { mail } },
      { kind: 'update', id: people.siobhan.objectId, set: { mail: null } },
    )
    const known = String(mail)
    const found = await directory.usersByAddress([known, people.siobhan.userPrincipalName])
    expect(names(found.get(known) ?? [])).toEqual(['Adele Vance', 'Bertha Hill'])
    const [siobhan] = found.get(people.siobhan.userPrincipalName) ?? []
    expect(siobhan?.displayName).toBe("Siobhán O'Brien")
    expect(siobhan).not.toHaveProperty('mail')
  })

  test('by an e-mail alias, and a guest by the whole user principal name', async () => {
    const tenant = makeTenant({ seed: 5, users: 100, groups: 1 })
    const { directory } = await reading({ first: tenant })
    const everybody = await all((next) => directory.searchUsers('', next))
    const aliases = everybody.flatMap((user) => user.proxyAddresses.slice(1))
    const guests = everybody.filter(({ guest }) => guest)
    const wanted = [...aliases, ...guests.map(({ userPrincipalName }) => userPrincipalName)]
    expect([aliases.length > 5, guests.length > 2]).toEqual([true, true])
    const found = await directory.usersByAddress(wanted.map((address) => address.toUpperCase()))
    for (const address of wanted) {
      const [owner, ...others] = found.get(address.toLowerCase()) ?? []
      expect([owner?.userPrincipalName, ...(owner?.proxyAddresses ?? [])]).toContain(address)
      expect(others).toEqual([])
    }
  })

  test('by address, however many there are and however long they are', async () => {
    const tenant = makeTenant({ seed: 5, users: 300, groups: 1 })
    const { directory, graph } = await reading({ first: tenant })
    const users = idsThere(tenant).flatMap((id) => tenant.users.get(id) ?? [])
    const known = users.map(({ userPrincipalName }) => userPrincipalName.toLowerCase())
    const long = `${'責'.repeat(300)}@contoso.example`
    const found = await directory.usersByAddress([long, ...known])
    expect([...found.keys()].sort()).toEqual([long, ...known].sort())
    expect(known.filter((address) => found.get(address)?.length === 0)).toEqual([])
    expect(graph.requests.total).toBeLessThan(10)
  })

  test('by other keys, with everybody who has them', async () => {
    const { directory, change } = await reading()
    const { adele, bertha } = people
    change({ kind: 'update', id: bertha.objectId, set: { employeeId: adele.employeeId } })
    const [{ onPremisesImmutableId: id = '' } = {}] = (await directory.searchUsers('adele')).items
    const find = async (...asked: Parameters<typeof directory.usersByKey>) =>
      [...(await directory.usersByKey(...asked))].map(([key, users]) => [key, names(users)])
    expect(await find('onPremisesImmutableId', [id])).toEqual([[id.toLowerCase(), ['Adele Vance']]])
    expect(await find('onPremisesSamAccountName', ['ADELE.vance', "o'brien"])).toEqual([
      ['adele.vance', ['Adele Vance']],
      ["o'brien", []],
    ])
    expect(await find('employeeId', [' e-1001 ', '', 'x'.repeat(2_000)])).toEqual([
      ['e-1001', ['Adele Vance', 'Bertha Hill']],
      ['x'.repeat(2_000), []],
    ])
  })

  test('not while they are in the recycle bin, and again once they are restored', async () => {
    const { directory, change } = await reading()
    const { objectId: id, userPrincipalName: name } = people.adele
    const ways = async () => [
      (await directory.searchUsers('adele')).items.length,
      (await directory.usersById([id])).size,
      (await directory.userById(id)) ? 1 : 0,
      (await directory.usersByAddress([name])).get(name)?.length,
      (await directory.usersByKey('employeeId', ['E-1001'])).get('e-1001')?.length,
      (await directory.membersOf(groups.everybody.objectId)).items.length,
      (await directory.memberIdsOf(groups.everybody.objectId, false)).size,
    ]
    expect(await ways()).toEqual([1, 1, 1, 1, 1, 1, 1])
    change({ kind: 'soft-delete', id })
    expect(await ways()).toEqual([0, 0, 0, 0, 0, 0, 0])
    const renamed = `${id.replaceAll('-', '')}${name}`
    expect((await directory.usersByAddress([renamed])).get(renamed)).toEqual([])
    change({ kind: 'restore', id, set: {} })
    expect(await ways()).toEqual([1, 1, 1, 1, 1, 1, 1])
  })

  test('with nobody asked for, nobody is asked', async () => {
    const { directory, graph } = await reading()
    expect((await directory.usersById([])).size).toBe(0)
    expect((await directory.usersByAddress(['', ' '])).size).toBe(0)
    expect((await directory.usersByKey('employeeId', [''])).size).toBe(0)
    expect(graph.requests.total).toBe(0)
  })
})
