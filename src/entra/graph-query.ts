/** Values in one filter (entra.md §5.4). */
const MOST_VALUES = 15
/** What a filter, and what is searched for in one property, may be long, as it stands in a URL of at most 2,048 characters. */
const LONGEST_FILTER = 1_200
const LONGEST_SEARCH = 150

const encodedLength = (text: string) => encodeURIComponent(text).length

/** The query of a path, its values encoded. */
export function query(options: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&')
}

/** A text within a filter: a quote is doubled. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/** The longest beginning that fits; less of a word finds more, never less. */
function cut(text: string): string {
  let fitting = ''
  for (const character of text) {
    if (encodedLength(fitting + character) > LONGEST_SEARCH) return fitting
    fitting += character
  }
  return fitting
}

/** Words to search for, in each of these properties; quotes would end them. */
export function searchFor(text: string, properties: readonly string[]): string {
  const words = cut(text.replaceAll(/["\\]/g, ' ').trim())
  return properties.map((property) => `"${property}:${words}"`).join(' OR ')
}

/** Filters that ask for many values, few at a time. A value that fits into none is nobody's, and left out. */
export function filtersFor(
  values: readonly string[],
  filter: (literals: readonly string[]) => string,
): string[] {
  const groups: string[][] = []
  let length = 0
  for (const value of values.map(literal)) {
    // Of a filter of its own, which is no less than what it adds to another.
    const own = encodedLength(filter([value]))
    if (own > LONGEST_FILTER) continue
    length += own
    const last = groups.at(-1)
    if (last && last.length < MOST_VALUES && length <= LONGEST_FILTER) last.push(value)
    else {
      groups.push([value])
      length = own
    }
  }
  return groups.map(filter)
}
