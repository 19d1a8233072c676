import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { accessAnswers } from '../support/access-routes.ts'
import { endOfTests } from '../support/database.ts'
import { linkAnswers, syncAnswers } from '../support/link-routes.ts'
import { newAdmin, type AdminApi } from '../support/admin.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { entraPerson, testEntraDirectory } from '../support/entra-directory.ts'
import { CLIENT, TENANT } from '../support/microsoft.ts'
import { newPerson, type Answer } from '../support/programs.ts'
import { webhookAnswers } from '../support/webhook-routes.ts'

type Schema = Readonly<Record<string, unknown>>

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
  readonly headers?: unknown
}

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly parameters: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: Content
  readonly responses: Readonly<Record<string, Content>>
}

interface Document {
  readonly openapi: string
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

const person = entraPerson(1, 'ada', {
  givenName: 'Ada',
  surname: 'Lovelace',
  mobilePhone: '+49 1',
  department: 'Sales',
})
const stranger = entraPerson(2, 'stranger')
const TEAM = 'f0000000-0000-4000-8000-000000000001'
const registration = {
  tenantId: TENANT,
  clientId: CLIENT,
  credential: { kind: 'secret', secret: 'a.secret~Value' },
  expires: '2026-03-20',
}

let app: TestApp
let api: AdminApi
let document: Document

const finished = endOfTests()

beforeAll(async () => {
  const groups = [{ id: TEAM, displayName: 'Team', description: 'All', members: [person.id] }]
  app = await testApp({
    entraDirectory: testEntraDirectory([person, stranger], groups),
    encryptionKeys: [Buffer.alloc(32, 1)],
    provisioningLogDays: 30,
    finished,
  })
  api = await newAdmin(app)
  document = (await api.get('/openapi.json')).body as unknown as Document
})

function operations(): [string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  )
}

/** A schema with what it refers to put in its place. */
function whole(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(whole)
  if (typeof part !== 'object' || part === null) return part
  if ('$ref' in part) {
    const name = String(part.$ref).replace('#/components/schemas/', '')
    const found = document.components.schemas[name]
    if (!found) throw new Error(`There is no schema ${name}.`)
    return whole(found)
  }
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, whole(value)]))
}

/** What a document says of an answer, held against one; undefined when it is as it should be. */
function mistakesIn(operation: Operation | undefined, { status, headers, body, text }: Answer) {
  const response = operation?.responses[String(status)]
  if (!response) return `The status ${status} is not described: ${text}`
  if (!response.content) return text === '' ? undefined : 'There should be no body.'
  const schema = response.content[headers.get('content-type') ?? '']?.schema
  if (!schema) return 'The media type is not described.'
  if ('headers' in response && !headers.has('location')) return 'There is no Location.'
  const result = z.fromJSONSchema(whole(schema) as z.core.JSONSchema.BaseSchema).safeParse(body)
  return result.success ? undefined : result.error.issues
}

test('describes every route that there is, and no other', () => {
  const routes = app.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/admin/api'))
    .map(({ method, path }) => `${method} ${path.slice('/admin/api'.length)}`)
    .map((route) => route.replace(':id', '{id}'))
  expect(document.openapi).toBe('3.1.0')
  expect(document.servers).toStrictEqual([{ url: 'https://entrance.example/admin/api' }])
  expect(operations().map(([route]) => route)).toStrictEqual(expect.arrayContaining(routes))
  expect(operations()).toHaveLength(new Set(routes).size)
})

test('gives every operation a name of its own, its path parameters, and a body where it has one', () => {
  const ids = operations().map(([, { operationId }]) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [route, { parameters, requestBody, responses, summary }] of operations()) {
    const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)
    expect(inPath).toStrictEqual(route.includes('{id}') ? ['id'] : [])
    expect(requestBody !== undefined).toBe(route.startsWith('POST'))
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '401', '403', '500']))
    expect(summary).not.toBe('')
  }
})

test('refers to nothing that it does not have, and has nothing that nothing refers to', () => {
  const text = JSON.stringify(document)
  const referred = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  )
  expect(new Set(Object.keys(document.components.schemas))).toStrictEqual(new Set(referred))
  expect(text).not.toContain('$schema')
  expect(text).not.toContain('$id')
})

test('says of the parameters what the routes take', () => {
  const { parameters = [] } = document.paths['/imports/{id}/items']?.['get'] ?? {}
  expect(parameters.map(({ name }) => name)).toStrictEqual([
    'id',
    'after',
    'limit',
    'state',
    'action',
    'but',
  ])
  expect(parameters[2]).toStrictEqual({
    name: 'limit',
    in: 'query',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  })
})

test('is true of what the routes answer', async () => {
  const { directory } = app
  const local = await newPerson(directory, 'grace@contoso.example')
  const objectId = 'a0000000-0000-4000-8000-000000000001'
  const ask = { objectId, userName: 'grace@contoso.example', displayName: 'Grace' }
  await directory.linkRequests.ask(ask, cause)
  const members = { kind: 'set', members: [] } as const
  await directory.groups.create(
    { attributes: { displayName: 'Designers' }, members, origin: 'local' },
    cause,
  )
  const options = { groups: [], role: 'PM', invite: { when: 'now' }, links: {} }
  const planned = await api.post('/imports', { people: { ids: [person.id] }, options })
  const plan = (planned.body['plan'] as { id: string }).id
  const looked = await api.post('/imports', { people: { ids: [person.id] }, options })
  const preview = (looked.body['plan'] as { id: string }).id
  const mail = await api.post(`/users/${local.id}/invitation`)
  const [request] = await directory.linkRequests.list()
  const started = await api.post(`/imports/${plan}/start`)
  await directory.plans.applyNext(plan, cause)

  const brake = { users: 0, percent: 0, minutes: 60 }
  const setBrake = [await api.post('/brake', brake), await api.post('/brake', {})]
  const leaver = await newPerson(directory, 'leaver@contoso.example')
  const off = (current: JsonObject) => ({ ...current, active: false })
  await directory.users.update(leaver.id, undefined, off, { ...cause, door: 'scim' })

  const lonely = await newPerson(directory, 'lonely@contoso.example')
  const spare = await newPerson(directory, 'spare@contoso.example')
  const toSpare = async (verb: string) => [
    await api.post(`/users/${spare.id}/${verb}`),
    await api.post(`/users/x/${verb}`),
  ]

  const rule = await api.post('/rules', { name: 'x', filter: 'title pr', role: 'PM' })
  const maps = { entraGroup: TEAM, entraName: 'Team', role: 'PM' }
  const mapping = await api.post('/mappings', maps)
  const { items: everybody } = await directory.users.query({ startIndex: 1, count: 10 })
  const second = await api.post('/imports', { people: { ids: [person.id] }, options })
  const left = (second.body['plan'] as { id: string }).id
  await directory.plans.start(left, cause)
  const imported = await directory.users.linked({ tenantId: TENANT, objectId: person.id })
  await directory.users.remove(String(imported?.id), undefined, cause)
  await directory.plans.applyNext(left, cause)
  await directory.plans.applyNext(left, cause)

  const access = await accessAnswers(api, local.id)
  const webhooks = await webhookAnswers(api)
  const syncs = await syncAnswers(api, plan)
  const links = await linkAnswers(api, {
    request: String(request?.id),
    lonely: lonely.id,
    stranger: stranger.id,
    taken: person.id,
  })

  await app.scim.post('/Users', { password: 'x' })
  await app.recorder.flush()
  const logged = await app.directory.provisioningLog.last()

  const answers: Readonly<Record<string, readonly Answer[]>> = {
    'GET /provisioning-log': [
      await api.get('/provisioning-log'),
      await api.get('/provisioning-log?limit=0'),
    ],
    'GET /provisioning-log/{id}': [
      await api.get(`/provisioning-log/${logged}`),
      await api.get('/provisioning-log/x'),
    ],
    'GET /provisioning-status': [await api.get('/provisioning-status')],
    'GET /connection': [await api.get('/connection')],
    'POST /connection': [
      await api.post('/connection', registration),
      await api.post('/connection', {}),
      await api.post('/connection', { ...registration, tenantId: CLIENT }),
    ],
    'POST /connection/test': [
      await api.post('/connection/test', registration),
      await api.post('/connection/test', {}),
    ],
    'POST /connection/remove': [await api.post('/connection/remove')],
    'GET /entra/users': [await api.get('/entra/users'), await api.get('/entra/users?x=1')],
    'POST /entra/users/find': [
      await api.post('/entra/users/find', { addresses: ['ada@contoso.example', 'x'] }),
      await api.post('/entra/users/find', {}),
    ],
    'GET /entra/groups': [await api.get('/entra/groups')],
    'GET /entra/groups/{id}/members': [
      await api.get(`/entra/groups/${TEAM}/members`),
      await api.get('/entra/groups/x/members'),
    ],
    'GET /entra/app-roles': [await api.get('/entra/app-roles')],
    'GET /entra/app-roles/{id}/assignees': [
      await api.get('/entra/app-roles/any/assignees'),
      await api.get('/entra/app-roles/x/assignees'),
    ],
    'POST /imports': [
      planned,
      await api.post('/imports', {}),
      await api.post('/imports', {}, { 'Content-Type': 'text/plain' }),
      await api.post('/imports', ' '.repeat(1_048_577)),
    ],
    'GET /imports': [await api.get('/imports')],
    'GET /imports/{id}': [await api.get(`/imports/${plan}`), await api.get('/imports/x')],
    'GET /imports/{id}/items': [await api.get(`/imports/${plan}/items`)],
    'POST /imports/{id}/start': [started, await api.post(`/imports/${plan}/start`)],
    'POST /imports/{id}/again': [
      await api.post(`/imports/${left}/again`),
      await api.post(`/imports/${plan}/again`),
      await api.post('/imports/x/again'),
    ],
    'POST /imports/{id}/revise': [
      await api.post(`/imports/${preview}/revise`, { people: {}, options }),
      await api.post(`/imports/${plan}/revise`, { people: {}, options }),
      await api.post('/imports/x/revise', { people: {}, options }),
    ],
    'POST /imports/{id}/people': [
      await api.post(`/imports/${preview}/people`, { people: [{ position: 0, chosen: {} }] }),
      await api.post(`/imports/${plan}/people`, { people: [{ position: 0, chosen: null }] }),
      await api.post('/imports/x/people', { people: [{ position: 0, chosen: null }] }),
    ],
    'POST /imports/{id}/cancel': [await api.post(`/imports/${plan}/cancel`)],
    ...syncs,
    'GET /rules': [await api.get('/rules')],
    'POST /rules': [rule, await api.post('/rules', { name: 'x', filter: '(' })],
    'POST /rules/order': [
      await api.post('/rules/order', { ids: [rule.body['id']] }),
      await api.post('/rules/order', { ids: [] }),
    ],
    'POST /rules/try': [
      await api.post('/rules/try', { filter: 'userName pr', role: 'PM', user: local.id }),
      await api.post('/rules/try', { filter: 'userName pr', place: 'new', users: [local.id] }),
      await api.post('/rules/try'),
    ],
    'POST /rules/{id}': [
      await api.post(`/rules/${String(rule.body['id'])}`, { name: 'y', filter: 'title pr' }),
      await api.post('/rules/x', { name: 'y', filter: 'title pr' }),
    ],
    'GET /mappings': [await api.get('/mappings')],
    'POST /mappings': [mapping, await api.post('/mappings', { ...maps, entraGroup: person.id })],
    'POST /mappings/{id}': [
      await api.post(`/mappings/${String(mapping.body['id'])}`, { role: 'Lead', keep: true }),
      await api.post('/mappings/x', { role: 'Lead', keep: true }),
      await api.post(`/mappings/${String(mapping.body['id'])}`, { keep: true }),
    ],
    'POST /mappings/{id}/remove': [
      await api.post(`/mappings/${String(mapping.body['id'])}/remove`, { keep: true }),
      await api.post('/mappings/x/remove', { keep: true }),
    ],
    'POST /rules/{id}/remove': [
      await api.post(`/rules/${String(rule.body['id'])}/remove`),
      await api.post('/rules/x/remove'),
    ],
    'GET /roles': [await api.get('/roles'), await api.get('/roles?count=0')],
    'GET /users': [
      await api.get('/users?search=contoso&count=200'),
      await api.get('/users?count=1'),
      await api.get('/users?filter=active%20eq%20true&count=1'),
      await api.get('/users?filter=('),
    ],
    'GET /users/{id}': [
      ...(await Promise.all(everybody.map(({ id }) => api.get(`/users/${id}`)))),
      await api.get('/users/x'),
    ],
    'POST /users': [
      await api.post('/users', { userName: 'joan', role: 'PM', invite: 'shown' }),
      await api.post('/users', { userName: 'joan' }),
      await api.post('/users', {}),
    ],
    'POST /users/{id}': [
      await api.post(`/users/${local.id}`, { familyName: 'Hopper', roles: ['PM'] }),
      await api.post(`/users/${local.id}`, { userName: 'joan' }),
      await api.post('/users/x'),
    ],
    'POST /users/{id}/groups': [
      await api.post(`/users/${local.id}/groups`, { join: [] }),
      await api.post(`/users/${local.id}/groups`, { join: ['x'] }),
      await api.post('/users/x/groups'),
    ],
    'POST /users/{id}/roles': [
      await api.post(`/users/${local.id}/roles`, { give: ['Lead'], take: ['PM'] }),
      await api.post(`/users/${local.id}/roles`, { give: ['pm'], take: ['PM'] }),
      await api.post('/users/x/roles'),
    ],
    'POST /users/{id}/deactivate': await toSpare('deactivate'),
    'POST /users/{id}/activate': await toSpare('activate'),
    'POST /users/{id}/remove': await toSpare('remove'),
    'GET /users/{id}/why': [
      ...(await Promise.all(everybody.map(({ id }) => api.get(`/users/${id}/why`)))),
      await api.get('/users/x/why'),
    ],
    ...links,
    'GET /groups': [await api.get('/groups?search=design')],
    ...access,
    ...webhooks,
    'GET /brake': [await api.get('/brake')],
    'POST /brake': setBrake,
    'GET /held': [await api.get('/held'), await api.get('/held?limit=0')],
    'POST /held/release': [await api.post('/held/release')],
    'POST /held/discard': [
      await api.post('/held/discard', { users: [leaver.id] }),
      await api.post('/held/discard', { users: [] }),
    ],
    'GET /mails': [await api.get('/mails')],
    'POST /mails/send': [
      await api.post('/mails/send', { state: 'kept' }),
      await api.post('/mails/send'),
    ],
    'POST /mails/{id}/send': [
      await api.post(`/mails/${String(mail.body['id'])}/send`),
      await api.post('/mails/x/send'),
    ],
    'GET /mail-templates': [await api.get('/mail-templates')],
    'POST /mail-templates/{id}': [
      await api.post('/mail-templates/invitation', { subject: 'Hello', body: 'Come in' }),
      await api.post('/mail-templates/invitation', { subject: '', body: '' }),
      await api.post('/mail-templates/x', { subject: 'Hello', body: 'Come in' }),
    ],
    'POST /mail-templates/{id}/reset': [await api.post('/mail-templates/invitation/reset')],
    'POST /mail-templates/{id}/preview': [
      await api.post('/mail-templates/password-reset/preview', { userId: local.id }),
    ],
    'POST /mail-templates/{id}/test': [await api.post('/mail-templates/invitation/test')],
    'POST /users/{id}/invitation': [mail],
    'GET /users/{id}/sessions': [
      await api.get(`/users/${local.id}/sessions`),
      await api.get('/users/x/sessions'),
    ],
    'POST /users/{id}/sessions/end': [
      await api.post(`/users/${local.id}/sessions/end`, { session: 'x' }),
      await api.post('/users/x/sessions/end', { session: 'x' }),
    ],
    'POST /users/{id}/password-link': [
      await api.post(`/users/${local.id}/password-link`),
      await api.post('/users/x/password-link'),
    ],
    'POST /users/{id}/sign-out': [await api.post(`/users/${local.id}/sign-out`)],
    'POST /users/{id}/unlink': [
      await api.post(`/users/${local.id}/unlink`, { passwordLink: 'shown' }),
      await api.post('/users/x/unlink'),
    ],
    'POST /mails/{id}/cancel': [await api.post(`/mails/${String(mail.body['id'])}/cancel`)],
    'GET /openapi.json': [
      await api.get('/openapi.json'),
      await api.send('GET', '/openapi.json', undefined, { Cookie: '' }),
    ],
  }
  expect(Object.keys(answers).sort()).toStrictEqual(
    operations()
      .map(([route]) => route)
      .sort(),
  )
  const mistakes = operations().map(([route, operation]) => [
    route,
    answers[route]?.map((answer) => mistakesIn(operation, answer)),
  ])
  const none = operations().map(([route]) => [route, answers[route]?.map(() => undefined)])
  expect(mistakes).toStrictEqual(none)
  const full = ['GET /entra/users', 'GET /imports', 'GET /mails', 'GET /groups', 'GET /held']
  for (const route of full) {
    expect(answers[route]?.[0]?.body['items']).not.toStrictEqual([])
  }
})

test('would not be true of an answer with a member more, or one less', async () => {
  const operation = document.paths['/connection']?.['get']
  const { body, ...answer } = await api.get('/connection')
  expect(mistakesIn(operation, { ...answer, body })).toBeUndefined()
  expect(mistakesIn(operation, { ...answer, body: { ...body, more: 1 } })).toBeDefined()
  const { configured: _, ...less } = body
  expect(mistakesIn(operation, { ...answer, body: less })).toBeDefined()
})
