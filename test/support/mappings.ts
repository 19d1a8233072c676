import type { EntraUser } from '../../src/directory/entra-directory.ts'
import { entraPerson } from './entra-directory.ts'
import { byId, carriedOut, newScene, planned, userOf, type Scene } from './imports.ts'

export const TEAM = 'f0000000-0000-4000-8000-00000000000a'
export const LEADS = 'f0000000-0000-4000-8000-00000000000b'
export const ada = entraPerson(1, 'ada')
export const bob = entraPerson(2, 'bob')

/** Puts people into the groups of Entra. */
export function put(
  { entra }: Scene,
  members: { readonly team?: readonly EntraUser[]; readonly leads?: readonly EntraUser[] },
): void {
  const ids = (people: readonly EntraUser[] = []) => people.map(({ id }) => id)
  entra.groups = [
    { id: TEAM, displayName: 'Team', members: ids(members.team) },
    { id: LEADS, displayName: 'Leads', members: ids(members.leads) },
  ]
}

/** These people have been imported, and Entra has two groups of them. */
export async function sceneOf(...people: readonly EntraUser[]): Promise<Scene> {
  const scene = await newScene()
  scene.entra.people = people
  put(scene, { team: people })
  await carriedOut(scene, (await planned(scene, byId(...people), { groups: [] })).plan)
  return scene
}

export async function idOf(scene: Scene, person: EntraUser): Promise<string> {
  return String((await userOf(scene, person))?.id)
}
export async function rolesOf(scene: Scene, person: EntraUser) {
  return (await userOf(scene, person))?.attributes['roles']
}
