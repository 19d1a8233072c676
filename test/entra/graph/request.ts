import { badRequest } from './failure.ts'

/** A request below `/v1.0`. */
export interface GraphRequest {
  readonly method: string
  /** As it was sent, without the query. */
  readonly path: string
  /** The parts of the path, decoded. */
  readonly segments: readonly string[]
  /** Query options such as `$top`, their names in small letters. */
  readonly options: ReadonlyMap<string, string>
  /** How long the URL is, from `/users` on. */
  readonly length: number
  /** Header names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** What the body holds as JSON. */
  readonly body: unknown
}

/** An answer: an object travels as JSON, a string as plain text. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: object | string
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw badRequest(`The path has a segment that cannot be decoded: ${segment}`)
  }
}

/** Takes a URL below the version apart: `/users?$top=5`. */
export function readUrl(
  url: string,
): Pick<GraphRequest, 'path' | 'segments' | 'options' | 'length'> {
  const [path = '', ...rest] = url.split('?')
  const options = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(rest.join('?'))) {
    const option = name.toLowerCase()
    if (options.has(option)) {
      throw badRequest(
        `Query option '${name}' was specified more than once, but it must be specified at most once.`,
      )
    }
    options.set(option, value)
  }
  const { length } = url
  return { path, segments: path.split('/').filter(Boolean).map(decode), options, length }
}

/** Whether the client takes an answer that may lag behind, which opens the advanced queries. */
export function isEventual({ headers }: GraphRequest): boolean {
  return headers['consistencylevel']?.toLowerCase() === 'eventual'
}
