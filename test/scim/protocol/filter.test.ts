import { describe, expect, test } from 'vitest'
import { parseFilter, parseName, type Filter } from '../../../src/scim/protocol/filter.ts'
import type { ToleranceId } from '../../../src/scim/protocol/tolerances.ts'

/** A filter in a form that shows how it was read: `and(a eq "x", not(b pr))`. */
function show(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `${filter.kind}(${filter.terms.map(show).join(', ')})`
    case 'not':
      return `not(${show(filter.term)})`
    case 'present':
      return `${name(filter.name)} pr`
    case 'compare':
      return `${name(filter.name)} ${filter.op} ${JSON.stringify(filter.value)}`
    case 'element':
      return `${name(filter.name)}[${show(filter.filter)}]`
  }
}

function name(given: { urn?: string; name: string; sub?: string }): string {
  const urn = given.urn === undefined ? '' : `<${given.urn}>`
  return `${urn}${given.name}${given.sub === undefined ? '' : `.${given.sub}`}`
}

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User'

describe('a filter is read:', () => {
  test.each([
    ['a comparison', 'userName eq "a"', 'userName eq "a"'],
    ['presence', 'title pr', 'title pr'],
    ['a sub-attribute', 'name.givenName sw "A"', 'name.givenName sw "A"'],
    ['$ref', 'members.$ref pr', 'members.$ref pr'],
    [
      'a URN with dots and colons',
      `${CORE}:name.givenName eq "a"`,
      `<${CORE}>name.givenName eq "a"`,
    ],
    [
      'operators in any case',
      'A EQ "x" AND b Pr Or NOT (c nE "y")',
      'or(and(A eq "x", b pr), not(c ne "y"))',
    ],
    ['and before or', 'a pr or b pr and c pr', 'or(a pr, and(b pr, c pr))'],
    ['and before or, the other way', 'a pr and b pr or c pr', 'or(and(a pr, b pr), c pr)'],
    ['three of a kind', 'a pr or b pr or c pr', 'or(a pr, b pr, c pr)'],
    ['parentheses', '(a pr or b pr) and c pr', 'and(or(a pr, b pr), c pr)'],
    ['not before and', 'not (a pr) and b pr', 'and(not(a pr), b pr)'],
    ['not without a blank', 'not(a pr)', 'not(a pr)'],
    ['not of not', 'not (not (a pr))', 'not(not(a pr))'],
    [
      'a value path',
      'emails[type eq "work" and value pr]',
      'emails[and(type eq "work", value pr)]',
    ],
    [
      'a value path with or and not',
      'a[b pr or not (c pr)] and d pr',
      'and(a[or(b pr, not(c pr))], d pr)',
    ],
    ['a value path with a sub-attribute', 'a[b pr].value eq "x"', 'a[and(b pr, value eq "x")]'],
    ['a value path with presence behind it', 'a[b pr].value pr', 'a[and(b pr, value pr)]'],
    ['many blanks', '  a   eq   "x"   and   (  b  pr  )  ', 'and(a eq "x", b pr)'],
    ['no blank in front of a text', 'a eq"x"and(b pr)', 'and(a eq "x", b pr)'],
    ['escapes', 'a eq "\\"\\\\\\/\\u00e9\\ud83d\\ude00\\n"', 'a eq "\\"\\\\/é😀\\n"'],
    ['brackets in a text', 'a eq "](or)[" and b pr', 'and(a eq "](or)[", b pr)'],
    ['operators in a text', 'a eq "b and c or not (d)"', 'a eq "b and c or not (d)"'],
    ['an empty text', 'a eq ""', 'a eq ""'],
    ['true', 'a eq true', 'a eq true'],
    ['false in capitals', 'a eq FALSE', 'a eq false'],
    ['null', 'a ne null', 'a ne null'],
    ['numbers', 'a gt -1.5e3 or b lt 0', 'or(a gt -1500, b lt 0)'],
    [
      'an attribute that is named like an operator',
      'eq eq "x" and not.and pr',
      'and(eq eq "x", not.and pr)',
    ],
    [
      'an attribute that begins like an operator',
      'android pr and order pr and notes pr',
      'and(android pr, order pr, notes pr)',
    ],
  ])('%s', (_, text, expected) => {
    expect(show(parseFilter(text, () => {}))).toBe(expected)
  })
})

describe('a filter is refused, with the position of the mistake:', () => {
  test.each([
    ['nothing', '', 'The filter is empty.'],
    ['an attribute alone', 'userName', 'An operator is expected at position 9 of the filter.'],
    [
      'no operand',
      'userName eq',
      'A value in double quotation marks is expected at position 12 of the filter.',
    ],
    [
      'an unknown operator',
      'userName regex "x"',
      'Unknown operator "regex" at position 15 of the filter.',
    ],
    ['no second term', 'a pr and', 'An attribute is expected at position 9 of the filter.'],
    ['( alone', '(', 'An attribute is expected at position 2 of the filter.'],
    ['no )', '(a pr', '")" is expected at position 6 of the filter.'],
    ['no ]', 'a[b pr', '"]" is expected at position 7 of the filter.'],
    ['the wrong bracket', 'a[b pr)', '"]" is expected at position 7 of the filter.'],
    ['too much', 'a pr b pr', 'and, or, or the end is expected at position 5 of the filter.'],
    ['a bad name', '1a pr', '"1a" is not an attribute at position 1 of the filter.'],
    ['not without (', 'not a pr', '"(" is expected after not at position 5 of the filter.'],
    ['an open text', 'a eq "x', 'The text at position 6 is not closed.'],
    [
      'single quotation marks',
      "a eq 'x'",
      'A value in double quotation marks is expected at position 9 of the filter.',
    ],
    [
      'no blank before and',
      'a eq trueand b pr',
      'and, or, or the end is expected at position 13 of the filter.',
    ],
    [
      'no sub-attribute after ].',
      'a[b pr]. eq "x"',
      'A sub-attribute is expected at position 9 of the filter.',
    ],
    ['too deep', `${'('.repeat(22)}a pr`, 'Too many nested groups at position 22 of the filter.'],
    ['too long', `a eq "${'x'.repeat(8192)}"`, 'The filter is longer than 8192 characters.'],
    [
      'too many terms',
      Array.from({ length: 201 }, () => 'a pr').join(' and '),
      'More than 200 terms at position 1801 of the filter.',
    ],
  ])('%s', (_, text, message) => {
    expect(() => parseFilter(text, () => {})).toThrow(
      expect.objectContaining({ code: 'invalidFilter', message }),
    )
  })
})

describe('a tolerance is noted only where it was needed:', () => {
  test.each<[string, ToleranceId[]]>([
    ['a eq "b"', []],
    ['a eq b', ['filter-unquoted']],
    ['a eq b-7', ['filter-unquoted']],
    ['a eq 5', []],
    ['a[b pr] and c pr', []],
    ['a[b pr].c pr', ['filter-value-path-sub']],
  ])('%s', (text, expected) => {
    const noted: ToleranceId[] = []
    parseFilter(text, (id) => noted.push(id))
    expect(noted).toStrictEqual(expected)
  })
})

test('SE-07 hostile filters are refused in a moment', () => {
  const started = performance.now()
  for (const text of [
    '('.repeat(8000),
    'not ('.repeat(1600),
    'a['.repeat(4000),
    `a eq "${'\\'.repeat(8000)}`,
    'a '.repeat(4000),
    `${' '.repeat(8000)}a`,
    'a.'.repeat(4000),
    `${'urn:'.repeat(2000)}a`,
    '"'.repeat(8000),
  ]) {
    expect(() => parseFilter(text, () => {})).toThrow(
      expect.objectContaining({ code: 'invalidFilter' }),
    )
  }
  expect(performance.now() - started).toBeLessThan(1000)
})

describe('a name is taken apart:', () => {
  test.each([
    ['userName', { name: 'userName' }],
    ['name.givenName', { name: 'name', sub: 'givenName' }],
    [`${CORE}:userName`, { urn: CORE, name: 'userName' }],
    [`${CORE}:name.givenName`, { urn: CORE, name: 'name', sub: 'givenName' }],
    ['$ref', { name: '$ref' }],
    ['a-b_c$1', { name: 'a-b_c$1' }],
    ['', undefined],
    ['a.b.c', undefined],
    ['1a', undefined],
    ['-a', undefined],
    ['__proto__', undefined],
    ['a b', undefined],
    [':a', undefined],
    ['a:', undefined],
    ['1:a', undefined],
    ['é', undefined],
  ])('%j', (text, expected) => {
    expect(parseName(text)).toStrictEqual(expected)
  })
})
