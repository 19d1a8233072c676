import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tolerances } from '../../src/scim/protocol/tolerances.ts'
import { isObject, type Json, type JsonObject } from '../../src/scim/schema/attribute.ts'
import { testApp } from '../support/app.ts'
import { ENTERPRISE, GROUP, USER } from '../support/resources.ts'
import { parseConversation, replay, type Conversation } from './replay.ts'

const folder = new URL('./conversations/', import.meta.url)
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => basename(file, '.json'))
  .sort()

function read(name: string): Conversation {
  return parseConversation(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
}

describe('recorded conversations', () => {
  test.each(names)('%s', async (name) => {
    const conversation = read(name)
    const { problems, fired } = await replay(conversation)
    expect(problems).toEqual([])
    expect(fired).toEqual([...conversation.tolerances].sort())
  })

  test.each(Object.keys(tolerances))('the rule %s has its conversation', (id) => {
    expect(read(id).tolerances).toContain(id)
  })

  test('a dialect stands in the file and in its name, and comes with the other one', () => {
    const dialects = names.map((name) => [name, /\.(legacy|flag)$/.exec(name)?.[1]])
    expect(names.map((name) => [name, read(name).dialect])).toEqual(dialects)
    const both = (dialect: string) =>
      names.filter((name) => name.endsWith(dialect)).map((name) => name.replace(dialect, ''))
    expect(both('.legacy')).toEqual(both('.flag'))
  })
})

const body = { schemas: [USER], userName: 'adele@contoso.example' }

/** A conversation of one POST that goes well, changed by `expect`. */
function one(expected: Conversation['steps'][number]['expect']): Conversation {
  return {
    about: 'A user is made.',
    source: 'this test',
    tolerances: [],
    steps: [{ method: 'POST', path: '/Users', body, expect: expected }],
  }
}

describe('the runner', () => {
  test.each([
    ['the status', { status: 200 }, 'status: expected 200, got 201'],
    [
      'a value',
      { status: 201, body: { userName: 'x' } },
      'body.userName: expected "x", got "adele@contoso.example"',
    ],
    ['a type', { status: 201, body: { active: 'true' } }, 'body.active: expected "true", got true'],
    [
      'an absent value',
      { status: 201, body: { title: '{{text}}' } },
      'body.title: expected "{{text}}", got undefined',
    ],
    [
      'the length of an array',
      { status: 201, body: { schemas: [] } },
      `body.schemas: expected [], got ["${USER}"]`,
    ],
    [
      'an element that is not contained',
      { status: 201, body: { schemas: { '{{contains}}': ['x'] } } },
      `body.schemas contains: expected "x", got ["${USER}"]`,
    ],
    [
      'a value that should be absent',
      { status: 201, absent: ['meta.created'] },
      'meta.created: expected to be absent, got "2026-03-02T08:00:00.000Z"',
    ],
    [
      'a header',
      { status: 201, headers: { ETag: 'W/"2"' } },
      'ETag: expected "W/\\"2\\"", got "W/\\"1\\""',
    ],
    [
      'a surplus attribute',
      {
        status: 201,
        exactly: {
          schemas: [USER],
          id: '{{text}}',
          userName: 'adele@contoso.example',
          meta: {
            resourceType: 'User',
            created: '{{text}}',
            lastModified: '{{text}}',
            location: '{{text}}',
            version: '{{text}}',
          },
        },
      },
      'body.active: not expected, got true',
    ],
  ])('tells a difference in %s', async (_, expected, problem) => {
    const { problems } = await replay(one(expected))
    expect(problems).toHaveLength(3)
    expect(problems[1]).toBe(problem)
  })

  test('finds nothing where nothing differs, and stops at the first step that differs', async () => {
    const good = one({ status: 201, body: { id: '{{text}}', meta: { resourceType: 'User' } } })
    expect(await replay(good)).toEqual({ problems: [], fired: [] })
    const [step] = good.steps
    const twice = await replay({ ...good, steps: step ? [step, step, step] : [] })
    expect(twice.problems[0]).toBe('step 2: POST /Users')
  })

  test('refuses a file with an unknown rule, an unknown key or no sentence', () => {
    const source = { ...one({ status: 201 }), about: 'no sentence', tolerances: ['x'], more: 1 }
    const refused = () => parseConversation(JSON.stringify(source))
    expect(refused).toThrow('at about')
    expect(refused).toThrow('at tolerances[0]')
    expect(refused).toThrow('Unrecognized key: "more"')
  })

  test('refuses a name that was never kept', async () => {
    const lost = one({ status: 201, body: { id: '{{user}}' } })
    await expect(replay(lost)).rejects.toThrow('Nothing was kept as {{user}}.')
  })
})

function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** The mapping targets that Microsoft's Schema_Discoverability test makes of one attribute (entra.md §3.2). */
function targetsOf(attribute: JsonObject, prefix: string): string[] {
  const name = String(attribute['name'])
  if (attribute['type'] === 'reference') return []
  if (attribute['type'] !== 'complex' || name === 'manager' || name === 'members') {
    return [prefix + name]
  }
  const subs = listOf(attribute['subAttributes'])
  const names = subs.map((sub) => String(sub['name']))
  if (attribute['multiValued'] !== true) return names.map((sub) => `${prefix}${name}.${sub}`)
  const kinds = subs.find((sub) => sub['name'] === 'type')?.['canonicalValues']
  const filters = Array.isArray(kinds)
    ? kinds.map((kind) => `type eq "${String(kind)}"`)
    : ['primary eq "True"']
  const plain = names.filter((sub) => sub !== 'type' && sub !== 'primary')
  return filters.flatMap((filter) => plain.map((sub) => `${prefix}${name}[${filter}].${sub}`))
}

/** What the default mappings of a SCIM app, the validator and the template of 2026 map to. */
const wanted = [
  'userName',
  'active',
  'displayName',
  'title',
  'preferredLanguage',
  'externalId',
  'nickName',
  'locale',
  'timezone',
  'userType',
  ...[
    'givenName',
    'familyName',
    'middleName',
    'formatted',
    'honorificPrefix',
    'honorificSuffix',
  ].map((sub) => `name.${sub}`),
  ...['work', 'home', 'other'].map((type) => `emails[type eq "${type}"].value`),
  ...['work', 'home', 'mobile', 'fax', 'pager', 'other'].map(
    (type) => `phoneNumbers[type eq "${type}"].value`,
  ),
  ...['Formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'].flatMap((sub) =>
    ['work', 'home', 'other'].map((type) => `addresses[type eq "${type}"].${sub}`),
  ),
  ...['value', 'display'].map((sub) => `roles[primary eq "True"].${sub}`),
  ...['employeeNumber', 'costCenter', 'organization', 'division', 'department', 'manager'].map(
    (name) => `${ENTERPRISE}:${name}`,
  ),
]

describe('Schema_Discoverability (entra.md §3.2)', () => {
  test('/Schemas flattens to every target that a mapping needs', async () => {
    const { scim } = await testApp()
    const { status, headers, body: answer, text } = await scim.get('/Schemas')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/scim+json')
    // Entra cannot read a schema that holds null.
    expect(text).not.toContain('null')
    const schemas = listOf(answer['Resources'])
    const flat = (id: string, prefix = '') =>
      schemas
        .filter((schema) => schema['id'] === id)
        .flatMap((schema) => listOf(schema['attributes']))
        .flatMap((attribute) => targetsOf(attribute, prefix))
    const ofUser = [...flat(USER), ...flat(ENTERPRISE, `${ENTERPRISE}:`)].map((target) =>
      target.toLowerCase(),
    )
    const ofGroup = flat(GROUP).map((target) => target.toLowerCase())
    expect(wanted.filter((target) => !ofUser.includes(target.toLowerCase()))).toEqual([])
    expect(ofGroup).toEqual(expect.arrayContaining(['displayname', 'externalid', 'members']))
    expect(ofUser.filter((target) => target.includes('password'))).toEqual([])
    expect(ofUser.filter((target) => target.startsWith('roles[type'))).toEqual([])
  })
})
