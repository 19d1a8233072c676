import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { testApp } from '../support/app.ts'
import { listen } from '../support/listen.ts'
import { newGroup, newUser, USER } from '../support/resources.ts'

const FIFTY = Array.from({ length: 50 }, (_, index) => index)

function tally(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** A server on a port of its own, with every request over its own connection. */
async function overHttp() {
  const app = await testApp()
  const { client } = await listen(app)
  return { ...app, scim: client }
}

describe('over HTTP,', () => {
  test('C-09 of 50 parallel POSTs of one userName exactly one succeeds', async () => {
    const { scim, directory } = await overHttp()
    const answers = await Promise.all(
      FIFTY.map((index) =>
        scim.post('/Users', {
          schemas: [USER],
          userName: index % 2 === 0 ? 'adele@contoso.example' : 'ADELE@contoso.example',
        }),
      ),
    )
    expect(tally(answers.map(({ status }) => status))).toStrictEqual({ 201: 1, 409: 49 })
    for (const { status, body } of answers) {
      expect(body['scimType']).toBe(status === 409 ? 'uniqueness' : undefined)
    }
    expect((await scim.get('/Users')).body['totalResults']).toBe(1)
    const events = await directory.events.list(0, 1000)
    expect(events.filter(({ action }) => action === 'user.created')).toHaveLength(1)
  })

  test('W-15 of 50 parallel POSTs of one group exactly one succeeds', async () => {
    const { scim } = await overHttp()
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group']
    const answers = await Promise.all(
      FIFTY.map(() => scim.post('/Groups', { schemas, displayName: 'Sales' })),
    )
    expect(tally(answers.map(({ status }) => status))).toStrictEqual({ 201: 1, 409: 49 })
  })

  test('50 parallel PATCHes of one user all apply, and each counts', async () => {
    const { scim, directory } = await overHttp()
    const user = await newUser(scim, 'adele@contoso.example')
    const answers = await Promise.all(
      FIFTY.map((index) =>
        scim.operate(`/Users/${user.id}`, {
          op: 'add',
          path: 'entitlements',
          value: [{ value: `right-${index}` }],
        }),
      ),
    )
    expect(tally(answers.map(({ status }) => status))).toStrictEqual({ 200: 50 })
    expect(new Set(answers.map(({ headers }) => headers.get('etag'))).size).toBe(50)

    const read = await scim.get(`/Users/${user.id}`)
    expect(read.headers.get('etag')).toBe('W/"51"')
    expect(read.body).toMatchObject({ meta: { version: 'W/"51"' } })
    const held = read.body['entitlements']
    expect(Array.isArray(held) && held.map((one) => JSON.stringify(one)).sort()).toStrictEqual(
      FIFTY.map((index) => `{"value":"right-${index}"}`).sort(),
    )
    const events = await directory.events.list(0, 1000)
    expect(events.filter(({ action }) => action === 'user.updated')).toHaveLength(50)
    expect(new Set(events.map(({ sequence }) => sequence)).size).toBe(events.length)
  })

  test('50 parallel PATCHes of 50 custom attributes lose none', async () => {
    const { scim } = await overHttp()
    const user = await newUser(scim, 'adele@contoso.example')
    const urn = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User'
    const answers = await Promise.all(
      FIFTY.map((index) =>
        scim.operate(`/Users/${user.id}`, {
          op: 'replace',
          path: `${urn}:field${index}`,
          value: `v${index}`,
        }),
      ),
    )
    expect(tally(answers.map(({ status }) => status))).toStrictEqual({ 200: 50 })
    const read = await scim.get(`/Users/${user.id}`)
    expect(read.body[urn]).toStrictEqual(
      Object.fromEntries(FIFTY.map((index) => [`field${index}`, `v${index}`])),
    )
  })

  test('50 parallel member changes of one group lose nobody', async () => {
    const { scim, directory } = await overHttp()
    const leaving = FIFTY.slice(0, 25).map((index) => `leaves-${index}`)
    const joining = FIFTY.slice(0, 25).map((index) => `joins-${index}`)
    const group = await newGroup(scim, 'Sales', {
      members: [...leaving, 'stays'].map((value) => ({ value })),
    })
    const changes: JsonObject[] = [
      ...joining.map((value) => ({ op: 'add', path: 'members', value: [{ value }] })),
      ...leaving.map((value) => ({ op: 'remove', path: `members[value eq "${value}"]` })),
    ]
    const answers = await Promise.all(
      changes.map((change) => scim.operate(`/Groups/${group.id}`, change)),
    )
    expect(tally(answers.map(({ status }) => status))).toStrictEqual({ 204: 50 })
    const read = await scim.get(`/Groups/${group.id}`)
    expect(read.body['members']).toStrictEqual(
      [...joining, 'stays'].sort().map((value) => ({ value })),
    )
    expect(read.headers.get('etag')).toBe('W/"51"')
    const events = await directory.events.list(0, 1000)
    expect(events.filter(({ action }) => action === 'group.updated')).toHaveLength(50)
  })

  test('ET-08 of parallel PATCHes with the same If-Match one wins', async () => {
    const { scim } = await overHttp()
    const user = await newUser(scim, 'adele@contoso.example')
    const patch = (value: string) =>
      scim.send(
        'PATCH',
        `/Users/${user.id}`,
        {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'replace', path: 'title', value }],
        },
        { 'if-match': 'W/"1"' },
      )
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(patch))
    expect(tally(answers.map(({ status }) => status))).toStrictEqual({ 200: 1, 412: 4 })
    const winner = answers.find(({ status }) => status === 200)
    const read = await scim.get(`/Users/${user.id}`)
    expect(read.body['title']).toBe(winner?.body['title'])
    expect(read.headers.get('etag')).toBe('W/"2"')
  })

  test('of a parallel PATCH and DELETE neither fails oddly, and the user is gone', async () => {
    const { scim } = await overHttp()
    const users = await Promise.all(FIFTY.slice(0, 10).map((at) => newUser(scim, `u${at}`)))
    const answers = await Promise.all(
      users.flatMap(({ id }) => [
        scim.operate(`/Users/${id}`, { op: 'replace', path: 'title', value: 'x' }),
        scim.delete(`/Users/${id}`),
        scim.delete(`/Users/${id}`),
      ]),
    )
    const deletes = answers.filter((_, index) => index % 3 !== 0).map(({ status }) => status)
    expect(tally(deletes)).toStrictEqual({ 204: 10, 404: 10 })
    for (const { status } of answers) expect(status).toBeOneOf([200, 204, 404])
    expect((await scim.get('/Users')).body['totalResults']).toBe(0)
  })

  test('two users who swap to one free name in parallel leave one of them with it', async () => {
    const { scim } = await overHttp()
    const users = await Promise.all(FIFTY.slice(0, 20).map((at) => newUser(scim, `u${at}`)))
    const answers = await Promise.all(
      users.map(({ id }) =>
        scim.operate(`/Users/${id}`, { op: 'replace', path: 'userName', value: 'N' }),
      ),
    )
    expect(tally(answers.map(({ status }) => status))).toStrictEqual({ 200: 1, 409: 19 })
    expect((await scim.filter('/Users', 'userName eq "n"')).body['totalResults']).toBe(1)
  })
})
