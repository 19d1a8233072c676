import type { EntraDirectory, EntraUser } from '../directory/entra-directory.ts'
import { DirectoryError } from '../directory/errors.ts'
import { MOST_PEOPLE } from '../directory/import.ts'
import { isNotAtEntra } from './connection.ts'
import { badBody } from './input.ts'

/** Who is meant: by object id, by address, and as members of groups. */
export interface Choice {
  readonly ids: readonly string[]
  readonly addresses: readonly string[]
  readonly groups: readonly string[]
}

export interface Chosen {
  /** Each once, in the order in which they were chosen. */
  readonly people: readonly EntraUser[]
  /** Ids and addresses that nobody has. */
  readonly notFound: readonly string[]
  /** Addresses that several have. */
  readonly ambiguous: readonly string[]
}

/** Reads people from Entra. Throws EntraFailure, `badRequest` for a group that is not there, and `tooMany`. */
export async function readPeople(
  entra: EntraDirectory,
  { ids, addresses, groups }: Choice,
): Promise<Chosen> {
  const people = new Map<string, EntraUser>()
  const notFound: string[] = []
  const ambiguous: string[] = []

  function add(person: EntraUser): void {
    people.set(person.id, person)
    if (people.size <= MOST_PEOPLE) return
    throw new DirectoryError('tooMany', `An import holds at most ${MOST_PEOPLE} people.`)
  }

  async function addMembers(group: string): Promise<void> {
    let next: string | undefined
    do {
      const page = await entra.membersOf(group, next)
      page.items.forEach(add)
      next = page.next
    } while (next !== undefined)
  }

  const byId = ids.length === 0 ? new Map<string, EntraUser>() : await entra.usersById(ids)
  for (const id of ids) {
    const person = byId.get(id)
    if (person) add(person)
    else notFound.push(id)
  }
  const byAddress =
    addresses.length === 0
      ? new Map<string, readonly EntraUser[]>()
      : await entra.usersByAddress(addresses)
  for (const address of new Set(addresses)) {
    const [person, ...others] = byAddress.get(address.toLowerCase()) ?? []
    if (!person) notFound.push(address)
    else if (others.length > 0) ambiguous.push(address)
    else add(person)
  }
  for (const [index, group] of groups.entries()) {
    await addMembers(group).catch((error: unknown) => {
      if (!isNotAtEntra(error)) throw error
      throw badBody(['people', 'groups', index], 'Entra has no such group.')
    })
  }
  return { people: [...people.values()], notFound, ambiguous }
}
