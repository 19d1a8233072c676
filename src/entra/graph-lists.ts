import { z } from 'zod'
import { EntraFailure, type EntraPage } from '../directory/entra-directory.ts'
import type { GraphClient } from './graph-client.ts'

const list = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
})

/** A part of a list as Graph has it, with where to go on: paths in the same place. */
export interface GraphPage {
  readonly items: readonly unknown[]
  readonly next?: string
  readonly delta?: string
}

/** Reads lists of Graph part by part. All throw EntraFailure. */
export interface GraphLists {
  /** The part at a path, of which `place` says whether it is in the list; a link from there to anywhere else is not followed. */
  read(path: string, isThere: (path: string) => boolean): Promise<GraphPage>
  /** The first part of a list or, with the `next` of the one before, another. What `read` knows nothing of is left out. */
  page<Item>(
    first: string,
    next: string | undefined,
    read: (answer: unknown) => Item | undefined,
  ): Promise<EntraPage<Item>>
  /** What is in the lists at these paths, each of which has a single part. */
  all<Item>(paths: readonly string[], read: (answer: unknown) => Item | undefined): Promise<Item[]>
}

export function graphLists(client: GraphClient, graphUrl: string): GraphLists {
  const root = `${graphUrl}/v1.0`

  const read: GraphLists['read'] = async (path, isThere) => {
    if (!isThere(path)) throw new EntraFailure('refused', 'This is no part of that list.')
    const answer = list.parse(await client.get(path))
    function within(link: string | undefined): string | undefined {
      if (link === undefined) return undefined
      const found = link.startsWith(root) ? link.slice(root.length) : ''
      if (isThere(found)) return found
      throw new EntraFailure('refused', 'Microsoft Graph leads to another place.')
    }
    const next = within(answer['@odata.nextLink'])
    const delta = within(answer['@odata.deltaLink'])
    return {
      items: answer.value,
      ...(next === undefined ? {} : { next }),
      ...(delta === undefined ? {} : { delta }),
    }
  }

  return {
    read,

    async page(first, next, toItem) {
      const [place = ''] = first.split('?')
      const found = await read(next ?? first, (path) => path.startsWith(`${place}?`))
      return {
        items: found.items.map(toItem).filter((item) => item !== undefined),
        ...(found.next === undefined ? {} : { next: found.next }),
      }
    },

    async all(paths, toItem) {
      const answers = await client.all(paths)
      return answers.flatMap((answer) =>
        list
          .parse(answer)
          .value.map(toItem)
          .filter((item) => item !== undefined),
      )
    },
  }
}
