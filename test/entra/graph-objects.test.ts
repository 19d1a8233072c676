import { describe, expect, test } from 'vitest'
import { APP, asking, EVENTUAL, pages, refusal, valuesIn, type Asking } from './graph/asking.ts'
import { groups, people } from './graph/small-tenant.ts'
import { isRecord, type Resource } from './mapping.ts'
import { makeTenant } from './make-tenant.ts'

const { adele, bertha, guest, recycled, siobhan, unassigned } = people
const ALL = ['Directory.Read.All']
const NO_ROLE = '00000000-0000-0000-0000-000000000000'

function ids(values: readonly Resource[]): unknown[] {
  return values.map(({ id }) => id)
}

async function principal(ask: Asking['ask']): Promise<Resource> {
  return (await ask(`/servicePrincipals(appId='${APP.clientId}')`)).body
}

describe('a user', () => {
  test.each([
    ['an object id', adele.objectId, adele],
    ['a user principal name', adele.userPrincipalName, adele],
    ['a name in capitals', adele.userPrincipalName.toUpperCase(), adele],
    ['the name of a guest', guest.userPrincipalName, guest],
  ])('is found by %s', async (_, key, { objectId }) => {
    const { ask } = await asking()
    const { status, body } = await ask(`/users/${encodeURIComponent(key)}?$select=id`)
    expect(status).toBe(200)
    expect(body).toEqual({
      '@odata.context': expect.stringMatching(/\/v1\.0\/\$metadata#users\(id\)\/\$entity$/u),
      id: objectId,
    })
  })

  test.each([
    ['nobody', 'nobody@contoso.example'],
    ['a guest whose name was not encoded', 'gus_fabrikam.example'],
    ['a user in the recycle bin', recycled.objectId],
    ['a former name', 'rita.gone@contoso.example'],
  ])('is not found as %s', async (_, key) => {
    const { ask } = await asking()
    expect(refusal(await ask(`/users/${key}`)).slice(0, 2)).toEqual([
      404,
      'Request_ResourceNotFound',
    ])
  })

  test('is as the tenant says now', async () => {
    const { ask, change } = await asking()
    const path = `/users/${adele.objectId}`
    await ask(path)
    change({ kind: 'update', id: adele.objectId, set: { surname: 'Hill', jobTitle: null } })
    expect((await ask(path)).body).toMatchObject({ surname: 'Hill', jobTitle: null })
    change({ kind: 'block', id: adele.objectId })
    expect((await ask(`${path}?$select=accountEnabled`)).body['accountEnabled']).toBe(false)
  })

  test('has plausible values for what the tenant does not keep, always the same', async () => {
    const first = makeTenant({ seed: 9, users: 200, groups: 2 })
    const select =
      'id,companyName,mailNickname,otherMails,proxyAddresses,businessPhones,onPremisesSyncEnabled,onPremisesImmutableId,onPremisesSamAccountName,employeeType,employeeHireDate,employeeOrgData,createdDateTime,lastPasswordChangeDateTime,userType,externalUserState,deletedDateTime'
    const all = async (): Promise<Resource[]> => {
      const { ask } = await asking({ first })
      return valuesIn(await ask(`/users?$top=999&$select=${select}`))
    }
    const users = await all()
    expect(await all()).toEqual(users)
    const seen = (name: string): Set<unknown> => new Set(users.map((user) => user[name]))
    expect(seen('onPremisesSyncEnabled')).toEqual(new Set([true, null]))
    expect(seen('userType')).toEqual(new Set(['Member', 'Guest']))
    expect(seen('employeeType')).toEqual(new Set(['Employee', 'Contractor', null]))
    expect(seen('companyName')).toEqual(new Set(['Contoso', 'Fabrikam', null]))
    for (const user of users) {
      expect(user['createdDateTime']).toMatch(/^202\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u)
      const { businessPhones, onPremisesSyncEnabled, onPremisesImmutableId } = user
      expect(Array.isArray(businessPhones) && businessPhones.length <= 1).toBe(true)
      expect(onPremisesImmutableId !== null).toBe(onPremisesSyncEnabled === true)
    }
  })
})

describe('a manager', () => {
  test('is shown', async () => {
    const { ask } = await asking()
    const { body } = await ask(`/users/${adele.objectId}/manager?$select=id,displayName`)
    expect(body).toMatchObject({ '@odata.type': '#microsoft.graph.user', id: bertha.objectId })
  })

  test('is 404 for who has none, or one who was deleted', async () => {
    const { ask, change } = await asking()
    const message =
      "Resource 'manager' does not exist or one of its queried reference-property objects are not present."
    const none = [404, 'Request_ResourceNotFound', message]
    expect(refusal(await ask(`/users/${bertha.objectId}/manager`))).toEqual(none)
    change({ kind: 'soft-delete', id: bertha.objectId })
    expect(refusal(await ask(`/users/${adele.objectId}/manager`))).toEqual(none)
  })
})

describe('groups', () => {
  test.each<[name: string, path: string, expected: string[]]>([
    ['all', '/groups?$select=id', ['team', 'everybody', 'empty']],
    ['by a prefix', "/groups?$filter=startswith(displayName,'sales')", ['team']],
    [
      'by name',
      "/groups?$filter=displayName eq 'All staff' and securityEnabled eq true",
      ['everybody'],
    ],
    ['by words', '/groups?$search="displayName:staff"', ['everybody']],
    ['by type', "/groups?$filter=groupTypes/any(c:c eq 'Unified')", []],
    ['in order', '/groups?$orderby=displayName&$select=id', ['everybody', 'empty', 'team']],
  ])('are listed %s', async (_, path, expected) => {
    const { ask } = await asking()
    const wanted = expected.map(
      (name) => Object.entries(groups).find(([key]) => key === name)?.[1].objectId,
    )
    expect(ids(valuesIn(await ask(path, EVENTUAL)))).toEqual(wanted)
  })

  test('are refused by a property that is not indexed', async () => {
    const { ask } = await asking()
    const path = '/groups?$filter=createdDateTime ge 2021-11-01&$count=true'
    expect(refusal(await ask(path, EVENTUAL))).toEqual([
      400,
      'Request_UnsupportedQuery',
      "Unsupported or invalid query filter clause specified for property 'createdDateTime' of resource 'Group'.",
    ])
  })

  test('are shown one by one', async () => {
    const { ask } = await asking()
    const { objectId, displayName } = groups.team
    const { body } = await ask(
      `/groups/${objectId}?$select=id,displayName,securityEnabled,groupTypes`,
    )
    expect(body).toMatchObject({ id: objectId, displayName, securityEnabled: true, groupTypes: [] })
    expect((await ask(`/groups/${adele.objectId}`)).status).toBe(404)
  })

  test('have members: direct ones, of a type, and those of the groups within', async () => {
    const { ask } = await asking()
    const path = `/groups/${groups.everybody.objectId}`
    const list = async (rest: string): Promise<unknown[]> =>
      ids(valuesIn(await ask(`${path}${rest}`, EVENTUAL)))
    const team = [siobhan.objectId, guest.objectId]
    expect(await list('/members')).toEqual([adele.objectId, groups.team.objectId])
    expect(await list('/members/microsoft.graph.user?$select=id')).toEqual([adele.objectId])
    expect(await list('/members/microsoft.graph.group')).toEqual([groups.team.objectId])
    expect(await list('/members/microsoft.graph.device')).toEqual([])
    expect(await list('/transitiveMembers/microsoft.graph.user?$count=true')).toEqual([
      adele.objectId,
      ...team,
    ])
    expect(await list('/transitiveMembers')).toEqual([
      adele.objectId,
      groups.team.objectId,
      ...team,
    ])
  })

  test('have members page by page, and none that were deleted', async () => {
    const { ask } = await asking()
    const path = `/groups/${groups.team.objectId}/members/microsoft.graph.user?$top=1&$select=id`
    const all = await pages(ask, path)
    expect(all.map((said) => ids(valuesIn(said)))).toEqual([[siobhan.objectId], [guest.objectId]])
  })

  test('refuse a cast of transitive members, and a filter of members, as a plain query', async () => {
    const { ask } = await asking()
    const path = `/groups/${groups.everybody.objectId}`
    const cast = `${path}/transitiveMembers/microsoft.graph.user`
    const filter = `${path}/members/microsoft.graph.user?$filter=accountEnabled eq true`
    expect((await ask(cast)).status).toBe(400)
    expect((await ask(`${cast}?$count=true`)).status).toBe(400)
    expect((await ask(`${cast}?$count=true`, EVENTUAL)).body['@odata.count']).toBe(3)
    expect(refusal(await ask(filter))[1]).toBe('Request_UnsupportedQuery')
    expect(ids(valuesIn(await ask(`${filter}&$count=true`, EVENTUAL)))).toEqual([adele.objectId])
    expect((await ask(`${path}/members/microsoft.graph.unicorn`)).status).toBe(400)
  })

  test('of a user are those within which the user is', async () => {
    const { ask } = await asking()
    const path = `/users/${guest.objectId}`
    const both = [groups.team.objectId, groups.everybody.objectId]
    const cast = `${path}/transitiveMemberOf/microsoft.graph.group?$select=id&$count=true`
    expect(ids(valuesIn(await ask(cast, EVENTUAL)))).toEqual(both)
    expect((await ask(cast)).status).toBe(400)
    expect(ids(valuesIn(await ask(`${path}/transitiveMemberOf`)))).toEqual(both)
    const roles = `${path}/transitiveMemberOf/microsoft.graph.directoryRole?$count=true`
    expect(valuesIn(await ask(roles, EVENTUAL))).toEqual([])
    const member = await ask(`${path}/getMemberObjects`, {}, { securityEnabledOnly: false })
    expect(member.body['value']).toEqual(both)
    expect((await ask(`${path}/getMemberObjects`, {}, {})).status).toBe(400)
  })
})

describe('the service principal', () => {
  test('is found by its application, by a filter and by its own id', async () => {
    const { ask } = await asking()
    const found = await principal(ask)
    expect(found).toMatchObject({ appId: APP.clientId, appRoleAssignmentRequired: true })
    expect(found['id']).not.toBe(APP.clientId)
    const { '@odata.context': _, ...shown } = found
    const listed = await ask(`/servicePrincipals?$filter=appId eq '${APP.clientId}'`)
    expect(valuesIn(listed)).toEqual([shown])
    expect((await ask(`/servicePrincipals/${String(found['id'])}?$select=id`)).body['id']).toBe(
      found['id'],
    )
  })

  test('is not another', async () => {
    const { ask } = await asking()
    expect((await ask(`/servicePrincipals(appId='${adele.objectId}')`)).status).toBe(404)
    expect((await ask(`/servicePrincipals/${APP.clientId}`)).status).toBe(404)
    const none = await ask(`/servicePrincipals?$filter=appId eq '${adele.objectId}'`)
    expect([none.status, valuesIn(none)]).toEqual([200, []])
  })

  test('has the app roles, and those who are assigned with one or without', async () => {
    const { ask } = await asking({ permissions: ALL, groupAssignments: new Map() })
    const { id, appRoles } = await principal(ask)
    const roles = Array.isArray(appRoles) ? appRoles.filter(isRecord) : []
    const sales = roles.find(({ value }) => value === 'Sales')
    expect(sales).toMatchObject({ isEnabled: true, allowedMemberTypes: ['User'] })
    const assigned = valuesIn(
      await ask(`/servicePrincipals/${String(id)}/appRoleAssignedTo?$top=999`),
    )
    expect(assigned).toHaveLength(5)
    expect(assigned[0]).toMatchObject({
      appRoleId: sales?.['id'],
      principalId: adele.objectId,
      principalDisplayName: 'Adele Vance',
      principalType: 'User',
      resourceId: id,
      resourceDisplayName: 'Entrance',
    })
    expect(assigned[1]).toMatchObject({ appRoleId: NO_ROLE, principalId: bertha.objectId })
    expect(assigned.map(({ principalId }) => principalId)).not.toContain(unassigned.objectId)
    expect(new Set(ids(assigned)).size).toBe(5)
  })

  test('has groups assigned, whose members are not listed unless they have a role', async () => {
    const groupAssignments = new Map([[groups.team.objectId, 'Sales']])
    const { ask } = await asking({ permissions: ALL, groupAssignments })
    const { id } = await principal(ask)
    const assigned = valuesIn(await ask(`/servicePrincipals/${String(id)}/appRoleAssignedTo`))
    const { displayName, objectId } = groups.team
    expect(assigned[0]).toMatchObject({
      principalType: 'Group',
      principalId: objectId,
      principalDisplayName: displayName,
    })
    const listed = assigned.map(({ principalId }) => principalId)
    expect(listed).not.toContain(guest.objectId)
    const path = `/users/${guest.objectId}/appRoleAssignments`
    expect(valuesIn(await ask(path))).toEqual([assigned[0]])
    expect(valuesIn(await ask(`${path}?$filter=resourceId eq ${String(id)}`))).toEqual([
      assigned[0],
    ])
    expect(valuesIn(await ask(`${path}?$filter=resourceId eq ${objectId}`))).toEqual([])
    expect((await ask(`${path}?$filter=resourceId eq '${String(id)}'`)).status).toBe(400)
  })

  test('lets in through groups and alone exactly those who are assigned in the tenant', async () => {
    const first = makeTenant({ seed: 5, users: 400, groups: 14 })
    const { ask } = await asking({ first, permissions: ALL })
    const { id } = await principal(ask)
    const all = await pages(ask, `/servicePrincipals/${String(id)}/appRoleAssignedTo?$top=100`)
    const assigned = all.flatMap(valuesIn)
    const within = new Set<unknown>()
    for (const { principalType, principalId } of assigned) {
      if (principalType === 'User') within.add(principalId)
      else {
        const path = `/groups/${String(principalId)}/members/microsoft.graph.user?$select=id`
        for (const said of await pages(ask, path))
          for (const one of valuesIn(said)) within.add(one['id'])
      }
    }
    const expected = [...first.users.values()].filter((user) => user.assigned && !user.softDeleted)
    expect(within).toEqual(new Set(expected.map(({ objectId }) => objectId)))
    expect(
      assigned.filter(({ principalType }) => principalType === 'Group').length,
    ).toBeGreaterThan(0)
  })
})

describe('the recycle bin', () => {
  test('has those who were deleted, by another name, until they are restored', async () => {
    const { ask, change } = await asking()
    const path =
      '/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,deletedDateTime'
    const name = `${recycled.objectId.replaceAll('-', '')}rita.gone@contoso.example`
    expect(valuesIn(await ask(path))).toEqual([
      { id: recycled.objectId, userPrincipalName: name, deletedDateTime: expect.any(String) },
    ])
    const item = `/directory/deletedItems/${recycled.objectId}`
    expect((await ask(item)).body).toMatchObject({
      '@odata.type': '#microsoft.graph.user',
      id: recycled.objectId,
    })
    change({ kind: 'restore', id: recycled.objectId, set: {} })
    expect(valuesIn(await ask(path))).toEqual([])
    expect((await ask(item)).status).toBe(404)
    expect((await ask('/users/rita.gone@contoso.example')).status).toBe(200)
  })

  test('has neither the living nor those who are gone for good, and wants a type', async () => {
    const { ask, change } = await asking()
    change({ kind: 'purge', id: recycled.objectId })
    expect((await ask(`/directory/deletedItems/${recycled.objectId}`)).status).toBe(404)
    expect((await ask(`/directory/deletedItems/${adele.objectId}`)).status).toBe(404)
    expect(valuesIn(await ask('/directory/deletedItems/microsoft.graph.user'))).toEqual([])
    expect((await ask('/directory/deletedItems')).status).toBe(400)
  })
})

describe('getByIds', () => {
  const path = '/directoryObjects/getByIds'

  test('finds objects of the wanted types, and passes over what there is not', async () => {
    const { ask } = await asking({ permissions: ALL })
    const wanted = [guest.objectId, groups.team.objectId, recycled.objectId, APP.tenantId]
    const list = async (types: readonly string[] | undefined): Promise<unknown[]> =>
      valuesIn(await ask(path, {}, { ids: wanted, types })).map(({ '@odata.type': type }) => type)
    const [user, group] = ['#microsoft.graph.user', '#microsoft.graph.group']
    expect(await list(['user'])).toEqual([user])
    expect(await list(['user', 'group'])).toEqual([user, group])
    expect(await list(undefined)).toEqual([user, group])
    const selected = await ask(
      `${path}?$select=id,accountEnabled`,
      {},
      { ids: wanted, types: ['user'] },
    )
    expect(valuesIn(selected)).toEqual([
      { '@odata.type': user, id: guest.objectId, accountEnabled: true },
    ])
  })

  test('takes a thousand ids, and not one more', async () => {
    const first = makeTenant({ seed: 6, users: 1_001, groups: 1 })
    const { ask } = await asking({ first, permissions: ALL })
    const all = [...first.users.keys()]
    expect(valuesIn(await ask(path, {}, { ids: all.slice(0, 1_000) }))).toHaveLength(1_000)
    expect(refusal(await ask(path, {}, { ids: all.slice(0, 1_001) }))[0]).toBe(400)
  })

  test.each([{}, { ids: 'x' }, { ids: [1] }, { ids: [], types: 'user' }])(
    'refuses %j',
    async (body) => {
      const { ask } = await asking({ permissions: ALL })
      expect((await ask(path, {}, body)).status).toBe(400)
    },
  )
})
