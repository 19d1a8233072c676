import { createHmac, randomBytes } from 'node:crypto'

/*
 * Signatures and secrets as Standard Webhooks has them (https://www.standardwebhooks.com), so that receivers can use what
 * there is for it in every language.
 */

const PREFIX = 'whsec_'
const SECRET_BYTES = 32

/** A new secret, as it is shown and kept. */
export function newWebhookSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`
}

/** What a message is signed as. */
export interface Signed {
  readonly id: string
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly body: string
}

/** The value of the header `webhook-signature`: one signature by each secret. */
export function signatures({ id, timestamp, body }: Signed, secrets: readonly string[]): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
      const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8')
      return `v1,${hmac.digest('base64')}`
    })
    .join(' ')
}
