import type { Mapping } from '../../src/directory/mapping.ts'
import type { Rule } from '../../src/directory/rule.ts'
import type { Directory } from '../../src/directory/store.ts'
import type { Why } from '../../src/directory/why.ts'
import type { AdminApi } from './admin.ts'
import { cause } from './app.ts'

/** A user group whose members are chosen here. */
export async function newOwnGroup({ groups }: Directory, displayName: string): Promise<string> {
  const members = { kind: 'set', members: [] } as const
  return (await groups.create({ attributes: { displayName }, members, origin: 'local' }, cause)).id
}

/** A user group whose members come from provisioning. */
export async function newPushedGroup({ groups }: Directory, displayName: string): Promise<string> {
  const members = { kind: 'set', members: [] } as const
  return (await groups.create({ attributes: { displayName }, members, origin: 'scim' }, cause)).id
}

async function made<T>(api: AdminApi, path: string, body: object): Promise<T> {
  const answer = await api.post(path, body)
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body as unknown as T
}

export function newRule(
  api: AdminApi,
  filter: string,
  gives: {
    readonly name?: string
    readonly groups?: readonly string[]
    readonly role?: string
  } = {},
): Promise<Rule> {
  return made(api, '/rules', { name: filter, filter, ...gives })
}

export function newMapping(
  api: AdminApi,
  entraGroup: string,
  gives: { readonly group?: string; readonly role?: string; readonly nested?: boolean },
): Promise<Mapping> {
  return made(api, '/mappings', { entraGroup, entraName: 'Everybody', ...gives })
}

/** Where what a user is and has comes from. */
export async function whyOf(api: AdminApi, userId: string): Promise<Why> {
  const answer = await api.get(`/users/${userId}/why`)
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.body as unknown as Why
}

/** The groups of a user by name, each with what it came of. */
export async function groupsOf(api: AdminApi, userId: string): Promise<Record<string, string>> {
  const { groups } = await whyOf(api, userId)
  const told = groups.map(({ displayName, source }) => [
    displayName,
    'id' in source ? `${source.kind}:${source.id}` : source.kind,
  ])
  return Object.fromEntries(told)
}
