import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Principal } from '../auth/principal.ts'
import { DirectoryError, type DirectoryErrorCode } from '../directory/errors.ts'
import type { Cause } from '../directory/event.ts'
import type { Expected } from '../directory/store.ts'
import { noteAnswer, type Exchange } from './exchange.ts'
import { errorTable, ScimError, type ErrorCode } from './protocol/error.ts'
import { parseBody } from './protocol/json.ts'
import { ERROR } from './protocol/messages.ts'
import type { Tolerated, ToleranceId } from './protocol/tolerances.ts'
import type { JsonObject } from './schema/attribute.ts'

const MEDIA_TYPE = 'application/scim+json'

/** What a SCIM request carries from stage to stage. */
export interface ScimEnv {
  Variables: {
    principal: Principal
    requestId: string
    /** The tolerance rules this request needed, if any; the access log names them. */
    tolerances: Set<ToleranceId> | undefined
    /** The failure behind an answer of 500 or 503. */
    failure: unknown
    /** Where the stages leave what the provisioning log keeps, if it keeps this request. */
    exchange: Exchange | undefined
  }
}

export type ScimContext = Context<ScimEnv>

/** The exchange of a request that is kept. */
export function exchangeOf(context: Context): Exchange | undefined {
  // Set by the recorder of this door alone.
  return context.get('exchange') as Exchange | undefined
}

/** The headers of every answer of this door: personal data is not kept by caches (H-11). */
function headersOf(context: Context): Record<string, string> {
  return { 'Cache-Control': 'no-store', 'X-Request-Id': String(context.get('requestId')) }
}

/**
 * Answers with the JSON text of a SCIM message; the media type has no charset parameter, since some clients compare the
 * whole header. The headers stay a plain object, which the server writes out as it is.
 */
export function answerText(
  context: Context,
  status: ContentfulStatusCode,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const all = { 'Content-Type': MEDIA_TYPE, ...headersOf(context), ...headers }
  const exchange = exchangeOf(context)
  if (exchange) noteAnswer(exchange, body, all)
  return new Response(body, { status, headers: all })
}

export function answer(
  context: Context,
  status: ContentfulStatusCode,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return answerText(context, status, JSON.stringify(body), headers)
}

/** Answers without a body. */
export function answerEmpty(
  context: Context,
  status: 204 | 304,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const all = { ...headersOf(context), ...headers }
  const exchange = exchangeOf(context)
  if (exchange) exchange.headers = all
  return new Response(null, { status, headers: all })
}

const directoryCodes: Record<DirectoryErrorCode, ErrorCode> = {
  notFound: 'notFound',
  conflict: 'uniqueness',
  localAccount: 'uniqueness',
  versionMismatch: 'preconditionFailed',
  tooMany: 'tooMany',
  inactive: 'internal',
  entraAccount: 'internal',
  lastAdministrator: 'internal',
  unavailable: 'unavailable',
}

/** When to try again while the database is away, in seconds. */
const RETRY_AFTER = '5'

function fromStatus(status: number): ErrorCode {
  const found = (Object.keys(errorTable) as ErrorCode[]).find(
    (code) => errorTable[code].status === status,
  )
  return found ?? 'internal'
}

/** Any failure as one of the closed set; what is unknown becomes `internal` and keeps its text to itself. */
function toScimError(error: unknown): ScimError {
  if (error instanceof ScimError) return error
  if (error instanceof DirectoryError)
    return new ScimError(directoryCodes[error.code], error.message)
  return new ScimError(error instanceof HTTPException ? fromStatus(error.status) : 'internal')
}

/** The one renderer of failures of this door (RFC 7644 §3.12). */
export function renderError(error: unknown, context: Context): Response {
  const known = toScimError(error)
  const exchange = exchangeOf(context)
  if (exchange) {
    const local = error instanceof DirectoryError && error.code === 'localAccount'
    exchange.failure = local ? 'localAccount' : known.code
  }
  if (known.code === 'internal' || known.code === 'unavailable') context.set('failure', error)
  const retry = known.code === 'unavailable' ? { 'Retry-After': RETRY_AFTER } : {}
  const row: { status: ContentfulStatusCode; scimType?: string } = errorTable[known.code]
  return answer(
    context,
    row.status,
    {
      schemas: [ERROR],
      status: String(row.status),
      ...(row.scimType === undefined ? {} : { scimType: row.scimType }),
      detail: known.message,
    },
    { ...retry, ...known.headers },
  )
}

/** The body of a request as a JSON object. Throws `unsupportedMediaType`, `invalidSyntax`, `invalidValue`. */
export async function readBody(context: ScimContext): Promise<JsonObject> {
  const header = context.req.header('content-type') ?? MEDIA_TYPE
  const [type = '', ...parameters] = header
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const foreign = parameters.some((part) => /^charset *=/.test(part) && !/=["' ]*utf-?8/.test(part))
  if (foreign || ![MEDIA_TYPE, 'application/json'].includes(type)) {
    throw new ScimError('unsupportedMediaType')
  }
  const bytes = await context.req.arrayBuffer()
  const exchange = exchangeOf(context)
  if (exchange) exchange.bodyLength = bytes.byteLength
  try {
    const body = parseBody(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (exchange) exchange.body = body
    return body
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new ScimError('invalidSyntax', 'The request body is not UTF-8.')
  }
}

export function tolerator(context: ScimContext): Tolerated {
  return (id) => {
    const noted = context.get('tolerances')
    if (noted) noted.add(id)
    else context.set('tolerances', new Set([id]))
  }
}

export function causeOf(context: ScimContext): Cause {
  return {
    actor: context.get('principal').actor,
    door: 'scim',
    requestId: context.get('requestId'),
  }
}

function versionsIn(header: string): number[] {
  return [...header.matchAll(/(?:W\/)?"(\d+)"/g)].map(([, version]) => Number(version))
}

/**
 * The versions an If-Match header allows; `*` allows any. Weak tags match (W-20); a malformed one matches nothing.
 * If-None-Match of `*` allows none, since what it is sent to exists (ET-10).
 */
export function expectedVersions(context: Context): Expected {
  if (context.req.header('if-none-match')?.trim() === '*') return []
  const header = context.req.header('if-match')
  return header === undefined || header.trim() === '*' ? undefined : versionsIn(header)
}

/** Whether If-None-Match says that the client has this version already (ET-04). */
export function isKnown(context: Context, version: number): boolean {
  const header = context.req.header('if-none-match')
  return header !== undefined && (header.trim() === '*' || versionsIn(header).includes(version))
}

export function etag(version: number): string {
  return `W/"${version}"`
}
