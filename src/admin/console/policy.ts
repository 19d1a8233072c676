import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { AdminEnv } from '../route.ts'

/** What a browser may do with an answer. */
export type Policy =
  /** A page: everything is of this server, and nothing is within anything. */
  | 'page'
  /** A page with a document of this server within it. */
  | 'around'
  /** Such a document, of others' words: it looks as it says, runs nothing, sends nothing and asks for nothing. */
  | 'within'

const page = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  scriptSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
}

const within = {
  defaultSrc: ["'none'"],
  styleSrc: ["'unsafe-inline'"],
  formAction: ["'none'"],
  baseUri: ["'none'"],
  frameAncestors: ["'self'"],
  sandbox: ['allow-same-origin'],
}

/** The headers that say so. */
export function protect(publicUrl: string): MiddlewareHandler<AdminEnv> {
  const others = {
    referrerPolicy: 'same-origin',
    strictTransportSecurity: publicUrl.startsWith('https:') ? 'max-age=31536000' : false,
  } as const
  const kinds: Readonly<Record<Policy, MiddlewareHandler>> = {
    page: secureHeaders({ ...others, contentSecurityPolicy: page, xFrameOptions: 'DENY' }),
    around: secureHeaders({
      ...others,
      contentSecurityPolicy: { ...page, frameSrc: ["'self'"] },
      xFrameOptions: 'DENY',
    }),
    within: secureHeaders({
      ...others,
      contentSecurityPolicy: within,
      xFrameOptions: 'SAMEORIGIN',
    }),
  }
  const done = async () => {}
  return async (context, next) => {
    await next()
    // What the answer is, is known only now.
    await kinds[context.get('policy') ?? 'page'](context, done)
  }
}
