import { z } from 'zod'
import { hashSecret, newTokenSecret, tokenState, type Token } from '../directory/token.ts'
import { provisioningToken } from './access-schemas.ts'
import { text } from './input.ts'
import { route, type Caller, type Route } from './route.ts'

const LONGEST_DAYS = 3_650
const DAY = 24 * 3_600_000

function shown({ now }: Caller, token: Token) {
  const { organisation: _, ...told } = token
  return { ...told, state: tokenState(token, now().toISOString()) }
}

const listTokens = route({
  method: 'GET',
  path: '/tokens',
  operation: 'listTokens',
  summary: 'The provisioning tokens, oldest first, never their secrets',
  status: 200,
  answer: z.strictObject({ items: z.array(provisioningToken) }),
  async handle(caller) {
    const tokens = await caller.directory.tokens.list()
    return { items: tokens.map((token) => shown(caller, token)) }
  },
})

export const createToken = route({
  method: 'POST',
  path: '/tokens',
  operation: 'createToken',
  summary: 'Makes a provisioning token, and shows its secret this once',
  body: z.strictObject({
    name: text(100).regex(/\S/, 'Say a name.'),
    expiresInDays: z.int().min(1).max(LONGEST_DAYS).default(365),
  }),
  status: 201,
  answer: z.strictObject({
    token: provisioningToken,
    secret: z.string().meta({ description: 'The secret token to paste. Shown only now.' }),
    tenantUrl: z.string().meta({ description: 'The Tenant URL to paste with it.' }),
  }),
  async handle(caller, { body: { name, expiresInDays } }) {
    const { directory, cause, now, scimUrl } = caller
    const secret = newTokenSecret()
    const expires = new Date(now().getTime() + expiresInDays * DAY).toISOString()
    const token = await directory.tokens.create({ name, hash: hashSecret(secret), expires }, cause)
    return { token: shown(caller, token), secret, tenantUrl: scimUrl }
  },
})

export const revokeToken = route({
  method: 'POST',
  path: '/tokens/{id}/revoke',
  operation: 'revokeToken',
  summary: 'Ends a provisioning token for ever, within a second',
  status: 200,
  answer: provisioningToken,
  problems: ['notFound'],
  handle: async (caller, given) =>
    shown(caller, await caller.directory.tokens.revoke(given.id, caller.cause)),
})

/** What a provisioning client such as Entra signs in with. */
export const tokenRoutes: readonly Route[] = [listTokens, createToken, revokeToken]
