import { createContext, useContext } from 'hono/jsx'

/** Who looks at a page, as far as its looks go. */
export interface Reader {
  /** An IANA time zone; `UTC` until the browser has said its own. */
  readonly zone: string
  /** What was chosen; otherwise the system decides. */
  readonly theme: 'light' | 'dark' | undefined
  readonly now: Date
}

export const ReaderContext = createContext<Reader>({
  zone: 'UTC',
  theme: undefined,
  now: new Date(0),
})

export const useReader = (): Reader => useContext(ReaderContext)

/** Whether a text names a time zone that times can be told in. */
function isZone(name: string): boolean {
  if (!/^[\w+\-/]{1,64}$/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** The cookie that the script of pages tells the time zone with, and the one that keeps which theme was chosen. */
const ZONE = 'entrance-zone'
export const THEME = 'entrance-theme'

export const themes = ['light', 'dark'] as const

/** How the reader wants pages to look, as far as the cookies of the browser say. */
export function readerBy(cookie: (name: string) => string | undefined, now: Date): Reader {
  const zone = cookie(ZONE) ?? ''
  const theme = cookie(THEME)
  return {
    zone: isZone(zone) ? zone : 'UTC',
    theme: themes.find((each) => each === theme),
    now,
  }
}
