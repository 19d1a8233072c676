import { afterAll, describe, expect, test } from 'vitest'
import { isObject, type Json, type JsonObject } from '../../src/scim/schema/attribute.ts'
import { testApp } from '../support/app.ts'
import { ENTERPRISE, GROUP, LIST, newUser, USER } from '../support/resources.ts'

const CORE = 'urn:ietf:params:scim:schemas:core:2.0'
const BASE = 'https://entrance.example/scim/v2'

const finished = afterAll
const { scim, clientWith } = await testApp({ finished })

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** An attribute as it is published, with where it stands. */
interface Published {
  readonly name: string
  readonly endpoint: '/Users' | '/Groups'
  /** Keys from the resource to the attribute; the parent's comes first. */
  readonly at: readonly string[]
  readonly parent: JsonObject | undefined
  readonly is: JsonObject
}

const schemas = objects((await scim.get('/Schemas')).body['Resources'])

const published: readonly Published[] = schemas.flatMap((schema) => {
  const id = String(schema['id'])
  const endpoint: Published['endpoint'] = id === GROUP ? '/Groups' : '/Users'
  const prefix = id === ENTERPRISE ? [ENTERPRISE] : []
  return objects(schema['attributes']).flatMap((is) => {
    const at = [...prefix, String(is['name'])]
    const name = `${String(schema['name'])} ${String(is['name'])}`
    const inner = objects(is['subAttributes']).map((sub) => ({
      name: `${name}.${String(sub['name'])}`,
      endpoint,
      at: [...at, String(sub['name'])],
      parent: is,
      is: sub,
    }))
    return [{ name, endpoint, at, parent: undefined, is }, ...inner]
  })
})

const mutability = ({ is, parent }: Published) =>
  parent?.['mutability'] === 'readOnly' ? 'readOnly' : is['mutability']
const writable = published.filter((one) => mutability(one) !== 'readOnly')
const readOnly = published.filter((one) => mutability(one) === 'readOnly')
const plain = writable.filter(({ is }) => is['type'] !== 'complex')

const samples: Readonly<Record<string, Json>> = {
  string: 'AbCd',
  boolean: true,
  reference: 'https://x.example/AbCd',
  binary: 'AbCd',
}

/** A value that an attribute accepts; the kinds of members are the only ones that nothing else may be. */
function sample({ name, is }: Published): Json {
  return name === 'Group members.type' ? 'User' : (samples[String(is['type'])] ?? null)
}

let count = 0

/** A resource that has a value at the place of an attribute. */
function resource({ endpoint, at, parent, is }: Published, value: Json): JsonObject {
  count += 1
  const key = at.at(-1) ?? ''
  const own = is['multiValued'] === true ? [value] : value
  const sub = at.at(-2) === 'members' && key !== 'value' ? { value: `m${count}` } : {}
  const held: Json = parent ? { ...sub, [key]: own } : own
  const outer = parent?.['multiValued'] === true ? [held] : held
  const top = parent ? (at.at(-2) ?? '') : key
  const body = at[0] === ENTERPRISE ? { [ENTERPRISE]: { [top]: outer } } : { [top]: outer }
  const required =
    endpoint === '/Users' ? { userName: `user${count}` } : { displayName: `group${count}` }
  return { schemas: [endpoint === '/Users' ? USER : GROUP], ...required, ...body }
}

/** What a resource has at the place of an attribute, the first element of each array. */
function found(body: JsonObject, at: readonly string[]): Json | undefined {
  let value: Json | undefined = body
  for (const key of at) {
    const holder: Json | undefined = Array.isArray(value) ? value[0] : value
    value = isObject(holder) ? holder[key] : undefined
  }
  return Array.isArray(value) ? value[0] : value
}

function filterName({ at }: Published): string {
  const [first = '', ...rest] = at
  return first === ENTERPRISE ? `${ENTERPRISE}:${rest.join('.')}` : at.join('.')
}

describe('D-34 what /Schemas publishes is what happens:', () => {
  test.each(plain)('$name is kept as it was sent', async (one) => {
    const value = sample(one)
    const made = await scim.post(one.endpoint, resource(one, value))
    expect(made.status).toBe(201)
    expect(found(made.body, one.at)).toStrictEqual(value)
  })

  test.each(writable)('$name refuses another type', async (one) => {
    const wrong = one.is['type'] === 'complex' ? 7 : { a: 1 }
    const { status, body } = await scim.post(one.endpoint, resource(one, wrong))
    expect({ status, scimType: body['scimType'] }).toStrictEqual({
      status: 400,
      scimType: 'invalidValue',
    })
  })

  test.each(readOnly)('A-05 $name is ignored when a client sends it', async (one) => {
    const value = one.is['type'] === 'complex' ? { value: 'Sent' } : 'Sent'
    const made = await scim.post(one.endpoint, resource(one, value))
    expect(made.status).toBe(201)
    expect(made.text).not.toContain('Sent')
  })

  const comparable = plain.filter(
    ({ is, at }) => is['caseExact'] !== undefined && (at[0] !== 'members' || at[1] === 'value'),
  )

  test.each(comparable)('F-32 $name is compared as caseExact says', async (one) => {
    count += 1
    const value = one.is['type'] === 'binary' ? 'AbCdAbCd' : `AbC${count}xYz`
    await scim.post(one.endpoint, resource(one, value))
    const total = async (text: string) =>
      (await scim.filter(one.endpoint, `${filterName(one)} eq "${text}"`)).body['totalResults']
    expect(await total(value)).toBe(1)
    expect(await total(value.toUpperCase())).toBe(one.is['caseExact'] === true ? 0 : 1)
  })

  test.each(published.filter(({ is }) => is['uniqueness'] === 'server'))(
    'A-10 $name is unique',
    async (one) => {
      expect((await scim.post(one.endpoint, resource(one, 'Only'))).status).toBe(201)
      expect((await scim.post(one.endpoint, resource(one, 'ONLY'))).status).toBe(409)
    },
  )

  test.each(plain.filter(({ is }) => is['uniqueness'] === 'none'))(
    'A-10 $name need not be unique',
    async (one) => {
      const value = sample(one)
      expect((await scim.post(one.endpoint, resource(one, value))).status).toBe(201)
      expect((await scim.post(one.endpoint, resource(one, value))).status).toBe(201)
    },
  )

  test.each(published.filter(({ is }) => is['required'] === true))(
    'A-02 $name is required',
    async (one) => {
      const { [one.at[0] ?? '']: _, ...rest } = resource(one, 'x')
      expect(await scim.post(one.endpoint, rest)).toMatchObject({
        status: 400,
        body: { scimType: 'invalidValue' },
      })
    },
  )

  test('every attribute carries every characteristic that applies, and nothing else (D-24)', () => {
    for (const { is, name } of published) {
      const complex = is['type'] === 'complex'
      const compared = !complex && is['type'] !== 'boolean'
      const optional = ['canonicalValues', 'referenceTypes']
      const keys = Object.keys(is).filter((key) => !optional.includes(key))
      expect(new Set(keys), name).toStrictEqual(
        new Set(
          [
            'name',
            'type',
            'multiValued',
            'description',
            'required',
            'mutability',
            'returned',
          ].concat(compared ? ['caseExact', 'uniqueness'] : [], complex ? ['subAttributes'] : []),
        ),
      )
      expect(JSON.stringify(is), name).not.toContain('null')
      expect(is['description'], name).toMatch(/^.{2,}$/)
      expect('referenceTypes' in is, name).toBe(is['type'] === 'reference')
    }
  })

  test('A-03 canonical values are suggestions: another one is kept', async () => {
    const user = await newUser(scim, 'garage', { emails: [{ value: 'a@b', type: 'garage' }] })
    expect(user['emails']).toStrictEqual([{ value: 'a@b', type: 'garage' }])
  })
})

describe('a list of discovery', () => {
  test.each([
    ['/Schemas', 'Schema', [USER, ENTERPRISE, GROUP]],
    ['/ResourceTypes', 'ResourceType', ['User', 'Group']],
  ])('D-20 D-33 %s is a ListResponse of all', async (path, resourceType, ids) => {
    const { status, body, headers } = await scim.get(path)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/scim+json')
    expect(body).toMatchObject({
      schemas: [LIST],
      totalResults: ids.length,
      itemsPerPage: ids.length,
      startIndex: 1,
    })
    const resources = objects(body['Resources'])
    expect(resources.map(({ id }) => id)).toStrictEqual(ids)
    for (const one of resources) {
      const id = String(one['id'])
      const location = `${BASE}${path}/${id}`
      expect(one).toMatchObject({
        schemas: [`${CORE}:${resourceType}`],
        meta: { resourceType, location },
      })
      const single = await scim.get(`${path}/${encodeURIComponent(id)}`)
      expect(single).toMatchObject({ status: 200, body: one })
      expect((await scim.get(`${path}/${id.toLowerCase()}`)).body).toStrictEqual(one)
    }
  })

  test.each(['/Schemas', '/ResourceTypes'])('D-30 %s ignores paging and sorting', async (path) => {
    const whole = await scim.get(path)
    const paged = await scim.get(`${path}?startIndex=2&count=1&sortBy=name&attributes=id`)
    expect(paged).toMatchObject({ status: 200, text: whole.text })
  })

  test('D-11 every schema of a resource type is at /Schemas', async () => {
    const types = objects((await scim.get('/ResourceTypes')).body['Resources'])
    const urns = types.flatMap((type) => [
      type['schema'],
      ...objects(type['schemaExtensions']).map(({ schema }) => schema),
    ])
    expect(urns).toStrictEqual([USER, ENTERPRISE, GROUP])
    for (const urn of urns) expect((await scim.get(`/Schemas/${String(urn)}`)).status).toBe(200)
  })

  test('D-12 the endpoints of the resource types answer', async () => {
    const types = objects((await scim.get('/ResourceTypes')).body['Resources'])
    expect(types.map(({ endpoint }) => endpoint)).toStrictEqual(['/Users', '/Groups'])
    for (const { endpoint } of types) {
      expect((await scim.get(String(endpoint))).status).toBe(200)
    }
  })

  test.each(['/Schemas', '/ResourceTypes', `/Schemas/${USER}`, '/ResourceTypes/User'])(
    'D-04 %s needs a token',
    async (path) => {
      expect((await clientWith(undefined).get(path)).status).toBe(401)
    },
  )
})

describe('/ServiceProviderConfig', () => {
  test('D-01 D-03 D-04 needs no token and has everything RFC 7643 §5 asks for', async () => {
    const { status, body } = await clientWith(undefined).get('/ServiceProviderConfig')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      schemas: [`${CORE}:ServiceProviderConfig`],
      patch: { supported: true },
      bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
      filter: { supported: true, maxResults: 200 },
      changePassword: { supported: false },
      sort: { supported: false },
      etag: { supported: true },
      meta: {
        resourceType: 'ServiceProviderConfig',
        location: `${BASE}/ServiceProviderConfig`,
      },
    })
    const [scheme, ...more] = objects(body['authenticationSchemes'])
    expect(more).toMatchObject([{ type: 'oauth2', name: 'OAuth 2.0 client credentials' }])
    expect(scheme).toMatchObject({ type: 'oauthbearertoken', primary: true })
    expect(scheme).toHaveProperty('name')
    expect(scheme).toHaveProperty('description')
  })

  test('bulk is not supported, as it says', async () => {
    expect((await scim.post('/Bulk', {})).status).toBe(501)
  })

  test('S-01 sorting is not supported, as it says: the order stays', async () => {
    const plainList = await scim.get('/Users?count=5')
    const sorted = await scim.get('/Users?count=5&sortBy=userName&sortOrder=descending')
    expect(sorted.text).toBe(plainList.text)
  })
})
