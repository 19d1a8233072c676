import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/scim/schema/attribute.ts'
import { testApp } from '../support/app.ts'
import { newUser, USER } from '../support/resources.ts'

/*
 * Odd input that is not refused: the counterpart of bad-input.test.ts. What Entra's deviations need is under test/entra.
 */

const user = (more: JsonObject): JsonObject => ({
  schemas: [USER],
  userName: 'a@b.example',
  ...more,
})
const encode = (body: Json) => new TextEncoder().encode(JSON.stringify(body))

describe('H-03 a body is read when its content type', () => {
  test.each([
    ['is missing', undefined],
    ['is application/scim+json', 'application/scim+json'],
    ['is application/json', 'application/json'],
    ['has a charset', 'application/json; charset=utf-8'],
    ['has a charset in quotation marks', 'application/scim+json;charset="UTF-8"'],
    ['is in capitals', 'Application/SCIM+JSON'],
    ['has a parameter nobody knows', 'application/json; odata.metadata=minimal'],
  ])('%s', async (_, type) => {
    const { scim } = await testApp()
    const headers = type === undefined ? {} : { 'content-type': type }
    const made = await scim.send('POST', '/Users', encode(user({ title: 'CEO' })), headers)
    expect(made).toMatchObject({ status: 201, body: { title: 'CEO' } })
  })
})

test('H-05 a byte order mark in front of the body is skipped', async () => {
  const { scim } = await testApp()
  const body = new Uint8Array([0xef, 0xbb, 0xbf, ...encode(user({}))])
  expect((await scim.send('POST', '/Users', body)).status).toBe(201)
})

describe('W-23 an attribute that no schema has is dropped:', () => {
  test.each([
    ['a text', '"shoeSize":"44"'],
    ['a number', '"shoeSize":44'],
    ['null', '"shoeSize":null'],
    ['an object', '"shoe":{"size":{"eu":44}}'],
    ['an array of arrays', '"shoe":[[44],[45]]'],
    ['twelve levels', `"shoe":${'{"a":'.repeat(11)}1${'}'.repeat(11)}`],
    ['an empty name', '"":"x"'],
    ['a name with blanks', '"shoe size":"44"'],
    ['a name of emoji', '"👟":"44"'],
    ['SQL', '"; DROP TABLE users; --":"x"'],
    ['__proto__', '"__proto__":{"active":false,"title":"x"}'],
    ['constructor', '"constructor":{"prototype":{"title":"x"}}'],
    ['prototype', '"prototype":{"title":"x"}'],
    ['toString', '"toString":"x"'],
    ['hasOwnProperty', '"hasOwnProperty":1'],
    ['__proto__ in a name', '"name":{"__proto__":{"givenName":"x"}}'],
    ['__proto__ in an e-mail', '"emails":[{"__proto__":{"value":"x"},"constructor":1}]'],
    ['an unknown sub-attribute', '"name":{"shoeSize":"44"}'],
    ['a password', '"password":"Correct horse 9"'],
  ])('%s', async (_, member) => {
    const { scim, database } = await testApp()
    const made = await scim.post(
      '/Users',
      `{"schemas":["${USER}"],"userName":"a@b.example",${member}}`,
    )
    expect(made.status).toBe(201)
    expect(Object.keys(made.body)).toStrictEqual(['schemas', 'id', 'userName', 'active', 'meta'])
    const stored = await database.value('SELECT resource FROM users')
    expect(stored).toBe(
      JSON.stringify({
        schemas: [USER],
        id: made.body['id'],
        userName: 'a@b.example',
        active: true,
      }),
    )
    expect(Object.keys(Object.prototype)).toStrictEqual([])
    const read: JsonObject = {}
    expect(read['title']).toBeUndefined()
  })
})

describe('a text comes back as it was sent:', () => {
  test.each([
    ['SQL', `'; DROP TABLE users; --`],
    ['a quotation mark', `O'Malley "the" \\ back`],
    ['HTML', '<script>alert(1)</script>&amp;'],
    ['__proto__', '__proto__'],
    ['emoji', '👩‍👩‍👧‍👦 🏳️‍🌈'],
    ['right to left', '\u202eمحمد‬'],
    ['a decomposed letter', 'Zoe\u0308'],
    ['blanks around', '  x  '],
    ['line breaks in a text that is no name', 'a\r\nb\tc'],
    ['a noncharacter', 'a\uffffb'],
    ['16,384 characters', 'ä'.repeat(16_384)],
  ])('%s', async (_, text) => {
    const { scim } = await testApp()
    const { id } = await newUser(scim, 'a@b.example', { displayName: text })
    expect((await scim.get(`/Users/${id}`)).body['displayName']).toBe(text)
    const found = await scim.filter(
      '/Users',
      `displayName eq ${JSON.stringify(text).slice(0, 8000)}`,
    )
    expect(found.status).toBe(text.length > 8000 ? 400 : 200)
  })
})

describe('SE-07 a size just within its limit is accepted:', () => {
  test.each([
    ['a userName of 512', { userName: 'a'.repeat(512) }],
    ['an externalId of 512', { externalId: 'a'.repeat(512) }],
    ['a title of 16,384', { title: 'a'.repeat(16_384) }],
    [
      '1,000 e-mail addresses',
      { emails: Array.from({ length: 1000 }, (_, at) => ({ value: `${at}` })) },
    ],
  ])('%s', async (_, more) => {
    const { scim } = await testApp()
    expect((await scim.post('/Users', user(more))).status).toBe(201)
  })

  test('a body of 1 MiB to the byte', async () => {
    const { scim } = await testApp()
    const text = JSON.stringify(user({}))
    const padded = `${text.slice(0, -1)}${' '.repeat(1_048_576 - text.length)}}`
    expect(Buffer.byteLength(padded)).toBe(1_048_576)
    expect((await scim.post('/Users', padded)).status).toBe(201)
  })

  test.each([
    ['200 terms', Array.from({ length: 200 }, () => 'title pr').join(' or ')],
    ['20 nested parentheses', `${'('.repeat(20)}title pr${')'.repeat(20)}`],
    ['8,192 characters', `title eq "${'a'.repeat(8_192 - 11)}"`],
  ])('a filter of %s', async (_, filter) => {
    const { scim } = await testApp()
    await newUser(scim, 'a@b.example')
    expect(await scim.filter('/Users', filter)).toMatchObject({
      status: 200,
      body: { totalResults: 0 },
    })
  })
})

describe('SE-05 a filter cannot become SQL:', () => {
  test.each([
    ['in a text', `userName eq "x' OR '1'='1"`],
    ['in a text of quotation marks', `userName eq "x\\" OR \\"1\\"=\\"1"`],
    ['in a substring', `displayName co "%' OR 1=1 --"`],
    ['as a null character', 'userName eq "a\\u0000b"'],
    ['in the name of a custom attribute', `urn:x'||(SELECT:y eq "a"`],
    ['in a JSON path', `urn:x"."y:z$ eq "a"`],
  ])('%s', async (_, filter) => {
    const { scim } = await testApp()
    await newUser(scim, 'a@b.example')
    const { status, body } = await scim.filter('/Users', filter)
    expect([status, body['totalResults'] ?? body['scimType']]).toBeOneOf([
      [200, 0],
      [400, 'invalidFilter'],
    ])
    expect((await scim.get('/Users')).body['totalResults']).toBe(1)
  })
})

describe('H-12 a query is answered when it has', () => {
  test.each([
    ['parameters nobody knows', '?foo=bar&__proto__=x'],
    ['sortBy, which is not supported (S-01)', '?sortBy=userName&sortOrder=descending'],
    ['empty parameters', '?startIndex=&count=&attributes='],
    ['a trailing slash (VR-05)', '/'],
  ])('%s', async (_, query) => {
    const { scim } = await testApp()
    await newUser(scim, 'a@b.example')
    expect(await scim.get(`/Users${query}`)).toMatchObject({
      status: 200,
      body: { totalResults: 1 },
    })
  })
})

test('SE-07 a user who grows by many small changes is bounded, and keeps what it had', async () => {
  const { scim } = await testApp()
  const { id } = await newUser(scim, 'a@b.example')
  const urn = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User'
  const grow = async (index: number) => {
    const value = Array.from({ length: 40 }, () => 'x'.repeat(16_000))
    return scim.operate(`/Users/${id}`, { op: 'add', path: `${urn}:field${index}`, value })
  }
  expect((await grow(1)).status).toBe(200)
  expect(await grow(2)).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } })
  expect(Object.keys(Object((await scim.get(`/Users/${id}`)).body[urn]))).toStrictEqual(['field1'])
})
