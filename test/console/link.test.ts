import { beforeEach, describe, expect, test } from 'vitest'
import type { User } from '../../src/directory/user.ts'
import { runnerOn } from '../support/imports.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { newConsole, type Console } from '../support/console.ts'
import { colleagues, localUser, unlinkedUsers } from '../support/console-scenes.ts'
import { testEntraDirectory, type TestEntraDirectory } from '../support/entra-directory.ts'
import { newBrowserSession } from '../support/programs.ts'
import { USER } from '../support/resources.ts'

const { ada, bob, bobby, layla, mia, wolf } = colleagues

let app: TestApp
let entra: TestEntraDirectory
let admin: Console
let users: Awaited<ReturnType<typeof unlinkedUsers>>

beforeEach(async () => {
  entra = testEntraDirectory(Object.values(colleagues))
  app = await testApp({ entraDirectory: entra })
  admin = await newConsole(app, 'Olga Operator')
  users = await unlinkedUsers(app)
})

const linkOf = async ({ id }: User) => (await app.directory.users.read(id))?.link?.objectId

/** The fields of the form of a page that goes to a path. */
function fieldsOf(html: string, action: string): Record<string, string> {
  const start = html.indexOf(`action="${action}"`)
  const form = html.slice(start, html.indexOf('</form>', start))
  const fields = [...form.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)]
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]))
}

async function asksAtSignIn(person: typeof mia): Promise<string> {
  const { id: objectId, userPrincipalName: userName, displayName } = person
  await app.directory.linkRequests.ask({ objectId, userName, displayName }, cause)
  return String((await app.directory.linkRequests.list()).at(-1)?.id)
}

describe('the piles', () => {
  test('have all who are not linked, each with whom it may be and why', async () => {
    const exact = await admin.get('/admin/link')
    expect(exact.words).toContain('Asking 0 Exact match 2 Possible match 2 No match 2')
    expect(exact.words).toContain(
      'Ada Byron ada.lovelace@contoso.example AL Ada Lovelace ada.lovelace@contoso.example The user name is the same. Compare Ada Byron',
    )
    const possible = await admin.get('/admin/link?pile=possible')
    expect(possible.words).toContain('Robert Kowalski bkowalski')
    expect(possible.words).toContain('and 1 more')
    const none = await admin.get('/admin/link?pile=none')
    expect(none.words).toContain('Warehouse scanner')
  })

  test('begin with those who ask, where there are any', async () => {
    await asksAtSignIn(mia)
    const { words } = await admin.get('/admin/link')
    expect(words).toContain('Mia Nguyễn mia.nguyen@contoso.example nobody of that name Sign-in')
  })

  test('begin with those who are surest, where nobody asks', async () => {
    await app.directory.users.remove(users.ada.id, undefined, cause)
    await app.directory.users.remove(users.wolf.id, undefined, cause)
    const { words } = await admin.get('/admin/link')
    expect(words).toContain('Robert Kowalski bkowalski')
    const exact = await admin.get('/admin/link?pile=exact')
    expect(exact.words).toContain('No exact match')
    expect(exact.html).toMatch(
      /href="\/admin\/link\?pile=possible"[^>]*>Possible match<\/a><\/div>/,
    )
  })

  test('show how far the looking is where it takes long', async () => {
    const go = Promise.withResolvers<void>()
    const { usersById } = entra
    entra.usersById = async (ids) => {
      await go.promise
      return usersById(ids)
    }
    const { words, html } = await admin.get('/admin/link?pile=exact')
    expect(words).toContain('0 of 6 users looked up')
    expect(html).toContain('data-live="/admin/link/live"')
    expect(html).toContain('http-equiv="refresh"')
    go.resolve()
    await expect
      .poll(async () => (await admin.get('/admin/link?pile=exact')).words)
      .toContain('Exact match 2')
  })

  test('say why Entra cannot be asked, and look again', async () => {
    entra.failure = 'unavailable'
    const { words } = await admin.get('/admin/link?pile=exact')
    expect(words).toContain('Entra could not be asked:')
    entra.failure = undefined
    const again = await admin.send('/admin/link/look', { pile: 'exact' })
    expect(again.words).toContain('Exact match 2')
  })

  test('say without a connection how to make one', async () => {
    const other = await testApp()
    const { html, words } = await (await newConsole(other)).get('/admin/link')
    expect(words).toContain('Entrance does not read your Entra ID yet')
    expect(html).toContain('href="/admin/connect"')
  })

  test('have nobody any more who was linked otherwise meanwhile', async () => {
    await admin.get('/admin/link?pile=exact')
    await admin.browser.post(`/admin/link/users/${users.ada.id}`, [['person', ada.id]])
    await app.directory.users.remove(users.wolf.id, undefined, cause)
    const { words } = await admin.get('/admin/link?pile=exact')
    expect(words).toContain('No exact match')
  })

  test('go on after fifty', async () => {
    for (let index = 0; index < 52; index += 1) await localUser(app, `shared-${index}`)
    const first = await admin.get('/admin/link?pile=none')
    expect(first.words).toContain('No match 54')
    const second = await admin.get('/admin/link?pile=none&from=50')
    const count = (html: string) => html.match(/<tr>/g)?.length
    expect([count(first.html), count(second.html)]).toEqual([51, 5])
  })
})

describe('two side by side', () => {
  test('say what is the same, what becomes of what is not, and what else happens', async () => {
    await newBrowserSession(app.directory, users.ada.id)
    const { words } = await admin.get(`/admin/link/users/${users.ada.id}`)
    expect(words).toContain('Who is Ada Byron?')
    expect(words).toContain('Name Ada Byron Becomes Entra’s Ada Lovelace')
    expect(words).toContain('Mobile +44 20 7946 0999 Becomes Entra’s +44 20 7946 0001')
    expect(words).toContain('Job title Analyst Same Analyst')
    expect(words).toContain('Department none Stays as here Sales')
    expect(words).toContain('The user is signed out in 1 place.')
    expect(words).toContain('What speaks for it The user name is the same.')
  })

  test('are linked, and who comes next in the pile is shown; undo makes a local user as before', async () => {
    await admin.get('/admin/link?pile=exact')
    const path = `/admin/link/users/${users.ada.id}`
    const { html } = await admin.get(`${path}?pile=exact`)
    const next = await admin.send(path, fieldsOf(html, path))
    expect(await linkOf(users.ada)).toBe(ada.id)
    expect(next.words).toContain('Ada Byron is linked.')
    expect(next.words).toContain('Who is Hubert Blaine')
    const undone = await admin.send(`${path}/undo`, fieldsOf(next.html, `${path}/undo`))
    expect(undone.words).toContain('Ada Byron is as before the link, but without a password.')
    expect(await linkOf(users.ada)).toBeUndefined()
  })

  test('that are not the same person are told apart: the next suggestion is shown, and undo brings it back', async () => {
    await admin.get('/admin/link?pile=possible')
    const path = `/admin/link/users/${users.bob.id}`
    const { html } = await admin.get(path)
    const next = await admin.send(`${path}/reject`, fieldsOf(html, `${path}/reject`))
    expect(next.words).toContain('Robert Kowalski is not suggested for Robert Kowalski any more.')
    expect(next.words).toContain('bob.kowalski@contoso.example')
    expect(next.words).toContain('The account is blocked at Entra: the user is switched off.')
    const [, action = ''] = /action="([^"]*\/reopen)"/.exec(next.html) ?? []
    const back = await admin.send(action, fieldsOf(next.html, action))
    expect(back.words).toContain('Taken back')
    expect(back.words).toContain('robert.kowalski@contoso.example')
    expect(await linkOf(users.bob)).toBeUndefined()
  })

  test('can be any two: an account that was looked for is compared and linked', async () => {
    const path = `/admin/link/users/${users.scanner.id}`
    const found = await admin.get(`${path}?search=mia`)
    expect(found.html).toContain(`${path}?person=${mia.id}`)
    const { html, words } = await admin.get(`${path}?person=${mia.id}`)
    expect(words).toContain('Nothing but your choice speaks for it')
    await admin.send(path, fieldsOf(html, path))
    expect(await linkOf(users.scanner)).toBe(mia.id)
  })

  test('that cannot be linked say why, and offer no link', async () => {
    await admin.post(`/admin/link/users/${users.ada.id}`, { person: ada.id })
    const path = `/admin/link/users/${users.scanner.id}`
    const { words, html } = await admin.get(`${path}?person=${ada.id}`)
    expect(words).toContain('These two cannot be linked:')
    expect(html).not.toContain(`action="${path}"><input type="hidden" name="person"`)
    const forced = await admin.send(path, { person: ada.id })
    expect(forced.words).toContain('Another user is linked to this account.')
    expect(await linkOf(users.scanner)).toBeUndefined()
    const search = await admin.get(`${path}?search=ada`)
    expect(search.words).toContain('Linked already')
  })

  test('of which the user is linked lead to the user', async () => {
    await admin.post(`/admin/link/users/${users.ada.id}`, { person: ada.id })
    const { location } = await admin.get(`/admin/link/users/${users.ada.id}`)
    expect(location).toBe(`/admin/users/${users.ada.id}`)
  })

  test('say why Entra cannot be asked', async () => {
    entra.failure = 'unavailable'
    const { status, words } = await admin.get(`/admin/link/users/${users.ada.id}`)
    expect(status).toBe(200)
    expect(words).not.toContain('Choose an account')
  })
})

describe('many at once', () => {
  test('are shown with what changes, and then linked; whose box is not ticked is left', async () => {
    const { html } = await admin.get('/admin/link?pile=exact')
    const boxes = [...html.matchAll(/name="id" value="([^"]+)" checked/g)].map(([, id = '']) => id)
    expect(boxes).toEqual([`${users.ada.id} ${ada.id}`, `${users.wolf.id} ${wolf.id}`])
    const { location = '' } = await admin.post('/admin/link/many', { id: boxes[0] ?? '' })
    const preview = await admin.get(location)
    expect(preview.words).toContain('Link these users?')
    expect(preview.words).toContain('Display name Before: Ada Byron → Now: Ada Lovelace')
    expect(preview.words).toContain('First name Now: Ada')
    expect(await linkOf(users.ada)).toBeUndefined()

    await admin.post(location)
    expect((await admin.get(location)).words).toContain('0 of 1 user')
    await runnerOn(app.store).tick()
    expect((await admin.get(location)).words).toContain('1 user linked.')
    expect(await linkOf(users.ada)).toBe(ada.id)
    expect(await linkOf(users.wolf)).toBeUndefined()
  })

  test('can be all that were found', async () => {
    await admin.get('/admin/link?pile=exact')
    const { words } = await admin.send('/admin/link/many', { all: 'yes' })
    expect(words).toContain('Link 2 users')
  })

  test('are told apart from those who cannot be linked any more', async () => {
    await admin.post(`/admin/link/users/${users.ada.id}`, { person: ada.id })
    const id = [`${users.bob.id} ${ada.id}`, `${users.wolf.id} ${wolf.id}`]
    const { words } = await admin.send('/admin/link/many', { id })
    expect(words).toContain('1 user left as they are')
    expect(words).toContain('Link 1 user')
  })

  test.each([
    ['nobody', {}, 'Nobody was chosen.'],
    ['a box of somebody else', { id: 'x' }, 'Nobody was chosen.'],
  ])('are not planned for %s', async (_, fields, text) => {
    await admin.get('/admin/link?pile=exact')
    const { words } = await admin.send('/admin/link/many', fields)
    expect(words).toContain(text)
    expect(await app.directory.plans.list('import')).toEqual([])
  })
})

describe('who asks', () => {
  test('where they are many, they come a page at a time, and the menu tells only that', async () => {
    const { linkRequests } = app.directory
    for (let at = 0; at < 101; at += 1) {
      const objectId = `a0000000-0000-4000-8000-${String(at).padStart(12, '0')}`
      await linkRequests.ask({ objectId, userName: `somebody.${at}` }, cause)
    }
    expect(await linkRequests.count(100)).toBe(100)
    const first = await admin.get('/admin/link')
    expect(first.html).toContain('<span class="count" aria-label="more than 99 wait">99+</span>')
    expect(first.words).toContain('Asking 101')
    expect(first.words).toContain('somebody.49')
    expect(first.words).not.toContain('somebody.50')
    expect(first.html).toContain('from=50')
    const last = await admin.get('/admin/link?from=100')
    expect(last.words).toContain('somebody.100')
    expect(last.words).not.toContain('somebody.99')
    expect(last.html).not.toContain('from=101')
    expect((await admin.get('/admin')).words).toContain('101 accounts of Entra ask to be let in')
  })

  test('through provisioning is compared with the user of the name, linked, and asks again after undo', async () => {
    const { userPrincipalName: userName, id: externalId, displayName } = ada
    await app.scim.post('/Users', { schemas: [USER], userName, externalId, displayName })
    const [request] = await app.directory.linkRequests.list()
    const path = `/admin/link/asking/${request?.id}`
    const { words, html } = await admin.get(path)
    expect(words).toContain('Ada Lovelace asks to be let in')
    expect(words).toContain('Name Ada Byron Different Ada Lovelace')
    expect(words).toContain('Entra’s provisioning takes the user over')
    const done = await admin.send(path, fieldsOf(html, path))
    expect(done.words).toContain('Ada Byron is linked to the account that asked.')
    expect(await linkOf(users.ada)).toBe(ada.id)
    const undo = `/admin/link/users/${users.ada.id}/undo`
    await admin.send(undo, fieldsOf(done.html, undo))
    expect(await linkOf(users.ada)).toBeUndefined()
    expect((await app.directory.linkRequests.list()).map(({ id }) => id)).toEqual([request?.id])
  })

  test('and is nobody here can be imported, or be a user whom an administrator finds', async () => {
    const id = await asksAtSignIn(mia)
    const path = `/admin/link/asking/${id}`
    const { html } = await admin.get(path)
    expect(html).toContain('/admin/import/new?search=mia.nguyen%40contoso.example')
    const found = await admin.get(`${path}?search=ware`)
    expect(found.html).toContain(`${path}?user=${users.scanner.id}`)
    const pair = await admin.get(`${path}?user=${users.scanner.id}`)
    await admin.send(path, fieldsOf(pair.html, path))
    expect(await linkOf(users.scanner)).toBe(mia.id)
  })

  test('is turned down, and asks again with undo', async () => {
    const id = await asksAtSignIn(mia)
    const done = await admin.send(`/admin/link/asking/${id}/dismiss`)
    expect(done.words).toContain('Mia Nguyễn was turned down.')
    expect(done.words).toContain('Nobody is asking')
    await admin.send(`/admin/link/asking/${id}/reopen`)
    expect(await app.directory.linkRequests.list()).toHaveLength(1)
  })

  test('can be of an account that Entra does not have any more', async () => {
    const id = await asksAtSignIn(bobby)
    entra.people = [bob, layla]
    const { words } = await admin.get(`/admin/link/asking/${id}?user=${users.bob.id}`)
    expect(words).toContain('This account is not at Entra any more.')
    expect(words).toContain('Name Robert Kowalski Same Robert Kowalski')
  })

  test('and was decided on is not there', async () => {
    expect((await admin.get('/admin/link/asking/x')).status).toBe(404)
  })
})
