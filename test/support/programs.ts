import type { ClientKind } from '../../src/directory/client.ts'
import type { Group } from '../../src/directory/group.ts'
import type { Directory } from '../../src/directory/store.ts'
import { hashSecret, newTokenSecret } from '../../src/directory/token.ts'
import type { User } from '../../src/directory/user.ts'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { cause, PUBLIC_URL, type TestApp } from './app.ts'

export type Fields = Readonly<Record<string, string>>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body; an empty object for an answer without one. */
  readonly body: Readonly<Record<string, unknown>>
}

/** Sends a request as a program does, which knows neither cookies nor pages; a form goes out as one. */
export async function ask(
  app: TestApp,
  method: string,
  path: string,
  { form, ...init }: { form?: Fields | string; body?: string; headers?: Fields } = {},
): Promise<Answer> {
  const headers = {
    ...(form === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
    ...init.headers,
  }
  const body = form === undefined ? init.body : new URLSearchParams(form).toString()
  const request = { method, headers, ...(body === undefined ? {} : { body }) }
  const response = await app.fetch(new Request(`${PUBLIC_URL}${path}`, request))
  const text = await response.text()
  const parsed: Answer['body'] = text === '' ? {} : JSON.parse(text)
  return { status: response.status, headers: response.headers, text, body: parsed }
}

export function basic(id: string, secret: string): Fields {
  return { Authorization: `Basic ${btoa(`${id}:${secret}`)}` }
}

export function bearer(token: string): Fields {
  return { Authorization: `Bearer ${token}` }
}

export interface Program {
  readonly id: string
  readonly secret: string
  readonly secretId: string
  /** Its credentials in the header, and in the form. */
  readonly header: Fields
  readonly form: Fields
}

/** A day after the clock of the tests starts. */
const TOMORROW = '2026-03-03T08:00:00.000Z'

export async function addProgramSecret(
  { clients }: Directory,
  id: string,
  expires = TOMORROW,
): Promise<Program> {
  const secret = newTokenSecret()
  const made = await clients.addSecret(id, { hash: hashSecret(secret), expires }, cause)
  const form = { client_id: id, client_secret: secret }
  return { id, secret, secretId: made.id, header: basic(id, secret), form }
}

/** A client with a secret, as the command line makes one. */
export async function newProgram(directory: Directory, kind: ClientKind, name = 'Entra') {
  const { id } = await directory.clients.create({ kind, name }, cause)
  return addProgramSecret(directory, id)
}

export const GRANT = { grant_type: 'client_credentials' }

/** An access token for the credentials of a client. */
export async function newAccessToken(app: TestApp, program: Program): Promise<string> {
  const { status, body, text } = await ask(app, 'POST', '/auth/token', {
    form: { ...GRANT, ...program.form },
  })
  if (status !== 200) throw new Error(text)
  return String(body['access_token'])
}

export async function newPerson(
  { users }: Directory,
  userName: string,
  more: JsonObject = {},
): Promise<User> {
  const attributes = { userName, active: true, ...more }
  return (await users.create({ attributes, origin: 'local' }, cause)).user
}

/** A group of a user, with permissions. */
export async function newTeam(
  { groups, permissions }: Directory,
  displayName: string,
  { id: value }: User,
  allowed: readonly string[],
): Promise<Group> {
  const group = await groups.create(
    {
      attributes: { displayName },
      members: { kind: 'set', members: [{ value }] },
      origin: 'local',
    },
    cause,
  )
  for (const permission of allowed) {
    await permissions.grant({ holder: { kind: 'group', id: group.id }, permission }, cause)
  }
  return group
}

/** The cookie of a new session in a browser, until it is told to be over. */
export async function newBrowserSession(
  { sessions }: Directory,
  userId: string,
  expires = TOMORROW,
): Promise<{ readonly id: string; readonly secret: string; readonly headers: Fields }> {
  const secret = newTokenSecret()
  const { id } = await sessions.open(
    { userId, hash: hashSecret(secret), kind: 'browser', method: 'password', expires },
    cause,
  )
  return { id, secret, headers: { Cookie: `__Host-entrance=${secret}` } }
}

/** The tokens of a new session in a desktop client; the access token is valid until `secretExpires`. */
export async function newClientSession(
  { sessions }: Directory,
  userId: string,
  { expires = TOMORROW, secretExpires = '2026-03-02T09:00:00.000Z' } = {},
): Promise<{
  readonly id: string
  readonly access: string
  readonly refresh: string
  readonly headers: Fields
}> {
  const [access, refresh] = [newTokenSecret('access'), newTokenSecret('refresh')]
  const { id } = await sessions.open(
    {
      userId,
      hash: hashSecret(access),
      kind: 'client',
      method: 'entra',
      expires,
      client: { secretExpires, refreshHash: hashSecret(refresh) },
    },
    cause,
  )
  return { id, access, refresh, headers: bearer(access) }
}
