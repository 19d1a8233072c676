import { InvalidArgumentError, Option } from 'commander'
import { DEFAULT_ORGANISATION } from '../directory/organisation.ts'

const NAME_LENGTH = 100

export function parseName(text: string): string {
  const name = text.trim()
  if (name !== '' && name.length <= NAME_LENGTH && !/\p{Cc}/u.test(name)) return name
  throw new InvalidArgumentError(`Write 1 to ${NAME_LENGTH} characters on one line.`)
}

export function parseTenant(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase()
  throw new InvalidArgumentError(
    'Write the Tenant ID of the Entra overview page, such as 1b4e28ba-2fa1-4d2e-883f-0016d3cca427.',
  )
}

/** The beginning of an id, long enough not to be a slip of the finger. */
export function parseId(text: string): string {
  if (/^[0-9a-f-]{4,36}$/i.test(text)) return text
  throw new InvalidArgumentError('Write at least the first 4 characters of the id.')
}

/** Parses a whole number within limits. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    if (number >= least && number <= most) return number
    throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`)
  }
}

const HOUR = 3_600_000
const hours = { h: 1, d: 24, w: 7 * 24, y: 365 * 24 } as const

/** The last moment that ISO 8601 writes with four digits of the year, which keeps times comparable as texts. */
const LATEST = Date.UTC(9999, 11, 31)

function parseMoment(text: string, now: Date): number | undefined {
  const duration = /^(\d{1,5})([hdwy])$/.exec(text)
  if (duration) {
    const unit = duration[2] as keyof typeof hours
    return now.getTime() + Number(duration[1]) * hours[unit] * HOUR
  }
  const midnight = `${text}T00:00:00.000Z`
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(midnight))) return undefined
  // The 30th of February would become the 2nd of March.
  return new Date(midnight).toISOString() === midnight ? Date.parse(midnight) : undefined
}

/** When something expires, in ISO 8601 UTC; undefined for never. */
export function parseExpiry(text: string, now: Date): string | undefined {
  if (text === 'never') return undefined
  const moment = parseMoment(text, now)
  if (moment === undefined) {
    throw new InvalidArgumentError(
      'Write a duration such as 12h, 180d, 26w or 2y, a day such as 2027-05-01, or never.',
    )
  }
  if (moment <= now.getTime()) throw new InvalidArgumentError('That is not in the future.')
  if (moment > LATEST) throw new InvalidArgumentError('That is too far away; write never.')
  return new Date(moment).toISOString()
}

export function organisationOption(): Option {
  return new Option('--organisation <name>', 'whose: the name of an organisation').default(
    DEFAULT_ORGANISATION,
  )
}

export interface OrganisationOption {
  readonly organisation: string
}

export function jsonOption(): Option {
  return new Option('--json', 'print JSON instead of a table')
}

export interface JsonOption {
  readonly json?: true
}
