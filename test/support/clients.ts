import type { Client } from '../../src/directory/client.ts'
import type { Directory } from '../../src/directory/store.ts'
import { hashSecret } from '../../src/directory/token.ts'
import { cause, testApp, type TestApp } from './app.ts'

export const HOUR = 3_600_000
export const NOBODY = '00000000-0000-7000-8000-999999999999'
export const FEDERATION = {
  subject: '1b4e28ba-2fa1-4d2e-883f-0016d3cca427',
  audience: 'api://entrance',
}

/** So many hours from now. */
export function inHours({ clock }: TestApp, hours: number): string {
  return new Date(clock.now().getTime() + hours * HOUR).toISOString()
}

export function newClient(directory: Directory, name = 'Entra'): Promise<Client> {
  return directory.clients.create({ kind: 'provisioning', name }, cause)
}

export function addSecret(app: TestApp, id: string, text: string, hours = 24) {
  const secret = { hash: hashSecret(text), expires: inHours(app, hours) }
  return app.directory.clients.addSecret(id, secret, cause)
}

export function issueToken(app: TestApp, id: string, text: string, hours = 1, secretId?: string) {
  const token = { hash: hashSecret(text), expires: inHours(app, hours) }
  const shown = secretId === undefined ? token : { ...token, secretId }
  return app.directory.clients.issueToken(id, shown, cause)
}

/** A client with two secrets, of which one is valid for an hour. */
export interface Case {
  readonly app: TestApp
  readonly id: string
  /** The one that is valid for longer. */
  readonly secretId: string
}

export async function newCase(): Promise<Case> {
  const app = await testApp()
  const { id } = await newClient(app.directory)
  const secret = await addSecret(app, id, 'first')
  await addSecret(app, id, 'second', 1)
  return { app, id, secretId: secret.id }
}

export async function countRows({ database }: TestApp, table: string): Promise<number> {
  return Number(await database.value(`SELECT count(*) FROM ${table}`))
}
