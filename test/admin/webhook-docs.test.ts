import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/database.ts'
import { makeWebhook, newWebhookOffice } from '../support/webhook-office.ts'

const text = readFileSync(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8')

type Check = (secret: string, headers: object, body: string, now?: number) => boolean

/** The sample of the documentation, as somebody would copy it. */
async function sample(): Promise<Check> {
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(text) ?? []
  const file = join(temporaryFolder(), 'sample.mjs')
  writeFileSync(file, code)
  const { isFromEntrance } = (await import(pathToFileURL(file).href)) as { isFromEntrance: Check }
  return isFromEntrance
}

test('the documented check takes what Entrance sends, and nothing else', async () => {
  const isFromEntrance = await sample()
  const office = await newWebhookOffice()
  const { app, api, receiver } = office
  const { id, secret } = await makeWebhook(office)
  await api.post(`/webhooks/${id}/test`)
  const renewed = String((await api.post(`/webhooks/${id}/secret`)).body['secret'])
  await api.post(`/webhooks/${id}/test`)
  const [first, second] = receiver.received
  if (!first || !second) throw new Error('Nothing came.')
  const now = app.clock.now().getTime()

  const cases: readonly [string, Parameters<Check>, boolean][] = [
    ['as it came', [secret, first.headers, first.body, now], true],
    ['with the old of two secrets', [secret, second.headers, second.body, now], true],
    ['with the new of two secrets', [renewed, second.headers, second.body, now], true],
    ['with a secret of later', [renewed, first.headers, first.body, now], false],
    ['changed', [secret, first.headers, `${first.body} `, now], false],
    ['of an hour ago', [secret, first.headers, first.body, now + 3_600_000], false],
    ['unsigned', [secret, {}, first.body, now], false],
  ]
  for (const [name, given, right] of cases) expect(isFromEntrance(...given), name).toBe(right)
})
