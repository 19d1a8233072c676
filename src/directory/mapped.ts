import { EntraFailure, type EntraDirectory } from './entra-directory.ts'
import type { Mapping } from './mapping.ts'
import type { Chosen } from './plan.ts'

/** What is known of somebody's part in the mapped groups of Entra, as a plan keeps it. */
export type MappedPart = Pick<Chosen, 'mappings' | 'gone'>

/** Who is in the mapped groups, as Entra says. */
export interface MappedGroups {
  /** The part of a person in them, by object id; nothing where there are no mappings. */
  partOf(objectId: string): MappedPart
  /** The object ids of who is in the group of a mapping; undefined for a group that is not at Entra any more. */
  membersOf(mapping: Mapping): ReadonlySet<string> | undefined
}

/** Reads who is in the mapped groups, each group once. Throws EntraFailure, but not for a group that is gone. */
export async function readMappedGroups(
  entra: Pick<EntraDirectory, 'memberIdsOf'>,
  mappings: readonly Mapping[],
): Promise<MappedGroups> {
  const groups = new Map<string, ReadonlySet<string> | undefined>()
  const keyOf = ({ entraGroup, nested }: Mapping) => `${entraGroup} ${nested}`
  for (const mapping of mappings) {
    const key = keyOf(mapping)
    if (!groups.has(key)) groups.set(key, await membersOf(entra, mapping))
  }
  const gone = mappings.flatMap((each) => (groups.get(keyOf(each)) ? [] : [each.id]))
  return {
    partOf(objectId) {
      if (mappings.length === 0) return {}
      const within = mappings.filter((each) => groups.get(keyOf(each))?.has(objectId))
      return { mappings: within.map(({ id }) => id), ...(gone.length === 0 ? {} : { gone }) }
    },
    membersOf: (mapping) => groups.get(keyOf(mapping)),
  }
}

/** The object ids of who is in a mapped group; undefined for one that is not at Entra any more. */
async function membersOf(
  entra: Pick<EntraDirectory, 'memberIdsOf'>,
  { entraGroup, nested }: Mapping,
): Promise<ReadonlySet<string> | undefined> {
  try {
    return await entra.memberIdsOf(entraGroup, nested)
  } catch (error) {
    if (error instanceof EntraFailure && error.code === 'notFound') return undefined
    throw error
  }
}

/** What there is to say of mappings whose group is gone. */
export function adviceOnGone(
  mappings: readonly Mapping[],
  gone: ReadonlySet<string>,
): readonly string[] {
  const names = mappings.flatMap(({ id, entraName }) => (gone.has(id) ? [entraName] : []))
  return [...new Set(names)].map(
    (name) =>
      `Entra has no group “${name}” any more. What people have through it stays: remove the mapping, or map another group.`,
  )
}
