import type { Hono } from 'hono'
import type { Desk } from './desk.ts'
import { requires } from './guards.ts'
import type { AuthEnv } from './http.tsx'
import { answerIntrospection } from './introspect.ts'
import { OAuthError } from './oauth.ts'
import type { Person } from './principal.ts'
import { answerRevocation } from './revoke.ts'
import { answerSession } from './session.ts'
import { answerToken } from './token.ts'

const FOR_PROGRAMS = /\/auth\/(token|introspect|revoke|session)\/?$/

/** Whether a path of this door is one for programs, whatever stands in front of it. */
export function isForPrograms(path: string): boolean {
  return FOR_PROGRAMS.test(path)
}

/** Refuses all methods but those that a path takes. */
function only(allowed: string) {
  return () => {
    const text = `The method can only be ${allowed}.`
    throw new OAuthError('invalid_request', text, { status: 405, headers: { Allow: allowed } })
  }
}

/** The endpoints for programs. They are no pages, so requests come from no page of this server. */
export function addPrograms(app: Hono<AuthEnv>, desk: Desk): void {
  app.post('/token', (context) => answerToken(desk, context))
  app.all('/token', only('POST'))

  app.post('/introspect', requires(desk, 'introspect'), (context) =>
    answerIntrospection(desk, context, context.get('principal')),
  )
  app.all('/introspect', only('POST'))

  app.post('/revoke', (context) => answerRevocation(desk, context))
  app.all('/revoke', only('POST'))

  app.get('/session', requires(desk, 'session'), (context) => {
    const { signedIn } = context.get('principal') as Person
    return answerSession(desk, context, signedIn)
  })
  app.all('/session', only('GET, HEAD'))
}
