import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { testApp } from '../support/app.ts'
import { newGroup, newUser, USER } from '../support/resources.ts'

/*
 * People who leave, come back, or hand their user name on: what breaks a provisioning job in the field when a server
 * answers 409 for ever.
 */

const NAME = 'adele@contoso.example'
const PREFIX = '0123456789abcdef0123456789ABCDEF'
const off: JsonObject = { op: 'replace', path: 'active', value: false }
const on: JsonObject = { op: 'replace', path: 'active', value: true }
const rename = (value: string): JsonObject => ({ op: 'replace', path: 'userName', value })

const rules = (logged: readonly Record<string, unknown>[]) => logged.at(-1)?.['tolerances']

describe('a POST of the name of somebody inactive', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['with the same externalId', { externalId: 'x' }, { externalId: 'x' }],
    ['when the old one had none', {}, { externalId: 'x' }],
    ['when the new one has none', { externalId: 'x' }, {}],
    ['when neither has one', {}, {}],
  ])('%s brings the same person back (rehire)', async (_, old, given) => {
    const { scim, logged, directory } = await testApp()
    const { id } = await newUser(scim, NAME, { ...old, title: 'Engineer' })
    await scim.operate(`/Users/${id}`, off)
    const made = await scim.post('/Users', {
      schemas: [USER],
      userName: NAME.toUpperCase(),
      displayName: 'Adele',
      ...given,
    })
    expect(made).toMatchObject({
      status: 201,
      body: { id, active: true, userName: NAME.toUpperCase(), displayName: 'Adele' },
    })
    expect(made.body).not.toHaveProperty('title')
    expect(made.headers.get('location')).toContain(id)
    expect(rules(logged)).toStrictEqual(['rehire'])
    expect((await scim.get('/Users')).body['totalResults']).toBe(1)
    expect((await directory.events.list(0, 100)).at(-1)).toMatchObject({
      action: 'user.reactivated',
      resourceId: id,
    })
  })

  test('by somebody else gives the name to the new one and keeps the old one (retire)', async () => {
    const { scim, logged, directory } = await testApp()
    const old = await newUser(scim, NAME, { externalId: 'x' })
    await scim.operate(`/Users/${old.id}`, off)
    const made = await scim.post('/Users', { schemas: [USER], userName: NAME, externalId: 'y' })
    expect(made.status).toBe(201)
    expect(made.body['id']).not.toBe(old.id)
    expect(rules(logged)).toStrictEqual(['retire-inactive'])
    expect((await scim.get(`/Users/${old.id}`)).body).toMatchObject({
      userName: `${old.id.replaceAll('-', '')}${NAME}`,
      externalId: 'x',
      active: false,
    })
    const events = await directory.events.list(0, 100)
    expect(events.map(({ action }) => action)).toContain('user.retired')
    const found = await scim.filter('/Users', `userName eq "${NAME}"`)
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id: made.body['id'] }] })
  })

  test('a retired person who becomes active again has the bare name only when it is free', async () => {
    const { scim } = await testApp()
    const old = await newUser(scim, NAME, { externalId: 'x' })
    await scim.operate(`/Users/${old.id}`, off)
    const heir = await newUser(scim, NAME, { externalId: 'y' })
    const taken = await scim.operate(`/Users/${old.id}`, on)
    expect(taken).toMatchObject({
      status: 200,
      body: { active: true, userName: `${old.id.replaceAll('-', '')}${NAME}` },
    })
    await scim.operate(`/Users/${old.id}`, off)
    await scim.delete(`/Users/${heir.id}`)
    const free = await scim.operate(`/Users/${old.id}`, on)
    expect(free).toMatchObject({ status: 200, body: { active: true, userName: NAME } })
  })
})

describe('a POST of the Entra object id of somebody inactive, under another name,', () => {
  const objectId = 'aaaaaaaa-0000-4000-8000-000000000001'
  const renamed = (more: JsonObject = {}): JsonObject => ({
    schemas: [USER],
    userName: 'adele.smith@contoso.example',
    externalId: objectId,
    ...more,
  })

  async function left(externalId: string, active = false) {
    const app = await testApp()
    const { id } = await newUser(app.scim, NAME, { externalId, active })
    return { ...app, id }
  }

  test('brings the same person back under the new name', async () => {
    const { scim, id, logged } = await left(objectId)
    const made = await scim.post('/Users', renamed())
    expect(made).toMatchObject({
      status: 201,
      body: { id, active: true, userName: 'adele.smith@contoso.example' },
    })
    expect(rules(logged)).toStrictEqual(['rehire'])
    expect((await scim.get('/Users')).body['totalResults']).toBe(1)
    const old = await scim.filter('/Users', `userName eq "${NAME}"`)
    expect(old.body['totalResults']).toBe(0)
  })

  test('is a 409 when somebody active has that name, and nobody comes back', async () => {
    const { scim, id } = await left(objectId)
    await newUser(scim, 'Adele.Smith@contoso.example')
    expect((await scim.post('/Users', renamed())).status).toBe(409)
    expect((await scim.get(`/Users/${id}`)).body).toMatchObject({ active: false, userName: NAME })
  })

  test('retires somebody else who is inactive and has that name', async () => {
    const { scim, id, logged } = await left(objectId)
    const other = await newUser(scim, 'adele.smith@contoso.example', {
      externalId: 'aaaaaaaa-0000-4000-8000-000000000002',
      active: false,
    })
    expect(await scim.post('/Users', renamed())).toMatchObject({ status: 201, body: { id } })
    expect(rules(logged)).toStrictEqual(expect.arrayContaining(['rehire', 'retire-inactive']))
    expect((await scim.get(`/Users/${other.id}`)).body).toMatchObject({
      active: false,
      userName: `${other.id.replaceAll('-', '')}adele.smith@contoso.example`,
    })
  })

  test.each<[string, string, JsonObject]>([
    ['when the id is none of Entra', 'employee-7', { externalId: 'employee-7' }],
    ['when the id is another', 'aaaaaaaa-0000-4000-8000-000000000009', {}],
    ['when no id is given', objectId, { externalId: null }],
  ])('makes a new user %s', async (_, externalId, more) => {
    const { scim, id } = await left(externalId)
    const made = await scim.post('/Users', renamed(more))
    expect(made.status).toBe(201)
    expect(made.body['id']).not.toBe(id)
    expect((await scim.get(`/Users/${id}`)).body).toMatchObject({ active: false, userName: NAME })
  })
})

describe('a rename', () => {
  test.each<[string, JsonObject, number]>([
    ['onto somebody active is refused', {}, 409],
    ['onto somebody inactive retires that one', { active: false }, 200],
  ])('%s', async (_, holder, status) => {
    const { scim } = await testApp()
    const held = await newUser(scim, NAME, { externalId: 'x', ...holder })
    const other = await newUser(scim, 'other@contoso.example', { externalId: 'y' })
    const renamed = await scim.operate(`/Users/${other.id}`, rename(NAME))
    expect(renamed.status).toBe(status)
    const names = [held, other].map(
      async ({ id }) => (await scim.get(`/Users/${id}`)).body['userName'],
    )
    expect(await Promise.all(names)).toStrictEqual(
      status === 409
        ? [NAME, 'other@contoso.example']
        : [`${held.id.replaceAll('-', '')}${NAME}`, NAME],
    )
  })

  test('onto somebody inactive of the same externalId keeps both users', async () => {
    const { scim } = await testApp()
    const held = await newUser(scim, NAME, { externalId: 'x', active: false })
    const other = await newUser(scim, 'other@contoso.example', { externalId: 'x' })
    expect((await scim.operate(`/Users/${other.id}`, rename(NAME))).status).toBe(200)
    expect((await scim.get(`/Users/${held.id}`)).body).toMatchObject({ active: false })
    expect((await scim.get('/Users')).body['totalResults']).toBe(2)
  })

  test('to another spelling of the own name passes', async () => {
    const { scim } = await testApp()
    const { id } = await newUser(scim, NAME)
    const { status, body } = await scim.operate(`/Users/${id}`, rename('Adele@Contoso.example'))
    expect({ status, name: body['userName'] }).toStrictEqual({
      status: 200,
      name: 'Adele@Contoso.example',
    })
  })

  test('A to B and B to A in three steps ends with both names swapped', async () => {
    const { scim } = await testApp()
    const a = await newUser(scim, 'a@x.example')
    const b = await newUser(scim, 'b@x.example')
    for (const [{ id }, name] of [
      [a, 'temporary@x.example'],
      [b, 'a@x.example'],
      [a, 'b@x.example'],
    ] as const) {
      expect((await scim.operate(`/Users/${id}`, rename(name))).status).toBe(200)
    }
    expect((await scim.get(`/Users/${a.id}`)).body['userName']).toBe('b@x.example')
  })
})

describe('Entra’s recycle bin renames a person to <32 hex digits><name>:', () => {
  const email = [{ value: NAME, type: 'work', primary: true }]

  test.each<[string, JsonObject[]]>([
    ['in one PATCH', [{ op: 'replace', value: { active: false, userName: `${PREFIX}${NAME}` } }]],
    ['the name first', [rename(`${PREFIX}${NAME}`), off]],
    ['active first', [off, rename(`${PREFIX}${NAME}`)]],
    [
      'with the e-mail address',
      [
        off,
        rename(`${PREFIX}${NAME}`),
        { op: 'replace', path: 'emails[type eq "work"].value', value: `${PREFIX}${NAME}` },
      ],
    ],
  ])('%s, the person is deactivated and keeps name and address', async (_, operations) => {
    const { scim, logged } = await testApp()
    const { id } = await newUser(scim, NAME, { emails: email, externalId: 'x' })
    const { status, body } = await scim.operate(`/Users/${id}`, ...operations)
    expect(status).toBe(200)
    expect(body).toMatchObject({ userName: NAME, active: false, emails: email })
    expect(rules(logged)).toStrictEqual(['soft-delete-rename'])
    const restored = await scim.operate(`/Users/${id}`, on, rename(NAME))
    expect(restored).toMatchObject({ status: 200, body: { userName: NAME, active: true } })
  })

  test('in a PUT too', async () => {
    const { scim } = await testApp()
    const { id } = await newUser(scim, NAME, { emails: email })
    const { body } = await scim.put(`/Users/${id}`, {
      schemas: [USER],
      userName: `${PREFIX}${NAME}`,
      active: 'False',
      emails: [{ ...email[0], value: `${PREFIX}${NAME}` }],
    })
    expect(body).toMatchObject({ userName: NAME, active: false, emails: email })
  })

  test('in two PATCHes, the second for somebody inactive already', async () => {
    const { scim } = await testApp()
    const { id } = await newUser(scim, NAME)
    await scim.operate(`/Users/${id}`, off)
    const { body } = await scim.operate(`/Users/${id}`, rename(`${PREFIX}${NAME}`))
    expect(body).toMatchObject({ userName: NAME, active: false, meta: { version: 'W/"2"' } })
  })

  test.each([
    ['31 digits', `${PREFIX.slice(1)}${NAME}`, false],
    ['a letter that is no digit', `g${PREFIX.slice(1)}${NAME}`, false],
    ['another name behind the digits', `${PREFIX}other@contoso.example`, false],
    ['an active person', `${PREFIX}${NAME}`, true],
  ])('%s is an ordinary new name', async (_, name, active) => {
    const { scim } = await testApp()
    const { id } = await newUser(scim, NAME)
    const { body } = await scim.operate(`/Users/${id}`, ...(active ? [] : [off]), rename(name))
    expect(body).toMatchObject({ userName: name, active })
  })
})

describe('an inactive account on which the object id of somebody else arrives', () => {
  const one = 'aaaaaaaa-0000-4000-8000-000000000001'
  const two = 'aaaaaaaa-0000-4000-8000-000000000002'
  const take = (externalId: string): JsonObject => ({
    op: 'replace',
    path: 'externalId',
    value: externalId,
  })

  async function member(externalId: string) {
    const { scim } = await testApp()
    const { id } = await newUser(scim, NAME, { externalId })
    const group = await newGroup(scim, 'Owners', { members: [{ value: id }] })
    const groups = async () => (await scim.get(`/Users/${id}`)).body['groups']
    const members = async () => (await scim.get(`/Groups/${group.id}`)).body
    return { scim, id, groups, members }
  }

  test.each<[string, JsonObject[]]>([
    ['before it becomes active', [off, take(two), on]],
    ['as it becomes active', [off]],
  ])('leaves the groups of the former person: %s', async (_, operations) => {
    const { scim, id, groups, members } = await member(one)
    for (const operation of operations) await scim.operate(`/Users/${id}`, operation)
    const last = await scim.operate(`/Users/${id}`, on, take(two))
    expect(last).toMatchObject({ status: 200, body: { active: true, externalId: two } })
    expect(last.body).not.toHaveProperty('groups')
    expect(await groups()).toBeUndefined()
    expect(await members()).toMatchObject({ members: [], meta: { version: 'W/"2"' } })
  })

  test.each<[string, string, JsonObject[]]>([
    ['an active one', one, [take(two)]],
    ['one whose id was none of Entra', 'employee-7', [off, take(two), on]],
    ['one whose id comes back', one, [off, on, take(one)]],
    ['one that only changes the case of its id', one, [off, take(one.toUpperCase()), on]],
  ])('keeps them for %s', async (_, externalId, operations) => {
    const { scim, id, groups } = await member(externalId)
    for (const operation of operations) await scim.operate(`/Users/${id}`, operation)
    expect(await groups()).toMatchObject([{ display: 'Owners' }])
  })
})
