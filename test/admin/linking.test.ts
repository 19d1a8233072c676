import { describe, expect, test } from 'vitest'
import { problem } from '../support/admin.ts'
import { testApp } from '../support/app.ts'
import { newAdmin } from '../support/admin.ts'
import { entraPerson } from '../support/entra-directory.ts'
import {
  byId,
  carriedOut,
  eventsOf,
  itemsOf,
  newScene,
  planned,
  userOf,
} from '../support/imports.ts'
import { TENANT } from '../support/microsoft.ts'
import { newBrowserSession, newPerson } from '../support/programs.ts'

const joan = entraPerson(1, 'joan.clarke', { displayName: 'Joan Clarke', mobilePhone: '+44 1' })
const twin = entraPerson(2, 'joan.c', { displayName: 'Joan Clarke' })
const NOBODY = 'e0000000-0000-4000-8000-999999999999'

/** Somebody here whom nothing but an administrator can say to be Joan Clarke of Entra. */
async function scene() {
  const made = await newScene()
  made.entra.people = [joan, twin]
  const murray = await newPerson(made.app.directory, 'murray', { displayName: 'Mrs Murray' })
  return { ...made, murray }
}

type Suggestions = { readonly suggestions: readonly { readonly person: { readonly id: string } }[] }

describe('a link of one user', () => {
  test('makes the user the account whatever the names, with what Entra has, signed out, in one event', async () => {
    const { api, app, murray, ...rest } = await scene()
    await newBrowserSession(app.directory, murray.id)
    const { status, body } = await api.post(`/users/${murray.id}/link`, { objectId: joan.id })
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: murray.id, displayName: 'Joan Clarke', linked: true })
    const user = await app.directory.users.read(murray.id)
    expect(user?.link).toEqual({ tenantId: TENANT, objectId: joan.id })
    expect(user?.attributes['userName']).toBe('joan.clarke@contoso.example')
    expect(await app.directory.sessions.list(murray.id)).toEqual([])
    expect(await eventsOf({ api, app, ...rest }, 'user.linked')).toEqual([murray.id])
  })

  test.each([
    ['an account that Entra does not have', NOBODY, { status: 400, code: 'badRequest' }],
    ['no object id', 'joan', { status: 400, code: 'badRequest' }],
  ])('is refused for %s', async (_, objectId, expected) => {
    const { api, murray } = await scene()
    expect(problem(await api.post(`/users/${murray.id}/link`, { objectId }))).toEqual(expected)
  })

  test('is refused for an account that somebody is linked to, and leaves no import', async () => {
    const { api, app, murray } = await scene()
    const other = await newPerson(app.directory, 'other')
    await api.post(`/users/${other.id}/link`, { objectId: joan.id })
    const before = await app.directory.plans.list('import')
    const answer = await api.post(`/users/${murray.id}/link`, { objectId: joan.id })
    expect(problem(answer)).toEqual({ status: 409, code: 'conflict' })
    expect((await app.directory.users.read(murray.id))?.link).toBeUndefined()
    expect(await app.directory.plans.list('import')).toEqual(before)
  })

  test('is refused for a user who is linked to another account', async () => {
    const { api, app, murray } = await scene()
    await api.post(`/users/${murray.id}/link`, { objectId: joan.id })
    const answer = await api.post(`/users/${murray.id}/link`, { objectId: twin.id })
    expect(problem(answer)).toEqual({ status: 409, code: 'conflict' })
    expect(answer.body['detail']).toBe('The user is linked to another account.')
    expect((await app.directory.users.read(murray.id))?.link?.objectId).toBe(joan.id)
  })

  test('is refused where somebody else has the user name of the account', async () => {
    const { api, app, murray } = await scene()
    const holder = await newPerson(app.directory, joan.userPrincipalName)
    const answer = await api.post(`/users/${murray.id}/link`, { objectId: joan.id })
    expect(problem(answer)).toEqual({ status: 409, code: 'conflict' })
    expect((await app.directory.users.read(holder.id))?.link).toBeUndefined()
    expect(await app.directory.plans.list('import')).toEqual([])
  })

  test('needs a connection to Entra', async () => {
    const app = await testApp()
    const api = await newAdmin(app)
    const { id } = await newPerson(app.directory, 'murray')
    const answer = await api.post(`/users/${id}/link`, { objectId: joan.id })
    expect(problem(answer)).toEqual({ status: 409, code: 'notConnected' })
  })
})

describe('an import', () => {
  test('links the user whom an administrator names, though nothing else says so', async () => {
    const made = await scene()
    const links = { [joan.id]: made.murray.id }
    const { plan } = await planned(made, byId(joan), { links })
    expect((await itemsOf(made, plan))[0]).toMatchObject({
      action: 'link',
      userId: made.murray.id,
      notes: ['An administrator says who this is.'],
    })
    await carriedOut(made, plan)
    expect((await userOf(made, joan))?.id).toBe(made.murray.id)
  })

  test.each([
    ['a user who is not there', () => 'nobody-at-all', 'There is no such user to link.'],
    [
      'a user who is linked to another account',
      (linked: string) => linked,
      'The user is linked to another account.',
    ],
  ])('makes nobody new for a link to %s', async (_, to, note) => {
    const made = await scene()
    await made.api.post(`/users/${made.murray.id}/link`, { objectId: twin.id })
    const links = { [joan.id]: to(made.murray.id) }
    const { plan } = await planned(made, byId(joan), { links })
    expect((await itemsOf(made, plan))[0]).toMatchObject({ action: 'conflict', notes: [note] })
    await carriedOut(made, plan)
    expect(await userOf(made, joan)).toBeUndefined()
  })
})

describe('an account that is not the user', () => {
  const suggested = async ({ api }: Awaited<ReturnType<typeof scene>>, id: string) => {
    const { body } = await api.get(`/link-suggestions?user=${id}`)
    const [item] = body['items'] as Suggestions[]
    return item?.suggestions.map(({ person }) => person.id)
  }

  test('is not suggested for the user any more, and is again once that is taken back', async () => {
    const made = await scene()
    const { id } = await newPerson(made.app.directory, 'jc', { displayName: 'Joan Clarke' })
    expect(await suggested(made, id)).toEqual([joan.id, twin.id])
    const { status, body } = await made.api.post(`/users/${id}/reject-link`, { objectId: twin.id })
    expect(status).toBe(200)
    expect(await suggested(made, id)).toEqual([joan.id])
    expect(await eventsOf(made, 'link.dismissed')).toEqual([id])
    expect((await made.api.get('/link-requests')).body['items']).toEqual([])

    expect((await made.api.post(`/link-requests/${String(body['id'])}/reopen`)).status).toBe(204)
    expect(await suggested(made, id)).toEqual([joan.id, twin.id])
    expect(await eventsOf(made, 'link.reopened')).toEqual([id])
    const again = await made.api.post(`/link-requests/${String(body['id'])}/reopen`)
    expect(problem(again)).toEqual({ status: 404, code: 'notFound' })
  })

  test('makes room for those who have the name of the user', async () => {
    const made = await scene()
    const emails = [{ type: 'work', value: joan.userPrincipalName }]
    const more = { displayName: 'Joan Clarke', emails }
    const { id } = await newPerson(made.app.directory, 'jc', more)
    expect(await suggested(made, id)).toEqual([joan.id])
    await made.api.post(`/users/${id}/reject-link`, { objectId: joan.id })
    expect(await suggested(made, id)).toEqual([twin.id])
  })

  test('asks by itself when the person signs in, and not for that user', async () => {
    const made = await scene()
    const { directory } = made.app
    const { id } = await newPerson(directory, joan.userPrincipalName)
    await made.api.post(`/users/${id}/reject-link`, { objectId: joan.id })
    const cause = { actor: 'test', door: 'auth', requestId: 'r' } as const
    await directory.linkRequests.ask({ objectId: joan.id, userName: joan.userPrincipalName }, cause)
    const [request] = await directory.linkRequests.list()
    expect(request).toMatchObject({ externalId: joan.id, asked: 'sign-in' })
    expect(request?.userId).toBeUndefined()
  })

  test('that asked and was turned down asks again once that is taken back', async () => {
    const made = await scene()
    const { linkRequests } = made.app.directory
    const cause = { actor: 'test', door: 'auth', requestId: 'r' } as const
    await linkRequests.ask({ objectId: joan.id, userName: 'joan' }, cause)
    const [request] = await linkRequests.list()
    await made.api.post(`/link-requests/${request?.id}/dismiss`)
    expect(await linkRequests.list()).toEqual([])
    await made.api.post(`/link-requests/${request?.id}/reopen`)
    expect(await linkRequests.list()).toEqual([request])
  })
})

test('suggestions for one user are of nobody who is linked, or not there', async () => {
  const { api, murray } = await scene()
  await api.post(`/users/${murray.id}/link`, { objectId: joan.id })
  for (const id of [murray.id, 'x']) {
    const answer = await api.get(`/link-suggestions?user=${id}`)
    expect(problem(answer)).toEqual({ status: 404, code: 'notFound' })
  }
})
