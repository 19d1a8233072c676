import { afterAll, describe, expect, test } from 'vitest'
import { hashSecret, newTokenSecret } from '../../src/directory/token.ts'
import { cause, testApp } from '../support/app.ts'
import { ERROR, newGroup, newUser } from '../support/resources.ts'
import { duplicates, messages, values } from './bad-input/bodies.ts'
import { filters, parameters } from './bad-input/filters.ts'
import { patches } from './bad-input/patches.ts'
import { adele, type BadRow } from './bad-input/row.ts'
import * as transport from './bad-input/transport.ts'

const finished = afterAll
const secret = newTokenSecret()
const app = await testApp({ finished, staticToken: secret })
const { database } = app

const token = async (name: string, expires?: string) => {
  const made = newTokenSecret()
  const { id } = await app.directory.tokens.create({ name, hash: hashSecret(made), expires }, cause)
  return { id, made }
}
const expired = await token('expired', '2026-03-02T08:00:00.000Z')
const revoked = await token('revoked')
await app.directory.tokens.revoke(revoked.id, cause)

const scim = app.clientWith(`Bearer ${secret}`)
const { userName, ...more } = adele
const user = await newUser(scim, String(userName), more)
await newUser(scim, 'Élodie')
await newUser(scim, 'οδυσσεύς')
const group = await newGroup(scim, 'Sales', { members: [{ value: user.id }] })
await newGroup(scim, 'Everyone')

const known: Readonly<Record<string, string>> = {
  user: user.id,
  group: group.id,
  token: secret,
  cut: secret.slice(0, -1),
  expired: expired.made,
  revoked: revoked.made,
}
const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name) => known[name] ?? whole)

const LEAK =
  /sql|constraint|sqlite|drizzle|at \/|at async|\.ts\b|\.js\b|node:|stack|select .* from|undefined/i

/** Sends a row; what came back, and what became of the database. */
async function outcome(client: typeof scim, row: BadRow) {
  const before = await database.dump()
  const headers = Object.fromEntries(
    Object.entries(row.headers ?? {}).map(([name, value]) => [name, fill(value)]),
  )
  const answer = await client.send(row.method ?? 'GET', fill(row.path), row.body, headers)
  const named = Object.keys(row.answers ?? {}).map((name) => [name, answer.headers.get(name)])
  return {
    status: answer.status,
    body: answer.body,
    type: answer.headers.get('content-type'),
    caching: answer.headers.get('cache-control'),
    headers: Object.fromEntries(named),
    leaked: LEAK.exec(answer.text)?.[0],
    changed: (await database.dump()) !== before,
  }
}

/** What every refusal looks like. */
function refusal(row: BadRow) {
  return {
    status: row.status,
    body: {
      schemas: [ERROR],
      status: String(row.status),
      ...(row.scimType === undefined ? {} : { scimType: row.scimType }),
      detail: expect.stringMatching(/^.{10,300}$/su),
    },
    type: 'application/scim+json',
    caching: 'no-store',
    headers: row.answers ?? {},
    leaked: undefined,
    changed: false,
  }
}

describe('refuses and changes nothing:', () => {
  describe.each([
    ['a body that is no message', messages],
    ['a value that does not fit', values],
    ['a name that is taken', duplicates],
    ['a filter', filters],
    ['a parameter', parameters],
    ['a PATCH', patches],
    ['a media type', transport.media415],
    ['a body over 1 MiB', transport.tooLarge],
    ['a precondition', transport.preconditions],
    ['a method', transport.methods],
    ['what does not exist', transport.unknown],
  ])('%s', (_, rows) => {
    test.each(rows)('$name', async (row) => {
      expect(await outcome(scim, row)).toStrictEqual(refusal(row))
    })
  })

  describe('a caller', () => {
    const stranger = app.clientWith(undefined)
    test.each(transport.unauthorized)('$name', async (row) => {
      // Failures of one address are counted by the minute.
      app.clock.pass(61_000)
      expect(await outcome(stranger, row)).toStrictEqual(refusal(row))
    })
  })
})

test('the dump that the rows compare shows a change of a single value', async () => {
  const before = await database.dump()
  expect(before).toContain('Adele Vance')
  await scim.operate(`/Users/${user.id}`, { op: 'replace', path: 'title', value: 'Director' })
  expect(await database.dump()).not.toBe(before)
})
