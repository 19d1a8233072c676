const DAY = 24 * 60 * 60_000
const LOOKS_LIKE_DAY = /^\d{4}-\d{2}-\d{2}$/

/** A day of the calendar as `2026-03-02`, or empty for what is none. */
export function readDay(text: string): string {
  const time = LOOKS_LIKE_DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return Number.isNaN(time) ? '' : text
}

/** The day that it is in a zone. */
export function dayIn(zone: string, now: Date): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return format.format(now)
}

/** How far a zone is ahead of UTC at a time, in milliseconds. */
function offset(zone: string, time: number): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(time)
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? 0)
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return local - Math.floor(time / 1_000) * 1_000
}

/** When a day begins in a zone: ISO-8601, UTC. */
export function beginOf(day: string, zone: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  // Clocks may change within the distance to UTC.
  const first = midnight - offset(zone, midnight)
  return new Date(midnight - offset(zone, first)).toISOString()
}

/** When the day after it begins. */
export function endOf(day: string, zone: string): string {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + DAY).toISOString().slice(0, 10)
  return beginOf(next, zone)
}

/** So many days before a time. */
export function daysBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * DAY).toISOString()
}
