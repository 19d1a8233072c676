import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Person } from '../../test/entra/authority/authority.ts'
import { signInSettings, startDemoAuthority } from '../../test/entra/demo-sign-in.ts'
import { freePort, startEntrance } from '../../test/entra/entrance-process.ts'

export const adele: Person = {
  objectId: 'aaaaaaaa-0000-4000-8000-000000000001',
  userPrincipalName: 'adele.vance@contoso.example',
  displayName: 'Adele Vance',
}
/** Not known to Entrance. */
export const alex: Person = {
  objectId: 'aaaaaaaa-0000-4000-8000-000000000002',
  userPrincipalName: 'alex.wilber@contoso.example',
  displayName: 'Alex Wilber',
}
/** Not assigned to Entrance in Entra. */
export const lidia: Person = {
  objectId: 'aaaaaaaa-0000-4000-8000-000000000003',
  userPrincipalName: 'lidia.holloway@contoso.example',
  displayName: 'Lidia Holloway',
  problem: 50105,
}

const GROUPS = ['Project managers', 'Sales']

/** An Entrance that Adele is provisioned to, with a stand-in for Entra. */
export interface Office {
  readonly origin: string
  /** Makes the first administrator. */
  readonly setUpLink: string
  close(): Promise<void>
}

async function provision(base: string, token: string): Promise<void> {
  const post = async (path: string, schema: string, resource: object): Promise<string> => {
    const response = await fetch(`${base}/${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' },
      body: JSON.stringify({
        schemas: [`urn:ietf:params:scim:schemas:core:2.0:${schema}`],
        ...resource,
      }),
    })
    if (!response.ok) throw new Error(await response.text())
    return ((await response.json()) as { readonly id: string }).id
  }
  const { objectId: externalId, userPrincipalName: userName, displayName } = adele
  const id = await post('Users', 'User', { userName, externalId, displayName, active: true })
  for (const name of GROUPS) {
    await post('Groups', 'Group', { displayName: name, members: [{ value: id }] })
  }
}

const newSecret = (): string => randomBytes(32).toString('base64url')

export async function openOffice(): Promise<Office> {
  const folder = mkdtempSync(join(tmpdir(), 'entrance-screenshots-'))
  const token = newSecret()
  const port = await freePort()
  const authority = await startDemoAuthority(`http://127.0.0.1:${port}`, newSecret())
  for (const person of [adele, alex, lidia]) authority.setPerson(person)
  const contact = { SUPPORT_CONTACT: 'the IT service desk, extension 4567' }
  const environment = { ...signInSettings(authority), ...contact }
  const server = await startEntrance({ folder, token, port, environment })
  await provision(server.base, token)
  const setUpLink = /\S+\/auth\/link\/\S+/.exec(server.output())?.[0]
  if (setUpLink === undefined) throw new Error(`There is no set-up link in:\n${server.output()}`)
  return {
    origin: server.origin,
    setUpLink,
    async close() {
      await server.stop()
      await authority.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
