import { attributesOf } from '../../src/directory/entra-attributes.ts'
import type { EntraUser } from '../../src/directory/entra-directory.ts'
import { newId } from '../../src/directory/id.ts'
import { toEntraUser } from '../../src/entra/graph-user.ts'
import { withDirectory } from './entrance-import.ts'
import { userKind } from './graph/user-kind.ts'
import type { EntraUser as TenantUser } from './tenant.ts'

/** So many are written at a time: they share their commits. */
const AT_A_TIME = 200

/** A user of the tenant as the reader has them. */
export function personOf(user: TenantUser): EntraUser {
  const properties = [...userKind.properties].map(([name, { of }]) => [name, of(user)] as const)
  const person = toEntraUser(Object.fromEntries(properties))
  if (person) return person
  throw new Error(`Nobody can be read of ${user.userPrincipalName}.`)
}

/** Makes linked users of these people in the Entrance of a folder, much faster than an import would. */
export async function loadLinked(folder: string, people: readonly EntraUser[]): Promise<void> {
  const cause = { actor: 'test', door: 'cli', requestId: newId() } as const
  await withDirectory(folder, async ({ users }) => {
    for (let start = 0; start < people.length; start += AT_A_TIME) {
      const some = people.slice(start, start + AT_A_TIME)
      await Promise.all(
        some.map((person) =>
          users.create({ attributes: attributesOf(person), origin: 'import' }, cause),
        ),
      )
    }
  })
}
