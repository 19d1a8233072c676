import type { Chosen } from '../directory/roster.ts'
import { isActive, type Origin, type User } from '../directory/user.ts'

/*
 * A facet is what a list can be narrowed down by, in five letters: the origin, and whether a user is linked, active,
 * held, and has ever signed in.
 */

const LENGTH = 5

const origins: readonly Origin[] = ['local', 'import', 'scim']

/** Where each answer to a question stands, counted from 1. */
export const places = { linked: 2, active: 3, held: 4, signedIn: 5 } as const

export type Question = keyof typeof places

export const letter = (yes: boolean): 'y' | 'n' => (yes ? 'y' : 'n')

/** The facet of a user but for its last letter, which the row of the user does not tell. */
export function headOf(user: Pick<User, 'origin' | 'link' | 'held' | 'attributes'>): string {
  const { origin, link, held, attributes } = user
  const answers = [link !== undefined, isActive(attributes), held !== undefined]
  return `${origin.charAt(0)}${answers.map(letter).join('')}`
}

/** A facet with another answer to a question. */
export function answered(facet: string, question: Question, yes: boolean): string {
  const at = places[question]
  return `${facet.slice(0, at - 1)}${letter(yes)}${facet.slice(at)}`
}

export function says(facet: string, question: Question): boolean {
  return facet.charAt(places[question] - 1) === 'y'
}

export function originIn(facet: string): Origin {
  return origins.find((origin) => facet.startsWith(origin.charAt(0))) ?? 'scim'
}

/** All facets there can be. */
const all: readonly string[] = origins.flatMap((origin) =>
  Array.from({ length: 2 ** (LENGTH - 1) }, (_, bits) => {
    const answers = Array.from({ length: LENGTH - 1 }, (__, bit) => letter((bits >> bit) % 2 === 1))
    return `${origin.charAt(0)}${answers.join('')}`
  }),
)

/** The facets of those who are chosen, as far as facets tell. */
export function facetsOf({ origin, linked, status, signedIn }: Chosen): readonly string[] {
  return all.filter(
    (facet) =>
      (origin === undefined || originIn(facet) === origin) &&
      (linked === undefined || says(facet, 'linked') === linked) &&
      (status === undefined ||
        (status === 'held'
          ? says(facet, 'held')
          : says(facet, 'active') === (status === 'active'))) &&
      (signedIn === undefined || says(facet, 'signedIn') === (signedIn === 'ever')),
  )
}
