/** So long the server is told the zone without being asked again. */
const SECONDS = 365 * 24 * 60 * 60

/** Tells times in the zone of the browser: the next pages come with it, this one is put right here. */
export function tellZone(): void {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
  const known = `entrance-zone=${encodeURIComponent(timeZone)}`
  if (document.cookie.split('; ').includes(known)) return
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `${known}; Path=/; Max-Age=${SECONDS}; SameSite=Lax${secure}`
  if (document.cookie.split('; ').includes(known)) retell(document, timeZone)
}

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const day = { day: 'numeric', month: 'short', year: 'numeric' } as const

function retell(part: ParentNode, timeZone: string): void {
  for (const time of part.querySelectorAll('time')) {
    const at = new Date(time.dateTime)
    const tell = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat('en-GB', { ...options, timeZone }).format(at)
    const whole = tell({ ...day, ...clock, second: '2-digit', timeZoneName: 'short' })
    time.title = whole
    if (time.dataset['as'] === 'minute') time.textContent = tell({ ...day, ...clock })
    if (time.dataset['as'] === 'second') time.textContent = whole
    if (time.dataset['as'] === 'moment') {
      time.textContent = tell({ ...day, year: undefined, ...clock, second: '2-digit' })
    }
    if (time.dataset['as'] === 'day') time.textContent = tell(day)
  }
}
