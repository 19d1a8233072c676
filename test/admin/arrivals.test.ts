import { describe, expect, test } from 'vitest'
import type { EntraUser } from '../../src/directory/entra-directory.ts'
import type { PlanItem } from '../../src/directory/plan.ts'
import type { Directory } from '../../src/directory/store.ts'
import { cause } from '../support/app.ts'
import { groupsOf, newOwnGroup, newRule } from '../support/assignments.ts'
import { entraPerson } from '../support/entra-directory.ts'
import {
  ada,
  byId,
  carriedOut,
  eventsOf,
  itemsOf,
  newScene,
  planned,
  userOf,
  type Scene,
} from '../support/imports.ts'
import { listen } from '../support/listen.ts'
import { newUser, USER } from '../support/resources.ts'
import type { ScimClient } from '../support/scim-client.ts'
import { throughAnotherServer } from '../support/store.ts'
import { planSync, run, sceneWith, syncItemsOf } from '../support/syncs.ts'

const people = Array.from({ length: 12 }, (_, index) => entraPerson(70 + index, `new-${index}`))

/** What Entra's provisioning sends of somebody. */
const sent = ({ id, userPrincipalName, displayName }: EntraUser) => ({
  schemas: [USER],
  userName: userPrincipalName,
  displayName,
  externalId: id,
  active: true,
})

/** An import of all these people is planned; a rule gives those who come through provisioning another group. */
async function arrivals() {
  const scene = await newScene()
  scene.entra.people = people
  const staff = await newOwnGroup(scene.app.directory, 'Staff')
  const rule = await newRule(scene.api, 'userName pr', { groups: [staff] })
  const { plan } = await planned(scene, byId(...people))
  const { client } = await listen(scene.app)
  const other = await throughAnotherServer(scene.app)
  await scene.app.directory.plans.start(plan.id, cause)
  return { ...scene, plan, rule, client, other }
}
type Arrivals = Awaited<ReturnType<typeof arrivals>>

/** Carries the import out on another server, where there may be one, several people at a time. */
async function importAll({ plan }: Arrivals, { plans }: Directory): Promise<void> {
  const work = async () => {
    while (await plans.applyNext(plan.id, cause));
  }
  await Promise.all([work(), work(), work(), work()])
}

/** Provisioning makes everybody, and as Entra does looks for whom it could not make and changes them. */
async function pushAll(client: ScimClient): Promise<number[]> {
  return Promise.all(
    people.map(async (person) => {
      const { status } = await client.post('/Users', sent(person))
      if (status === 201) return status
      const { body } = await client.filter('/Users', `userName eq "${person.userPrincipalName}"`)
      const [found] = body['Resources'] as { id: string }[]
      const change = { op: 'replace', path: 'title', value: 'Pushed' }
      const patched = await client.operate(`/Users/${found?.id}`, change)
      return status === 409 && patched.status === 200 ? 409 : patched.status
    }),
  )
}

describe('somebody who comes through provisioning and in an import', () => {
  test.each<[string, (arriving: Arrivals) => Promise<number[]>]>([
    [
      'through provisioning first',
      async (arriving) => {
        const statuses = await pushAll(arriving.client)
        await importAll(arriving, arriving.other)
        return statuses
      },
    ],
    [
      'in the import first',
      async (arriving) => {
        await importAll(arriving, arriving.other)
        return pushAll(arriving.client)
      },
    ],
    [
      'through both at once, provisioning a little earlier',
      async (arriving) => {
        const pushed = pushAll(arriving.client)
        await importAll(arriving, arriving.other)
        return pushed
      },
    ],
    [
      'through both at once, the import a little earlier',
      async (arriving) => {
        const imported = importAll(arriving, arriving.other)
        const statuses = await pushAll(arriving.client)
        await imported
        return statuses
      },
    ],
  ])('%s, is one user, linked, with all that was given', async (_, arrive) => {
    const arriving = await arrivals()
    const { app, api, plan, rule } = arriving
    const statuses = await arrive(arriving)
    const items = await itemsOf(arriving, plan)
    const { items: users } = await app.directory.users.query({ startIndex: 1, count: 200 })
    const pushed = items.filter(({ state }) => state !== 'done')
    for (const [index, person] of people.entries()) {
      const { state } = items[index] ?? {}
      // Exactly one of the two made the user, and the other was told.
      expect([statuses[index], state]).toBeOneOf([
        [409, 'done'],
        [201, 'changed'],
        [201, 'failed'],
      ])
      const mine = users.filter(
        ({ link, attributes }) =>
          link?.objectId === person.id || attributes['userName'] === person.userPrincipalName,
      )
      expect(mine.map(({ link }) => link?.objectId)).toStrictEqual([person.id])
      expect(await groupsOf(api, String(mine[0]?.id))).toStrictEqual(
        state === 'done' ? { Designers: `import:${plan.id}` } : { Staff: `rule:${rule.id}` },
      )
    }
    for (const { outcome } of pushed) {
      expect(outcome).toMatch(/has changed since|in use|belongs to another/)
    }
    expect(await eventsOf(arriving, 'user.created')).toHaveLength(people.length + 1)
    // Whom the import has not settled is linked by now, and stays as they are.
    const { body } = await api.post(`/imports/${plan.id}/again`)
    const { actions } = (body['plan'] ?? { actions: { skip: 0 } }) as { actions: { skip: number } }
    expect(actions.skip).toBe(pushed.length)
  })
})

describe('somebody who left and comes again', () => {
  test('in an import is new when they were deleted, and gets what rules give', async () => {
    const scene = await newScene()
    const staff = await newOwnGroup(scene.app.directory, 'Staff')
    await carriedOut(scene, (await planned(scene, byId(ada))).plan)
    const before = await userOf(scene, ada)
    await scene.app.directory.users.remove(String(before?.id), undefined, cause)
    const rule = await newRule(scene.api, 'userName pr', { groups: [staff], role: 'New' })
    const { plan } = await planned(scene, byId(ada), { groups: [], rules: true })
    await carriedOut(scene, plan)
    const after = await userOf(scene, ada)
    expect(after?.id).not.toBe(before?.id)
    expect(after?.attributes['roles']).toStrictEqual([{ value: 'Designer' }, { value: 'New' }])
    expect(await groupsOf(scene.api, String(after?.id))).toStrictEqual({
      Staff: `rule:${rule.id}`,
    })
  })

  test('in an import is the same user when they were only switched off, and gets nothing by rules', async () => {
    const scene = await newScene()
    const staff = await newOwnGroup(scene.app.directory, 'Staff')
    await carriedOut(scene, (await planned(scene, byId(ada))).plan)
    const before = await userOf(scene, ada)
    const off = (now: object) => ({ ...now, active: false })
    await scene.app.directory.users.update(String(before?.id), undefined, off, cause)
    await newRule(scene.api, 'userName pr', { groups: [staff], role: 'New' })
    const { plan } = await planned(scene, byId(ada), { rules: true })
    expect(plan.actions).toMatchObject({ reactivate: 1, create: 0 })
    await carriedOut(scene, plan)
    expect(await userOf(scene, ada)).toMatchObject({
      id: before?.id,
      groups: [{ id: scene.group }],
      attributes: { active: true, roles: [{ value: 'Designer' }] },
    })
  })

  test('through provisioning after an import is the same user, with the groups of the import', async () => {
    const scene = await newScene()
    const staff = await newOwnGroup(scene.app.directory, 'Staff')
    const { plan } = await planned(scene, byId(ada))
    await carriedOut(scene, plan)
    const before = await userOf(scene, ada)
    await newRule(scene.api, 'userName pr', { groups: [staff], role: 'New' })
    const off = { op: 'replace', path: 'active', value: false }
    await scene.app.scim.operate(`/Users/${before?.id}`, off)
    const { schemas: _, userName, ...more } = sent(ada)
    const back = await newUser(scene.app.scim, userName, more)
    expect(back).toMatchObject({ id: before?.id, active: true })
    expect(await groupsOf(scene.api, back.id)).toStrictEqual({ Designers: `import:${plan.id}` })
  })
})

describe('names that collide in a sync', () => {
  const [one, two] = [entraPerson(60, 'one'), entraPerson(61, 'two')]
  const named = (person: EntraUser, name: string): EntraUser => ({
    ...person,
    userPrincipalName: `${name}@contoso.example`,
  })
  const namesOf = async (scene: Scene) => {
    const users = await Promise.all([one, two].map((person) => userOf(scene, person)))
    return users.map((user) => user?.attributes['userName'])
  }
  const told = (items: readonly PlanItem[]) => items.map(({ state, outcome }) => [state, outcome])
  const taken = (name: string) => `userName "${name}@contoso.example" is already in use.`

  test('are taken at the second try where another has given the name up by then', async () => {
    const scene = await sceneWith(one, two)
    scene.entra.people = [named(one, 'two'), named(two, 'three')]
    const plan = await planSync(scene)
    expect(await run(scene, plan)).toMatchObject({ states: { done: 1, failed: 1 } })
    expect(told(await syncItemsOf(scene, plan))).toStrictEqual([
      ['failed', taken('two')],
      ['done', undefined],
    ])
    expect(await run(scene, plan)).toMatchObject({ states: { done: 2 } })
    expect(await namesOf(scene)).toStrictEqual(['two@contoso.example', 'three@contoso.example'])
  })

  test('stay as they are where two have swapped theirs, and that is told', async () => {
    const scene = await sceneWith(one, two)
    scene.entra.people = [named(one, 'two'), named(two, 'one')]
    const plan = await planSync(scene)
    await run(scene, plan)
    expect(told(await syncItemsOf(scene, plan))).toStrictEqual([
      ['failed', taken('two')],
      ['failed', taken('one')],
    ])
    expect(await namesOf(scene)).toStrictEqual(['one@contoso.example', 'two@contoso.example'])
  })
})
