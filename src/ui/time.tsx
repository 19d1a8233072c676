import { useReader } from './reader.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

type Style = 'ago' | 'moment' | 'minute' | 'second' | 'day'

const formats = new Map<string, Intl.DateTimeFormat>()

function format(zone: string, style: Exclude<Style, 'ago'>): Intl.DateTimeFormat {
  const key = `${zone} ${style}`
  const found = formats.get(key)
  if (found) return found
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    ...(style === 'moment' ? {} : { year: 'numeric' }),
    ...(style === 'day' ? {} : clock),
    ...(style === 'second' || style === 'moment' ? { second: '2-digit' } : {}),
    ...(style === 'second' ? { timeZoneName: 'short' } : {}),
    // A reader whose zone is not known has to be told which one it is.
    ...(style === 'minute' && zone === 'UTC' ? { timeZoneName: 'short' } : {}),
  })
  formats.set(key, made)
  return made
}

/** How long ago or how far ahead a time is, in words; the day itself when that is more than a month. */
function inWords(time: Date, now: Date, zone: string): string {
  const passed = time.getTime() - now.getTime()
  const distance = Math.abs(passed)
  if (distance < MINUTE) return passed > 0 ? 'in a moment' : 'just now'
  if (distance < HOUR) return relative.format(Math.trunc(passed / MINUTE), 'minute')
  if (distance < DAY) return relative.format(Math.trunc(passed / HOUR), 'hour')
  if (distance < 31 * DAY) return relative.format(Math.trunc(passed / DAY), 'day')
  return format(zone, 'day').format(time)
}

/**
 * A time in the reader's zone: how long ago (`ago`, with the whole time to hover over), to the second without the year
 * (`moment`, for one below the other), to the minute, or the day alone.
 * `at` is ISO-8601.
 */
export function Time({ at, as = 'ago' }: { readonly at: string; readonly as?: Style }) {
  const { zone, now } = useReader()
  const time = new Date(at)
  const shown = as === 'ago' ? inWords(time, now, zone) : format(zone, as).format(time)
  return (
    <time datetime={at} title={format(zone, 'second').format(time)} data-as={as}>
      {shown}
    </time>
  )
}
