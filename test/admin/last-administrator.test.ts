import { describe, expect, test } from 'vitest'
import type { User } from '../../src/directory/user.ts'
import { newAdmin, problem } from '../support/admin.ts'
import { cause, testApp } from '../support/app.ts'
import { newPerson } from '../support/programs.ts'
import { outcomes, throughAnotherServer } from '../support/store.ts'

const byAdmin = { ...cause, door: 'admin' } as const
const off = (current: User['attributes']) => ({ ...current, active: false })

describe('the last active administrator', () => {
  async function newBoard() {
    const app = await testApp()
    const api = await newAdmin(app)
    const { directory } = app
    const first = await directory.users.named('admin')
    const second = await newPerson(directory, 'second')
    await directory.administrators.appoint(second.id, cause)
    return { app, api, directory, first: String(first?.id), second: second.id }
  }

  test.each(['deactivate', 'remove'])('is not to %s; another one is', async (verb) => {
    const { api, directory, first, second } = await newBoard()
    expect((await api.post(`/users/${second}/${verb}`)).status).toBeLessThan(300)
    const answer = await api.post(`/users/${first}/${verb}`)
    expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
    expect(answer.body['detail']).toContain('last active administrator')
    expect((await directory.users.read(first))?.attributes['active']).toBe(true)
  })

  test('can be shut out at a sign-in, as Entra says; who is not active any more can be removed', async () => {
    const { directory, first, second } = await newBoard()
    for (const id of [first, second]) {
      await directory.users.update(id, undefined, off, { ...byAdmin, door: 'auth' })
    }
    await directory.users.remove(second, undefined, byAdmin)
    expect(await directory.administrators.list()).toStrictEqual([first])
  })

  test('stays when two shut each other out at the same time, on two servers', async () => {
    const { app, directory, first, second } = await newBoard()
    const another = await throughAnotherServer(app)
    const results = await Promise.allSettled([
      directory.users.update(first, undefined, off, byAdmin),
      another.users.remove(second, undefined, byAdmin),
    ])
    expect(outcomes(results)).toStrictEqual({ done: 1, lastAdministrator: 1 })
  })
})
