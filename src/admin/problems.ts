import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Refusal } from '../auth/guards.ts'
import { EntraFailure, type EntraFailureCode } from '../directory/entra-directory.ts'
import { DirectoryError, type DirectoryErrorCode } from '../directory/errors.ts'

interface Row {
  readonly status: ContentfulStatusCode
  /** The same for every failure of the kind. */
  readonly title: string
}

/** Every way in which a request to this door can fail. */
export const problemTable = {
  badRequest: { status: 400, title: 'The request is not as it should be' },
  tooMany: { status: 400, title: 'That is too much at once' },
  unauthenticated: { status: 401, title: 'Nobody is signed in' },
  forbidden: { status: 403, title: 'This is for administrators' },
  crossSite: { status: 403, title: 'The request comes from another site' },
  notFound: { status: 404, title: 'There is no such thing' },
  methodNotAllowed: { status: 405, title: 'The method is not one of this path' },
  conflict: { status: 409, title: 'That does not go with what is here' },
  notConnected: { status: 409, title: 'There is no connection to Microsoft Entra ID' },
  versionMismatch: { status: 412, title: 'It has changed meanwhile' },
  tooLarge: { status: 413, title: 'The request is larger than it can be' },
  unsupportedMediaType: { status: 415, title: 'The request is not JSON' },
  internal: { status: 500, title: 'The server failed' },
  entraCredentials: { status: 502, title: 'Entra does not accept the app registration' },
  entraForbidden: { status: 502, title: 'The app registration may not do that at Entra' },
  unavailable: { status: 503, title: 'The database is not available' },
  entraUnavailable: { status: 503, title: 'Entra is not available' },
} as const satisfies Record<string, Row>

export type ProblemCode = keyof typeof problemTable

const directoryCodes: Readonly<Record<DirectoryErrorCode, ProblemCode>> = {
  notFound: 'notFound',
  conflict: 'conflict',
  localAccount: 'conflict',
  versionMismatch: 'versionMismatch',
  inactive: 'conflict',
  entraAccount: 'conflict',
  lastAdministrator: 'conflict',
  tooMany: 'tooMany',
  unavailable: 'unavailable',
}

const entraCodes: Readonly<Record<EntraFailureCode, ProblemCode>> = {
  credentials: 'entraCredentials',
  forbidden: 'entraForbidden',
  notFound: 'notFound',
  refused: 'badRequest',
  unavailable: 'entraUnavailable',
  expired: 'entraUnavailable',
}

/** What is wrong with one value: in the body, at a JSON pointer, or of a query parameter. */
export type Mistake = { readonly detail: string } & (
  | { readonly pointer: string }
  | { readonly parameter: string }
)

/** A failure that whoever calls may read about. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly mistakes: readonly Mistake[]
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ProblemCode,
    detail: string,
    {
      mistakes = [],
      headers = {},
      ...options
    }: ErrorOptions & {
      readonly mistakes?: readonly Mistake[]
      readonly headers?: Readonly<Record<string, string>>
    } = {},
  ) {
    super(detail, options)
    this.name = 'Problem'
    this.code = code
    this.mistakes = mistakes
    this.headers = headers
  }
}

/** Tells whom the guard does not let in. */
export function refuseCaller(why: Refusal): never {
  if (why === 'nobody') throw new Problem('unauthenticated', 'Sign in in this browser first.')
  throw new Problem('forbidden', 'Only administrators of the organisation may do this.')
}

/** When to try again what is not available, in seconds. */
const AWAY = { 'Retry-After': '5' }

/** Whatever was thrown, as whoever calls may read about it. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const code =
    (error instanceof DirectoryError && directoryCodes[error.code]) ||
    (error instanceof EntraFailure && entraCodes[error.code])
  if (code && error instanceof Error) {
    const headers = problemTable[code].status === 503 ? AWAY : {}
    return new Problem(code, error.message, { cause: error, headers })
  }
  if (error instanceof HTTPException && error.status === 413) {
    return new Problem('tooLarge', 'The body is larger than 1 MiB.')
  }
  return new Problem('internal', 'The log of the server has the cause, with the request id.', {
    cause: error,
  })
}

/** The headers of every answer of this door: personal data is not kept by caches, nor taken for anything but JSON. */
export function headersOf(context: Context): Record<string, string> {
  return {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': String(context.get('requestId')),
  }
}

/** The one renderer of failures of this door: problem details (RFC 9457). */
export function renderProblem(thrown: unknown, context: Context): Response {
  const problem = toProblem(thrown)
  const { status, title } = problemTable[problem.code]
  if (status >= 500) context.set('failure', problem.cause ?? problem)
  const body = {
    type: `urn:entrance:problem:${problem.code}`,
    title,
    status,
    detail: problem.message,
    requestId: String(context.get('requestId')),
    ...(problem.mistakes.length === 0 ? {} : { errors: problem.mistakes }),
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      ...headersOf(context),
      ...problem.headers,
      'Content-Type': 'application/problem+json',
    },
  })
}
