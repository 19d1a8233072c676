import { tmpdir } from 'node:os'
import { onTestFinished } from 'vitest'
import { freePort, startEntrance, type EntranceProcess } from '../entra/entrance-process.ts'
import type { Finished } from './database.ts'
import { scimClient, type ScimClient } from './scim-client.ts'

export const STATIC_TOKEN = 'a-token-of-more-than-thirty-two-characters'

export interface EntranceOnPostgres extends EntranceProcess {
  /** A client with a valid token that comes in through sockets. */
  readonly scim: ScimClient
  clientWith(token: string): ScimClient
  /** The status of `/readyz`. */
  ready(): Promise<number>
}

/** Starts an Entrance process on a PostgreSQL database, which ends when the test has finished. */
export async function startOnPostgres(
  url: string,
  finished: Finished = onTestFinished,
): Promise<EntranceOnPostgres> {
  const entrance = await startEntrance({
    // For a database file, of which there is none.
    folder: tmpdir(),
    token: STATIC_TOKEN,
    port: await freePort(),
    environment: { DATABASE_URL: url },
  })
  finished(() => entrance.stop())
  const { origin } = entrance
  const clientWith = (token: string) =>
    scimClient((path, init) => fetch(`${origin}${path}`, init), `Bearer ${token}`)
  return {
    ...entrance,
    clientWith,
    scim: clientWith(STATIC_TOKEN),
    ready: async () => (await fetch(`${origin}/readyz`)).status,
  }
}
