import type { Context } from 'hono'
import { z } from 'zod'
import { ScimError } from '../scim/protocol/error.ts'
import { parseBody } from '../scim/protocol/json.ts'
import { inPlainWords } from './input-words.ts'
import { Problem, type Mistake } from './problems.ts'

/** So many mistakes of one request are told. */
const MOST_MISTAKES = 20

/** A place in a body as RFC 6901 §6 has it in a URI: `#/people/ids/0`. */
function pointerTo(path: readonly PropertyKey[]): string {
  const steps = path.map((step) =>
    encodeURIComponent(String(step).replaceAll('~', '~0').replaceAll('/', '~1')),
  )
  return ['#', ...steps].join('/')
}

/** Bad values, each at its place; a member that nobody knows is a place of its own. */
function placesOf({ issues }: z.ZodError): { path: PropertyKey[]; detail: string }[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, detail: issue.message }]
    return issue.keys.map((key) => ({ path: [...issue.path, key], detail: 'Is not known here.' }))
  })
}

interface Place {
  readonly path: readonly PropertyKey[]
  readonly detail: string
}

/** Refuses a body for what is wrong at places in it. */
export function badPlaces(places: readonly Place[]): Problem {
  const mistakes = places.map(({ path, detail }) => ({ detail, pointer: pointerTo(path) }))
  return refused('The body is not as it should be.', mistakes)
}

/** The same for one place. */
export function badBody(path: readonly PropertyKey[], detail: string): Problem {
  return badPlaces([{ path, detail }])
}

function refused(detail: string, mistakes: readonly Mistake[]): Problem {
  return new Problem('badRequest', detail, { mistakes: mistakes.slice(0, MOST_MISTAKES) })
}

/** Parameters as a schema has them. Throws `badRequest`. */
export function checkQuery<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
): z.output<Schema> {
  const result = schema.safeParse(given, { error: inPlainWords })
  if (result.success) return result.data
  throw refused(
    'The parameters are not as they should be.',
    placesOf(result.error).map(({ path, detail }) => ({ detail, parameter: String(path[0]) })),
  )
}

/** The parameters of a URL as a schema has them. Throws `badRequest`. */
export function readQuery<Schema extends z.ZodType>(
  schema: Schema,
  { req }: Context,
): z.output<Schema> {
  const { searchParams } = new URL(req.url)
  const given = [...new Set(searchParams.keys())].map((name) => {
    const [value, ...more] = searchParams.getAll(name)
    return [name, more.length === 0 ? value : searchParams.getAll(name)] as const
  })
  return checkQuery(schema, Object.fromEntries(given))
}

function requireJson({ req }: Context): void {
  const [type, ...parameters] = (req.header('content-type') ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const foreign = parameters.some((part) => /^charset *=/.test(part) && !/=["' ]*utf-?8/.test(part))
  if (type === 'application/json' && !foreign) return
  throw new Problem('unsupportedMediaType', 'Send the body as application/json, in UTF-8.')
}

function parseJson(bytes: ArrayBuffer) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    // Where nothing has to be said, nothing need be sent.
    return text === '' ? {} : parseBody(text)
  } catch (error) {
    if (error instanceof ScimError) throw new Problem('badRequest', error.message)
    if (!(error instanceof TypeError)) throw error
    throw new Problem('badRequest', 'The request body is not UTF-8.')
  }
}

/** A body as a schema has it. Throws `badRequest`. */
export function checkBody<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
): z.output<Schema> {
  const result = schema.safeParse(given, { error: inPlainWords })
  if (result.success) return result.data
  throw refused(
    'The body is not as it should be.',
    placesOf(result.error).map(({ path, detail }) => ({ detail, pointer: pointerTo(path) })),
  )
}

/** The body of a request as a schema has it. Throws `unsupportedMediaType`, `badRequest`. */
export async function readBody<Schema extends z.ZodType>(
  schema: Schema,
  context: Context,
): Promise<z.output<Schema>> {
  requireJson(context)
  return checkBody(schema, parseJson(await context.req.arrayBuffer()))
}

/** Text that every database takes: no control characters, and no half of a surrogate pair. */
export const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Has a character that no text has.')

/** An id that Entrance gave. */
export const id = z.string().regex(/^[\w-]{1,64}$/, 'Is no id.')

/** An object id of Entra, in small letters. */
export const objectId = z
  .string()
  .regex(/^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/, 'Is no object id of Entra.')
  .toLowerCase()

/** A whole number as a URL has it. */
export function numberIn<Schema extends z.ZodType<number>>(schema: Schema) {
  return z.preprocess(
    (given) =>
      typeof given === 'string' && /^-?\d{1,9}$/.test(given) ? Number(given) : (given ?? undefined),
    schema,
  )
}
