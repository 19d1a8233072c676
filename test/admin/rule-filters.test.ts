import { afterEach, beforeAll, expect, test } from 'vitest'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { newAdmin, type AdminApi } from '../support/admin.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { newOwnGroup, newRule } from '../support/assignments.ts'
import { endOfTests } from '../support/database.ts'
import { ENTERPRISE, newUser } from '../support/resources.ts'

let app: TestApp
let api: AdminApi
let staff: string
let ids: string[] = []

const finished = endOfTests()

beforeAll(async () => {
  app = await testApp({ finished })
  api = await newAdmin(app)
  staff = await newOwnGroup(app.directory, 'Staff')
})

afterEach(async () => {
  for (const id of ids) await app.directory.users.remove(id, undefined, cause)
  ids = []
})

const people: Readonly<Record<string, JsonObject>> = {
  ada: {
    title: 'Chief Designer',
    userType: 'Employee',
    [ENTERPRISE]: { department: 'Sales', employeeNumber: '7' },
    roles: [{ value: 'PM', primary: true }, { value: 'Admin' }],
    emails: [{ type: 'work', value: 'Ada@Contoso.example' }],
  },
  bob: {
    title: 'designer',
    externalId: 'E0000000-0000-4000-8000-000000000001',
    emails: [{ type: 'home', value: 'bob@contoso.example' }],
    phoneNumbers: [{ type: 'mobile', value: '+1' }],
  },
  // The same word in another width and composition.
  ｃｙｄ: { title: 'Ｄｅｓｉｇｎｅｒ', name: { givenName: 'Zoe\u0308', familyName: 'ΣΊΣΥΦΟΣ' } },
  dora: {
    active: false,
    'urn:contoso:extension:User': { floor: 3, wing: 'North' },
    [ENTERPRISE]: { manager: { value: 'ada' } },
  },
}

/** Provisioning makes all these people; the names of those who got something. */
async function made(): Promise<string[]> {
  const got: string[] = []
  for (const [name, attributes] of Object.entries(people)) {
    const { id, groups } = await newUser(app.scim, name, attributes)
    ids.push(id)
    if (groups !== undefined) got.push(name)
  }
  return got.sort()
}

test.each([
  'title eq "designer"',
  'title co "design" and not (userType eq "employee")',
  'userName eq "CYD" or userName eq "DORA"',
  'department eq "sales"',
  `${ENTERPRISE}:employeeNumber ge "5"`,
  'roles.value eq "pm"',
  'roles[value eq "PM" and primary eq true]',
  'roles[primary eq "True"].value eq "admin"',
  'emails[type eq "work"].value ew "@contoso.example"',
  'emails.value co "bob"',
  'emails eq "ADA@contoso.example"',
  'phoneNumbers pr',
  'not (emails pr)',
  'active eq false',
  'externalId eq "e0000000-0000-4000-8000-000000000001"',
  'name.givenName eq "zo\u00eb"',
  'name.familyName eq "σίσυφος"',
  'urn:contoso:extension:User:floor gt 2',
  'urn:contoso:extension:User:wing ne "North"',
  'schemas eq "urn:contoso:extension:User"',
  'manager eq "ada"',
  'title ne "designer"',
  'userType eq null',
  'displayName eq null and (title pr or active eq false)',
])('finds those who would have got something: %s', async (filter) => {
  const rule = await newRule(api, filter, { groups: [staff] })
  const got = await made()
  const known = `(${filter}) and (not (userName eq "admin"))`
  const { body } = await api.post('/rules/try', { filter: known })
  const found = body['matches'] as { total: number; items: { userName: string }[] }
  expect(found.items.map(({ userName }) => userName).sort()).toStrictEqual(got)
  expect(found.total).toBe(got.length)
  await api.post(`/rules/${rule.id}/remove`)
})

test('some get something and others do not, of these people', async () => {
  const rule = await newRule(api, 'title eq "designer"', { groups: [staff] })
  expect(await made()).toStrictEqual(['bob', 'ｃｙｄ'])
  await api.post(`/rules/${rule.id}/remove`)
})
