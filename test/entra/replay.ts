import { z } from 'zod'
import { tolerances, type ToleranceId } from '../../src/scim/protocol/tolerances.ts'
import { isObject, type Json } from '../../src/scim/schema/attribute.ts'
import { cause, PUBLIC_URL, testApp, type TestApp } from '../support/app.ts'
import { ERROR, LIST } from '../support/resources.ts'
import type { ScimAnswer } from '../support/scim-client.ts'

const toleranceIds = Object.keys(tolerances) as ToleranceId[]
const text = z.string().min(1)

/**
 * What must come back. In `body` an object holds at least what is written and an array exactly it, in this order;
 * `"{{text}}"` stands for any text but an empty one, `"{{number}}"` for any number, `{"{{contains}}": […]}` for an array
 * with at least these elements in any order. `exactly` is the same for a whole body in which nothing more may stand.
 */
const expectation = z.strictObject({
  status: z.int(),
  /** null for a header that must not be there. */
  headers: z.record(text, text.nullable()).optional(),
  body: z.record(text, z.json()).optional(),
  exactly: z.record(text, z.json()).optional(),
  /** Attributes that must not be there: `name.givenName`, `emails.0.primary`, `urn:…:User:manager`. */
  absent: z.array(text).optional(),
})

const step = z.strictObject({
  name: text.optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** Below the base URL, exactly as on the wire: `/Users?filter=userName+eq+%22adele%40contoso.example%22`. */
  path: z.string().startsWith('/'),
  /** Another organisation, whose token the request carries. */
  organisation: text.optional(),
  /** Beside Content-Type and Authorization, which are there anyway; null leaves a header out. */
  headers: z.record(text, text.nullable()).optional(),
  /** JSON; a text goes out as it is. */
  body: z.json().optional(),
  expect: expectation,
  /** Names for parts of the answer, for `{{name}}` in all that follows: `{"user": "id"}`. */
  keep: z.record(z.string().regex(/^\w+$/), text).optional(),
})

/** One recorded conversation between a client and the server, on a fresh database. */
const conversationSchema = z.strictObject({
  /** One sentence. */
  about: text.regex(/\.$/),
  /** Where it is known from. */
  source: text,
  /** Ids of scim-requirements.md. */
  requirements: z.array(z.string().regex(/^[A-Z]{1,2}-\d\d$/)).optional(),
  /** The form of the PATCH bodies: without a flag on the tenant URL, or with `?aadOptscim062020`. */
  dialect: z.enum(['legacy', 'flag']).optional(),
  /** The rules that the conversation needs: these and no others. */
  tolerances: z.array(z.enum(toleranceIds)),
  setup: z
    .strictObject({
      localUsers: z.enum(['visible', 'hidden']).optional(),
      /** The Entra tenant of the organisation, so that an externalId which is an object id makes a link. */
      entraTenant: text.optional(),
      /** Local accounts made before the first step; each id is known by the name it stands under. */
      users: z.record(z.string().regex(/^\w+$/), z.record(text, z.json())).optional(),
    })
    .optional(),
  steps: z.array(step).min(1),
})

export type Conversation = z.infer<typeof conversationSchema>
type Step = Conversation['steps'][number]

/** Reads the text of a conversation file; throws with every mistake in it. */
export function parseConversation(source: string): Conversation {
  const parsed = conversationSchema.safeParse(JSON.parse(source))
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
  return parsed.data
}

type Kept = ReadonlyMap<string, string>

const matchers: ReadonlySet<string> = new Set(['text', 'number', 'contains'])

function fillText(source: string, kept: Kept): string {
  return source.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    if (matchers.has(name)) return whole
    const value = kept.get(name)
    if (value === undefined) throw new Error(`Nothing was kept as {{${name}}}.`)
    return value
  })
}

function fill(value: Json, kept: Kept): Json {
  if (typeof value === 'string') return fillText(value, kept)
  if (Array.isArray(value)) return value.map((element) => fill(element, kept))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, kept)]))
}

/** The value at `emails.0.value` or `urn:…:2.0:User:department`; a key may itself hold dots and colons. */
function valueAt(value: Json | undefined, path: string): Json | undefined {
  if (path === '' || value === undefined) return value
  const entries = Array.isArray(value)
    ? value.map((element, index) => [String(index), element] as const)
    : Object.entries(isObject(value) ? value : {})
  for (const [key, inner] of entries) {
    if (path === key) return inner
    if (path.startsWith(`${key}.`) || path.startsWith(`${key}:`)) {
      const found = valueAt(inner, path.slice(key.length + 1))
      if (found !== undefined) return found
    }
  }
  return undefined
}

function differ(place: string, expected: Json, actual: Json | undefined): string[] {
  return [`${place}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`]
}

function compareArray(place: string, expected: Json[], actual: Json | undefined, whole: boolean) {
  if (!Array.isArray(actual) || actual.length !== expected.length) {
    return differ(place, expected, actual)
  }
  return expected.flatMap((element, index) =>
    compare(`${place}.${index}`, element, actual[index], whole),
  )
}

/** How an actual value differs from the expected one; empty when it does not. */
function compare(
  place: string,
  expected: Json,
  actual: Json | undefined,
  whole: boolean,
): string[] {
  if (expected === '{{text}}') {
    return typeof actual === 'string' && actual !== '' ? [] : differ(place, expected, actual)
  }
  if (expected === '{{number}}') {
    return typeof actual === 'number' ? [] : differ(place, expected, actual)
  }
  if (Array.isArray(expected)) return compareArray(place, expected, actual, whole)
  if (!isObject(expected)) return actual === expected ? [] : differ(place, expected, actual)
  const contained = expected['{{contains}}']
  if (Array.isArray(contained)) {
    const found = Array.isArray(actual) ? actual : []
    return contained
      .filter((element) => !found.some((one) => compare('', element, one, whole).length === 0))
      .flatMap((element) => differ(`${place} contains`, element, actual))
  }
  if (!isObject(actual)) return differ(place, expected, actual)
  const surplus = whole ? Object.keys(actual).filter((key) => !(key in expected)) : []
  return [
    ...Object.entries(expected).flatMap(([key, inner]) =>
      compare(`${place}.${key}`, inner, actual[key], whole),
    ),
    ...surplus.map((key) => `${place}.${key}: not expected, got ${JSON.stringify(actual[key])}`),
  ]
}

/** What every answer of the SCIM door must hold, whatever a conversation says of it. */
function generalProblems({ status, headers, body, text: raw }: ScimAnswer): string[] {
  const type = headers.get('content-type')
  if (raw === '') return type === null ? [] : differ('Content-Type of no body', null, type)
  if (status === 204) return differ('body of a 204', '', raw)
  const problems = compare('Content-Type', 'application/scim+json', type, false)
  if (status >= 400) {
    const error = { schemas: [ERROR], status: String(status), detail: '{{text}}' }
    return [...problems, ...compare('error', error, body, false)]
  }
  const { id, meta, Resources: resources } = body
  if (Array.isArray(resources)) {
    const list = { schemas: [LIST], totalResults: '{{number}}', itemsPerPage: resources.length }
    problems.push(...compare('list', list, body, false))
  }
  if (typeof id === 'string') {
    const location = headers.get('location')
    if (!location?.startsWith(`${PUBLIC_URL}/scim/v2/`) || !location.endsWith(`/${id}`)) {
      problems.push(...differ('Location', `…/${id}`, location))
    }
    if (isObject(meta)) problems.push(...compare('meta.location', location, meta['location'], true))
  }
  return problems
}

function problemsOf(answer: ScimAnswer, expected: Step['expect'], kept: Kept): string[] {
  const { status, headers = {}, body, exactly, absent = [] } = expected
  const problems = compare('status', status, answer.status, false)
  for (const [name, value] of Object.entries(headers)) {
    problems.push(...compare(name, fill(value, kept), answer.headers.get(name), false))
  }
  if (body) problems.push(...compare('body', fill(body, kept), answer.body, false))
  if (exactly) problems.push(...compare('body', fill(exactly, kept), answer.body, true))
  for (const path of absent) {
    const found = valueAt(answer.body, fillText(path, kept))
    if (found !== undefined) {
      problems.push(`${path}: expected to be absent, got ${JSON.stringify(found)}`)
    }
  }
  return [...problems, ...generalProblems(answer)]
}

async function clientFor(app: TestApp, { organisation }: Step) {
  if (organisation === undefined) return app.scim
  if (!(await app.store.organisations.find(organisation))) {
    await app.store.organisations.create({ name: organisation, entraTenantId: undefined }, cause)
  }
  return app.clientOf(organisation)
}

async function perform(app: TestApp, given: Step, kept: Kept): Promise<ScimAnswer> {
  const headers = new Map<string, string | null>()
  for (const [name, value] of Object.entries(given.headers ?? {})) {
    headers.set(name.toLowerCase(), value === null ? null : fillText(value, kept))
  }
  const authorization = headers.get('authorization')
  headers.delete('authorization')
  const client =
    authorization === undefined
      ? await clientFor(app, given)
      : app.clientWith(authorization ?? undefined)
  const sent = Object.fromEntries(
    [...headers].filter((entry): entry is [string, string] => {
      return entry[1] !== null
    }),
  )
  const body = given.body === undefined ? undefined : fill(given.body, kept)
  return client.send(given.method, fillText(given.path, kept), body, sent)
}

async function setUp(app: TestApp, setup: Conversation['setup'], kept: Map<string, string>) {
  if (setup?.entraTenant !== undefined) {
    await app.store.organisations.setTenant('default', setup.entraTenant, cause)
  }
  for (const [name, attributes] of Object.entries(setup?.users ?? {})) {
    const { user } = await app.directory.users.create({ attributes, origin: 'local' }, cause)
    kept.set(name, user.id)
  }
}

function rulesIn(logged: TestApp['logged']): string[] {
  const named = logged.flatMap(({ tolerances: ids }) => (Array.isArray(ids) ? ids.map(String) : []))
  return [...new Set(named)].sort()
}

export interface Replayed {
  /** How the first step that differs from what was recorded does so; empty when all went as recorded. */
  readonly problems: readonly string[]
  /** The tolerance rules that the log names, sorted. */
  readonly fired: readonly string[]
}

/** Plays a conversation against the whole server on a fresh database, up to the first step that goes otherwise. */
export async function replay(conversation: Conversation): Promise<Replayed> {
  const { setup, steps } = conversation
  const app = await testApp({ localUsers: setup?.localUsers ?? 'hidden' })
  const kept = new Map<string, string>()
  await setUp(app, setup, kept)
  for (const [index, given] of steps.entries()) {
    const answer = await perform(app, given, kept)
    const problems = problemsOf(answer, given.expect, kept)
    for (const [name, path] of Object.entries(given.keep ?? {})) {
      const value = valueAt(answer.body, path)
      if (typeof value === 'string') kept.set(name, value)
      else problems.push(`${path}: expected a text to keep as ${name}`)
    }
    if (problems.length > 0) {
      const head = `step ${index + 1}${given.name === undefined ? '' : ` (${given.name})`}`
      const request = `${given.method} ${fillText(given.path, kept)}`
      return {
        problems: [`${head}: ${request}`, ...problems, `answer: ${answer.status} ${answer.text}`],
        fired: rulesIn(app.logged),
      }
    }
  }
  return { problems: [], fired: rulesIn(app.logged) }
}
