import { GraphFailure } from './failure.ts'

export type TroubleStatus = 429 | 500 | 503 | 504

/** Failures that were ordered for the next requests. */
export interface Troubles {
  failNext(count: number, status: TroubleStatus, retryAfter?: number | string): void
  dropNext(count: number): void
  /** Throws the failure of this request, if one was ordered. */
  strike(): void
  /** Whether the connection of this request is to be cut. */
  isDropped(): boolean
}

const SAID: Readonly<Record<TroubleStatus, readonly [code: string, message: string]>> = {
  429: ['TooManyRequests', 'Too many requests'],
  500: ['InternalServerError', 'An internal server error occurred.'],
  503: ['serviceNotAvailable', 'The service is temporarily unavailable.'],
  504: ['UnknownError', ''],
}

export function newTroubles(onThrottled: () => void): Troubles {
  const failures: {
    readonly status: TroubleStatus
    readonly retryAfter: number | string | undefined
  }[] = []
  let drops = 0
  return {
    failNext: (count, status, retryAfter) => {
      for (let index = 0; index < count; index += 1) failures.push({ status, retryAfter })
    },
    dropNext: (count) => {
      drops += count
    },
    strike: () => {
      const failure = failures.shift()
      if (failure === undefined) return
      const { status, retryAfter } = failure
      if (status === 429) onThrottled()
      const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }
      throw new GraphFailure(status, ...SAID[status], headers)
    },
    isDropped: () => {
      const dropped = drops > 0
      if (dropped) drops -= 1
      return dropped
    },
  }
}
