import Database from 'better-sqlite3'
import { describe, expect, inject, test } from 'vitest'
import type { QueuedMail } from '../../src/directory/outbox.ts'
import { newAdmin, problem } from '../support/admin.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import {
  ada,
  byId,
  carriedOut,
  grace,
  many,
  newScene,
  planned,
  userOf,
} from '../support/imports.ts'
import type { Scene } from '../support/imports.ts'
import { startMailbox } from '../support/mailbox.ts'
import { mailsOf } from '../support/mails.ts'
import type { Answer } from '../support/programs.ts'
import { newUser } from '../support/resources.ts'
import { otherDirectory, recorded } from '../support/store.ts'

const MINUTE = 60_000
const NOBODY = '00000000-0000-7000-8000-999999999999'

const mailsIn = ({ body }: Answer) => body['items'] as QueuedMail[]

async function list({ api }: Pick<Scene, 'api'>, query = ''): Promise<QueuedMail[]> {
  const answer = await api.get(`/mails?limit=200${query}`)
  if (answer.status !== 200) throw new Error(answer.text)
  return mailsIn(answer)
}

/** Imports people, and gives the id of the import. */
async function imported(
  scene: Scene,
  people: readonly { id: string }[],
  when: 'now' | 'later',
): Promise<string> {
  const { plan } = await planned(scene, byId(...people), { invite: { when } })
  await carriedOut(scene, plan)
  return plan.id
}

/** The only mail of a scene that sends nothing. */
async function withMail(when: 'now' | 'later') {
  const scene = await newScene()
  const planId = await imported(scene, [ada], when)
  const [mail] = await list(scene)
  if (!mail) throw new Error('There is no mail.')
  return { ...scene, planId, mail }
}

async function failed(scene: Scene, id: string, uncertain = false): Promise<void> {
  const { mailQueue } = scene.app.store
  await mailQueue.take(200)
  if (uncertain) await mailQueue.lost(id, 'The connection broke.')
  else await mailQueue.failed(id, 'No such mailbox', undefined)
}

test('mails that are not done with are counted, and one is read by its id', async () => {
  const scene = await newScene()
  const { outbox } = scene.app.directory
  const none = { kept: 0, failed: 0, waiting: 0, going: 0 }
  expect(await outbox.open()).toStrictEqual(none)
  await imported(scene, [ada], 'later')
  await imported(scene, [grace], 'now')
  expect(await outbox.open()).toStrictEqual({ ...none, kept: 1, going: 1 })
  const user = await userOf(scene, ada)
  const later = new Date(scene.app.clock.now().getTime() + MINUTE).toISOString()
  const waiting = await outbox.invite(String(user?.id), later, cause)
  expect(await outbox.open()).toStrictEqual({ ...none, kept: 1, waiting: 1, going: 1 })
  expect(await outbox.read(waiting.id)).toStrictEqual(waiting)
  expect(await (await otherDirectory(scene.app)).outbox.read(waiting.id)).toBeUndefined()
  await failed(scene, (await list(scene, '&state=waiting'))[1]?.id ?? '')
  expect(await outbox.open()).toStrictEqual({ ...none, kept: 1, waiting: 1, failed: 1 })
})

test('an import wakes who sends the invitations, and so does a mail to one user', async () => {
  const mailbox = await startMailbox()
  const scene = await newScene({ smtpUrl: mailbox.url })
  await imported(scene, [ada], 'now')
  await expect.poll(() => mailbox.mails.map(({ to }) => to[0])).toStrictEqual([ada.mail])
  const user = await userOf(scene, ada)
  expect((await scene.api.post(`/users/${user?.id}/invitation`)).status).toBe(201)
  await expect.poll(() => mailbox.mails).toHaveLength(2)
})

describe('invitations that are kept', () => {
  test('are not sent before an administrator says so, all of one import at once', async () => {
    const mailbox = await startMailbox()
    const scene = await newScene({ smtpUrl: mailbox.url })
    const planId = await imported(scene, [ada, grace], 'later')
    const other = await imported(scene, many, 'later')
    scene.app.clock.pass(100 * MINUTE)
    expect(await scene.app.mails.tick()).toBe(0)
    expect(await list(scene, `&state=kept&planId=${planId}`)).toHaveLength(2)
    const events = await recorded(scene.app.directory, async () => {
      const answer = await scene.api.post('/mails/send', { state: 'kept', planId })
      expect(answer).toMatchObject({ status: 200, body: { count: 2 } })
    })
    expect(events).toMatchObject([
      {
        action: 'mail.dispatched',
        resourceId: planId,
        door: 'admin',
        changes: [
          { path: 'mails', to: 2 },
          { path: 'state', from: 'kept', to: 'waiting' },
        ],
      },
    ])
    await expect.poll(() => mailbox.mails).toHaveLength(2)
    expect(new Set(mailbox.asked)).toStrictEqual(new Set([ada.mail, grace.mail]))
    expect(await list(scene, `&state=kept&planId=${other}`)).toHaveLength(many.length)
    const again = await scene.api.post('/mails/send', { state: 'kept', planId })
    expect(again.body).toStrictEqual({ count: 0 })
  })

  test('are sent one by one too, and say nothing of when they were made', async () => {
    const mailbox = await startMailbox()
    const scene = await newScene({ smtpUrl: mailbox.url })
    await imported(scene, [ada, grace], 'later')
    const [mail] = await list(scene, '&state=kept')
    const due = scene.app.clock.pass(MINUTE).toISOString()
    const answer = await scene.api.post(`/mails/${mail?.id}/send`)
    expect(answer).toMatchObject({ status: 200, body: { id: mail?.id, state: 'waiting', due } })
    await expect.poll(() => mailbox.asked).toStrictEqual([mail?.to])
    await expect.poll(() => list(scene, '&state=sent')).toHaveLength(1)
    expect(await list(scene, '&state=kept')).toHaveLength(1)
  })

  test('can be cancelled', async () => {
    const scene = await withMail('later')
    const answer = await scene.api.post(`/mails/${scene.mail.id}/cancel`)
    expect(answer.body).toMatchObject({ state: 'cancelled' })
    expect((await scene.api.post('/mails/send', { state: 'kept' })).body).toStrictEqual({
      count: 0,
    })
  })

  test('are cancelled when who would get them has been switched off', async () => {
    const mailbox = await startMailbox()
    const scene = await newScene({ smtpUrl: mailbox.url })
    await imported(scene, [ada], 'later')
    const user = await userOf(scene, ada)
    const off = (now: object) => ({ ...now, active: false })
    await scene.app.directory.users.update(String(user?.id), undefined, off, cause)
    await scene.api.post('/mails/send', { state: 'kept' })
    await expect
      .poll(() => list(scene, '&state=cancelled'))
      .toMatchObject([{ problem: 'The user has been deactivated.' }])
    expect(mailbox.asked).toStrictEqual([])
  })
})

describe('a mail that failed', () => {
  test('is tried once more, alone or with all others', async () => {
    const scene = await withMail('now')
    const { api, mail } = scene
    await failed(scene, mail.id)
    const one = await api.post(`/mails/${mail.id}/send`)
    expect(one.body).toMatchObject({ id: mail.id, state: 'waiting', attempts: 1 })
    expect(one.body).not.toHaveProperty('problem')
    await failed(scene, mail.id)
    expect((await api.post('/mails/send', { state: 'failed' })).body).toStrictEqual({ count: 1 })
    expect(await list(scene)).toMatchObject([{ state: 'waiting', attempts: 2 }])
  })

  test('and may have arrived is sent again by its name alone', async () => {
    const scene = await withMail('now')
    const { api, mail } = scene
    await failed(scene, mail.id, true)
    expect(await list(scene)).toMatchObject([{ state: 'failed', uncertain: true }])
    expect((await api.post('/mails/send', { state: 'failed' })).body).toStrictEqual({ count: 0 })
    expect(await list(scene)).toMatchObject([{ state: 'failed', uncertain: true }])
    const { body } = await api.post(`/mails/${mail.id}/send`)
    expect(body).toMatchObject({ state: 'waiting' })
    expect(body).not.toHaveProperty('uncertain')
    await failed(scene, mail.id)
    expect((await api.post('/mails/send', { state: 'failed' })).body).toStrictEqual({ count: 1 })
  })
})

describe('a mail that waits', () => {
  test('for a day to come is sent now', async () => {
    const mailbox = await startMailbox()
    const scene = await newScene({ smtpUrl: mailbox.url })
    const at = new Date(scene.app.clock.now().getTime() + 100 * MINUTE).toISOString()
    await carriedOut(scene, (await planned(scene, byId(ada), { invite: { when: 'at', at } })).plan)
    expect(await scene.app.mails.tick()).toBe(0)
    const [mail] = await list(scene)
    expect(mail).toMatchObject({ state: 'waiting', due: at })
    await scene.api.post(`/mails/${mail?.id}/send`)
    await scene.app.mails.tick()
    expect(mailbox.mails).toHaveLength(1)
    scene.app.clock.pass(200 * MINUTE)
    expect(await scene.app.mails.tick()).toBe(0)
  })

  test('for nothing stays as it is', async () => {
    const { api, app, mail } = await withMail('now')
    const events = await recorded(app.directory, async () => {
      expect((await api.post(`/mails/${mail.id}/send`)).body).toMatchObject({ state: 'waiting' })
    })
    expect(events).toStrictEqual([])
  })
})

describe('no mail is sent', () => {
  const states = {
    sending: async ({ app }: Scene) => void (await app.store.mailQueue.take(1)),
    sent: async ({ app }: Scene, id: string) => {
      await app.store.mailQueue.take(1)
      await app.store.mailQueue.sent(id)
    },
    cancelled: async ({ api }: Scene, id: string) => void (await api.post(`/mails/${id}/cancel`)),
  }

  test.each(Object.entries(states))('that is %s', async (state, make) => {
    const scene = await withMail('now')
    const { id } = scene.mail
    await make(scene, id)
    const before = await list(scene)
    const answer = await scene.api.post(`/mails/${id}/send`)
    expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
    expect(answer.body['detail']).toBe(`This mail is ${state}.`)
    for (const which of ['kept', 'failed']) {
      const all = await scene.api.post('/mails/send', { state: which })
      expect(all.body).toStrictEqual({ count: 0 })
    }
    expect(await list(scene)).toStrictEqual(before)
  })

  test('that is not there, or another organisation has', async () => {
    const { api, app, mail, ...scene } = await withMail('later')
    expect(problem(await api.post(`/mails/${NOBODY}/send`)).code).toBe('notFound')
    const stranger = await newAdmin(app, await otherDirectory(app))
    expect(problem(await stranger.post(`/mails/${mail.id}/send`)).code).toBe('notFound')
    for (const planId of [undefined, scene.planId]) {
      const answer = await stranger.post('/mails/send', { state: 'kept', planId })
      expect(answer.body).toStrictEqual({ count: 0 })
    }
    expect(await list({ api })).toMatchObject([{ state: 'kept' }])
  })

  test('twice, though several say so at once and two servers send', async () => {
    const mailbox = await startMailbox()
    const scene = await newScene()
    await imported(scene, many, 'later')
    const mails = await list(scene)
    const servers = [1, 2].map(() =>
      mailsOf(scene.app.store, { smtpUrl: mailbox.url, now: scene.app.clock.now }),
    )
    await Promise.all([
      ...mails.map(({ id }) => scene.api.post(`/mails/${id}/send`)),
      scene.api.post('/mails/send', { state: 'kept' }),
      scene.api.post('/mails/send', { state: 'kept' }),
      ...servers.map((server) => server.tick()),
    ])
    await Promise.all(servers.map((server) => server.tick()))
    await Promise.all(servers.map((server) => server.stop()))
    expect(mailbox.asked.toSorted()).toStrictEqual(
      many.flatMap(({ mail }) => mail ?? []).toSorted(),
    )
    expect(await list(scene, '&state=sent')).toHaveLength(many.length)
  })
})

/** Makes many mails that are kept, past the server. */
async function keepMany({ database }: TestApp, count: number): Promise<void> {
  const columns = 'organisation, id, kind, user_id, address, state, created, due, attempts, plan_id'
  const sql = `INSERT INTO outbox (${columns})
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
    SELECT 'default', 'mail-' || (100000 + n), 'invitation', 'nobody', 'a@b.example', 'kept',
      '2026-03-02T08:00:00.000Z', '2026-03-02T08:00:00.000Z', 0, 'plan' FROM numbers`
  if (inject('engine') === 'postgres') return void (await database.value(sql))
  const file = new Database(database.url.slice('file:'.length))
  file.exec(sql)
  file.close()
}

test('thousands of mails are let go in a few steps', async () => {
  const app = await testApp()
  const api = await newAdmin(app)
  await keepMany(app, 2_500)
  const events = await recorded(app.directory, async () => {
    const { body } = await api.post('/mails/send', { state: 'kept', planId: 'plan' })
    expect(body).toStrictEqual({ count: 2_500 })
  })
  const counts = events.map(({ action, changes }) => [action, changes[0]?.to])
  expect(counts).toStrictEqual([1_000, 1_000, 500].map((count) => ['mail.dispatched', count]))
  const left = await app.database.value(`SELECT count(*) FROM outbox WHERE state <> 'waiting'`)
  expect(Number(left)).toBe(0)
})

describe('mails are listed', () => {
  test('by import, user and state', async () => {
    const scene = await newScene()
    const first = await imported(scene, [ada, grace], 'later')
    const second = await imported(scene, many, 'now')
    const user = String((await userOf(scene, ada))?.id)
    await scene.api.post(`/users/${user}/invitation`)
    const found = async (query: string) => (await list(scene, query)).length
    expect(await found('')).toBe(2 + many.length + 1)
    expect(await found(`&planId=${first}`)).toBe(2)
    expect(await found(`&planId=${second}`)).toBe(many.length)
    expect(await found(`&planId=${second}&state=kept`)).toBe(0)
    expect(await found(`&userId=${user}`)).toBe(2)
    expect(await found(`&userId=${user}&state=kept`)).toBe(1)
    expect(await found(`&userId=${user}&planId=${second}`)).toBe(0)
    expect(await found('&planId=nothing')).toBe(0)
  })

  test.each(['state=lost', 'planId=', 'userId=%20', 'limit=0', 'plan=x'])(
    'not by %s',
    async (query) => {
      const app = await testApp()
      const answer = await (await newAdmin(app)).get(`/mails?${query}`)
      expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
    },
  )
})

describe('the invitation of', () => {
  const address = { emails: [{ type: 'work', value: 'adele@contoso.example' }] }
  const makers = {
    'a local user': ({ directory }: TestApp) =>
      directory.users
        .create(
          { attributes: { userName: 'adele', active: true, ...address }, origin: 'local' },
          cause,
        )
        .then(({ user }) => user.id),
    'an imported user': ({ directory }: TestApp) =>
      directory.users
        .create(
          { attributes: { userName: 'adele', active: true, ...address }, origin: 'import' },
          cause,
        )
        .then(({ user }) => user.id),
    'a user of provisioning': async ({ scim }: TestApp) =>
      (await newUser(scim, 'adele', { active: true, ...address })).id,
  }

  test.each([
    ['a local user', 'password-invitation'],
    ['an imported user', 'invitation'],
    ['a user of provisioning', 'invitation'],
  ] as const)('%s is a mail of the kind %s', async (who, kind) => {
    const app = await testApp()
    const api = await newAdmin(app)
    const id = await makers[who](app)
    const answer = await api.post(`/users/${id}/invitation`)
    expect(answer).toMatchObject({ status: 201, body: { kind, userId: id, state: 'waiting' } })
    const other = kind === 'invitation' ? 'password-invitation' : 'invitation'
    const due = app.clock.now().toISOString()
    const misfit = app.directory.outbox.send(id, other, due, cause)
    await expect(misfit).rejects.toMatchObject({ code: 'conflict' })
    expect(await list({ api })).toHaveLength(1)
  })

  test('a local user without address is refused', async () => {
    const app = await testApp()
    const api = await newAdmin(app)
    const attributes = { userName: 'adele', active: true }
    const { user } = await app.directory.users.create({ attributes, origin: 'local' }, cause)
    const answer = await api.post(`/users/${user.id}/invitation`)
    expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
    expect(await list({ api })).toStrictEqual([])
  })
})
