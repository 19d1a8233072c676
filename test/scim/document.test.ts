import { expect, test } from 'vitest'
import { readDocument, writeDocument } from '../../src/scim/protocol/document.ts'
import { isObject, type JsonObject } from '../../src/scim/schema/attribute.ts'
import { userType } from '../../src/scim/schema/registry.ts'
import { PUBLIC_URL, testApp } from '../support/app.ts'
import { ENTERPRISE, USER } from '../support/resources.ts'

const CUSTOM = 'urn:contoso:params:scim:schemas:1.0:User'
const location = (id: string) => `${PUBLIC_URL}/scim/v2/Users/${id}`

/** Attributes whose text ends, or holds, what an answer is put together at. */
const rows: readonly (readonly [string, JsonObject])[] = [
  ['no extension', {}],
  ['an extension without a manager', { [ENTERPRISE]: { department: 'Sales' } }],
  ['a manager', { [ENTERPRISE]: { manager: { value: 'm1' } } }],
  ['a manager before others', { [ENTERPRISE]: { manager: { value: 'm1' }, department: 'Sales' } }],
  ['a manager with a name to escape', { [ENTERPRISE]: { manager: { value: 'm"1/\\ü {}' } } }],
  [
    'a manager before another extension',
    { [ENTERPRISE]: { manager: { value: 'm1' } }, [CUSTOM]: { a: { b: 1 } } },
  ],
  ['an extension with a manager of its own', { [CUSTOM]: { manager: { value: 'm1' } } }],
  ['three braces at the end', { [CUSTOM]: { a: { b: 'c' } } }],
  ['braces and brackets in texts', { displayName: '}}}', title: '],"id":"x"', nickName: '{"' }],
  ['an extension with odd characters in its URN', { [`${CUSTOM}],"}`]: { a: 1 } }],
]

test.each(rows)('a text is read back as it was written: %s', (_, more) => {
  const attributes = { userName: 'a@b.example', ...more }
  const { text } = writeDocument(userType, 'u1', attributes)
  expect(readDocument(text)).toStrictEqual(attributes)
})

/** The manager as it is shown: with its URI. */
function shown({ [ENTERPRISE]: enterprise }: JsonObject): JsonObject {
  if (!isObject(enterprise) || !isObject(enterprise['manager'])) return {}
  const value = String(enterprise['manager']['value'])
  const manager = { value, $ref: location(encodeURIComponent(value)) }
  return { [ENTERPRISE]: { ...enterprise, manager } }
}

test.each(rows)(
  'an answer holds each attribute once, and what the server adds: %s',
  async (_, more) => {
    const { scim } = await testApp()
    const sent: JsonObject = { schemas: [USER], userName: 'a@b.example', active: true, ...more }
    const { body, text } = await scim.post('/Users', sent)
    const id = String(body['id'])
    const { meta, ...others } = body
    const extensions = Object.keys(more).filter((key) => key.startsWith('urn:'))
    expect(others).toStrictEqual({ ...sent, ...shown(more), schemas: [USER, ...extensions], id })
    expect(meta).toMatchObject({ resourceType: 'User', location: location(id) })
    expect(text.match(/"(id|schemas|meta|userName)":/g)).toStrictEqual([
      '"schemas":',
      '"id":',
      '"userName":',
      '"meta":',
    ])
    expect((await scim.get(`/Users/${id}`)).text).toBe(text)
  },
)
