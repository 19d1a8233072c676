import { expect, test } from 'vitest'
import { cause, testApp } from '../support/app.ts'
import { newOwnGroup } from '../support/assignments.ts'
import { newPerson } from '../support/programs.ts'
import { otherDirectory } from '../support/store.ts'

test('ids are told by name, also of what was deleted, and of nothing of others', async () => {
  const app = await testApp()
  const { names, users, groups } = app.directory
  const sales = await newOwnGroup(app.directory, 'Sales')
  const team = await newOwnGroup(app.directory, 'Team')
  const { id: bob } = await newPerson(app.directory, 'bob', { displayName: 'Bob' })
  const { id: eve } = await newPerson(app.directory, 'eve', { displayName: '' })
  await users.remove(eve, undefined, cause)
  await groups.remove(team, undefined, cause)
  const ids = [sales, team, bob, eve, bob, 'nobody']
  expect(Object.fromEntries(await names.of(ids))).toStrictEqual({
    [sales]: { kind: 'group', name: 'Sales', gone: false },
    [team]: { kind: 'group', name: 'Team', gone: true },
    [bob]: { kind: 'user', name: 'Bob', gone: false },
    [eve]: { kind: 'user', name: 'eve', gone: true },
  })
  expect(await names.of([])).toStrictEqual(new Map())
  expect(await (await otherDirectory(app)).names.of(ids)).toStrictEqual(new Map())
  expect(await names.plans(['nothing'])).toStrictEqual(new Map())
})
