import { expect, test } from 'vitest'
import { cause, testApp } from '../support/app.ts'
import { newConsole } from '../support/console.ts'
import { entraPerson, testEntraDirectory } from '../support/entra-directory.ts'
import { newPerson } from '../support/programs.ts'
import { newReceiver, WEBHOOK_KEY } from '../support/webhooks.ts'

test('where nothing goes on, it says so, and how everything stands', async () => {
  const admin = await newConsole(await testApp())
  const { words, html } = await admin.get('/admin/jobs')
  expect(words).toContain('Nothing is under way just now.')
  expect(words).toContain('Sync by itself Only when an administrator starts it.')
  expect(words).toContain('Mails No mail server is set, so nothing is sent.')
  expect(words).toContain('Webhooks There are none.')
  expect(words).toContain('Held back Nothing is held back.')
  expect(words).toContain('Provisioning log Requests are not kept.')
  expect(html).not.toContain('data-live')
  expect(html).not.toContain('http-equiv="refresh"')
})

test('an import that goes on is seen with how far it is, and can be stopped', async () => {
  const people = [1, 2, 3].map((number) => entraPerson(number, `person${number}`))
  const app = await testApp({ entraDirectory: testEntraDirectory(people) })
  const admin = await newConsole(app)
  const options = { groups: [], invite: { when: 'never' as const }, rules: false }
  const items = people.map((person) => ({ person, chosen: {} }))
  const plan = await app.directory.plans.planImport(items, options, cause)
  await app.directory.plans.start(plan.id, cause)
  await app.directory.plans.applyNext(plan.id, cause)

  const page = await admin.get('/admin/jobs')
  expect(page.words).toContain('Import 1 of 3')
  expect(page.html).toContain('data-live="/admin/jobs/now"')
  expect(page.html).toContain('http-equiv="refresh" content="5"')
  expect(page.html).toContain(`action="/admin/import/${plan.id}/stop"`)
  await admin.post(`/admin/import/${plan.id}/stop`)
  expect((await admin.get('/admin/jobs')).words).toContain('Nothing is under way')
})

test('webhooks are counted by how they stand', async () => {
  const app = await testApp({ encryptionKeys: [WEBHOOK_KEY] })
  const admin = await newConsole(app)
  const receiver = await newReceiver()
  const make = (name: string) =>
    app.directory.webhooks.create(
      { name, url: receiver.url, actions: ['user'], ...app.webhooks.newWebhook('default') },
      cause,
    )
  await make('one')
  await make('two')
  await app.directory.webhooks.pause((await make('three')).id, cause)
  receiver.answer(({ headers }) => (headers['webhook-id'] === undefined ? 500 : 503))
  await newPerson(app.directory, 'mia')
  await app.webhooks.tick()
  const { words } = await admin.get('/admin/jobs')
  expect(words).toContain('Webhooks 2 on · 2 of them failing · 1 paused · last delivery')
})

test('what is due can be begun at once', async () => {
  let woken = 0
  const app = await testApp({ runner: { wake: () => void (woken += 1) } })
  const admin = await newConsole(app)
  const done = await admin.send('/admin/jobs/wake')
  expect(done.words).toMatch(/^Everything that is due begins now\. Jobs /)
  expect(woken).toBe(1)
})
