export type Value =
  | string
  | boolean
  | null
  | readonly string[]
  | Readonly<Record<string, unknown>>
  | readonly Readonly<Record<string, unknown>>[]

/** Whether a query works as it is, or only with `ConsistencyLevel: eventual` and `$count=true`. */
export type Level = 'always' | 'advanced'

/**
 * What `$filter` can do with a property. `in` goes with `eq`; `ne`, `not`, `endsWith` and a
 * comparison with null are always advanced. As in Microsoft's table for directory objects.
 */
export interface Filtering {
  readonly eq: Level
  readonly startsWith?: Level
  /** `ge` and `le`. */
  readonly compare?: Level
  readonly endsWith?: true
  readonly nulls?: true
}

export interface Property<T> {
  readonly type: 'text' | 'boolean' | 'date' | 'guid' | 'texts' | 'other'
  readonly of: (item: T) => Value
  readonly filter?: Filtering
  readonly sort?: Level
  /** `$search` looks for words in it, and not only at its start. */
  readonly words?: true
}

/** A type of directory object. */
export interface Kind<T> {
  /** As in `microsoft.graph.user`. */
  readonly name: string
  readonly idOf: (item: T) => string
  readonly properties: ReadonlyMap<string, Property<T>>
  /** What an answer has without `$select`. */
  readonly byDefault: readonly string[]
  /** Properties that other services keep, which a directory query cannot get. */
  readonly elsewhere: ReadonlySet<string>
}

/** Texts compare without case. */
export function fold(text: string): string {
  return text.toLowerCase()
}

export function resourceName({ name }: { readonly name: string }): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
}

export function odataType({ name }: { readonly name: string }): string {
  return `#microsoft.graph.${name}`
}

/** The named properties of an item; a name that the kind does not have is left out. */
export function render<T>(kind: Kind<T>, item: T, names: readonly string[]): Record<string, Value> {
  const shown: Record<string, Value> = {}
  for (const name of names) {
    const property = kind.properties.get(name)
    if (property !== undefined) shown[name] = property.of(item)
  }
  return shown
}
