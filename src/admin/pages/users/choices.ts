import type { Asked } from '../../console/asked.ts'
import { searchGroups } from '../../groups.ts'

/** So many roles are offered while one is typed. */
const OFFERED = 100

/** Roles in use, to choose from while one is typed. */
export function rolesInUse({ directory }: Asked): Promise<readonly string[]> {
  return directory.roster.roleNames(OFFERED)
}

/** User groups whose members are chosen here, by name: those whose name contains a text. */
export async function ownGroups(asked: Asked, search: string) {
  const { items, total } = await searchGroups.call(asked, { query: { search } })
  return { items: items.filter(({ origin }) => origin !== 'scim'), looked: items.length, total }
}
