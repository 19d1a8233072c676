/** Something that Graph refuses, with the code and the sentence it gives. */
export class GraphFailure extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** A query whose text cannot be understood. */
export function malformed(message: string): GraphFailure {
  return new GraphFailure(400, 'BadRequest', message)
}

/** A request that the directory does not take. */
export function badRequest(message: string): GraphFailure {
  return new GraphFailure(400, 'Request_BadRequest', message)
}

/** A query that the directory understands and does not answer. */
export function unsupported(message: string): GraphFailure {
  return new GraphFailure(400, 'Request_UnsupportedQuery', message)
}

export function notFound(what: string): GraphFailure {
  const sentence = `Resource '${what}' does not exist or one of its queried reference-property objects are not present.`
  return new GraphFailure(404, 'Request_ResourceNotFound', sentence)
}

export function denied(): GraphFailure {
  const sentence = 'Insufficient privileges to complete the operation.'
  return new GraphFailure(403, 'Authorization_RequestDenied', sentence)
}

/** The ids that go with an answer; the client may have chosen its own. */
export interface RequestIds {
  readonly requestId: string
  readonly clientRequestId: string
}

/** A failure as the body of an answer. */
export function failureBody(
  { code, message }: Pick<GraphFailure, 'code' | 'message'>,
  { requestId, clientRequestId }: RequestIds,
): object {
  const innerError = {
    date: new Date().toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': clientRequestId,
  }
  return { error: { code, message, innerError } }
}
