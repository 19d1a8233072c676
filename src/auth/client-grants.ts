import { exchangeCode } from './authorization-code.ts'
import { exchangeEntraToken } from './exchange.ts'
import type { Grant } from './grant.ts'
import { refresh } from './refresh.ts'

/** How the desktop client gets tokens, by `grant_type`. */
export const clientGrants: Readonly<Record<string, Grant>> = {
  authorization_code: exchangeCode,
  refresh_token: refresh,
  'urn:ietf:params:oauth:grant-type:token-exchange': exchangeEntraToken,
}
