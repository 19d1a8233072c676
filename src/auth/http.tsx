import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { EntraApp } from '../directory/entra.ts'
import type { Cause } from '../directory/event.ts'
import { Base } from '../ui/base.ts'
import type { Principal } from './principal.ts'

/** What a request of this door carries from stage to stage. */
export interface AuthEnv {
  Variables: {
    requestId: string
    failure: unknown
    /** Who calls, where a route for programs has asked. */
    principal: Principal
    /** The path in front of all paths, as browsers ask for them. */
    base: string
    /** The app registration that people sign in through, as it was when a page was asked for. */
    entra: EntraApp | undefined
  }
}

export type AuthContext = Context<AuthEnv>

/** Answers with a page. */
export function show(context: AuthContext, page: Child, status: ContentfulStatusCode = 200) {
  return context.html(
    <>
      {raw('<!doctype html>')}
      <Base.Provider value={context.get('base') ?? ''}>{page}</Base.Provider>
    </>,
    status,
  )
}

/** Where a request came from, as far as the socket tells. */
export function addressOf(context: Context): string {
  try {
    return getConnInfo(context).remote.address ?? 'unknown'
  } catch {
    // A request that came in through no socket, as in tests.
    return 'unknown'
  }
}

export function causeOf(context: AuthContext, actor: string): Cause {
  return { actor, door: 'auth', requestId: context.get('requestId') }
}

/** The fields of a form that are texts; one that is missing is empty. */
export async function readForm<Name extends string>(
  context: AuthContext,
  ...names: readonly Name[]
): Promise<Record<Name, string>> {
  const body = await context.req.parseBody()
  const entries = names.map((name) => {
    const value = body[name]
    return [name, typeof value === 'string' ? value : '']
  })
  return Object.fromEntries(entries) as Record<Name, string>
}
