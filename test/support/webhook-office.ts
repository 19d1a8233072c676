import { createHmac } from 'node:crypto'
import { expect } from 'vitest'
import { newAdmin, type AdminApi } from './admin.ts'
import { testApp, type TestApp } from './app.ts'
import { newReceiver, WEBHOOK_KEY, type Received, type Receiver } from './webhooks.ts'

/** An installation with a key, an administrator, and a receiver for its webhooks. */
export interface WebhookOffice {
  readonly app: TestApp
  readonly api: AdminApi
  readonly receiver: Receiver
}

export async function newWebhookOffice(): Promise<WebhookOffice> {
  const app = await testApp({ encryptionKeys: [WEBHOOK_KEY] })
  return { app, api: await newAdmin(app), receiver: await newReceiver() }
}

/** A webhook that was made. */
export interface MadeWebhook {
  readonly id: string
  readonly secret: string
}

/** Makes a webhook that leads to the receiver. */
export async function makeWebhook(
  { api, receiver }: Pick<WebhookOffice, 'api' | 'receiver'>,
  given: { readonly name?: string; readonly actions?: readonly string[] } = {},
): Promise<MadeWebhook> {
  const { body, status, text } = await api.post('/webhooks', {
    name: 'Help desk',
    url: receiver.url,
    ...given,
  })
  expect(status, text).toBe(201)
  const { id } = body['webhook'] as { id: string }
  return { id, secret: String(body['secret']) }
}

/** What a receiver does to tell that a message is Entrance's. */
export function signedBy(secret: string, { headers, body }: Received): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  const right = `v1,${createHmac('sha256', key).update(text).digest('base64')}`
  return String(headers['webhook-signature']).split(' ').includes(right)
}
