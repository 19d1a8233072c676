import { describe, expect, test } from 'vitest'
import {
  asking,
  EVENTUAL,
  found,
  pages,
  query,
  refusal,
  valuesIn,
  type Said,
} from './graph/asking.ts'
import { people } from './graph/small-tenant.ts'

const ADVANCED = { ...EVENTUAL, count: '&$count=true' }
const NEITHER = { count: '' }
type Level = { readonly ConsistencyLevel?: 'eventual'; readonly count: string }

async function filtered(filter: string, { count, ...headers }: Level): Promise<Said> {
  const { ask } = await asking()
  return ask(`${query({ filter, select: 'id' })}${count}`, headers)
}

const everybody = ['adele', 'bertha', 'siobhan', 'guest', 'blocked', 'unassigned']

describe('$filter finds', () => {
  test.each<[name: string, filter: string, expected: string[]]>([
    ['a prefix', "startswith(displayName,'ad')", ['adele']],
    ['one of two prefixes', "startsWith(mail,'ad') or startswith(mail,'be')", ['adele', 'bertha']],
    ['a word in any case', "displayName eq 'ADELE VANCE'", ['adele']],
    [
      'enabled members of a department',
      "accountEnabled eq true and userType eq 'Member' and department eq 'Sales'",
      ['siobhan'],
    ],
    ['the blocked', 'accountEnabled eq false', ['blocked']],
    ['guests', "userType eq 'Guest'", ['guest']],
    ['a doubled quote', "surname eq 'O''Brien'", ['siobhan']],
    ['an ampersand that is encoded', "department eq 'R&D'", ['adele']],
    [
      'ids in a list',
      `id in ('${people.bertha.objectId}','${people.adele.objectId}')`,
      ['adele', 'bertha'],
    ],
    ['an exact mail', "mail eq 'gus@fabrikam.example'", ['guest']],
    [
      'a user principal name with a hash',
      "userPrincipalName eq 'gus_fabrikam.example#EXT#@contoso.example'",
      ['guest'],
    ],
    [
      'parentheses before or',
      "department eq 'Sales' and (accountEnabled eq false or userType eq 'Guest')",
      ['guest', 'blocked'],
    ],
    ['an address in a list', "proxyAddresses/any(p:p eq 'SMTP:gus@fabrikam.example')", ['guest']],
    ['the start of an address in a list', "otherMails/any(m:startswith(m,'gus@'))", ['guest']],
    ['a phone number', "businessPhones/any(p:p eq '+44 20 7946 0001')", ['adele']],
    ['a moment before another', 'createdDateTime le 2019-12-31T00:00:00Z', []],
    ['nobody in the recycle bin', "surname eq 'Gone'", []],
  ])('%s: %s', async (_, filter, expected) => {
    const said = await filtered(filter, NEITHER)
    expect(refusal(said)).toEqual([200, undefined, undefined])
    expect(found(said)).toEqual(expected)
    expect(found(await filtered(filter, ADVANCED))).toEqual(expected)
  })
})

describe('$filter finds as an advanced query, and is refused without', () => {
  const clause = (property: string): string =>
    `Unsupported or invalid query filter clause specified for property '${property}' of resource 'User'.`
  const operator = (name: string): string =>
    `Operator '${name}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information`
  test.each<[filter: string, expected: string[], message: string]>([
    ["endsWith(mail,'@fabrikam.example')", ['guest'], operator('endsWith')],
    ["proxyAddresses/any(p:endswith(p,'fabrikam.example'))", ['guest'], operator('endsWith')],
    ["department ne 'Sales'", ['adele', 'bertha', 'unassigned'], operator('ne')],
    ['accountEnabled ne true', ['blocked'], operator('ne')],
    ["not(department eq 'Sales')", ['adele', 'bertha', 'unassigned'], operator('not')],
    ["NOT startswith(displayName,'a') AND userType eq 'Guest'", ['guest'], operator('not')],
    ['department eq null', ['bertha'], clause('department')],
    [
      'mail ne null and department ne null',
      ['adele', 'siobhan', 'guest', 'unassigned'],
      operator('ne'),
    ],
    ["officeLocation eq 'Building 3'", everybody, clause('officeLocation')],
    ["companyName eq 'Fabrikam'", ['guest'], clause('companyName')],
    ["startswith(mobilePhone,'+353')", ['siobhan'], clause('mobilePhone')],
  ])('%s', async (filter, expected, message) => {
    expect(found(await filtered(filter, ADVANCED))).toEqual(expected)
    const refused = [400, 'Request_UnsupportedQuery', message]
    for (const level of [NEITHER, { count: '&$count=true' }, { ...EVENTUAL, count: '' }]) {
      expect(refusal(await filtered(filter, level))).toEqual(refused)
    }
  })
})

describe('$filter is refused, also as an advanced query', () => {
  const bad = 'BadRequest'
  const unsupported = 'Request_UnsupportedQuery'
  const many = Array.from({ length: 16 }, (_, index) => `displayName eq '${index}'`).join(' or ')
  test.each<[name: string, filter: string, code: string, message: RegExp]>([
    [
      'an unknown property',
      "nickname eq 'x'",
      bad,
      /property named 'nickname' on type 'microsoft.graph.user'/u,
    ],
    [
      'an open quote',
      "displayName eq 'O'Brien'",
      bad,
      /Syntax error at position 23 in 'displayName eq 'O'Brien''\./u,
    ],
    ['an unknown operator', "displayName is 'x'", bad, /Syntax error at position 12/u],
    ['an open parenthesis', "(displayName eq 'x'", bad, /Syntax error/u],
    ['nothing after and', "displayName eq 'x' and", bad, /Syntax error/u],
    ['an empty filter', '', bad, /Syntax error at position 0/u],
    [
      'a boolean as text',
      "accountEnabled eq 'true'",
      bad,
      /'Edm.Boolean' and 'Edm.String' for operator kind 'Equal'/u,
    ],
    ['a text without quotes', 'employeeId eq 5', bad, /'Edm.String' and 'Edm.Int32'/u],
    ['an id without quotes', `id eq ${people.adele.objectId}`, bad, /'Edm.String' and 'Edm.Guid'/u],
    [
      'contains',
      "contains(displayName,'x')",
      unsupported,
      /property 'displayName' of resource 'User'/u,
    ],
    ['gt', "displayName gt 'x'", unsupported, /'displayName'/u],
    ['ge on a property without order', "displayName ge 'x'", unsupported, /'displayName'/u],
    ['endsWith where it is not kept', "endsWith(displayName,'x')", unsupported, /'displayName'/u],
    ['a list without any', "proxyAddresses eq 'SMTP:x'", unsupported, /'proxyAddresses'/u],
    ['any on a text', "mail/any(m:m eq 'x')", unsupported, /'mail'/u],
    ['any about something else', "otherMails/any(m:mail eq 'x')", unsupported, /'otherMails'/u],
    [
      'a property that is not indexed',
      "employeeOrgData/division eq 'x'",
      unsupported,
      /'employeeOrgData'/u,
    ],
    ['assignments', "appRoleAssignments/any(a:a eq 'x')", bad, /appRoleAssignments/u],
    ['sixteen alternatives', many, unsupported, /containing 'OR' operators: 16. Max allowed: 15./u],
    [
      'sixteen ids',
      `id in (${Array.from({ length: 16 }, () => "'x'").join()})`,
      unsupported,
      /: 16. Max/u,
    ],
  ])('%s', async (_, filter, code, message) => {
    for (const level of [NEITHER, ADVANCED]) {
      const [status, said, why] = refusal(await filtered(filter, level))
      expect([status, said]).toEqual([400, code])
      expect(why).toMatch(message)
    }
  })
})

describe('$search finds', () => {
  test.each<[name: string, search: string, expected: string[]]>([
    ['the start of a word', '"displayName:va"', ['adele']],
    ['words in any order', '"displayName:vance ad"', ['adele']],
    ['words that a symbol parts', '"displayName:luc"', ['blocked']],
    ['words that only a symbol parts', '"displayName:jeanluc"', ['blocked']],
    ['no middle of a word', '"displayName:ance"', []],
    ['the start of a mail, not its words', '"mail:gus@fab"', ['guest']],
    ['no word within a mail', '"mail:fabrikam"', []],
    [
      'either of two',
      '"displayName:ad" OR "userPrincipalName:bertha"',
      ['adele', 'bertha', 'unassigned'],
    ],
    ['both of two', '"displayName:ad" AND "department:Fin"', ['unassigned']],
    [
      'and before or, but for parentheses',
      '("displayName:ad" OR "displayName:hill") AND "jobTitle:chief"',
      ['bertha'],
    ],
  ])('%s', async (_, search, expected) => {
    const { ask } = await asking()
    expect(found(await ask(query({ search, select: 'id' }), EVENTUAL))).toEqual(expected)
  })

  test('what $filter leaves, without $count', async () => {
    const { ask } = await asking()
    const both = query({ search: '"displayName:ad"', filter: "department eq 'Finance'" })
    expect(found(await ask(both, EVENTUAL))).toEqual(['unassigned'])
  })

  test.each<[name: string, search: string, headers: Record<string, string>, refused: RegExp]>([
    [
      'without the header',
      '"displayName:ad"',
      {},
      /^Request with \$search query parameter only works/u,
    ],
    ['without quotes', 'displayName:ad', EVENTUAL, /not valid/u],
    ['without a property', '"ad"', EVENTUAL, /does not name a property/u],
    ['with an unknown property', '"nickname:ad"', EVENTUAL, /does not name a property/u],
    ['with an open quote', '"displayName:ad', EVENTUAL, /not valid/u],
    ['with a small or', '"displayName:ad" or "mail:ad"', EVENTUAL, /not valid/u],
  ])('and is refused %s', async (_, search, headers, refused) => {
    const { ask } = await asking()
    const [status, , message] = refusal(await ask(query({ search }), headers))
    expect(status).toBe(400)
    expect(message).toMatch(refused)
  })
})

describe('$select', () => {
  test('is eleven properties unless told', async () => {
    const { ask } = await asking()
    const [first = {}] = valuesIn(await ask('/users'))
    expect(Object.keys(first).sort()).toEqual(
      'businessPhones displayName givenName id jobTitle mail mobilePhone officeLocation preferredLanguage surname userPrincipalName'.split(
        ' ',
      ),
    )
  })

  test('takes blanks, and shows what else there is', async () => {
    const { ask } = await asking()
    const select = 'id, userType,accountEnabled, otherMails,externalUserState,employeeId'
    const said = await ask(query({ select, filter: "userType eq 'Guest'" }))
    expect(valuesIn(said)).toEqual([
      {
        id: people.guest.objectId,
        userType: 'Guest',
        accountEnabled: true,
        otherMails: ['gus@fabrikam.example'],
        externalUserState: expect.stringMatching(/^(?:Accepted|PendingAcceptance)$/u),
        employeeId: 'E-1004',
      },
    ])
    expect(said.body['@odata.context']).toContain(`/v1.0/$metadata#users(${select})`)
  })

  test.each([
    ['an unknown property', 'id,nickname', 400, 'BadRequest'],
    ['a property in other letters', 'displayname', 400, 'BadRequest'],
    ['a relationship', 'id,manager', 400, 'BadRequest'],
    ['nothing', '', 400, 'BadRequest'],
    ['what another service keeps', 'id,aboutMe', 501, 'NotImplemented'],
  ])('is refused with %s', async (_, select, status, code) => {
    const { ask } = await asking()
    expect(refusal(await ask(query({ select }))).slice(0, 2)).toEqual([status, code])
  })
})

describe('$orderby', () => {
  test('sorts by name, downwards too', async () => {
    const { ask } = await asking()
    const up = ['adele', 'bertha', 'blocked', 'guest', 'siobhan', 'unassigned']
    expect(found(await ask(query({ orderby: 'displayName' })))).toEqual(up)
    expect(found(await ask(query({ orderby: 'displayName desc' })))).toEqual(up.reverse())
  })

  test('goes with $filter as an advanced query only', async () => {
    const { ask } = await asking()
    const both = query({ orderby: 'displayName', filter: "department eq 'Sales'", count: 'true' })
    expect(found(await ask(both, EVENTUAL))).toEqual(['blocked', 'guest', 'siobhan'])
    expect(refusal(await ask(both))).toEqual([
      400,
      'Request_UnsupportedQuery',
      'Sorting not supported for current query.',
    ])
  })

  test.each(['surname', 'createdDateTime', 'displayName,surname', 'displayName down'])(
    'is refused by %s',
    async (orderby) => {
      const { ask } = await asking()
      const [status, code, message] = refusal(await ask(query({ orderby })))
      expect([status, code]).toEqual([400, 'Request_UnsupportedQuery'])
      expect(message).toMatch(/^Unsupported sort property '.+' for 'User'\.$/u)
    },
  )
})

describe('$count', () => {
  test('is ignored without the header', async () => {
    const { ask } = await asking()
    const { body } = await ask('/users?$count=true&$top=2')
    expect(body).not.toHaveProperty(['@odata.count'])
  })

  test('is on the first page only', async () => {
    const { ask } = await asking()
    const all = await pages(ask, '/users?$count=true&$top=4', EVENTUAL)
    expect(all.map(({ body }) => body['@odata.count'])).toEqual([6, undefined])
  })

  test('is a number of its own', async () => {
    const { ask } = await asking()
    const filter = encodeURIComponent("userType ne 'Guest'")
    expect(await ask('/users/$count', EVENTUAL)).toMatchObject({ status: 200, text: '6' })
    expect(await ask(`/users/$count?$filter=${filter}`, EVENTUAL)).toMatchObject({ text: '5' })
    expect(refusal(await ask('/users/$count'))).toEqual([
      400,
      'Request_BadRequest',
      '$count is not currently supported.',
    ])
  })
})

describe('$expand', () => {
  test('brings the manager along, if there is one', async () => {
    const { ask } = await asking()
    const said = await ask('/users?$select=id&$expand=manager($select=id,displayName)&$top=2')
    const { objectId, displayName } = people.bertha
    const manager = { '@odata.type': '#microsoft.graph.user', id: objectId, displayName }
    expect(valuesIn(said)).toEqual([{ id: people.adele.objectId, manager }, { id: objectId }])
  })

  test.each([
    ['with an advanced query', '/users?$expand=manager($select=id)&$count=true', /advanced/u],
    ['of something else', '/users?$expand=memberOf', /cannot be expanded/u],
    ['with levels', '/users?$expand=manager($levels=max;$select=id)', /cannot be expanded/u],
  ])('is refused %s', async (_, path, message) => {
    const { ask } = await asking()
    const [status, , why] = refusal(await ask(path, EVENTUAL))
    expect(status).toBe(400)
    expect(why).toMatch(message)
  })
})
