/** What a command may touch of the world, the store aside. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  write(text: string): void
  complain(text: string): void
  now(): Date
  newId(): string
}

/** A command that cannot do what it was asked to; the message is all that the operator reads. */
export class Failure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Failure'
  }
}

/**
 * A text as it may be shown: nothing that moves the cursor, changes colours or turns the direction, since names come
 * from others.
 */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
}

/** Columns under their heads, two blanks apart. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows.map((row) => row.map(plain))]
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  )
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

/** A time of the store, as a person reads it: to the minute, in UTC. */
export function minute(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)}`
}
