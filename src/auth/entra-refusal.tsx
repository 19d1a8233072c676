import { EntraError } from '../directory/entra.ts'
import { door } from '../texts/door.ts'
import { KeysUnavailable } from './entra-keys.ts'
import { TokenRefused } from './entra-tokens.ts'
import { show, type AuthContext } from './http.tsx'
import { ProblemPage } from './pages/entra.tsx'
import { away, problemOf, unverified, type Problem } from './problems.ts'

const { details } = door.entra

/** Tells somebody why a sign-in at Entra did not succeed; `contact` is whom to ask. */
export function refuse(
  context: AuthContext,
  contact: string,
  problem: Problem,
  more: {
    readonly error?: EntraError
    readonly failure?: unknown
    readonly returnTo?: string
  } = {},
) {
  const failure = more.failure ?? more.error
  if (failure !== undefined) context.set('failure', failure)
  const { code, correlationId } = more.error ?? {}
  return show(
    context,
    <ProblemPage
      title={problem.title}
      text={problem.text.replace('{contact}', () => contact)}
      again={problem.again}
      returnTo={more.returnTo}
      details={{
        [details.error]: code === undefined ? undefined : `AADSTS${code}`,
        [details.correlation]: correlationId,
        [details.request]: failure === undefined ? undefined : context.get('requestId'),
      }}
    />,
    problem.ours ? 502 : 403,
  )
}

/** The same for what was thrown on the way; throws what is no matter of Entra. */
export function explain(
  context: AuthContext,
  contact: string,
  failure: unknown,
  returnTo: string,
): Response | Promise<Response> {
  if (failure instanceof EntraError) {
    const problem = problemOf(failure.error, failure.code)
    return refuse(context, contact, problem, { error: failure, returnTo })
  }
  if (failure instanceof KeysUnavailable) {
    return refuse(context, contact, away, { failure, returnTo })
  }
  if (failure instanceof TokenRefused) {
    return refuse(context, contact, unverified, { failure, returnTo })
  }
  throw failure
}
