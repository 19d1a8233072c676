import { describe, expect, test } from 'vitest'
import { newAdmin, problem } from '../support/admin.ts'
import { testApp } from '../support/app.ts'
import { newBrowser } from '../support/browser.ts'
import { newLocalUser, PASSWORD } from '../support/people.ts'
import { newBrowserSession, newPerson } from '../support/programs.ts'
import { newUser } from '../support/resources.ts'

async function newScene() {
  const app = await testApp()
  const api = await newAdmin(app)
  const { directory } = app
  const mia = await newPerson(directory, 'mia', { roles: [{ value: 'PM', primary: true }] })
  const actionsOf = async (id: string) =>
    (await directory.events.latest({ limit: 20, resourceId: id })).map(({ action }) => action)
  return { app, api, directory, mia, actionsOf }
}

describe('the roles of a user', () => {
  test('are given and taken away, and what is not named stays as it is', async () => {
    const { api, directory, mia, actionsOf } = await newScene()
    const given = await api.post(`/users/${mia.id}/roles`, { give: ['Sales', 'pm'] })
    expect(given).toMatchObject({ status: 200, body: { roles: ['PM', 'Sales'] } })
    const taken = await api.post(`/users/${mia.id}/roles`, { give: ['Lead'], take: ['SALES'] })
    expect(taken.body['roles']).toEqual(['PM', 'Lead'])
    expect((await directory.users.read(mia.id))?.attributes['roles']).toEqual([
      { value: 'PM', primary: true },
      { value: 'Lead' },
    ])
    expect(await actionsOf(mia.id)).toEqual(['user.updated', 'user.updated', 'user.created'])
  })

  test('that are there already, or are not, are no change', async () => {
    const { api, mia, actionsOf } = await newScene()
    await api.post(`/users/${mia.id}/roles`, { give: ['pm'], take: ['Sales'] })
    await api.post(`/users/${mia.id}/roles`)
    expect(await actionsOf(mia.id)).toEqual(['user.created'])
  })

  test('are given to whom Entra owns too', async () => {
    const { app, api } = await newScene()
    const { id } = await newUser(app.scim, 'ina@contoso.example')
    const { body } = await api.post(`/users/${id}/roles`, { give: ['PM'] })
    expect(body['roles']).toEqual(['PM'])
  })

  test.each([
    ['the same to give and to take', { give: ['PM'], take: ['pm'] }, '#/take/0'],
    ['nothing for a role', { give: ['  '] }, '#/give/0'],
    ['one that is too long', { give: ['x'.repeat(201)] }, '#/give/0'],
    ['too many', { give: Array.from({ length: 51 }, (_, index) => `r${index}`) }, '#/give'],
  ])('are refused where there is %s', async (_, body, pointer) => {
    const { api, mia } = await newScene()
    const answer = await api.post(`/users/${mia.id}/roles`, body)
    expect(problem(answer)).toEqual({ status: 400, code: 'badRequest' })
    expect(answer.body['errors']).toMatchObject([{ pointer }])
  })

  test('of nobody are not found', async () => {
    const { api } = await newScene()
    expect(problem(await api.post('/users/x/roles')).code).toBe('notFound')
  })
})

describe('one session of a user', () => {
  test('is ended, and the others stay', async () => {
    const { api, directory, mia } = await newScene()
    const one = await newBrowserSession(directory, mia.id)
    const other = await newBrowserSession(directory, mia.id)
    const path = `/users/${mia.id}/sessions/end`
    expect((await api.post(path, { session: one.id })).status).toBe(204)
    expect((await api.post(path, { session: one.id })).status).toBe(204)
    expect((await directory.sessions.list(mia.id)).map(({ id }) => id)).toEqual([other.id])
    const ended = (await directory.events.list(0, 100)).filter(
      ({ action }) => action === 'session.ended',
    )
    expect(ended).toHaveLength(1)
  })

  test('of somebody else is left alone', async () => {
    const { app, api, directory, mia } = await newScene()
    const tim = await newLocalUser(app, 'tim')
    const { id } = await newBrowserSession(directory, tim.id)
    expect((await api.post(`/users/${mia.id}/sessions/end`, { session: id })).status).toBe(204)
    expect(await directory.sessions.list(tim.id)).toHaveLength(1)
    const nobody = await api.post('/users/x/sessions/end', { session: id })
    expect(problem(nobody).code).toBe('notFound')
  })
})

describe('a link to choose a password', () => {
  test('lets the user in, with the session and the password it had before gone', async () => {
    const { app, api, directory } = await newScene()
    const { id } = await newLocalUser(app, 'tim')
    await newBrowserSession(directory, id)
    const { status, body } = await api.post(`/users/${id}/password-link`)
    expect(status).toBe(201)
    expect(body['expires']).toBe('2026-03-02T09:00:00.000Z')
    const path = String(body['url']).replace('https://entrance.example', '')
    const typed = 'four words, and a comma'
    const chosen = await newBrowser(app).post(path, { password: typed, again: typed })
    expect(chosen.status).toBe(303)
    const signIn = (password: string) =>
      newBrowser(app).post('/auth/sign-in', { userName: 'tim', password })
    expect((await signIn(PASSWORD)).status).not.toBe(303)
    expect((await signIn(typed)).status).toBe(303)
  })

  test('for somebody new is valid for a week', async () => {
    const { api, mia } = await newScene()
    const { body } = await api.post(`/users/${mia.id}/password-link`, { purpose: 'invitation' })
    expect(body['expires']).toBe('2026-03-09T08:00:00.000Z')
  })

  test('is not made for whom Entra owns, nor for nobody', async () => {
    const { app, api } = await newScene()
    const { id } = await newUser(app.scim, 'ina@contoso.example')
    const refused = await api.post(`/users/${id}/password-link`)
    expect(problem(refused)).toEqual({ status: 409, code: 'conflict' })
    expect(problem(await api.post('/users/x/password-link')).code).toBe('notFound')
    expect(problem(await api.post(`/users/${id}/password-link`, { purpose: 'setup' })).code).toBe(
      'badRequest',
    )
  })
})
