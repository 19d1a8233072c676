import { createHash } from 'node:crypto'
import { z } from 'zod'
import { EntraFailure, type EntraChanges } from '../directory/entra-directory.ts'
import type { GraphLists } from './graph-lists.ts'
import { query } from './graph-query.ts'
import { USER_SELECT } from './graph-user.ts'

/** Also what a person who is gone still has. */
const named = z.object({ id: z.string().toLowerCase() })

/** Graph writes the name of the function in short or in full. */
const isDelta = (path: string) => /^\/users\/(microsoft\.graph\.)?delta(\(\))?\?/.test(path)

/** Which properties a link is about: it goes on with those that it began with, whatever is read of people later. */
const ABOUT = createHash('sha256').update(USER_SELECT).digest('hex').slice(0, 8)

function expired(cause?: unknown): EntraFailure {
  const sentence = 'Entra can no longer tell what has changed since then.'
  return new EntraFailure('expired', sentence, { cause })
}

/** The path that a link stands for. */
function pathIn(link: string): string {
  const [about, path = ''] = link.split(' ')
  if (about !== ABOUT || !isDelta(path)) throw expired()
  return path
}

/** A path that was refused is a link that is no longer good: everything else about the question is always the same. */
async function readPart(lists: GraphLists, path: string, stored: boolean) {
  try {
    return await lists.read(path, isDelta)
  } catch (error) {
    if (stored && error instanceof EntraFailure && error.code === 'refused') throw expired(error)
    throw error
  }
}

/** What has changed since a link was given, all parts of it; see EntraDirectory. */
export async function readChanges(
  lists: GraphLists,
  link: string | undefined,
): Promise<EntraChanges> {
  const ids = new Set<string>()
  const first = `/users/delta?${query({ $select: USER_SELECT, $deltatoken: 'latest' })}`
  for (let path = link === undefined ? first : pathIn(link); ; ) {
    const part = await readPart(lists, path, link !== undefined)
    for (const item of part.items) {
      const { data } = named.safeParse(item)
      if (data) ids.add(data.id)
    }
    if (part.delta !== undefined) return { ids: [...ids], link: `${ABOUT} ${part.delta}` }
    if (part.next === undefined) {
      throw new EntraFailure('unavailable', 'Microsoft Graph does not say where to go on.')
    }
    path = part.next
  }
}
