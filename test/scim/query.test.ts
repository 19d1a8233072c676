import { afterAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { testApp } from '../support/app.ts'
import { ENTERPRISE, LIST, newGroup, newUser, SEARCH, USER } from '../support/resources.ts'

/*
 * Filters and pages (RFC 7644 §3.4.2, §3.4.3) over a few people whose attributes differ. Filters that are refused are
 * rows of bad-input.test.ts.
 */

const CONTOSO = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User'
const finished = afterAll
const { scim, clock } = await testApp({ finished })

const people: Readonly<Record<string, JsonObject>> = {
  bjensen: {
    externalId: 'AbC',
    name: { familyName: "O'Malley", givenName: 'Barbara' },
    displayName: 'Barbara "Babs" Jensen',
    title: 'CEO',
    userType: 'Employee',
    active: true,
    emails: [
      { value: 'bjensen@example.com', type: 'work', primary: true },
      { value: 'babs@home.example', type: 'home' },
    ],
    ims: [{ value: 'babs@foo.com', type: 'xmpp' }],
    roles: [{ value: 'PM', primary: true }],
    profileUrl: 'https://example.com/Babs',
    x509Certificates: [{ value: 'MIIB' }],
    [ENTERPRISE]: { department: 'Sales', employeeNumber: '1001', manager: { value: 'Boss-1' } },
  },
  jsmith: {
    externalId: 'abc',
    name: { familyName: 'Smith', givenName: 'Émile' },
    displayName: '50% off_all \\ C:\\dir',
    title: 'Engineer',
    userType: 'Intern',
    active: false,
    emails: [
      { value: 'jsmith@example.org', type: 'home' },
      { value: 'x@foo.com', type: 'other' },
    ],
    [CONTOSO]: { badge: 'B-7', level: 3, floors: ['1', '2'] },
  },
  zoë: {
    displayName: 'Zoë 张 👩‍🚀',
    userType: 'Contractor',
    addresses: [{ locality: 'Köln', country: 'DE', type: 'work' }],
    [ENTERPRISE]: { department: 'SALES' },
  },
  ΟΔΥΣΣΕΎΣ: { displayName: '500 off all', userType: 'employee' },
}

const ids = new Map<string, string>()
for (const [userName, more] of Object.entries(people)) {
  ids.set(userName, (await newUser(scim, userName, more)).id)
  clock.pass(1000)
}
const group = await newGroup(scim, 'Sales', { members: [{ value: ids.get('jsmith') ?? '' }] })
clock.pass(1000)
await scim.operate(`/Users/${ids.get('zoë')}`, { op: 'replace', path: 'nickName', value: 'Zo' })

const B = 'bjensen'
const J = 'jsmith'
const Z = 'zoë'
const O = 'ΟΔΥΣΣΕΎΣ'
const ALL = [B, J, Z, O]

function namesIn(body: JsonObject): unknown[] {
  const resources = body['Resources']
  return Array.isArray(resources)
    ? resources.map((one) =>
        one !== null && typeof one === 'object' && 'userName' in one ? one.userName : one,
      )
    : []
}

const filters: Readonly<Record<string, readonly (readonly [string, readonly string[]])[]>> = {
  'the examples of RFC 7644 (12.5)': [
    ['userName eq "bjensen"', [B]],
    [`name.familyName co "O'Malley"`, [B]],
    ['userName sw "J"', [J]],
    [`${USER}:userName sw "J"`, [J]],
    ['title pr', [B, J]],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', ALL],
    ['meta.lastModified ge "2011-05-13T04:42:34Z"', ALL],
    ['meta.lastModified lt "2011-05-13T04:42:34Z"', []],
    ['meta.lastModified le "2011-05-13T04:42:34Z"', []],
    ['title pr and userType eq "Employee"', [B]],
    ['title pr or userType eq "Intern"', [B, J]],
    [`schemas eq "${ENTERPRISE}"`, [B, Z]],
    ['userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")', [B]],
    [
      'userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")',
      [Z],
    ],
    ['userType eq "Employee" and (emails.type eq "work")', [B]],
    ['userType eq "Employee" and emails[type eq "work" and value co "@example.com"]', [B]],
    [
      'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]',
      [B],
    ],
  ],
  text: [
    ['F-32 userName eq "BJENSEN"', [B]],
    ['title eq "ceo"', [B]],
    ['title ne "CEO"', [J, Z, O]],
    ['userName co "SMI"', [J]],
    ['userName ew "SEN"', [B]],
    ['F-30 userName sw "bjensen"', [B]],
    ['F-30 userName ew "bjensen"', [B]],
    ['userName ew "xbjensen"', []],
    ['F-39 userName gt "jsmith"', [Z, O]],
    ['userName ge "JSMITH"', [J, Z, O]],
    ['userName lt "JSMITH"', [B]],
    ['userName le "JSMITH"', [B, J]],
    ['F-38 title gt "A"', [B, J]],
    ['F-30 displayName co ""', ALL],
    ['F-33 userName eq "ｂｊｅｎｓｅｎ"', [B]],
    ['F-33 userName eq "zoe\u0308"', [Z]],
    ['F-33 userName eq "ZOË"', [Z]],
    ['F-33 userName eq "οδυσσεύς"', [O]],
    ['name.givenName eq "ÉMILE"', [J]],
    ['addresses.locality eq "KÖLN"', [Z]],
    ['userName eq "nobody"', []],
  ],
  'case-exact text': [
    ['F-32 externalId eq "AbC"', [B]],
    ['A-04 externalId eq "abc"', [J]],
    ['externalId eq "ABC"', []],
    ['externalId sw "A"', [B]],
    ['profileUrl eq "https://example.com/Babs"', [B]],
    ['profileUrl eq "https://example.com/babs"', []],
    ['x509Certificates.value eq "MIIB"', [B]],
    ['x509Certificates.value eq "miib"', []],
    [`${ENTERPRISE}:manager.value eq "Boss-1"`, [B]],
    [`${ENTERPRISE}:manager.value eq "boss-1"`, []],
    ['meta.resourceType eq "User"', ALL],
    ['meta.resourceType eq "user"', []],
    ['meta.version eq "W/\\"2\\""', [Z]],
    ['F-25 schemas eq "urn:none"', []],
  ],
  'special characters': [
    ['F-08 displayName co "%"', [J]],
    ['F-08 displayName co "50%"', [J]],
    ['F-08 displayName co "off_all"', [J]],
    ['F-08 displayName sw "50_"', []],
    ['F-17 displayName co "\\\\"', [J]],
    ['F-17 displayName co "C:\\\\dir"', [J]],
    ['F-17 displayName co "\\"Babs\\""', [B]],
    ['F-17 displayName co "Zo\\u00eb"', [Z]],
    ['F-17 displayName co "\\ud83d\\udc69"', [Z]],
    ['displayName co "👩‍🚀"', [Z]],
    ['displayName ew "🚀"', [Z]],
    ['displayName co "张"', [Z]],
    [`name.familyName eq "o'malley"`, [B]],
  ],
  booleans: [
    ['active eq true', [B, Z, O]],
    ['active eq false', [J]],
    ['active ne true', [J]],
    ['F-31 active pr', ALL],
    ['active eq null', []],
    ['roles.primary eq true', [B]],
    ['roles[primary eq true]', [B]],
    ['F-29 active eq true and not (title pr)', [Z, O]],
  ],
  instants: [
    ['F-34 meta.created eq "2026-03-02T08:00:00Z"', [B]],
    ['F-34 meta.created eq "2026-03-02T08:00:00.000Z"', [B]],
    ['F-34 meta.created eq "2026-03-02T10:00:00+02:00"', [B]],
    ['F-34 meta.created gt "2026-03-02T10:00:00.999+02:00"', [J, Z, O]],
    ['meta.created ge "2026-03-02T02:00:01-06:00"', [J, Z, O]],
    ['meta.created le "2026-03-02T08:00:01.0Z"', [B, J]],
    ['meta.created ne "2026-03-02T08:00:00Z"', [J, Z, O]],
    ['meta.lastModified gt "2026-03-02T08:00:04Z"', [Z]],
    ['meta.created pr', ALL],
  ],
  'null and pr': [
    ['F-36 title eq null', [Z, O]],
    ['F-36 title ne null', [B, J]],
    ['F-37 title ne "x"', ALL],
    ['F-37 not (title eq "CEO")', [J, Z, O]],
    ['F-31 emails pr', [B, J]],
    ['F-31 name pr', [B, J]],
    ['F-31 nickName pr', [Z]],
    ['not (emails pr)', [Z, O]],
    ['F-31 addresses pr', [Z]],
    [`${ENTERPRISE}:manager pr`, [B]],
    [`${ENTERPRISE}:department pr`, [B, Z]],
    ['externalId pr', [B, J]],
    ['id pr', ALL],
    ['F-31 meta pr', ALL],
    ['F-31 schemas pr', ALL],
  ],
  'several values': [
    ['F-24 emails.type eq "work"', [B]],
    ['F-24 emails.type eq "home"', [B, J]],
    ['F-23 emails co "example.com"', [B]],
    ['F-23 emails eq "BABS@home.example"', [B]],
    ['F-14 emails[type eq "home" and value co "@example.org"]', [J]],
    ['F-14 emails[type eq "work" and value co "@home"]', []],
    ['F-14 emails.type eq "work" and emails.value co "@home"', [B]],
    ['F-15 emails[type eq "work" or (type eq "other" and value ew "foo.com")]', [B, J]],
    ['F-15 emails[not (type eq "home")]', [B, J]],
    ['F-15 emails[type ne "home"]', [B, J]],
    ['F-15 emails[display eq null]', [B, J]],
    ['F-15 emails[primary pr]', [B]],
    ['emails[primary eq true and type eq "home"]', []],
    ['emails[value eq "babs@home.example" and type eq "work"]', []],
    ['F-16 emails[type eq "work"].value eq "bjensen@example.com"', [B]],
    ['F-16 emails[type eq "home"].value eq "bjensen@example.com"', []],
    ['addresses[country eq "de" and type eq "work"]', [Z]],
    ['not (emails[type eq "work"])', [J, Z, O]],
    ['F-26 groups.value eq "{group}"', [J]],
    ['groups pr', [J]],
    ['not (groups pr)', [B, Z, O]],
  ],
  'and, or, not': [
    ['F-12 title eq "CEO" or userType eq "Intern" and active eq true', [B]],
    ['F-13 (title eq "CEO" or userType eq "Intern") and active eq true', [B]],
    ['F-12 userType eq "Intern" and active eq true or title eq "CEO"', [B]],
    ['F-12 not (title pr) and active eq true', [Z, O]],
    ['F-13 not (title pr and active eq true)', [J, Z, O]],
    ['not (not (title pr))', [B, J]],
    ['((((title pr))))', [B, J]],
    ['F-11 USERNAME EQ "bjensen" AnD TITLE Pr', [B]],
    ['F-11 NoT (title PR) or EMAILS[TYPE Eq "work"]', [B, Z, O]],
    ['F-18   title   pr   and   active   eq   true  ', [B]],
    ['F-18 not(title pr)', [Z, O]],
    ['( title pr )', [B, J]],
  ],
  extensions: [
    [`F-20 ${ENTERPRISE}:department eq "sales"`, [B, Z]],
    [`F-11 ${ENTERPRISE.toUpperCase()}:DEPARTMENT eq "sales"`, [B, Z]],
    ['F-21 employeeNumber eq "1001"', [B]],
    [`F-20 ${USER}:name.givenName eq "Barbara"`, [B]],
    [`${CONTOSO}:badge eq "b-7"`, [J]],
    [`${CONTOSO}:level ge 3`, [J]],
    [`${CONTOSO}:level gt 3`, []],
    [`${CONTOSO}:floors eq "2"`, [J]],
    [`${CONTOSO}:badge pr`, [J]],
    [`F-25 schemas eq "${CONTOSO}"`, [J]],
    ['urn:nobody:has:this eq "x"', []],
  ],
}

describe.each(Object.entries(filters))('a filter on %s finds who matches:', (_, table) => {
  test.each(table)('%s', async (text, expected) => {
    const filter = text.replace(/^[A-Z]-\d\d /, '').replace('{group}', group.id)
    const { status, body } = await scim.filter('/Users', filter)
    expect({ status, names: namesIn(body) }).toStrictEqual({ status: 200, names: expected })
    expect(body).toMatchObject({ totalResults: expected.length, itemsPerPage: expected.length })
    const search = await scim.post('/Users/.search', { schemas: [SEARCH], filter })
    expect(search.body).toStrictEqual(body)
  })
})

describe('a page', () => {
  test('Q-01 Q-02 of nothing is an empty ListResponse', async () => {
    const { status, body } = await scim.filter('/Users', 'userName eq "nobody"')
    expect(status).toBe(200)
    expect(body).toStrictEqual({
      schemas: [LIST],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    })
  })

  test.each([
    ['I-01 startIndex 0 means 1', 'startIndex=0&count=2', 1, [B, J]],
    ['I-01 startIndex -5 means 1', 'startIndex=-5&count=2', 1, [B, J]],
    ['startIndex 2', 'startIndex=2&count=2', 2, [J, Z]],
    ['the last, half full', 'startIndex=4&count=2', 4, [O]],
    ['I-05 beyond the end', 'startIndex=5', 5, []],
    ['I-05 far beyond the end', 'startIndex=900000000000', 900_000_000_000, []],
    ['I-02 count 0', 'count=0', 1, []],
    ['I-02 count -1 means 0', 'count=-1', 1, []],
    ['I-03 count 1', 'count=1', 1, [B]],
    ['I-03 count above all', 'count=100000', 1, ALL],
    ['a number with a sign', 'startIndex=%2B2&count=1', 2, [J]],
    ['of a filter', 'filter=title+pr&startIndex=2&count=5', 2, [J]],
  ])('%s', async (_, query, startIndex, names) => {
    const { status, body } = await scim.get(`/Users?${query}`)
    expect({ status, names: namesIn(body) }).toStrictEqual({ status: 200, names })
    const totalResults = query.includes('filter') ? 2 : 4
    expect(body).toMatchObject({ totalResults, startIndex, itemsPerPage: names.length })
  })

  test('SR-05 of a search equals that of the query', async () => {
    const { body } = await scim.post('/Users/.search', {
      schemas: [SEARCH],
      filter: 'userName pr',
      startIndex: 2,
      count: 2,
      attributes: ['userName'],
    })
    const got = await scim.get(
      '/Users?filter=userName%20pr&startIndex=2&count=2&attributes=userName',
    )
    expect(body).toStrictEqual(got.body)
    expect(namesIn(body)).toStrictEqual([J, Z])
  })

  test('W-33 a plus sign and %20 are blanks, and %2B is a plus sign', async () => {
    const { scim } = await testApp()
    await newUser(scim, 'a+b@x.example')
    for (const query of [
      'userName+eq+%22a%2Bb@x.example%22',
      'userName%20eq%20%22a%2bb%40x.example%22',
    ]) {
      expect((await scim.get(`/Users?filter=${query}`)).body['totalResults']).toBe(1)
    }
  })

  test('I-08 I-03 after page makes everyone once, at most 200 at a time, oldest first', async () => {
    const { scim, directory } = await testApp()
    const expected: string[] = []
    for (let index = 0; index < 205; index += 1) {
      const attributes = { userName: `u${(index * 7919) % 205}`, active: true }
      const cause = { actor: 'test', door: 'scim', requestId: 'r' } as const
      await directory.users.create({ attributes, origin: 'scim' }, cause)
      expected.push(attributes.userName)
    }
    const first = await scim.get('/Users?count=1000')
    expect(first.body).toMatchObject({ totalResults: 205, itemsPerPage: 200 })
    const paged: unknown[] = []
    for (let startIndex = 1; startIndex <= 205; startIndex += 23) {
      paged.push(...namesIn((await scim.get(`/Users?startIndex=${startIndex}&count=23`)).body))
    }
    expect(paged).toStrictEqual(expected)
    expect((await scim.get('/Users')).body['itemsPerPage']).toBe(100)
  })
})

describe('groups are found', () => {
  test.each([
    ['displayName eq "SALES"', 1],
    ['displayName sw "sal" and members pr', 1],
    ['members.value eq "{user}"', 1],
    ['members[value eq "{user}"]', 1],
    ['members eq "{user}"', 1],
    ['members.value eq "nobody"', 0],
    ['not (members.value eq "{user}")', 0],
    ['meta.resourceType eq "Group"', 1],
    ['externalId pr', 0],
    ['id eq "{group}"', 1],
  ])('by %s', async (text, total) => {
    const filter = text.replace('{user}', ids.get(J) ?? '').replace('{group}', group.id)
    expect(await scim.filter('/Groups', filter)).toMatchObject({
      status: 200,
      body: { totalResults: total },
    })
  })
})
