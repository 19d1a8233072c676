import { expect, test } from 'vitest'
import { cause, testApp } from '../support/app.ts'
import { newConsole, type Console } from '../support/console.ts'
import { newPerson } from '../support/programs.ts'
import { newReceiver, WEBHOOK_KEY, type Receiver } from '../support/webhooks.ts'

const PAGE = '/admin/webhooks'

async function newOffice() {
  const app = await testApp({ encryptionKeys: [WEBHOOK_KEY] })
  return { app, admin: await newConsole(app), receiver: await newReceiver() }
}

type Fields = Parameters<Console['post']>[1] & object

/** Makes a webhook in the console; its page. */
async function add(
  { admin, receiver }: { readonly admin: Console; readonly receiver: Receiver },
  fields: Fields = {},
): Promise<string> {
  const made = await admin.post(`${PAGE}/new`, { name: 'Help desk', url: receiver.url, ...fields })
  expect(made.status, made.words).toBe(200)
  const [, id = ''] = /action="\/admin\/webhooks\/([\w-]+)\/test"/.exec(made.html) ?? []
  return `${PAGE}/${id}`
}

test('a webhook is made, shows its secret once, and gets a test event', async () => {
  const office = await newOffice()
  const { admin, receiver, app } = office
  expect((await admin.get(PAGE)).words).toContain('No webhooks yet')
  const made = await admin.post(`${PAGE}/new`, {
    name: 'Help desk',
    url: receiver.url,
    which: 'own',
    action: ['user', 'user.created', 'group.deleted'],
  })
  expect(made.words).toMatch(/Help desk is on Copy the secret now/)
  const [secret = ''] = /whsec_[\w+/]{43}=/.exec(made.html) ?? []
  expect(secret).not.toBe('')

  const [webhook] = await app.directory.webhooks.list()
  expect(webhook?.actions).toStrictEqual(['user', 'group.deleted'])
  const path = `${PAGE}/${webhook?.id}`
  const tested = await admin.send(`${path}/test`)
  expect(tested.words).toMatch(/^The test event was taken: 204 after \d+ ms\./)
  expect(receiver.types()).toStrictEqual(['webhook.test'])
  expect(tested.words).toContain('Told of Users, User groups: deleted')
  expect(tested.words).toContain('Test event Taken (204)')
  expect(tested.html).not.toContain(secret)
  const list = await admin.get(PAGE)
  expect(list.words).toMatch(/Help desk 127\.0\.0\.1:\d+ Users, User groups: deleted On Taken/)
})

test.each([
  ['an address without https', { url: 'http://example.com' }, 'Must begin with https://.'],
  ['no name', { name: '' }, 'Say a name.'],
  ['nothing chosen', { which: 'own' }, 'Choose at least one kind of event, or everything.'],
  ['a kind there is not', { which: 'own', action: 'nothing' }, 'Is no action'],
])('%s is told at its place, and nothing typed is lost', async (_, fields, words) => {
  const { admin, receiver, app } = await newOffice()
  const typed = { name: 'Chat <b>', url: receiver.url, which: 'all', ...fields }
  const refused = await admin.post(`${PAGE}/new`, typed)
  expect(refused.status).toBe(400)
  expect(refused.words).toContain(words)
  const attribute = (text: string) => text.replace('<', '&lt;').replace('>', '&gt;')
  expect(refused.html).toContain(`value="${attribute(typed.url)}"`)
  expect(refused.html).toContain(`value="${attribute(typed.name)}"`)
  expect(await app.directory.webhooks.list()).toStrictEqual([])
})

test('a webhook is changed, and its page says so', async () => {
  const office = await newOffice()
  const path = await add(office)
  const { admin, app } = office
  const form = await admin.get(`${path}/edit`)
  expect(form.html).toMatch(/value="all" checked/)
  const changed = await admin.send(`${path}/edit`, {
    name: 'Service desk',
    url: office.receiver.url,
    which: 'own',
    action: ['session.opened'],
  })
  expect(changed.words).toMatch(/^Service desk is changed\. Webhooks Service desk On /)
  const again = await admin.get(`${path}/edit`)
  expect(again.html).toMatch(/value="session.opened" checked/)
  expect(again.html).not.toMatch(/value="all" checked/)
  const events = await app.directory.events.latest({ limit: 1 })
  expect(events[0]?.action).toBe('webhook.updated')
  const record = await admin.get('/admin/record?kind=webhooks')
  expect(record.words).toContain('changed the webhook Service desk')
})

test('one that fails says since when and why, and is tried again at once', async () => {
  const office = await newOffice()
  const path = await add(office)
  const { admin, app, receiver } = office
  receiver.answer(() => 503)
  await newPerson(app.directory, 'mia', { displayName: 'Mia Maiden' })
  await app.webhooks.tick()
  const failing = await admin.get(path)
  expect(failing.words).toContain('The last delivery did not get through. It answered 503.')
  expect(failing.words).toContain('Nothing is lost meanwhile.')
  receiver.answer(() => 200)
  await admin.send(`${path}/retry`)
  await app.webhooks.tick()
  const mended = await admin.get(path)
  expect(mended.words).toMatch(/^Webhooks Help desk On /)
  expect(mended.words).toContain('Users: added Taken (200)')

  const [, delivery = ''] =
    /href="(\/admin\/webhooks\/deliveries\/[\w-]+)">Users: added/.exec(mended.html) ?? []
  const opened = await admin.get(delivery)
  expect(opened.words).toContain('test added Mia Maiden')
  expect(opened.words).toContain('webhook-signature: v1,…')
  expect(opened.words).toContain('"type": "user.created"')
  expect(opened.words).toContain('200 OK')
  const asked = await admin.get(`${delivery}/replay`)
  expect(asked.words).toContain('Deliver again from here? Help desk is told again')
  const before = receiver.received.length
  await admin.send(`${delivery}/replay`)
  await app.webhooks.tick()
  const [first, second] = receiver.received.slice(before).map(({ json }) => json.type)
  expect([first, second]).toStrictEqual(['user.created', 'webhook.resumed'])
})

test('one that was given up says so, in the list too, and can go on from now', async () => {
  const office = await newOffice()
  const path = await add(office)
  const { admin, app, receiver } = office
  receiver.answer(() => 410)
  await newPerson(app.directory, 'mia')
  await app.webhooks.tick()
  expect((await admin.get(PAGE)).words).toContain('Given up Refused (410)')
  const page = await admin.get(path)
  expect(page.words).toContain('Entrance has stopped trying. It answered 410')
  receiver.answer(() => 200)
  expect((await admin.get(`${path}/resume`)).words).toContain('From where it stopped')
  const on = await admin.send(`${path}/resume`, { from: 'now' })
  expect(on.words).toMatch(/^Help desk goes on\. /)
  await app.webhooks.tick()
  expect(receiver.types()).toStrictEqual(['user.created'])
})

test('pausing can be undone, and deleting asks first', async () => {
  const office = await newOffice()
  const path = await add(office)
  const { admin, app } = office
  const paused = await admin.send(`${path}/pause`)
  expect(paused.words).toMatch(/^Help desk is paused\. Undo /)
  expect(paused.html).toContain(`action="${path}/resume"><input type="hidden" name="from"`)
  await admin.send(`${path}/resume`, { from: 'stopped' })
  expect(await app.directory.webhooks.list()).toMatchObject([{ state: 'on' }])
  const asked = await admin.get(`${path}/remove`)
  expect(asked.words).toContain('Delete Help desk?')
  expect((await admin.send(`${path}/remove`)).words).toMatch(/^Help desk is deleted\. /)
  expect((await admin.get(path)).status).toBe(404)
  const record = await admin.get('/admin/record?kind=webhooks')
  expect(record.words).toContain('deleted the webhook Help desk')
})

test('a new secret is asked for, and shown once', async () => {
  const office = await newOffice()
  const path = await add(office)
  expect((await office.admin.get(`${path}/secret`)).words).toContain('Give Help desk a new secret?')
  const made = await office.admin.post(`${path}/secret`)
  expect(made.html).toMatch(/value="whsec_[\w+/]{43}="/)
  expect(made.words).toContain('For a day messages are signed with the old secret too')
  expect((await office.admin.get(path)).words).toContain('The old secret signs too until')
})

test('without a key the page says what to do, and offers no form', async () => {
  const admin = await newConsole(await testApp())
  const page = await admin.get(PAGE)
  expect(page.words).toContain('give it to the server as ENCRYPTION_KEY')
  expect(page.html).not.toContain(`${PAGE}/new`)
  expect((await admin.get(`${PAGE}/new`)).location).toBe(PAGE)
})

test('more deliveries than a page has are a page further', async () => {
  const office = await newOffice()
  const path = await add(office)
  const id = path.slice(PAGE.length + 1)
  for (let number = 1; number <= 30; number += 1) {
    await office.app.directory.webhooks.note(id, {
      at: office.app.clock.now().toISOString(),
      milliseconds: number,
      status: 200,
      action: 'webhook.test',
      attempt: 1,
      request: '',
    })
  }
  const first = await office.admin.get(path)
  expect(first.words).toContain(' 30 ms ')
  expect(first.words).not.toContain(' 5 ms ')
  const [, older = ''] = /href="([^"]+\?before=[^"]+)"/.exec(first.html) ?? []
  const second = await office.admin.get(older)
  expect(second.words).toContain(' 5 ms ')
  expect(second.words).not.toContain(' 30 ms ')
})

test('a webhook of another organisation is not there', async () => {
  const { app, admin, receiver } = await newOffice()
  const { id } = await app.store.organisations.create(
    { name: 'fabrikam', entraTenantId: undefined },
    cause,
  )
  const theirs = app.store.for({ organisation: id, localUsers: 'visible' }).webhooks
  const wish = { name: 'Theirs', url: receiver.url, actions: [] }
  const made = await theirs.create({ ...wish, ...app.webhooks.newWebhook(id) }, cause)
  expect((await admin.get(`${PAGE}/${made.id}`)).status).toBe(404)
  for (const verb of ['test', 'pause', 'resume', 'remove', 'secret']) {
    expect((await admin.post(`${PAGE}/${made.id}/${verb}`)).status, verb).toBe(404)
  }
  expect(await theirs.list()).toMatchObject([{ state: 'on' }])
  expect(receiver.received).toHaveLength(0)
})
