import { EntraFailure, type EntraFailureCode } from '../directory/entra-directory.ts'

/** What an answer of Graph says that is none: its status, and what stands in its error. */
export interface Refusal {
  /** -1 where there was no answer. */
  readonly status: number
  readonly code: string | undefined
  readonly message: string
  /** By which Microsoft finds it again. */
  readonly requestId?: string | undefined
}

/** Whether the same question may be answered a moment later. */
export function isPassing({ status, code }: Pick<Refusal, 'status' | 'code'>): boolean {
  if (status === -1) return code !== 'TimeoutError'
  return status === 429 || status === 500 || (status >= 502 && status <= 504)
}

function codeOf({ status, code }: Refusal): EntraFailureCode {
  // A link to changes that is too old comes with one of several statuses (entra.md §5.7).
  if (status === 410 || /^(syncStateNotFound|resyncRequired)$/i.test(code ?? '')) return 'expired'
  if (status === 401) return 'credentials'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'notFound'
  if (status === -1 || isPassing({ status, code })) return 'unavailable'
  return 'refused'
}

/** What Graph answered in words, without what only Microsoft can use. */
export function toFailure(refusal: Refusal, options?: ErrorOptions): EntraFailure {
  const { status, code, message, requestId } = refusal
  const said =
    status === -1
      ? 'cannot be reached'
      : `answered ${status}${code === undefined ? '' : ` ${code}`}`
  const about = [
    `Microsoft Graph ${said}${message === '' ? '.' : `: ${message}`}`,
    ...(requestId === undefined ? [] : [`(request-id ${requestId})`]),
  ]
  return new EntraFailure(codeOf(refusal), about.join(' '), options)
}
