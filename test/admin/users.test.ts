import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { problem } from '../support/admin.ts'
import { cause } from '../support/app.ts'
import { newBrowser } from '../support/browser.ts'
import { ada, byId, carriedOut, eventsOf, newScene, planned, userOf } from '../support/imports.ts'
import type { Scene } from '../support/imports.ts'
import { startMailbox } from '../support/mailbox.ts'
import { PASSWORD } from '../support/people.ts'
import { newBrowserSession, newClientSession, newPerson } from '../support/programs.ts'
import { recorded } from '../support/store.ts'

const PUBLIC_URL = 'https://entrance.example'

const OLD = {
  displayName: 'Planner',
  name: { givenName: 'Pla' },
  emails: [{ type: 'work', value: 'planner@contoso.example', primary: true }],
}

/** Somebody else than Ada, who was linked to the account of Ada. */
async function wronglyLinked(options: { readonly smtpUrl?: string } = {}) {
  const scene = await newScene(options)
  const { id, attributes } = await newPerson(scene.app.directory, 'planner', OLD)
  expect((await scene.api.post(`/users/${id}/link`, { objectId: ada.id })).status).toBe(200)
  const read = () => scene.app.directory.users.read(id)
  expect((await read())?.attributes).toMatchObject({ userName: 'ada@contoso.example' })
  return { ...scene, id, attributes, read }
}

/** Ada has been imported, and is signed in in a browser and in a client. */
async function newUser(options: { readonly smtpUrl?: string } = {}) {
  const scene = await newScene(options)
  await carriedOut(scene, (await planned(scene, byId(ada))).plan)
  const id = String((await userOf(scene, ada))?.id)
  await newBrowserSession(scene.app.directory, id)
  await newClientSession(scene.app.directory, id)
  return { ...scene, id }
}

const lastEvent = async ({ app }: Scene, action: string) =>
  (await app.directory.events.list(0, 1_000)).findLast((event) => event.action === action)

describe('unlinking a user', () => {
  test('makes a local one, signed out everywhere, whose groups and roles stay', async () => {
    const scene = await newUser()
    const { api, app, id } = scene
    const answer = await api.post(`/users/${id}/unlink`)
    expect(answer).toMatchObject({ status: 200, body: {} })
    const user = await app.directory.users.read(id)
    expect(user).toMatchObject({
      origin: 'local',
      provisioned: false,
      groups: [{ id: scene.group }],
      attributes: { userName: 'ada@contoso.example', roles: [{ value: 'Designer' }], active: true },
    })
    expect(user?.link).toBeUndefined()
    expect(user?.attributes['externalId']).toBeUndefined()
    expect(await app.directory.sessions.list(id)).toEqual([])
    expect((await lastEvent(scene, 'user.unlinked'))?.changes).toEqual([
      { path: 'link', from: ada.id },
      { path: 'externalId', from: ada.id },
      { path: 'sessions', from: 2 },
    ])
    // Provisioning sees nothing of a local account.
    expect((await app.scim.get(`/Users/${id}`)).status).toBe(404)
    expect((await app.scim.get('/Users?count=0')).body).toMatchObject({ totalResults: 0 })
  })

  test('gives a link to choose a password, when that is wanted', async () => {
    const scene = await newUser()
    const { body } = await scene.api.post(`/users/${scene.id}/unlink`, { passwordLink: 'shown' })
    const { url } = body['passwordLink'] as { url: string }
    const browser = newBrowser(scene.app)
    const path = url.slice(PUBLIC_URL.length)
    const chosen = await browser.post(path, { password: PASSWORD, again: PASSWORD })
    expect(chosen.status).toBe(303)
    const typed = { userName: 'ada@contoso.example', password: PASSWORD }
    expect((await newBrowser(scene.app).post('/auth/sign-in', typed)).status).toBe(303)
  })

  test('brings back what was before the link, when that is wanted', async () => {
    const scene = await wronglyLinked()
    const { api, id, attributes, read } = scene
    expect((await api.post(`/users/${id}/unlink`, { restore: true })).status).toBe(200)
    expect((await read())?.attributes).toEqual(attributes)
    expect((await read())?.link).toBeUndefined()
    expect((await lastEvent(scene, 'user.updated'))?.changes).toContainEqual({
      path: 'userName',
      from: 'ada@contoso.example',
      to: 'planner',
    })
  })

  test('brings back all but a user name that somebody else has by now', async () => {
    const { api, app, id, attributes, read } = await wronglyLinked()
    await newPerson(app.directory, 'planner')
    expect((await api.post(`/users/${id}/unlink`, { restore: true })).status).toBe(200)
    expect((await read())?.attributes).toEqual({ ...attributes, userName: 'ada@contoso.example' })
  })

  test('brings nothing back of who was made by an import', async () => {
    const { api, app, id } = await newUser()
    const before = await app.directory.users.read(id)
    expect((await api.post(`/users/${id}/unlink`, { restore: true })).status).toBe(200)
    const { externalId: _, ...kept } = before?.attributes ?? {}
    expect((await app.directory.users.read(id))?.attributes).toEqual(kept)
  })

  test('mails the link to the address from before, and not to the account that was linked', async () => {
    const mailbox = await startMailbox()
    const { api, id } = await wronglyLinked({ smtpUrl: mailbox.url })
    const body = { restore: true, passwordLink: 'mailed' }
    expect((await api.post(`/users/${id}/unlink`, body)).status).toBe(200)
    await expect.poll(() => mailbox.mails).toMatchObject([{ to: ['planner@contoso.example'] }])
  })

  test('leaves everything as it is where there was no address before', async () => {
    const mailbox = await startMailbox()
    const { api, app } = await newScene({ smtpUrl: mailbox.url })
    const { id } = await newPerson(app.directory, 'planner')
    expect((await api.post(`/users/${id}/link`, { objectId: ada.id })).status).toBe(200)
    const linked = await app.directory.users.read(id)
    const body = { restore: true, passwordLink: 'mailed' }
    expect((await api.post(`/users/${id}/unlink`, body)).status).toBe(409)
    expect(await app.directory.users.read(id)).toEqual(linked)
  })

  test('mails a link to choose a password, when that is wanted', async () => {
    const mailbox = await startMailbox()
    const scene = await newUser({ smtpUrl: mailbox.url })
    const { api, app, id } = scene
    const answer = await api.post(`/users/${id}/unlink`, { passwordLink: 'mailed' })
    expect(answer).toMatchObject({ status: 200, body: {} })
    await expect.poll(() => mailbox.mails).toMatchObject([{ to: ['ada@contoso.example'] }])
    const [path = ''] = /\/auth\/link\/entrance_\S+/.exec(mailbox.mails[0]?.text ?? '') ?? []
    expect((await newBrowser(app).post(path, { password: PASSWORD, again: PASSWORD })).status).toBe(
      303,
    )
    const actions = (await app.directory.events.list(0, 1_000)).map(({ action }) => action)
    expect(actions.slice(actions.indexOf('user.unlinked'))).toEqual([
      'user.unlinked',
      'mail.queued',
      'link.issued',
      'password.chosen',
      'session.opened',
    ])
  })

  test.each([
    ['there is no mail server', false, (now: JsonObject) => now, /^There is no mail server/],
    [
      'the user has no address',
      true,
      (now: JsonObject) => ({ ...now, userName: 'ada', emails: [] }),
      /no e-mail address/,
    ],
  ])(
    'and a mail is refused where %s, and nothing happens',
    async (_, configured, change, detail) => {
      const mailbox = await startMailbox()
      const scene = await newUser(configured ? { smtpUrl: mailbox.url } : {})
      const { api, app, id } = scene
      await app.directory.users.update(id, undefined, change, cause)
      const before = await app.directory.users.read(id)
      const events = await recorded(app.directory, async () => {
        const answer = await api.post(`/users/${id}/unlink`, { passwordLink: 'mailed' })
        expect(problem(answer)).toEqual({ status: 409, code: 'conflict' })
        expect(answer.body['detail']).toMatch(detail)
      })
      expect(events).toEqual([])
      expect(await app.directory.users.read(id)).toEqual(before)
      expect(before?.link?.objectId).toBe(ada.id)
      expect(await app.directory.sessions.list(id)).toHaveLength(2)
      expect(await app.directory.outbox.list({ limit: 10 })).toEqual([])
    },
  )

  test('keeps an externalId that is no object id, and can be undone by an import', async () => {
    const scene = await newUser()
    const { users } = scene.app.directory
    await users.update(scene.id, undefined, (now) => ({ ...now, externalId: 'EMP-7' }), cause)
    await scene.api.post(`/users/${scene.id}/unlink`)
    expect((await users.read(scene.id))?.attributes['externalId']).toBe('EMP-7')
    const links = { [ada.id]: scene.id }
    await carriedOut(scene, (await planned(scene, byId(ada), { links })).plan)
    expect(await userOf(scene, ada)).toMatchObject({ id: scene.id, provisioned: true })
    expect((await scene.app.scim.get('/Users?count=0')).body).toMatchObject({ totalResults: 1 })
  })

  test('is refused for somebody whom provisioning made', async () => {
    const scene = await newScene()
    const attributes = { userName: 'ada', externalId: ada.id, active: true }
    const pushed = { ...cause, door: 'scim' } as const
    const { user } = await scene.app.directory.users.create({ attributes, origin: 'scim' }, pushed)
    const answer = await scene.api.post(`/users/${user.id}/unlink`)
    expect(problem(answer)).toEqual({ status: 409, code: 'conflict' })
    expect(await scene.app.directory.users.read(user.id)).toEqual(user)
  })

  test('changes nothing for somebody who is not linked', async () => {
    const scene = await newScene()
    const { id } = await newPerson(scene.app.directory, 'local')
    const before = await scene.app.directory.users.read(id)
    expect((await scene.api.post(`/users/${id}/unlink`)).status).toBe(200)
    expect(await scene.app.directory.users.read(id)).toEqual(before)
    expect(await eventsOf(scene, 'user.unlinked')).toEqual([])
    expect(problem(await scene.api.post('/users/x/unlink'))).toEqual({
      status: 404,
      code: 'notFound',
    })
  })
})

test('an administrator sees where somebody is signed in, and signs them out', async () => {
  const { api, app, id } = await newUser()
  const { body } = await api.get(`/users/${id}/sessions`)
  expect(body['items']).toMatchObject([{ kind: 'browser' }, { kind: 'client' }])
  expect(JSON.stringify(body)).not.toContain('hash')
  expect((await api.post(`/users/${id}/sign-out`)).body).toEqual({ ended: 2 })
  expect(await app.directory.sessions.list(id)).toEqual([])
  expect((await api.post(`/users/${id}/sign-out`)).body).toEqual({ ended: 0 })
  expect((await api.get('/users/x/sessions')).status).toBe(404)
})
