import { describe, expect, test } from 'vitest'
import { parsePath } from '../../../src/scim/protocol/path.ts'
import { userType } from '../../../src/scim/schema/registry.ts'
import { ENTERPRISE, USER } from '../../support/resources.ts'

const parse = (text: string) => parsePath(userType, text, () => {})
const work = { kind: 'compare', name: { name: 'type' }, op: 'eq', value: 'work' }

describe('P-11 a path is read:', () => {
  test.each<[string, unknown]>([
    ['members', { kind: 'attribute', name: { name: 'members' } }],
    ['name.familyName', { kind: 'attribute', name: { name: 'name', sub: 'familyName' } }],
    ['nAmE.FAMILYname', { kind: 'attribute', name: { name: 'nAmE', sub: 'FAMILYname' } }],
    ['addresses[type eq "work"]', { kind: 'element', name: { name: 'addresses' }, filter: work }],
    [
      'emails[type eq "work"].value',
      { kind: 'element', name: { name: 'emails' }, filter: work, sub: 'value' },
    ],
    [
      'emails[value eq "a]b\\"]"].type',
      {
        kind: 'element',
        name: { name: 'emails' },
        filter: { kind: 'compare', name: { name: 'value' }, op: 'eq', value: 'a]b"]' },
        sub: 'type',
      },
    ],
    [`${USER}:userName`, { kind: 'attribute', name: { urn: USER, name: 'userName' } }],
    [
      `${ENTERPRISE}:manager.value`,
      { kind: 'attribute', name: { urn: ENTERPRISE, name: 'manager', sub: 'value' } },
    ],
    [ENTERPRISE, { kind: 'extension', urn: ENTERPRISE }],
    [ENTERPRISE.toUpperCase(), { kind: 'extension', urn: ENTERPRISE }],
    ['urn:x:2.0:User:badge', { kind: 'attribute', name: { urn: 'urn:x:2.0:User', name: 'badge' } }],
    [
      'urn:x:2.0:User:badges[type eq "work"]',
      { kind: 'element', name: { urn: 'urn:x:2.0:User', name: 'badges' }, filter: work },
    ],
    ['members.$ref', { kind: 'attribute', name: { name: 'members', sub: '$ref' } }],
  ])('%s', (text, expected) => {
    expect(parse(text)).toStrictEqual(expected)
  })
})

describe('P-12 a path is refused:', () => {
  test.each([
    ['nothing', '', 'invalidPath'],
    ['a dot at the end', 'name.', 'invalidPath'],
    ['a dot in front', '.name', 'invalidPath'],
    ['three names', 'a.b.c', 'invalidPath'],
    ['no bracket at the end', 'emails[type eq "work"', 'invalidPath'],
    ['a bracket alone', 'emails[', 'invalidPath'],
    ['a bracket at the end', 'emails]', 'invalidPath'],
    ['no name', '[type eq "work"]', 'invalidPath'],
    ['no dot behind ]', 'emails[type eq "work"]value', 'invalidPath'],
    ['nothing behind the dot', 'emails[type eq "work"].', 'invalidPath'],
    ['two names behind ]', 'emails[type eq "work"].a.b', 'invalidPath'],
    ['two brackets', 'emails[type eq "work"][value pr]', 'invalidPath'],
    ['[ ] behind a sub-attribute', 'emails.value[type eq "work"]', 'invalidPath'],
    ['a JSON pointer', '/emails/0', 'invalidPath'],
    ['blanks', 'given name', 'invalidPath'],
    ['the core schema', USER, 'invalidPath'],
    ['2,049 characters', 'a'.repeat(2049), 'invalidPath'],
    ['__proto__', '__proto__', 'invalidPath'],
    ['a broken filter', 'emails[type]', 'invalidFilter'],
    ['an empty filter', 'emails[]', 'invalidFilter'],
    ['an index (P-07)', 'emails[0]', 'invalidPath'],
  ])('%s', (_, text, code) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code }))
  })

  test('and the message repeats no more of it than is good to read', () => {
    expect(() => parse('x y'.repeat(600))).toThrow(/^"[^"]{78}" is not a valid path\.$/)
  })
})
