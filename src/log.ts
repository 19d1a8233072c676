const levels = ['debug', 'info', 'warn', 'error'] as const

type Level = (typeof levels)[number]
type Fields = Readonly<Record<string, unknown>>
type Write = (message: string, fields?: Fields) => void

/** Structured log: one JSON object a line with `time`, `level`, `message` and the fields. Secrets are taken out. */
export interface Log extends Readonly<Record<Level, Write>> {
  /** The same log with these fields on every line. */
  child(fields: Fields): Log
  /** Whether lines of a level are written at all, for those who would not gather fields for nothing. */
  writes(level: Level): boolean
}

const REDACTED = '[redacted]'
const SECRET_KEY = /(authorization|cookie|password|token|secret|assertion)$/i
const BEARER = /\bbearer +[^\s"',]+/gi
const OWN_SECRET = /entrance_[\w-]{43,51}/g
/** A signed token of whoever. */
const SIGNED = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g
/** Deeper than anything worth reading in a log, and an end for values that contain themselves. */
const DEEPEST = 8

function redactText(text: string): string {
  return text
    .replace(BEARER, `Bearer ${REDACTED}`)
    .replace(OWN_SECRET, REDACTED)
    .replace(SIGNED, REDACTED)
}

function describeError(error: Error): Fields {
  const { name, message, stack, cause } = error
  return { name, message, stack, ...(cause === undefined ? {} : { cause }) }
}

function redactFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      SECRET_KEY.test(key) ? REDACTED : redact(value, depth),
    ]),
  )
}

function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (depth === DEEPEST) return '[deeper]'
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Error) return redactFields(describeError(value), depth + 1)
  if (value instanceof Map || value instanceof Set) return redact([...value], depth)
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  return redactFields(value, depth + 1)
}

/**
 * Makes a log of the lines from `level` upwards. `write` gets each line with its line end. Errors among the fields are
 * rendered with their stack; values under names such as `authorization` or `token`, bearer tokens and Entrance's own
 * secrets inside any text are replaced.
 */
export function createLog(options: {
  readonly level: Level
  readonly write?: (line: string) => void
  readonly now?: () => Date
}): Log {
  const { level: least, now = () => new Date() } = options
  const write = options.write ?? ((line: string) => void process.stdout.write(line))

  const writes = (level: Level) => levels.indexOf(level) >= levels.indexOf(least)

  function withFields(context: Fields): Log {
    const at = (level: Level): Write => {
      if (!writes(level)) return () => {}
      return (message, fields = {}) => {
        const head = { time: now().toISOString(), level, message: redactText(message) }
        // Named twice: the head comes first in the line, and no field can take its place.
        const line = { ...head, ...redactFields({ ...context, ...fields }, 0), ...head }
        write(`${JSON.stringify(line)}\n`)
      }
    }
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => withFields({ ...context, ...fields }),
      writes,
    }
  }
  return withFields({})
}
