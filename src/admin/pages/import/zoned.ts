/** What clocks in a zone show at an instant, as if it were UTC. */
function shownIn(zone: string, instant: number): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(instant)
  const value = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  const [year, month, day] = [value('year').padStart(4, '0'), value('month'), value('day')]
  return Date.parse(`${year}-${month}-${day}T${value('hour')}:${value('minute')}Z`)
}

/** The instant at which clocks in a zone show a time such as `2026-09-01T08:00`; undefined for what is no time. */
export function instantIn(zone: string, local: string): string | undefined {
  const wanted = Date.parse(`${local.slice(0, 16)}Z`)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(local) || Number.isNaN(wanted)) return undefined
  // Twice: the first guess may lie on the other side of a change of the clocks.
  const guess = wanted - (shownIn(zone, wanted) - wanted)
  return new Date(guess - (shownIn(zone, guess) - wanted)).toISOString()
}

/** What clocks in a zone show at an instant, as a control has it. */
export function localIn(zone: string, instant: string): string {
  return new Date(shownIn(zone, Date.parse(instant))).toISOString().slice(0, 16)
}
