import { afterAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { parseFilter } from '../../src/scim/protocol/filter.ts'
import { matches } from '../../src/scim/protocol/match.ts'
import { resolveFilter } from '../../src/scim/protocol/resolve.ts'
import { schemasOf } from '../../src/scim/protocol/resource.ts'
import { userType } from '../../src/scim/schema/registry.ts'
import { cause, testApp } from '../support/app.ts'
import { ENTERPRISE } from '../support/resources.ts'

/*
 * A filter is answered twice in this server: in SQL for queries, in memory for the value paths of a PATCH. Both must
 * mean the same. Forty people with awkward values are asked for with every kind of filter, and the two answers
 * compared; the in-memory one is a few lines long and tested by itself through query.test.ts.
 */

const CONTOSO = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User'

/** The same sequence in every run. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

const next = random(7)
const pick = <T>(values: readonly T[]): T => {
  const value = values[Math.floor(next() * values.length)]
  if (value === undefined) throw new Error('There is nothing to pick.')
  return value
}
const maybe = <T>(make: () => T): T | undefined => (next() < 0.6 ? make() : undefined)

const texts = [
  'Engineer',
  'ENGINEER',
  'CEO',
  '50%',
  '50_',
  '500',
  'a\\b',
  'say "hi"',
  "O'Malley",
  'Zoë',
  'ZOË',
  'Zoe\u0308',
  'ＣＥＯ',
  'Straße',
  'İstanbul',
  '👩‍🚀',
  '🏳️‍🌈 x',
  '张',
  'ΟΔΥΣΣΕΎΣ',
  'true',
  '5',
  ' x ',
  'a%5Fb',
]
const types = ['work', 'WORK', 'home', 'other']

function compact(object: Readonly<Record<string, JsonObject[string] | undefined>>): JsonObject {
  const result: JsonObject = {}
  for (const [key, value] of Object.entries(object)) if (value !== undefined) result[key] = value
  return result
}

function element(): JsonObject {
  return compact({
    value: maybe(() => `${pick(texts)}@${pick(['work', 'HOME', 'x'])}.example`),
    type: maybe(() => pick(types)),
    display: maybe(() => pick([...texts, ''])),
    primary: maybe(() => next() < 0.5),
  })
}

const list = <T>(make: () => T): T[] => Array.from({ length: Math.floor(next() * 4) }, make)

function person(index: number): JsonObject {
  const emails = list(element).filter((one) => Object.keys(one).length > 0)
  return compact({
    userName: `${pick(texts)}-${index}`,
    externalId: maybe(() => pick(['abc', 'ABC', 'x'])),
    title: maybe(() => pick(texts)),
    displayName: maybe(() => pick(texts)),
    profileUrl: maybe(() => pick(['https://x.example/A', 'https://x.example/a'])),
    active: next() < 0.5,
    name: maybe(() => ({ givenName: pick(texts), familyName: pick(texts) })),
    emails: emails.length > 0 ? emails : undefined,
    [ENTERPRISE]: maybe(() => ({
      department: pick(texts),
      manager: { value: pick(['m1', 'M1']) },
    })),
    [CONTOSO]: maybe(() =>
      compact({
        level: maybe(() => pick([1, 3, 5, -2.5, 1e21])),
        badge: maybe(() => pick(['B-7', 'b-7', '5', ''])),
        remote: maybe(() => next() < 0.5),
        floors: maybe(() => pick([['1', '2'], ['3'], [1, 2], [true]])),
        mix: maybe(() => ['ab', 3, false, { value: pick(['q', 'ab']) }]),
        cards: maybe(() => [{ value: pick(['x', 'Y']), size: pick([1, 2]) }]),
      }),
    ),
  })
}

const { directory } = await testApp({ finished: afterAll })
const documents: JsonObject[] = []
for (let index = 0; index < 40; index += 1) {
  const attributes = person(index)
  const { user } = await directory.users.create({ attributes, origin: 'scim' }, cause)
  documents.push({ schemas: schemasOf(userType, attributes), id: user.id, ...attributes })
}

const quoted = (text: string) => JSON.stringify(text)
const some = texts.filter((_, index) => index % 3 === 0)

const filters: readonly string[] = [
  ...texts.map((text) => `title eq ${quoted(text)}`),
  ...some.map((text) => `title ne ${quoted(text)}`),
  ...texts.map((text) => `displayName co ${quoted(text.slice(0, 3))}`),
  ...some.map((text) => `userName sw ${quoted(text.slice(0, 2))}`),
  ...some.map((text) => `name.familyName ew ${quoted(text.slice(-2))}`),
  ...['gt', 'ge', 'lt', 'le'].map((op) => `title ${op} "engineer"`),
  ...['gt', 'lt'].map((op) => `emails.value ${op} "m"`),
  ...['eq', 'ne', 'sw', 'gt'].map((op) => `externalId ${op} "ABC"`),
  ...['eq', 'co', 'le'].map((op) => `profileUrl ${op} "https://x.example/a"`),
  ...['eq true', 'ne true', 'eq "False"', 'pr', 'eq null'].map((rest) => `active ${rest}`),
  ...['title', 'name', 'emails', 'externalId', 'profileUrl', ENTERPRISE + ':manager'].map(
    (name) => `${name} pr`,
  ),
  ...['title', 'name.givenName', 'emails.value', 'emails.display', 'emails.type'].flatMap(
    (name) => [`${name} eq null`, `${name} ne null`, `not (${name} pr)`],
  ),
  'emails.type eq "work"',
  'emails.type ne "work"',
  'not (emails.type eq "work")',
  'emails eq "ceo@WORK.example"',
  'emails co "work"',
  'emails.primary eq true',
  'emails.primary ne true',
  'emails[type eq "work"]',
  'emails[type ne "work"]',
  'emails[not (type eq "work")]',
  'emails[type eq "work" and value co "@work"]',
  'emails[type eq "work" or primary eq true]',
  'emails[display pr and not (type pr)]',
  'emails[display eq null]',
  'emails[primary eq false]',
  'emails[value eq "ceo@work.example" and type eq "home"]',
  'emails[type eq "home"].value co "x"',
  'not (emails[type eq "work"])',
  'title eq "CEO" or active eq true and emails pr',
  '(title eq "CEO" or active eq true) and emails pr',
  'not (title pr and active eq true) or externalId eq "x"',
  `schemas eq ${quoted(ENTERPRISE)}`,
  `schemas co "contoso"`,
  `${ENTERPRISE}:department eq "ceo"`,
  `${ENTERPRISE}:manager.value eq "M1"`,
  `${ENTERPRISE}:manager eq "m1"`,
  ...['eq 3', 'ne 3', 'gt 1', 'ge 1', 'lt 3', 'le -2.5', 'eq 1e21', 'pr', 'eq null'].map(
    (rest) => `${CONTOSO}:level ${rest}`,
  ),
  ...['eq "B-7"', 'ne "b-7"', 'co "-"', 'gt "A"', 'pr', 'eq null'].map(
    (rest) => `${CONTOSO}:badge ${rest}`,
  ),
  ...['eq true', 'eq false', 'ne true', 'pr'].map((rest) => `${CONTOSO}:remote ${rest}`),
  ...['eq "2"', 'eq 2', 'ne "1"', 'co "1"', 'pr'].map((rest) => `${CONTOSO}:floors ${rest}`),
  ...['value eq "y"', 'size gt 1', 'value eq "x" and size eq 1'].map(
    (rest) => `${CONTOSO}:cards[${rest}]`,
  ),
  `${CONTOSO}:cards.value eq "x"`,
  `${CONTOSO}:nothing pr`,
  `${CONTOSO}:nothing ne "x"`,
]

/** Comparisons of a custom attribute with what it is not: a value of another type, a text with sub-attributes. */
const mixed: readonly string[] = [
  ...['eq "3"', 'lt "5"', 'gt "0"', 'co "3"', 'eq true', 'ne true'].map((rest) => `level ${rest}`),
  ...['eq 5', 'gt 5', 'lt 5', 'ne 5', 'eq true'].map((rest) => `badge ${rest}`),
  ...['eq 1', 'eq "true"', 'ne 0', 'gt 0', 'eq "1"'].map((rest) => `remote ${rest}`),
  ...['eq true', 'lt "2"', 'gt 1'].map((rest) => `floors ${rest}`),
  'badge.sub eq "x"',
  'badge.sub ne "x"',
  'badge.sub pr',
  'badge[value eq "B-7"]',
  'level.sub pr',
  'floors.value eq "1"',
  'floors[value eq "1"]',
  'floors[value eq 1]',
  'cards co "x"',
  'cards eq "x"',
  'cards pr',
  'mix eq "ab"',
  'mix eq 3',
  'mix eq false',
  'mix co "q"',
  'mix.value eq "q"',
  'mix.value ne "q"',
  'mix[value eq "ab"]',
]
  .map((text) => `${CONTOSO}:${text}`)
  .flatMap((text) => [text, `not (${text})`])

describe.each([
  ['of one type', filters],
  ['of two types', mixed],
])('the database finds whom the filter describes, comparing values %s:', (_, table) => {
  test.each(table)('%s', async (text) => {
    const filter = resolveFilter(
      userType,
      parseFilter(text, () => {}),
      () => {},
    )
    const { items, total } = await directory.users.query({ filter, startIndex: 1, count: 100 })
    const described = documents.filter((document) => matches(document, filter))
    expect(items.map(({ id }) => id)).toStrictEqual(described.map(({ id }) => id))
    expect(total).toBe(described.length)
  })
})

test('the filters tell people apart: most find somebody, and most not everybody', () => {
  const counts = filters.map((text) => {
    const filter = resolveFilter(
      userType,
      parseFilter(text, () => {}),
      () => {},
    )
    return documents.filter((document) => matches(document, filter)).length
  })
  expect(counts.filter((count) => count > 0 && count < 40).length).toBeGreaterThan(
    filters.length * 0.8,
  )
})
