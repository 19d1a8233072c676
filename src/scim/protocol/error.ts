/** The scimType keywords of RFC 7644 §3.12 that this server uses. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'

interface Row {
  readonly status: number
  readonly scimType?: ScimType
  readonly detail: string
}

/** Every way a SCIM request can fail: HTTP status, scimType and what the client reads when nothing better is known. */
export const errorTable = {
  invalidFilter: { status: 400, scimType: 'invalidFilter', detail: 'The filter is not valid.' },
  tooMany: { status: 400, scimType: 'tooMany', detail: 'The request asks for too much at once.' },
  mutability: { status: 400, scimType: 'mutability', detail: 'The attribute cannot be changed.' },
  invalidSyntax: {
    status: 400,
    scimType: 'invalidSyntax',
    detail: 'The request body is not a valid SCIM message.',
  },
  invalidPath: { status: 400, scimType: 'invalidPath', detail: 'The path is not valid.' },
  noTarget: { status: 400, scimType: 'noTarget', detail: 'The path matches nothing.' },
  invalidValue: { status: 400, scimType: 'invalidValue', detail: 'A value is not valid.' },
  unauthorized: { status: 401, detail: 'Provide a valid bearer token.' },
  forbidden: { status: 403, detail: 'This is not permitted.' },
  notFound: { status: 404, detail: 'There is no such resource.' },
  methodNotAllowed: { status: 405, detail: 'The method is not supported here.' },
  uniqueness: { status: 409, scimType: 'uniqueness', detail: 'The value is already in use.' },
  preconditionFailed: {
    status: 412,
    detail: 'The resource has changed; read it again and retry.',
  },
  tooLarge: { status: 413, detail: 'The request body is larger than 1 MiB.' },
  unsupportedMediaType: {
    status: 415,
    detail: 'Send the body as application/scim+json or application/json.',
  },
  tooManyRequests: { status: 429, detail: 'Too many failed attempts; retry later.' },
  internal: { status: 500, detail: 'The server failed; the request id leads to the cause.' },
  notImplemented: { status: 501, detail: 'This operation is not supported.' },
  unavailable: { status: 503, detail: 'The server is not ready; retry shortly.' },
} as const satisfies Record<string, Row>

export type ErrorCode = keyof typeof errorTable

/** A failure that the client may read about; `message` becomes the `detail` of the SCIM Error (RFC 7644 §3.12). */
export class ScimError extends Error {
  readonly code: ErrorCode
  /** What the answer tells in its headers, such as when to retry. */
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ErrorCode,
    detail: string = errorTable[code].detail,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
    this.name = 'ScimError'
    this.code = code
    this.headers = headers
  }
}

/** Shortens a text that came from outside, so that an error never repeats a megabyte. */
export function quote(text: string): string {
  return text.length <= 80 ? `"${text}"` : `"${text.slice(0, 77)}…"`
}
