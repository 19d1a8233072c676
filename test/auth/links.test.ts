import { describe, expect, test } from 'vitest'
import { hashSecret } from '../../src/directory/token.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { newBrowser } from '../support/browser.ts'
import { newLink, newLocalUser, PASSWORD } from '../support/people.ts'
import { USER } from '../support/resources.ts'

const NAME = 'adele@contoso.example'
const HOME = '/auth/account'
const FIRST = {
  displayName: 'Adele Vance',
  userName: NAME,
  password: 'a few plain words',
  again: 'a few plain words',
}

async function localUser({ directory }: TestApp, userName: string) {
  const attributes = { userName, displayName: userName, active: true }
  return (await directory.users.create({ attributes, origin: 'local' }, cause)).user
}

describe('the set-up link', () => {
  test('makes the first administrator and signs in, once', async () => {
    const app = await testApp()
    const path = await newLink(app, 'setup')
    const browser = newBrowser(app)
    expect((await browser.get(path)).html).toContain('<h1>Welcome</h1>')
    expect(await browser.post(path, FIRST)).toMatchObject({
      status: 303,
      location: '/admin/connect',
    })
    const { html } = await browser.get(HOME)
    expect(html).toContain('Adele Vance')
    expect(html).toContain('You administer this installation.')
    const again = await newBrowser(app).get(path)
    expect(again.status).toBe(410)
    expect(again.html).toContain('This link is not valid')
    expect((await newBrowser(app).post(path, FIRST)).status).toBe(410)
    const events = await app.directory.events.list(0, 100)
    expect(events.map(({ action }) => action)).toStrictEqual([
      'token.created',
      'link.issued',
      'user.created',
      'administrator.appointed',
      'session.opened',
    ])
  })

  test('of two who use it at the same time lets one in', async () => {
    const app = await testApp()
    const path = await newLink(app, 'setup')
    const answers = await Promise.all(
      ['a', 'b'].map((name) => newBrowser(app).post(path, { ...FIRST, userName: name })),
    )
    expect(new Set(answers.map(({ status }) => status))).toStrictEqual(new Set([303, 410]))
    expect(await app.directory.administrators.list()).toHaveLength(1)
  })

  test('is worth nothing when a newer one has been made', async () => {
    const app = await testApp()
    const [older, newer] = [await newLink(app, 'setup'), await newLink(app, 'setup')]
    expect((await newBrowser(app).get(older)).status).toBe(410)
    expect((await newBrowser(app).get(newer)).status).toBe(200)
  })

  test.each([
    ['a name of blanks', { userName: '  ' }, 'Write a user name.'],
    ['no name to show', { displayName: '' }, 'Write your name.'],
    ['a control character', { displayName: 'a\u0007' }, 'Write your name.'],
    ['a short password', { password: 'short', again: 'short' }, 'at least 12 characters'],
    ['two passwords', { again: 'a few other words' }, 'The two are not the same.'],
    [
      'the user name as password',
      { password: 'adele adele 1', again: 'adele adele 1' },
      'user name',
    ],
    [
      'one character many times',
      { password: 'aaaaaaaaaaaaaa', again: 'aaaaaaaaaaaaaa' },
      'different',
    ],
    [
      'a password without end',
      { password: 'xyz ab'.repeat(50), again: 'xyz ab'.repeat(50) },
      'at most',
    ],
    ['a name that is taken', { userName: 'Taken' }, 'Somebody has this user name.'],
  ])('asks again for %s, and is not used up', async (_, wrong, message) => {
    const app = await testApp()
    await localUser(app, 'taken')
    const path = await newLink(app, 'setup')
    const browser = newBrowser(app)
    const refused = await browser.post(path, { ...FIRST, ...wrong })
    expect(refused.status).toBe(400)
    expect(refused.html).toContain(message)
    expect(refused.html).not.toContain('a few plain words')
    expect((await browser.post(path, FIRST)).status).toBe(303)
  })
})

describe('a link to choose a password', () => {
  test('signs in with the new one, and ends all that was', async () => {
    const app = await testApp()
    const { id } = await newLocalUser(app, NAME)
    const before = newBrowser(app)
    await before.post('/auth/sign-in', { userName: NAME, password: PASSWORD })
    const [path, other] = [await newLink(app, 'reset', id), await newLink(app, 'reset', id)]
    const browser = newBrowser(app)
    expect((await browser.get(path)).html).toContain(NAME)
    const chosen = { password: 'quite another one', again: 'quite another one' }
    expect(await browser.post(path, chosen)).toMatchObject({ status: 303, location: HOME })
    expect((await browser.get(HOME)).status).toBe(200)
    expect((await before.get(HOME)).status).toBe(303)
    expect((await newBrowser(app).get(other)).status).toBe(410)
    const events = await app.directory.events.list(0, 100)
    expect(events.find(({ changes }) => changes.some(({ from }) => from === 1))).toMatchObject({
      action: 'password.chosen',
      resourceId: id,
    })
    for (const [password, status] of [
      [PASSWORD, 401],
      ['quite another one', 303],
    ] as const) {
      const answer = await newBrowser(app).post('/auth/sign-in', { userName: NAME, password })
      expect(answer.status).toBe(status)
    }
  })

  test.each([
    ['invitation', 7 * 24 * 60],
    ['reset', 60],
    ['recovery', 15],
  ] as const)('expires: %s after %i minutes', async (purpose, minutes) => {
    const app = await testApp()
    const { id } = await localUser(app, NAME)
    const path = await newLink(app, purpose, id)
    app.clock.pass(minutes * 60_000 - 1)
    expect((await newBrowser(app).get(path)).status).toBe(200)
    app.clock.pass(1)
    expect((await newBrowser(app).get(path)).status).toBe(410)
    const chosen = { password: 'quite another one', again: 'quite another one' }
    expect((await newBrowser(app).post(path, chosen)).status).toBe(410)
  })

  test.each([
    ['a secret that nobody has', 'entrance_'.padEnd(52, 'A')],
    ['no secret', ''],
    ['SQL', "' OR 1=1 --"],
    ['a long text', 'x'.repeat(4_000)],
  ])('is refused with %s', async (_, secret) => {
    const app = await testApp()
    const { status } = await newBrowser(app).get(`/auth/link/${encodeURIComponent(secret)}`)
    expect(status).toBe(secret === '' ? 404 : 410)
  })

  test('keeps the password of somebody inactive, and says so', async () => {
    const app = await testApp()
    const { id } = await localUser(app, NAME)
    const path = await newLink(app, 'invitation', id)
    const off = (current: object) => ({ ...current, active: false })
    await app.directory.users.update(id, undefined, off, cause)
    // Deactivating ended the link; an administrator may make another one.
    expect((await newBrowser(app).get(path)).status).toBe(410)
    const browser = newBrowser(app)
    const long = '👩‍🚀'.repeat(60)
    const again = await newLink(app, 'invitation', id)
    const { status, html } = await browser.post(again, {
      password: `a b c d e${long}`,
      again: `a b c d e${long}`,
    })
    expect(status).toBe(200)
    expect(html).toContain('Your password is saved')
    expect(browser.cookie).toBeUndefined()
    const on = (current: object) => ({ ...current, active: true })
    await app.directory.users.update(id, undefined, on, cause)
    const form = { userName: NAME, password: `a b c d e${long}` }
    expect((await browser.post('/auth/sign-in', form)).status).toBe(303)
  })

  test('is worth nothing when the user is gone', async () => {
    const app = await testApp()
    const { id } = await localUser(app, NAME)
    const path = await newLink(app, 'reset', id)
    await app.directory.users.remove(id, undefined, cause)
    expect((await newBrowser(app).get(path)).status).toBe(410)
  })
})

describe('the last active administrator', () => {
  test('is not dismissed, though one who is inactive is left', async () => {
    const app = await testApp()
    const [one, other] = [await localUser(app, 'one'), await localUser(app, 'other')]
    for (const { id } of [one, other]) await app.directory.administrators.appoint(id, cause)
    const off = (current: object) => ({ ...current, active: false })
    await app.directory.users.update(other.id, undefined, off, cause)
    const dismissed = app.directory.administrators.dismiss(one.id, cause)
    await expect(dismissed).rejects.toMatchObject({ code: 'lastAdministrator' })
    expect(await app.directory.administrators.list()).toStrictEqual([one.id, other.id])
  })

  test('is one of two who dismiss each other at the same time', async () => {
    const app = await testApp()
    const [one, other] = [await localUser(app, 'one'), await localUser(app, 'other')]
    for (const { id } of [one, other]) await app.directory.administrators.appoint(id, cause)
    const both = await Promise.allSettled(
      [one, other].map(({ id }) => app.directory.administrators.dismiss(id, cause)),
    )
    expect(both.map(({ status }) => status).sort()).toStrictEqual(['fulfilled', 'rejected'])
    expect(await app.directory.administrators.list()).toHaveLength(1)
  })
})

test('DESIGN §5.1 whoever is handed to Entra while choosing a password has none', async () => {
  const app = await testApp()
  const names = Array.from({ length: 12 }, (_, index) => `user-${index}@contoso.example`)
  const chosen: Promise<unknown>[] = []
  for (const userName of names) {
    const { id } = await localUser(app, userName)
    const path = await newLink(app, 'invitation', id)
    const link = await app.store.findLink(hashSecret(String(path.split('/').at(-1))))
    await app.scim.post('/Users', { schemas: [USER], userName })
    const request = (await app.directory.linkRequests.list()).find(({ userId }) => userId === id)
    chosen.push(
      Promise.allSettled([
        app.directory.accounts.choosePassword(String(link?.id), 'a hash', cause),
        app.directory.linkRequests.accept(String(request?.id), undefined, cause),
      ]),
    )
  }
  await Promise.all(chosen)
  expect(await app.directory.linkRequests.list()).toStrictEqual([])
  expect(Number(await app.database.value('SELECT count(*) FROM passwords'))).toBe(0)
})
