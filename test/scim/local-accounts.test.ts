import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { ERROR, newGroup, newUser, USER } from '../support/resources.ts'

/*
 * Accounts that were made here (origin `local`) and what the provisioning client may know and do about them: nothing,
 * unless an administrator said so, once for one of them or for all with SCIM_LOCAL_USERS=visible (DESIGN §5.8).
 */

const local: JsonObject = {
  userName: 'Adele@contoso.example',
  displayName: 'Adele (made here)',
  emails: [{ value: 'adele@contoso.example', type: 'work' }],
  active: true,
}

const pushed: JsonObject = {
  schemas: [USER],
  userName: 'adele@contoso.example',
  externalId: 'aaaaaaaa-0000-4000-8000-000000000001',
  displayName: 'Adele Vance',
}

async function withLocal(localUsers: 'hidden' | 'visible') {
  const app = await testApp({ localUsers })
  const { user } = await app.directory.users.create({ attributes: local, origin: 'local' }, cause)
  const stored = () => app.directory.users.read(user.id)
  return { ...app, id: user.id, made: user, stored }
}

const actions = async ({ directory }: Pick<TestApp, 'directory'>) =>
  (await directory.events.list(0, 1000)).map(({ action }) => action)

describe('a local account that is hidden', () => {
  test('is not there for GET, PUT, PATCH, DELETE and filters', async () => {
    const { scim, id, stored, made, database } = await withLocal('hidden')
    const before = await database.dump()
    const statuses = [
      await scim.get(`/Users/${id}`),
      await scim.put(`/Users/${id}`, pushed),
      await scim.operate(`/Users/${id}`, { op: 'replace', path: 'active', value: false }),
      await scim.delete(`/Users/${id}`),
    ].map(({ status }) => status)
    expect(statuses).toStrictEqual([404, 404, 404, 404])
    for (const filter of [
      'userName eq "adele@contoso.example"',
      'emails.value eq "adele@contoso.example"',
      `id eq "${id}"`,
      'userName pr',
      'not (userName eq "x")',
    ]) {
      expect((await scim.filter('/Users', filter)).body).toMatchObject({ totalResults: 0 })
    }
    expect((await scim.get('/Users')).body).toMatchObject({ totalResults: 0, Resources: [] })
    expect(await stored()).toStrictEqual(made)
    const after = await database.dump()
    expect(after.replace(/"last_used":"[^"]*"/, '"last_used":null')).toBe(before)
  })

  test('whose name is pushed is a 409, and one request for an administrator', async () => {
    const { scim, id, stored, made, directory, clock } = await withLocal('hidden')
    const first = await scim.post('/Users', pushed)
    expect(first.status).toBe(409)
    expect(first.body).toMatchObject({ schemas: [ERROR], status: '409', scimType: 'uniqueness' })
    expect(first.text).not.toContain('made here')
    expect(first.text).not.toContain(id)
    clock.pass(60_000)
    expect((await scim.post('/Users', pushed)).status).toBe(409)

    expect(await directory.linkRequests.list()).toStrictEqual([
      {
        id: expect.any(String),
        asked: 'provisioning',
        userId: id,
        userName: 'Adele@contoso.example',
        externalId: 'aaaaaaaa-0000-4000-8000-000000000001',
        displayName: 'Adele Vance',
        firstAsked: '2026-03-02T08:00:00.000Z',
        lastAsked: '2026-03-02T08:01:00.000Z',
      },
    ])
    expect(await stored()).toStrictEqual(made)
    const all = await actions({ directory })
    expect(all.filter((action) => action === 'link.requested')).toHaveLength(1)
    expect(all).not.toContain('user.updated')
  })

  test('is asked for by each externalId once', async () => {
    const { scim, directory } = await withLocal('hidden')
    for (const externalId of ['one', 'two', 'one']) {
      expect((await scim.post('/Users', { ...pushed, externalId })).status).toBe(409)
    }
    const requests = await directory.linkRequests.list()
    expect(requests.map(({ externalId }) => externalId)).toStrictEqual(['one', 'two'])
  })

  test('is asked for too when somebody is renamed to its name', async () => {
    const { scim, directory, stored, made } = await withLocal('hidden')
    const other = await newUser(scim, 'other@contoso.example')
    const { status, body } = await scim.operate(`/Users/${other.id}`, {
      op: 'replace',
      path: 'userName',
      value: 'ADELE@contoso.example',
    })
    expect({ status, scimType: body['scimType'] }).toStrictEqual({
      status: 409,
      scimType: 'uniqueness',
    })
    expect(await directory.linkRequests.list()).toHaveLength(1)
    expect(await stored()).toStrictEqual(made)
    expect((await scim.get(`/Users/${other.id}`)).body['userName']).toBe('other@contoso.example')
  })

  test('that an administrator accepts is found, matched and Entra’s from then on', async () => {
    const { scim, id, directory, store } = await withLocal('hidden')
    await store.organisations.setTenant('default', '11111111-2222-3333-4444-555555555555', cause)
    await scim.post('/Users', pushed)
    const [request] = await directory.linkRequests.list()
    await directory.linkRequests.accept(request?.id ?? '', undefined, cause)

    const found = await scim.filter('/Users', 'userName eq "adele@contoso.example"')
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id }] })
    const patched = await scim.operate(
      `/Users/${id}`,
      { op: 'add', path: 'externalId', value: 'aaaaaaaa-0000-4000-8000-000000000001' },
      { op: 'replace', path: 'displayName', value: 'Adele Vance' },
    )
    expect(patched).toMatchObject({ status: 200, body: { displayName: 'Adele Vance' } })
    expect(await directory.linkRequests.list()).toStrictEqual([])
    expect(await directory.users.read(id)).toMatchObject({
      provisioned: true,
      link: {
        tenantId: '11111111-2222-3333-4444-555555555555',
        objectId: 'aaaaaaaa-0000-4000-8000-000000000001',
      },
    })
    expect(await actions({ directory })).toContain('link.accepted')
    expect((await scim.post('/Users', pushed)).status).toBe(409)
    expect(await directory.linkRequests.list()).toStrictEqual([])
  })

  test('whose request is dismissed stays hidden, and the same account does not ask again', async () => {
    const { scim, id, directory, stored, made } = await withLocal('hidden')
    await scim.post('/Users', pushed)
    const [request] = await directory.linkRequests.list()
    await directory.linkRequests.dismiss(request?.id ?? '', cause)
    expect(await directory.linkRequests.list()).toStrictEqual([])
    expect((await scim.post('/Users', pushed)).status).toBe(409)
    expect(await directory.linkRequests.list()).toStrictEqual([])
    expect((await scim.get(`/Users/${id}`)).status).toBe(404)
    expect(await stored()).toStrictEqual(made)
    await expect(
      directory.linkRequests.accept(request?.id ?? '', undefined, cause),
    ).rejects.toMatchObject({
      code: 'notFound',
    })
  })

  test('that is deleted leaves no request behind, and its name is free', async () => {
    const { scim, id, directory } = await withLocal('hidden')
    await scim.post('/Users', pushed)
    await directory.users.remove(id, undefined, cause)
    expect(await directory.linkRequests.list()).toStrictEqual([])
    expect((await scim.post('/Users', pushed)).status).toBe(201)
  })

  test('is a member of a group without being named to the provisioning client', async () => {
    const { scim, id } = await withLocal('hidden')
    const group = await newGroup(scim, 'Sales', { members: [{ value: id }] })
    const { text, status } = await scim.get(`/Groups/${group.id}`)
    expect(status).toBe(200)
    expect(text).toContain(id)
    expect(text).not.toContain('made here')
  })
})

describe('a local account that is visible', () => {
  test('is found, listed and read', async () => {
    const { scim, id } = await withLocal('visible')
    const found = await scim.filter('/Users', 'userName eq "ADELE@contoso.example"')
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id }] })
    expect((await scim.get(`/Users/${id}`)).body).toMatchObject({
      userName: 'Adele@contoso.example',
    })
  })

  test('is adopted by the PATCH with which Entra matches it, and found even when hidden later', async () => {
    const { scim, id, directory, store } = await withLocal('visible')
    const patched = await scim.operate(`/Users/${id}`, {
      op: 'add',
      path: 'externalId',
      value: 'aaaaaaaa-0000-4000-8000-000000000001',
    })
    expect(patched.status).toBe(200)
    expect(await directory.users.read(id)).toMatchObject({ provisioned: true, origin: 'local' })
    const hidden = store.for({ organisation: 'default', localUsers: 'hidden' })
    expect(await hidden.users.read(id)).toMatchObject({ id })
  })

  test('is read without being adopted', async () => {
    const { scim, id, directory } = await withLocal('visible')
    await scim.get(`/Users/${id}`)
    await scim.operate(`/Users/${id}`, { op: 'replace', path: 'active', value: true })
    expect(await directory.users.read(id)).toMatchObject({ provisioned: false, version: 1 })
  })

  test('whose name is pushed is a 409 and never taken over', async () => {
    const { scim, stored, made, directory } = await withLocal('visible')
    expect((await scim.post('/Users', pushed)).status).toBe(409)
    expect(await stored()).toStrictEqual(made)
    expect(await directory.linkRequests.list()).toHaveLength(1)
  })

  test('that is inactive is not taken over either', async () => {
    const { scim, id, directory } = await withLocal('visible')
    await directory.users.update(id, undefined, (user) => ({ ...user, active: false }), cause)
    const before = await directory.users.read(id)
    expect((await scim.post('/Users', pushed)).status).toBe(409)
    expect(await directory.users.read(id)).toStrictEqual(before)
  })
})
