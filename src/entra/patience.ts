const MOST_SECONDS = 60

/** How a wait is made. */
export type Pause = (seconds: number) => Promise<void>

/** Seconds until what `Retry-After` says (RFC 9110 §10.2.3); undefined where it says nothing that can be understood. */
function asSeconds(asked: string | undefined): number | undefined {
  if (asked === undefined || asked.trim() === '') return undefined
  const seconds = Number(asked)
  const wanted = Number.isNaN(seconds) ? (Date.parse(asked) - Date.now()) / 1_000 : seconds
  return Number.isNaN(wanted) ? undefined : Math.max(0, wanted)
}

/**
 * How many seconds to wait before something is asked again for the nth time, from 0: what it asked for itself, or else
 * twice as long each time. Undefined where it wants to be left alone for longer than anybody waits.
 */
export function secondsToWait(retry: number, asked: string | undefined): number | undefined {
  // Not all at the same moment, of those who were refused at the same moment.
  const seconds = asSeconds(asked) ?? 2 ** retry * (1 + Math.random() / 4)
  return seconds > MOST_SECONDS ? undefined : seconds
}
