import { expect, test } from 'vitest'
import { APP, asking, EVENTUAL, linkIn, refusal, valuesIn } from './graph/asking.ts'

const BY_CLIENT_ID = `/applications(appId='${APP.clientId}')`
const END = '2027-03-01T00:00:00Z'

test('an app registration is found by its client id, by a filter and by its own id', async () => {
  const { ask } = await asking()
  const { status, body } = await ask(`${BY_CLIENT_ID}?$select=id,appId`)
  expect([status, body['appId']]).toEqual([200, APP.clientId])
  const { body: principal } = await ask(`/servicePrincipals(appId='${APP.clientId}')?$select=id`)
  expect(body['id']).not.toBe(principal['id'])
  const listed = await ask(`/applications?$filter=appId eq '${APP.clientId}'&$select=id`)
  expect(valuesIn(listed)).toEqual([{ id: body['id'] }])
  expect((await ask(`/applications/${String(body['id'])}`)).status).toBe(200)
  expect((await ask(`/applications/${APP.clientId}`)).status).toBe(404)
  expect((await ask(`/applications(appId='${String(body['id'])}')`)).status).toBe(404)
})

test('it lists its secrets by how they begin, and its certificates', async () => {
  const certificates = [{ thumbprint: 'ABCD'.repeat(10), endDateTime: END }]
  const { ask, graph } = await asking({ certificates })
  const path = `${BY_CLIENT_ID}?$select=passwordCredentials,keyCredentials`
  const { body } = await ask(path)
  expect(body['passwordCredentials']).toMatchObject([{ hint: 'a s', secretText: null }])
  expect(body['keyCredentials']).toMatchObject([
    {
      customKeyIdentifier: Buffer.from('ABCD'.repeat(10), 'hex').toString('base64'),
      endDateTime: END,
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
    },
  ])
  expect(JSON.stringify(body)).not.toContain(APP.clientSecret)
  graph.secrets = [
    { hint: 'q~8', endDateTime: END },
    { hint: 'Zk3', endDateTime: END },
  ]
  expect((await ask(path)).body['passwordCredentials']).toMatchObject([
    { hint: 'q~8', endDateTime: END },
    { hint: 'Zk3', endDateTime: END },
  ])
})

test('it is read with a permission for applications alone', async () => {
  const { ask, graph } = await asking()
  graph.permissions = ['User.Read.All', 'GroupMember.Read.All']
  expect(refusal(await ask(BY_CLIENT_ID)).slice(0, 2)).toEqual([403, 'Authorization_RequestDenied'])
  expect((await ask('/applications')).status).toBe(403)
  graph.permissions = ['Application.Read.All']
  expect((await ask(BY_CLIENT_ID)).status).toBe(200)
})

test.each(['$select=secrets', '$expand=owners', '$filter=appId eq null'])(
  'it is refused with %s',
  async (option) => {
    const { ask } = await asking()
    expect((await ask(`${BY_CLIENT_ID}?${option}`)).status).toBe(400)
  },
)

test('a program that is assigned to the application is no person', async () => {
  const { ask } = await asking({ programAssigned: 'Orders.Sync' })
  const path = `/servicePrincipals(appId='${APP.clientId}')/appRoleAssignedTo`
  const assigned = valuesIn(await ask(path))
  expect(assigned.map(({ principalType }) => principalType)).toContain('ServicePrincipal')
})

test('roles for programs, and those that were switched off, say so', async () => {
  const { ask } = await asking()
  const { body } = await ask(`/servicePrincipals(appId='${APP.clientId}')?$select=appRoles`)
  expect(body['appRoles']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ value: 'Orders.Sync', allowedMemberTypes: ['Application'] }),
      expect.objectContaining({ value: 'Retired', isEnabled: false }),
    ]),
  )
})

test('an advanced query is refused when its URL is longer than 2,048 characters', async () => {
  const { ask } = await asking()
  const path = (length: number) => `/users?$search="displayName:${'x'.repeat(length)}"`
  const fixed = path(0).length
  expect((await ask(path(2_048 - fixed - 4), EVENTUAL)).status).toBe(200)
  expect(refusal(await ask(path(2_049 - fixed), EVENTUAL)).slice(0, 2)).toEqual([
    400,
    'Request_UnsupportedQuery',
  ])
  const filter = `/users?$filter=mail eq '${'x'.repeat(2_100)}'`
  expect((await ask(filter, EVENTUAL)).status).toBe(200)
  expect((await ask(`${filter}&$count=true`, EVENTUAL)).status).toBe(400)
})

test('changes are also at the whole name of the function, and odd links lead there', async () => {
  const { ask } = await asking({ oddPages: true })
  const said = await ask('/users/delta?$deltatoken=latest')
  const link = linkIn(said, 'deltaLink') ?? ''
  expect(link).toContain('/users/microsoft.graph.delta()?$deltatoken=')
  expect((await ask(link)).status).toBe(200)
})
