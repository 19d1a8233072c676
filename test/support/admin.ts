import { expect } from 'vitest'
import type { Directory } from '../../src/directory/store.ts'
import { cause, type TestApp } from './app.ts'
import { ask, newBrowserSession, newPerson, type Answer, type Fields } from './programs.ts'

const API = '/admin/api'

/** What an administrator sends from a page of the server. */
export interface AdminApi {
  /** The cookie of the session. */
  readonly headers: Fields
  get(path: string): Promise<Answer>
  /** Sends a value as JSON. */
  post(path: string, body?: unknown, headers?: Fields): Promise<Answer>
  /** Sends it as it is. */
  send(method: string, path: string, body?: string, headers?: Fields): Promise<Answer>
}

/** A new administrator, signed in in a browser. */
export async function newAdmin(
  app: TestApp,
  directory: Directory = app.directory,
  userName = 'admin',
): Promise<AdminApi> {
  const { id } = await newPerson(directory, userName)
  await directory.administrators.appoint(id, cause)
  const { headers } = await newBrowserSession(directory, id)
  const send: AdminApi['send'] = (method, path, body, more = {}) =>
    ask(app, method, `${API}${path}`, {
      headers: { ...headers, ...more },
      ...(body === undefined ? {} : { body }),
    })
  return {
    headers,
    send,
    get: (path) => send('GET', path),
    post: (path, body = {}, more = {}) =>
      send('POST', path, JSON.stringify(body), {
        'Content-Type': 'application/json',
        'Sec-Fetch-Site': 'same-origin',
        ...more,
      }),
  }
}

/** What every failure is told in: its status and what kind it is. */
export function problem({ status, headers, body }: Answer) {
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(body).toMatchObject({
    type: expect.stringMatching(/^urn:entrance:problem:\w+$/),
    title: expect.any(String),
    status,
    detail: expect.any(String),
    requestId: headers.get('x-request-id'),
  })
  return { status, code: String(body['type']).split(':').at(-1) }
}

/** So many object ids, of which Entra has the first few where people have been numbered from 1. */
export const manyIds = (count: number) =>
  Array.from(
    { length: count },
    (_, index) => `e0000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  )
