import { createHash } from 'node:crypto'
import type { z } from 'zod'

/** What tells one list from another: what was asked for, but for the part of it. */
function listOf(asked: object): string {
  return createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 12)
}

/** A place of a list as a text that says nothing to whoever passes it on, and is good for this list alone. */
export function cursorTo(place: object, asked: object): string {
  return Buffer.from(JSON.stringify([listOf(asked), place])).toString('base64url')
}

/** The place that a cursor of a list stands for; undefined for what is none, or one of another list. */
export function placeIn<Schema extends z.ZodType>(
  cursor: string,
  schema: Schema,
  asked: object,
): z.output<Schema> | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!Array.isArray(read) || read[0] !== listOf(asked)) return undefined
    const result = schema.safeParse(read[1])
    return result.success ? result.data : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
