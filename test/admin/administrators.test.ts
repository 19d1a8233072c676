import { expect, test } from 'vitest'
import { newAdmin, problem } from '../support/admin.ts'
import { cause, testApp } from '../support/app.ts'
import { newBrowserSession, newPerson } from '../support/programs.ts'
import { otherDirectory, recorded } from '../support/store.ts'

async function newScene() {
  const app = await testApp()
  const api = await newAdmin(app)
  const me = String((await app.directory.users.named('admin'))?.id)
  const ada = (await newPerson(app.directory, 'ada', { displayName: 'Ada' })).id
  return { app, api, me, ada }
}

test('administrators are appointed and dismissed, with one event each', async () => {
  const { app, api, me, ada } = await newScene()
  const shown = { id: ada, userName: 'ada', displayName: 'Ada', active: true, linked: false }
  await newBrowserSession(app.directory, ada)
  const events = await recorded(app.directory, async () => {
    app.clock.pass(1_000)
    for (const _ of ['once', 'twice']) {
      const answer = await api.post('/administrators', { userId: ada })
      expect(answer).toMatchObject({ status: 200, body: shown })
    }
    expect((await api.get('/administrators')).body).toStrictEqual({
      items: [{ id: me, userName: 'admin', active: true, linked: false }, shown],
    })
    expect((await api.post(`/administrators/${ada}/remove`)).status).toBe(204)
  })
  expect(events).toMatchObject([
    { action: 'administrator.appointed', actor: `user:${me}`, door: 'admin', resourceId: ada },
    { action: 'administrator.dismissed', actor: `user:${me}`, door: 'admin', resourceId: ada },
  ])
  expect(events).toHaveLength(2)
  expect(await app.directory.sessions.list(ada)).toStrictEqual([])
  expect((await api.get('/administrators')).body['items']).toHaveLength(1)
})

test('an administrator may go who leaves another one', async () => {
  const { api, me, ada } = await newScene()
  await api.post('/administrators', { userId: ada })
  expect((await api.post(`/administrators/${me}/remove`)).status).toBe(204)
  expect(problem(await api.get('/administrators'))).toMatchObject({ status: 401 })
})

test.each(['with nobody beside', 'with one beside who is not active'])(
  'the last active administrator stays, %s',
  async (beside) => {
    const { app, api, me, ada } = await newScene()
    if (beside !== 'with nobody beside') {
      await api.post('/administrators', { userId: ada })
      const off = (current: object) => ({ ...current, active: false })
      await app.directory.users.update(ada, undefined, off, cause)
    }
    const before = await app.database.dump()
    const answer = await api.post(`/administrators/${me}/remove`)
    expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
    expect(answer.body['detail']).toBe(
      'This is the last active administrator. Appoint another one first.',
    )
    expect(await app.database.dump()).toBe(before)
  },
)

test.each([
  ['nobody', {}, '#/userId'],
  ['who is not there', { userId: 'x' }, '#/userId'],
  ['by no id', { userId: 'a b' }, '#/userId'],
  ['with more', { userId: 'x', more: 1 }, '#/more'],
])('nobody is appointed %s', async (_, body, pointer) => {
  const { api } = await newScene()
  const answer = await api.post('/administrators', body)
  expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
  expect(answer.body['errors']).toMatchObject([{ pointer }])
  expect((await api.get('/administrators')).body['items']).toHaveLength(1)
})

test('who is no administrator, or is another’s, is not found', async () => {
  const { app, api, me, ada } = await newScene()
  expect((await api.post(`/administrators/${ada}/remove`)).status).toBe(404)
  const other = await newAdmin(app, await otherDirectory(app), 'stranger')
  expect((await other.post(`/administrators/${me}/remove`)).status).toBe(404)
  const answer = await other.post('/administrators', { userId: ada })
  expect(answer.body['errors']).toMatchObject([{ pointer: '#/userId' }])
  expect((await other.get('/administrators')).body['items']).toMatchObject([
    { userName: 'stranger' },
  ])
})
