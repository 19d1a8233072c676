import { describe, expect, test } from 'vitest'
import { redact, redactPath, REDACTED } from '../../../src/scim/protocol/redact.ts'
import type { Json } from '../../../src/scim/schema/attribute.ts'

const SECRET = 'correct horse'
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User'

describe('what is secret is taken out:', () => {
  test.each<[string, Json, Json]>([
    ['an attribute', { userName: 'a', password: SECRET }, { userName: 'a', password: REDACTED }],
    ['in any letter case', { PassWord: SECRET }, { PassWord: REDACTED }],
    ['a number', { password: 12_345_678 }, { password: REDACTED }],
    ['an object, whole', { password: { value: SECRET, n: 1 } }, { password: REDACTED }],
    ['an array, whole', { password: [SECRET, SECRET] }, { password: REDACTED }],
    [
      'in an extension',
      { 'urn:contoso:1.0:User': { badge: 7, password: SECRET } },
      { 'urn:contoso:1.0:User': { badge: 7, password: REDACTED } },
    ],
    [
      'as deep as it may be',
      { a: [{ b: { c: [{ password: SECRET }] } }] },
      { a: [{ b: { c: [{ password: REDACTED }] } }] },
    ],
    [
      'under the URN of the schema',
      { [`${CORE}:password`]: SECRET },
      { [`${CORE}:password`]: REDACTED },
    ],
    ['as a sub-attribute', { 'login.password': SECRET }, { 'login.password': REDACTED }],
    [
      'of an operation by its path',
      { Operations: [{ op: 'replace', path: 'password', value: SECRET }] },
      { Operations: [{ op: 'replace', path: 'password', value: REDACTED }] },
    ],
    [
      'of an operation by its path, whatever the case and order',
      { operations: [{ VALUE: SECRET, Path: `${CORE}:Password` }] },
      { operations: [{ VALUE: REDACTED, Path: `${CORE}:Password` }] },
    ],
    [
      'of an operation without a path',
      { Operations: [{ op: 'add', value: { title: 'x', password: SECRET } }] },
      { Operations: [{ op: 'add', value: { title: 'x', password: REDACTED } }] },
    ],
    [
      'of one operation among others',
      {
        Operations: [
          { op: 'add', path: 'title', value: 'x' },
          { op: 'add', path: 'password', value: SECRET },
        ],
      },
      {
        Operations: [
          { op: 'add', path: 'title', value: 'x' },
          { op: 'add', path: 'password', value: REDACTED },
        ],
      },
    ],
    [
      'inside the filter of a path',
      { Operations: [{ op: 'remove', path: `x[password eq "${SECRET}"].y` }] },
      { Operations: [{ op: 'remove', path: REDACTED }] },
    ],
    ['inside the filter of a search', { filter: `password eq "${SECRET}"` }, { filter: REDACTED }],
    [
      'inside a key that is a path',
      { [`x[password eq "${SECRET}"].y`]: 1 },
      { [REDACTED]: REDACTED },
    ],
    [
      'in JSON inside a text',
      { roles: [{ value: `{"value":"x","password":"${SECRET}"}` }] },
      { roles: [{ value: `{"value":"x","password":"${REDACTED}"}` }] },
    ],
    [
      'in what only looks like JSON inside a text',
      { roles: [{ value: `{"password":"${SECRET}"` }] },
      { roles: [{ value: REDACTED }] },
    ],
  ])('%s', (_, message, expected) => {
    const { value } = redact(message)
    expect(value).toStrictEqual(expected)
    expect(JSON.stringify(value)).not.toContain(SECRET)
  })

  test.each<[string, Json]>([
    ['a user', { userName: 'a', name: { givenName: 'b' }, emails: [{ value: 'c' }] }],
    ['a word in a value', { title: 'Head of password policy' }],
    [
      'a path to something else',
      { Operations: [{ op: 'add', path: 'emails[type eq "work"].value', value: 'x' }] },
    ],
    ['a name that only contains it', { passwordPolicy: 'strict' }],
    ['nothing', {}],
  ])('and %s stays as it is', (_, message) => {
    expect(redact(message)).toStrictEqual({ value: message, secrets: [] })
  })
})

describe('of a path', () => {
  test.each([
    ['nothing is taken', '/Users/1', '/Users/1'],
    ['a filter stays', '/Users?filter=userName+eq+%22a%22', '/Users?filter=userName+eq+%22a%22'],
    [
      'the flag of Entra stays',
      '/Users?aadOptscim062020&count=1',
      '/Users?aadOptscim062020&count=1',
    ],
    [
      'a filter that compares with a secret goes',
      '/Users?count=1&filter=password%20eq%20%22x%22',
      '/Users?count=1&filter=%5Bredacted%5D',
    ],
    [
      'a filter that is encoded twice goes',
      '/Users?filter=%2570assword%20eq%20%22x%22',
      '/Users?filter=%5Bredacted%5D',
    ],
    ['what nobody knows goes', '/Users?access_token=x&a', '/Users?access_token=%5Bredacted%5D&a'],
  ])('%s', (_, path, expected) => {
    expect(redactPath(path)).toBe(expected)
  })
})
