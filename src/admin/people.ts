import type { EntraDirectory, EntraPage, EntraUser } from '../directory/entra-directory.ts'
import { DirectoryError } from '../directory/errors.ts'
import { MOST_PEOPLE } from '../directory/import.ts'
import { isNotAtEntra } from './connection.ts'
import { badBody } from './input.ts'

/** Stands where an app role could for everybody who is assigned to the application. */
export const ANYBODY = 'any'

/** Who is meant: by object id, by address, as members of groups, and as those who are assigned app roles. */
export interface Choice {
  readonly ids: readonly string[]
  readonly addresses: readonly string[]
  readonly groups: readonly string[]
  /** The same, with the members of groups within them. */
  readonly nestedGroups: readonly string[]
  /** Ids of app roles, or ANYBODY. */
  readonly appRoles: readonly string[]
}

export interface Chosen {
  /** Each once, in the order in which they were chosen. */
  readonly people: readonly EntraUser[]
  /** Ids and addresses that nobody has. */
  readonly notFound: readonly string[]
  /** Addresses that several have. */
  readonly ambiguous: readonly string[]
}

/** The people who are assigned an app role, part by part. */
export function readAssignees(
  entra: EntraDirectory,
  role: string,
  next?: string,
): Promise<EntraPage<EntraUser>> {
  return entra.assigneesOf(role === ANYBODY ? undefined : role, next)
}

/** Reads people from Entra. Throws EntraFailure, `badRequest` for a group or role that is not there, and `tooMany`. */
export async function readPeople(
  entra: EntraDirectory,
  { ids, addresses, groups, nestedGroups, appRoles }: Choice,
): Promise<Chosen> {
  const people = new Map<string, EntraUser>()
  const notFound: string[] = []
  const ambiguous: string[] = []

  function add(person: EntraUser): void {
    people.set(person.id, person)
    if (people.size <= MOST_PEOPLE) return
    throw new DirectoryError('tooMany', `An import holds at most ${MOST_PEOPLE} people.`)
  }

  /** Everybody of a list. Throws `badRequest` at a place in the body for a list that is not there. */
  async function addAll(
    ask: (next?: string) => Promise<EntraPage<EntraUser>>,
    place: readonly PropertyKey[],
    problem: string,
  ): Promise<void> {
    try {
      let next: string | undefined
      do {
        const page = await ask(next)
        page.items.forEach(add)
        next = page.next
      } while (next !== undefined)
    } catch (error) {
      if (!isNotAtEntra(error)) throw error
      throw badBody(['people', ...place], problem)
    }
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
    const [person, ...others] = byAddress.get(address.trim().toLowerCase()) ?? []
    if (!person) notFound.push(address)
    else if (others.length > 0) ambiguous.push(address)
    else add(person)
  }
  for (const [index, group] of groups.entries()) {
    const membersOf = (next?: string) => entra.membersOf(group, next)
    await addAll(membersOf, ['groups', index], 'Entra has no such group.')
  }
  for (const [index, group] of nestedGroups.entries()) {
    const membersOf = (next?: string) => entra.membersOf(group, next, true)
    await addAll(membersOf, ['nestedGroups', index], 'Entra has no such group.')
  }
  for (const [index, role] of appRoles.entries()) {
    const assigneesOf = (next?: string) => readAssignees(entra, role, next)
    await addAll(assigneesOf, ['appRoles', index], 'Entra has no such app role.')
  }
  return { people: [...people.values()], notFound, ambiguous }
}
