import { randomUUID } from 'node:crypto'
import type { Failure } from './aadsts.ts'

/** Codes that ask for a second factor, and say with `claims` which. */
const MFA = [50072, 50074, 50076, 50079]
const STATUS: Readonly<Record<string, 400 | 401 | 503>> = {
  invalid_client: 401,
  temporarily_unavailable: 503,
}

function hints(code: number): Record<string, string> {
  if (code === 65001) return { suberror: 'consent_required' }
  if (!MFA.includes(code)) return {}
  const wanted = { access_token: { capolids: { essential: true, values: [randomUUID()] } } }
  return { suberror: 'basic_action', claims: JSON.stringify(wanted) }
}

/** A failure as Entra's endpoints that speak JSON tell it. */
export function failureJson(failure: Failure): {
  readonly status: 400 | 401 | 503
  readonly body: Record<string, unknown>
} {
  const { code, error, description, timestamp, traceId, correlationId } = failure
  return {
    status: STATUS[error] ?? 400,
    body: {
      error,
      error_description: description,
      error_codes: [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      ...hints(code),
    },
  }
}
