import { isObject, type Json, type JsonObject } from '../../src/scim/schema/attribute.ts'

export interface ScimAnswer {
  readonly status: number
  readonly headers: Headers
  /** The body as sent; empty for an answer without one. */
  readonly text: string
  /** The parsed body; an empty object for an answer without one. */
  readonly body: JsonObject
}

export interface ScimClient {
  /**
   * Sends any request to the SCIM door; a string goes out as it is, bytes too but without a content type unless
   * `headers` has one, anything else as JSON.
   */
  send(
    method: string,
    path: string,
    body?: Json | Uint8Array<ArrayBuffer>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ScimAnswer>
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<ScimAnswer>
  post(path: string, body: Json): Promise<ScimAnswer>
  put(path: string, body: Json): Promise<ScimAnswer>
  patch(path: string, body: Json): Promise<ScimAnswer>
  delete(path: string): Promise<ScimAnswer>
  /** A PATCH of these operations. */
  operate(path: string, ...operations: JsonObject[]): Promise<ScimAnswer>
  /** A query with this filter, encoded as Entra does. */
  filter(path: string, filter: string): Promise<ScimAnswer>
}

function encode(body: Json | Uint8Array<ArrayBuffer>): string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
}

/** A client of the SCIM door; paths are relative to it. */
export function scimClient(
  request: (path: string, init: RequestInit) => Response | Promise<Response>,
  authorization: string | undefined,
): ScimClient {
  async function send(
    method: string,
    path: string,
    body?: Json | Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ScimAnswer> {
    const response = await request(`/scim/v2${path}`, {
      method,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined || body instanceof Uint8Array
          ? {}
          : { 'content-type': 'application/scim+json; charset=utf-8' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: encode(body) }),
    })
    const text = await response.text()
    const parsed: unknown = text === '' ? {} : JSON.parse(text)
    if (!isObject(parsed)) throw new Error(`No JSON object came back: ${text}`)
    return { status: response.status, headers: response.headers, text, body: parsed }
  }
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp']
  return {
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    patch: (path, body) => send('PATCH', path, body),
    delete: (path) => send('DELETE', path),
    operate: (path, ...operations) => send('PATCH', path, { schemas, Operations: operations }),
    filter: (path, filter) => send('GET', `${path}?${new URLSearchParams({ filter }).toString()}`),
  }
}
