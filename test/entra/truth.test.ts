import { expect, test } from 'vitest'
import { makeTenant } from './make-tenant.ts'
import { isRecord, type Resource } from './mapping.ts'
import { makeProvisioner } from './provisioner.ts'
import { makeScimClient } from './scim-client.ts'
import { makeStubServer } from './stub-server.ts'
import type { EntraUser } from './tenant.ts'
import { compareWithTruth } from './truth.ts'

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** A server that equals the tenant, and the account and group that a test spoils. */
async function equal() {
  const server = makeStubServer()
  const tenant = makeTenant({ seed: 2, users: 30, groups: 4 })
  const client = makeScimClient({
    base: 'http://stub.example',
    token: 'secret',
    transport: server.transport,
  })
  await makeProvisioner({ client, tenant: () => tenant }).initialCycle()
  const complete = ({ department, mail, manager, jobTitle, appRoles }: EntraUser): boolean =>
    [department, mail, manager, jobTitle].every(Boolean) && appRoles.length > 0
  const person = [...tenant.users.values()].find(complete)
  const account = [...server.resources.Users.values()].find(
    ({ externalId }) => externalId === person?.objectId,
  )
  const group = [...server.resources.Groups.values()][0]
  if (person === undefined || account === undefined || group === undefined) throw new Error('None.')
  return { server, tenant, client, person, account, group }
}

type World = Awaited<ReturnType<typeof equal>>

function elements(resource: Resource, name: string): Resource[] {
  const list: unknown[] = Array.isArray(resource[name]) ? resource[name] : []
  return list.filter(isRecord)
}

test('a server that equals the tenant has no differences', async () => {
  const { client, tenant } = await equal()
  expect(await compareWithTruth(client, tenant)).toStrictEqual([])
})

test.each<[name: string, spoil: (world: World) => void, attribute: string]>([
  ['an altered value', ({ account }) => (account['title'] = 'Other'), 'title'],
  ['a trimmed value', ({ account }) => (account['displayName'] += ' '), 'displayName'],
  ['a missing value', ({ account }) => delete account['title'], 'title'],
  ['a value too many', ({ account }) => (account['nickName'] = 'Addi'), 'nickName'],
  ['a switched-off account', ({ account }) => (account['active'] = false), 'active'],
  ['a boolean as text', ({ account }) => (account['active'] = 'true'), 'active'],
  ['no roles', ({ account }) => (account['roles'] = []), 'roles'],
  [
    'an altered mail',
    ({ account }) => (account['emails'] = [{ type: 'work', value: 'x@y.z' }]),
    'emails[type eq "work"].value',
  ],
  [
    'a mail twice',
    ({ account }) => {
      const mails = elements(account, 'emails')
      account['emails'] = [...mails, ...mails]
    },
    'emails[type eq "work"].value again',
  ],
  [
    'another manager',
    ({ account }) => {
      account[ENTERPRISE] = { ...(account[ENTERPRISE] as Resource), manager: { value: 'x' } }
    },
    `${ENTERPRISE}:manager`,
  ],
  ['a group’s other name', ({ group }) => (group['displayName'] = 'Other'), 'displayName'],
  [
    'a member too few',
    ({ group }) => (group['members'] = elements(group, 'members').slice(1)),
    'members',
  ],
  [
    'a member too many',
    ({ group }) => (group['members'] = [...elements(group, 'members'), { value: 'x' }]),
    'members',
  ],
  [
    'a lost account',
    ({ server, account }) => server.resources.Users.delete(String(account['id'])),
    'account',
  ],
  [
    'an account of nobody',
    ({ server }) => server.resources.Users.set('x', { id: 'x', userName: 'x', externalId: 'x' }),
    'account',
  ],
  [
    'two accounts of one person',
    ({ server, account }) => server.resources.Users.set('x', { ...account, id: 'x' }),
    'externalId',
  ],
  [
    'a lost group',
    ({ server, group }) => server.resources.Groups.delete(String(group['id'])),
    'group',
  ],
  [
    'a group of nobody',
    ({ server }) => server.resources.Groups.set('x', { id: 'x', externalId: 'x' }),
    'group',
  ],
])('%s is found', async (_, spoil, attribute) => {
  const world = await equal()
  spoil(world)
  const found = await compareWithTruth(world.client, world.tenant)
  expect(found.map((difference) => difference.attribute)).toContain(attribute)
})

test('what is none of the tenant’s business can be left aside', async () => {
  const { client, tenant, server } = await equal()
  server.resources.Users.set('x', { id: 'x', userName: 'admin' })
  expect(await compareWithTruth(client, tenant)).toHaveLength(1)
  const ignore = ({ userName }: Resource): boolean => userName === 'admin'
  expect(await compareWithTruth(client, tenant, { ignore })).toStrictEqual([])
})
