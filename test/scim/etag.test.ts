import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/scim/schema/attribute.ts'
import { testApp } from '../support/app.ts'
import { GROUP, newGroup, newUser, PATCH_OP, USER } from '../support/resources.ts'

const title: Json = {
  schemas: [PATCH_OP],
  Operations: [{ op: 'replace', path: 'displayName', value: 'Changed' }],
}

/** A user and a group, both at their second version. */
async function atVersionTwo() {
  const { scim } = await testApp()
  const user = await newUser(scim, 'adele@contoso.example', { displayName: 'a' })
  const group = await newGroup(scim, 'a')
  for (const path of [`/Users/${user.id}`, `/Groups/${group.id}`]) {
    await scim.operate(path, { op: 'replace', path: 'displayName', value: 'b' })
  }
  return { scim, user: `/Users/${user.id}`, group: `/Groups/${group.id}` }
}

describe.each(['user', 'group'] as const)('of a %s', (kind) => {
  const whole =
    kind === 'user'
      ? { schemas: [USER], userName: 'adele@contoso.example' }
      : { schemas: [GROUP], displayName: 'c' }

  test('ET-01 ETag and meta.version are the same text in every answer', async () => {
    const { scim, [kind]: path } = await atVersionTwo()
    const read = await scim.get(path)
    expect(read.headers.get('etag')).toBe('W/"2"')
    expect(read.body).toMatchObject({ meta: { version: 'W/"2"' } })
    const put = await scim.put(path, whole)
    expect(put.headers.get('etag')).toBe('W/"3"')
    expect(put.body).toMatchObject({ meta: { version: 'W/"3"' } })
    const patched = await scim.patch(path, title)
    expect(patched.headers.get('etag')).toBe('W/"4"')
    const list = await scim.get(path.replace(/\/[^/]*$/, ''))
    expect(list.body).toMatchObject({ Resources: [{ meta: { version: 'W/"4"' } }] })
  })

  test.each([
    ['the current tag', 'W/"2"'],
    ['the tag in its strong form', '"2"'],
    ['a list with it', 'W/"1", W/"2"'],
    ['*', '*'],
    ['* with blanks', ' * '],
  ])('ET-04 If-None-Match of %s is answered with 304 and nothing else', async (_, tag) => {
    const { scim, [kind]: path } = await atVersionTwo()
    for (const query of ['', '?attributes=displayName']) {
      const { status, text, headers } = await scim.get(`${path}${query}`, { 'if-none-match': tag })
      expect({ status, text }).toStrictEqual({ status: 304, text: '' })
      expect(headers.get('etag')).toBe('W/"2"')
    }
  })

  test.each([
    ['another tag', 'W/"1"'],
    ['a tag of somebody else', '"x"'],
    ['no tag', '2'],
    ['nothing', ''],
  ])('ET-04 If-None-Match of %s is answered with the resource', async (_, tag) => {
    const { scim, [kind]: path } = await atVersionTwo()
    const { status, body } = await scim.get(path, { 'if-none-match': tag })
    expect(status).toBe(200)
    expect(body).toMatchObject({ displayName: 'b' })
  })

  test.each([
    ['the current tag', 'W/"2"'],
    ['the tag in its strong form (W-20)', '"2"'],
    ['a list with it', 'W/"1", W/"2"'],
    ['*', '*'],
  ])('ET-05 If-Match of %s lets PATCH, PUT and DELETE pass', async (_, tag) => {
    const outcomes: unknown[] = []
    for (const [method, body] of [
      ['PATCH', title],
      ['PUT', whole],
      ['DELETE', undefined],
    ] as const) {
      const { scim, [kind]: path } = await atVersionTwo()
      const { status } = await scim.send(method, path, body, { 'if-match': tag })
      const after = await scim.get(path)
      outcomes.push([method, status, after.status, after.headers.get('etag')])
    }
    expect(outcomes).toStrictEqual([
      ['PATCH', kind === 'user' ? 200 : 204, 200, 'W/"3"'],
      ['PUT', 200, 200, 'W/"3"'],
      ['DELETE', 204, 404, null],
    ])
  })

  test.each(['PATCH', 'PUT', 'DELETE'])(
    'ET-10 If-None-Match of * keeps a %s from what exists',
    async (method) => {
      const { scim, [kind]: path } = await atVersionTwo()
      const body = { PATCH: title, PUT: whole }[method]
      const { status } = await scim.send(method, path, body, { 'if-none-match': '*' })
      expect(status).toBe(412)
      expect((await scim.get(path)).headers.get('etag')).toBe('W/"2"')
    },
  )

  test('ET-07 a body that is wrong is told before a version that is stale', async () => {
    const { scim, [kind]: path } = await atVersionTwo()
    const { status } = await scim.send('PATCH', path, 'hello', { 'if-match': 'W/"1"' })
    expect(status).toBe(400)
  })

  test('ET-03 the version stays when nothing changes: reads, projections, the same again', async () => {
    const { scim, [kind]: path } = await atVersionTwo()
    const read = await scim.get(path)
    await scim.get(`${path}?attributes=displayName`)
    await scim.operate(path, { op: 'replace', path: 'displayName', value: 'b' })
    await scim.put(path, read.body)
    const after = await scim.get(path)
    expect(after.text).toBe(read.text)
    expect(after.headers.get('etag')).toBe('W/"2"')
  })
})

test('ET-03 a group’s version counts its members: joining, leaving, and a deleted user', async () => {
  const { scim, group, user } = await atVersionTwo()
  const id = user.slice('/Users/'.length)
  const tag = async () => (await scim.get(group)).headers.get('etag')
  await scim.operate(group, { op: 'add', path: 'members', value: [{ value: id }] })
  expect(await tag()).toBe('W/"3"')
  await scim.operate(group, { op: 'add', path: 'members', value: [{ value: id }] })
  expect(await tag()).toBe('W/"3"')
  await scim.delete(user)
  expect(await tag()).toBe('W/"4"')
  await scim.operate(group, { op: 'remove', path: `members[value eq "${id}"]` })
  expect(await tag()).toBe('W/"4"')
})
