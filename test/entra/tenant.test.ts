import { describe, expect, test } from 'vitest'
import { makeChanges } from './changes.ts'
import { makeTenant } from './make-tenant.ts'
import { groupBody, mapUser, readTarget, userBody } from './mapping.ts'
import { makeRandom } from './random.ts'
import { applyChanges, type EntraUser, inScope, isActive, type Tenant } from './tenant.ts'

function first(tenant: Tenant, fits: (user: EntraUser) => boolean = () => true): EntraUser {
  const user = [...tenant.users.values()].find(fits)
  if (user === undefined) throw new Error('Nobody like that.')
  return user
}

const size = { seed: 7, users: 400, groups: 20 }

describe('a made-up tenant', () => {
  test('is the same from the same seed and another from another', () => {
    expect(makeTenant(size)).toStrictEqual(makeTenant(size))
    expect(makeTenant({ ...size, seed: 8 })).not.toStrictEqual(makeTenant(size))
  })

  test('gives nobody the name, mail or group name of another', () => {
    const tenant = makeTenant(size)
    const users = [...tenant.users.values()]
    const names = new Set(users.map(({ userPrincipalName }) => userPrincipalName.toLowerCase()))
    const mails = users.flatMap(({ mail }) => mail?.toLowerCase() ?? [])
    const groups = new Set(Array.from(tenant.groups.values(), ({ displayName }) => displayName))
    expect(names.size).toBe(users.length)
    expect(new Set(mails).size).toBe(mails.length)
    expect(groups.size).toBe(20)
  })

  test('has what breaks careless servers', () => {
    const text = JSON.stringify([...makeTenant(size).users.values()])
    for (const sign of ['Щ', 'Ξ', 'ح', 'ן', '欧', '髙', '남', 'ณ', 'श', "'", '+', '&', '🚀']) {
      expect(text).toContain(sign)
    }
    const users = [...makeTenant(size).users.values()]
    expect(users.some(({ jobTitle }) => (jobTitle?.length ?? 0) > 3000)).toBe(true)
    expect(users.some(({ guest }) => guest)).toBe(true)
    expect(users.some(({ mail }) => mail === null)).toBe(true)
    expect(users.filter(isActive)).toHaveLength(400)
    expect(users).toHaveLength(416)
  })
})

describe('changes', () => {
  test('are the same from the same seed', () => {
    const tenant = makeTenant(size)
    const changes = makeChanges(tenant, makeRandom(3), 1)
    expect(makeChanges(tenant, makeRandom(3), 1)).toStrictEqual(changes)
    expect(makeChanges(tenant, makeRandom(4), 1)).not.toStrictEqual(changes)
  })

  test('cover the life of users and groups within two lists', () => {
    let tenant = makeTenant(size)
    const kinds = new Set<string>()
    for (const cycle of [1, 2]) {
      const changes = makeChanges(tenant, makeRandom(cycle), cycle)
      for (const { kind } of changes) kinds.add(kind)
      tenant = applyChanges(tenant, changes)
    }
    expect([...kinds].sort()).toStrictEqual([
      'add-members',
      'assign',
      'block',
      'create-group',
      'delete-group',
      'hire',
      'purge',
      'remove-members',
      'rename-group',
      'restore',
      'soft-delete',
      'unassign',
      'unblock',
      'update',
    ])
  })

  test('keep user principal names unique among those who are there', () => {
    let tenant = makeTenant(size)
    for (const cycle of [1, 2, 3, 4]) {
      tenant = applyChanges(tenant, makeChanges(tenant, makeRandom(cycle), cycle))
      const there = [...tenant.users.values()].filter(({ purged }) => !purged)
      const names = new Set(there.map(({ userPrincipalName }) => userPrincipalName.toLowerCase()))
      expect(names.size).toBe(there.length)
    }
  })

  test('leave the tenant they are applied to as it was', () => {
    const tenant = makeTenant(size)
    applyChanges(tenant, makeChanges(tenant, makeRandom(1), 1))
    expect(tenant).toStrictEqual(makeTenant(size))
  })

  test('rename a user in the recycle bin and give the name back', () => {
    const tenant = makeTenant(size)
    const user = first(tenant, ({ mail, userPrincipalName }) => mail === userPrincipalName)
    const id = user.objectId
    const deleted = applyChanges(tenant, [{ kind: 'soft-delete', id }])
    const renamed = `${id.replaceAll('-', '')}${user.userPrincipalName}`
    expect(deleted.users.get(id)).toMatchObject({ userPrincipalName: renamed, mail: renamed })
    const restored = applyChanges(deleted, [{ kind: 'restore', id, set: { jobTitle: 'Back' } }])
    expect(restored.users.get(id)).toStrictEqual({ ...user, jobTitle: 'Back', changedIn: 2 })
  })

  test('refuse an id that nobody has', () => {
    const tenant = makeTenant(size)
    expect(() => applyChanges(tenant, [{ kind: 'block', id: 'nobody' }])).toThrow('nobody')
  })
})

describe('the mapping', () => {
  const user: EntraUser = {
    ...first(makeTenant(size)),
    objectId: 'aaaaaaaa-0000-4000-8000-000000000001',
    userPrincipalName: 'adele.vance@contoso.example',
    displayName: 'Adele Vance',
    givenName: 'Adele',
    surname: 'Vance',
    mail: 'adele.vance@contoso.example',
    jobTitle: 'Engineer',
    department: 'R&D',
    employeeId: 'E-1001',
    mobile: '+44 7700 900000',
    telephoneNumber: '+44 20 7946 0000',
    fax: null,
    office: 'Building 3',
    street: '1 High Street',
    city: 'London',
    state: 'LND',
    postalCode: 'N1 1AA',
    country: 'GB',
    preferredLanguage: 'en-GB',
    appRoles: [],
  }

  test('makes the body of a create', () => {
    expect(userBody(mapUser(user))).toStrictEqual({
      schemas: [
        'urn:ietf:params:scim:schemas:core:2.0:User',
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
      ],
      externalId: 'aaaaaaaa-0000-4000-8000-000000000001',
      userName: 'adele.vance@contoso.example',
      active: true,
      displayName: 'Adele Vance',
      title: 'Engineer',
      preferredLanguage: 'en-GB',
      emails: [{ primary: true, type: 'work', value: 'adele.vance@contoso.example' }],
      phoneNumbers: [
        { type: 'work', value: '+44 20 7946 0000' },
        { type: 'mobile', value: '+44 7700 900000' },
      ],
      addresses: [
        {
          type: 'work',
          formatted: 'Building 3',
          streetAddress: '1 High Street',
          locality: 'London',
          region: 'LND',
          postalCode: 'N1 1AA',
          country: 'GB',
        },
      ],
      name: { formatted: 'Adele Vance', familyName: 'Vance', givenName: 'Adele' },
      roles: [],
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
        employeeNumber: 'E-1001',
        department: 'R&D',
      },
      meta: { resourceType: 'User' },
    })
  })

  test('reads back every value it wrote', () => {
    const values = mapUser(user)
    const body = userBody(values)
    for (const [target, value] of Object.entries(values)) {
      expect([target, readTarget(body, target)]).toStrictEqual([target, value])
    }
  })

  test.each([
    ['assigned and enabled', {}, true],
    ['unassigned', { assigned: false }, false],
    ['blocked', { accountEnabled: false }, false],
    ['in the recycle bin', { softDeleted: true }, false],
  ])('%s: active is %s', (_, state, active) => {
    expect(mapUser({ ...user, ...state })['active']).toBe(active)
  })

  test('leaves out what has no value, and clears a department by an empty text', () => {
    const values = mapUser({ ...user, jobTitle: null, department: null })
    expect(values).not.toHaveProperty('title')
    const department = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department'
    expect(values[department]).toBe('')
  })

  test('strips the tail of a guest’s name', () => {
    const userPrincipalName = 'ann_fabrikam.example#EXT#@contoso.example'
    expect(mapUser({ ...user, userPrincipalName })['userName']).toBe('ann_fabrikam.example')
  })

  test('creates a group without members and with Entra’s own schema', () => {
    expect(groupBody({ objectId: 'bbbb', displayName: 'Sales EMEA' })).toStrictEqual({
      schemas: [
        'urn:ietf:params:scim:schemas:core:2.0:Group',
        'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
      ],
      externalId: 'bbbb',
      displayName: 'Sales EMEA',
      meta: { resourceType: 'Group' },
    })
  })

  test('keeps users out of scope who left in whatever way', () => {
    expect(inScope(user)).toBe(true)
    expect(inScope({ ...user, purged: true })).toBe(false)
    expect(inScope({ ...user, accountEnabled: false })).toBe(true)
  })
})
