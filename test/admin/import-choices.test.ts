import { describe, expect, test } from 'vitest'
import type { Plan, PlanItem } from '../../src/directory/plan.ts'
import { problem } from '../support/admin.ts'
import { cause } from '../support/app.ts'
import { groupsOf, newOwnGroup, newPushedGroup, newRule } from '../support/assignments.ts'
import { entraPerson } from '../support/entra-directory.ts'
import {
  ada,
  breakAt,
  byId,
  carriedOut,
  createdOnce,
  grace,
  itemsOf,
  linus,
  many,
  newScene,
  planned,
  start,
  userOf,
  type Chosen,
  type Scene,
} from '../support/imports.ts'
import { newPerson } from '../support/programs.ts'

const changeAt = (item: PlanItem | undefined, path: string) =>
  item?.changes.filter((change) => change.path === path)
const rolesOf = async (scene: Scene, person: { readonly id: string }) =>
  (await userOf(scene, person))?.attributes['roles']
const groupsOfPerson = async (scene: Scene, person: { readonly id: string }) =>
  groupsOf(scene.api, String((await userOf(scene, person))?.id))

/** Says of an import that is over whom it has not settled, and what comes next. */
async function again(scene: Scene, { id }: Plan, body: object = {}): Promise<Chosen> {
  const answer = await scene.api.post(`/imports/${id}/again`, body)
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body as unknown as Chosen
}

describe('a preview', () => {
  test.each([
    ['now', { when: 'now' }, 'ada@contoso.example', 'waiting', '2026-03-02T08:00:00.000Z'],
    ['later', { when: 'later' }, 'later', 'kept', '2026-03-02T08:00:00.000Z'],
    [
      'at a time',
      { when: 'at', at: '2026-04-01T06:00:00.000Z' },
      '2026-04-01T06:00:00.000Z',
      'waiting',
      '2026-04-01T06:00:00.000Z',
    ],
  ] as const)('shows that somebody is mailed %s', async (_, invite, to, state, due) => {
    const scene = await newScene()
    const { plan } = await planned(scene, byId(ada, linus), { invite })
    const [first, second] = await itemsOf(scene, plan)
    expect(changeAt(first, 'invitation')).toStrictEqual([{ path: 'invitation', to }])
    expect(changeAt(second, 'invitation')).toStrictEqual([])
    await carriedOut(scene, plan)
    const { body } = await scene.api.get('/mails')
    expect(body['items']).toMatchObject([{ to: 'ada@contoso.example', state, due }])
  })

  test('shows the groups that somebody joins, and not those they are in', async () => {
    const scene = await newScene()
    const { id } = await newPerson(scene.app.directory, 'grace@contoso.example')
    const join = { kind: 'add', members: [{ value: id }] } as const
    await scene.app.directory.groups.update(
      scene.group,
      undefined,
      (attributes) => ({ attributes, members: [join] }),
      cause,
    )
    const staff = await newOwnGroup(scene.app.directory, 'Staff')
    const { plan } = await planned(scene, byId(ada, grace), {
      groups: [scene.group, staff],
      links: { [grace.id]: id },
    })
    const [first, second] = await itemsOf(scene, plan)
    expect(changeAt(first, 'groups')).toStrictEqual([{ path: 'groups', to: [scene.group, staff] }])
    expect(changeAt(second, 'groups')).toStrictEqual([{ path: 'groups', to: [staff] }])
    await carriedOut(scene, plan)
    expect(await groupsOfPerson(scene, grace)).toStrictEqual({
      Designers: 'hand',
      Staff: `import:${plan.id}`,
    })
  })

  test('says once that people of many departments would all get the same', async () => {
    const scene = await newScene()
    const of = (...names: readonly (string | undefined)[]) =>
      names.map((name, index) =>
        entraPerson(50 + index, `p${index}`, name ? { department: name } : {}),
      )
    const adviceFor = async (people: ReturnType<typeof of>, options: object = {}) => {
      scene.entra.people = people
      return (await planned(scene, byId(...people), options)).plan.advice
    }
    const mixed = of('Sales', 'sales ', 'IT', 'HR', 'Law')
    expect(await adviceFor(mixed)).toStrictEqual([
      'These people have 4 different departments, and all get the same groups and role: import one kind of people at a time, or let rules decide.',
    ])
    expect(await adviceFor(mixed, { groups: [], persons: {} })).toHaveLength(1)
    expect(await adviceFor(mixed.slice(1))).toStrictEqual([])
    expect(await adviceFor(of('Sales', 'Sales', 'SALES', 'IT', 'HR', undefined))).toStrictEqual([])
    expect(await adviceFor(of(undefined, undefined, undefined, undefined, 'IT'))).toStrictEqual([])
    const titles = mixed.map((person) => ({ ...person, jobTitle: person.id, department: 'Sales' }))
    expect(await adviceFor(titles)).toStrictEqual([
      expect.stringMatching(/^These people have 5 different job titles, /),
    ])
    const read = await scene.api.get('/imports')
    expect(read.body['items']).toMatchObject([{ advice: [expect.any(String)] }, {}, {}, {}, {}, {}])
  })
})

describe('what is chosen for one person', () => {
  test('is what this person gets, instead of what all get', async () => {
    const scene = await newScene()
    const staff = await newOwnGroup(scene.app.directory, 'Staff')
    const [first, second, third, fourth] = many
    const persons = {
      [String(first?.id)]: { groups: [staff] },
      [String(second?.id)]: { role: 'Lead' },
      [String(third?.id)]: { role: null, groups: [], invite: false },
    }
    const { plan } = await planned(scene, byId(...many.slice(0, 4)), {
      invite: { when: 'now' },
      persons,
    })
    expect(await carriedOut(scene, plan)).toMatchObject({ states: { done: 4 } })
    const got = []
    for (const person of [first, second, third, fourth]) {
      const user = await userOf(scene, { id: String(person?.id) })
      got.push([user?.groups.map(({ displayName }) => displayName), user?.attributes['roles']])
    }
    expect(got).toStrictEqual([
      [['Staff'], [{ value: 'Designer' }]],
      [['Designers'], [{ value: 'Lead' }]],
      [[], undefined],
      [['Designers'], [{ value: 'Designer' }]],
    ])
    const { body } = await scene.api.get('/mails')
    const mailed = (body['items'] as { to: string }[]).map(({ to }) => to).sort()
    expect(mailed).toStrictEqual([first?.mail, second?.mail, fourth?.mail])
  })

  test('can be an invitation that the others do not get', async () => {
    const scene = await newScene()
    const { plan } = await planned(scene, byId(ada, grace), {
      persons: { [ada.id]: { invite: true } },
    })
    await carriedOut(scene, plan)
    const { body } = await scene.api.get('/mails')
    expect(body['items']).toMatchObject([{ to: ada.mail, state: 'waiting' }])
  })

  test('is refused where a group is not there, or is not to be chosen', async () => {
    const scene = await newScene()
    const options = { groups: [], invite: { when: 'never' } }
    const people = byId(ada)
    const missing = await scene.api.post('/imports', {
      people,
      options: { ...options, persons: { [ada.id]: { groups: [scene.group, 'nowhere'] } } },
    })
    expect(problem(missing).status).toBe(400)
    expect(missing.body['errors']).toStrictEqual([
      { pointer: `#/options/persons/${ada.id}/groups/1`, detail: 'There is no such group.' },
    ])
    const pushed = await newPushedGroup(scene.app.directory, 'Pushed')
    const refused = await scene.api.post('/imports', {
      people,
      options: { ...options, persons: { [ada.id]: { groups: [pushed] } } },
    })
    expect(problem(refused)).toStrictEqual({ status: 409, code: 'conflict' })
    expect((await scene.api.get('/imports')).body['items']).toStrictEqual([])
  })
})

describe('an import by rules', () => {
  test('gives new users what the first rule gives that matches, besides, and shows it', async () => {
    const scene = await newScene()
    const staff = await newOwnGroup(scene.app.directory, 'Staff')
    const rule = await newRule(scene.api, 'department eq "sales" and roles.value eq "designer"', {
      name: 'Sales',
      groups: [staff, scene.group],
      role: 'Seller',
    })
    const { plan } = await planned(scene, byId(ada, grace), { rules: true })
    const [first, second] = await itemsOf(scene, plan)
    expect(changeAt(first, 'groups')).toStrictEqual([{ path: 'groups', to: [scene.group, staff] }])
    expect(changeAt(first, 'rule')).toStrictEqual([
      { path: 'rule', to: { id: rule.id, name: 'Sales', groups: [staff], role: 'Seller' } },
    ])
    expect(changeAt(first, 'roles')).toStrictEqual([
      { path: 'roles', to: [{ value: 'Designer' }, { value: 'Seller' }] },
    ])
    expect(changeAt(second, 'rule')).toStrictEqual([])
    expect([first?.notes, second?.notes]).toStrictEqual([[], ['No rule matches.']])
    await carriedOut(scene, plan)
    expect(await groupsOfPerson(scene, ada)).toStrictEqual({
      Designers: `import:${plan.id}`,
      Staff: `rule:${rule.id}`,
    })
    expect(await rolesOf(scene, ada)).toStrictEqual([{ value: 'Designer' }, { value: 'Seller' }])
    expect(await rolesOf(scene, grace)).toStrictEqual([{ value: 'Designer' }])
  })

  test('asks no rule where that was not chosen, nor for who is here already', async () => {
    const scene = await newScene()
    const staff = await newOwnGroup(scene.app.directory, 'Staff')
    await newRule(scene.api, 'userName pr', { groups: [staff], role: 'Seller' })
    const local = await newPerson(scene.app.directory, 'grace@contoso.example')
    await carriedOut(scene, (await planned(scene, byId(ada))).plan)
    const links = { [grace.id]: local.id }
    const { plan } = await planned(scene, byId(ada, grace), { rules: true, links })
    await carriedOut(scene, plan)
    for (const person of [ada, grace]) {
      expect(Object.keys(await groupsOfPerson(scene, person))).toStrictEqual(['Designers'])
      expect(await rolesOf(scene, person)).toStrictEqual([{ value: 'Designer' }])
    }
  })

  test('gives nothing of the rules that was chosen otherwise for one person', async () => {
    const scene = await newScene()
    const staff = await newOwnGroup(scene.app.directory, 'Staff')
    await newRule(scene.api, 'userName pr', { groups: [staff], role: 'Seller' })
    const persons = { [ada.id]: { groups: [] }, [grace.id]: { role: null } }
    const options = { groups: [], rules: true, persons }
    await carriedOut(scene, (await planned(scene, byId(ada, grace), options)).plan)
    expect(await groupsOfPerson(scene, ada)).toStrictEqual({})
    expect(await rolesOf(scene, ada)).toStrictEqual([{ value: 'Designer' }, { value: 'Seller' }])
    expect(Object.keys(await groupsOfPerson(scene, grace))).toStrictEqual(['Staff'])
    expect(await rolesOf(scene, grace)).toBeUndefined()
  })

  test.each<[string, (scene: Scene, rule: string, group: string) => Promise<unknown>]>([
    [
      'a rule was changed',
      ({ api }, rule) =>
        api.post(`/rules/${rule}`, { name: 'x', filter: 'userName pr', role: 'Other' }),
    ],
    ['a rule was removed', ({ api }, rule) => api.post(`/rules/${rule}/remove`)],
    [
      'a rule was put before it',
      async ({ api }, rule) => {
        const { id } = await newRule(api, 'title eq null')
        return api.post('/rules/order', { ids: [id, rule] })
      },
    ],
    [
      'the group of a rule was deleted',
      ({ app }, _, group) => app.directory.groups.remove(group, undefined, cause),
    ],
  ])('does nothing for people for whom %s since the preview', async (_, meanwhile) => {
    const scene = await newScene()
    const staff = await newOwnGroup(scene.app.directory, 'Staff')
    const rule = await newRule(scene.api, 'userName pr', { name: 'x', groups: [staff] })
    const { plan } = await planned(scene, byId(ada), { rules: true })
    await meanwhile(scene, rule.id, staff)
    expect(await carriedOut(scene, plan)).toMatchObject({ states: { changed: 1, done: 0 } })
    expect(await userOf(scene, ada)).toBeUndefined()
    const next = await again(scene, plan)
    expect(await carriedOut(scene, next.plan)).toMatchObject({ states: { done: 1 } })
  })
})

describe('an import that is planned again', () => {
  test('is about those who had changed or failed, as Entra and the directory have them now', async () => {
    const scene = await newScene()
    const [first, second, third] = many
    if (!first || !second || !third) throw new Error('There are not so many.')
    const staff = await newOwnGroup(scene.app.directory, 'Staff')
    const persons = { [first.id]: { groups: [staff], role: null } }
    const { plan } = await planned(scene, byId(ada, first, second, third), { persons })
    await newPerson(scene.app.directory, first.userPrincipalName)
    const mend = await breakAt(scene, second.userPrincipalName)
    await carriedOut(scene, plan)
    await scene.runner.tick()
    await mend()
    const renamed = { ...first, userPrincipalName: 'renamed@contoso.example' }
    scene.entra.people = [ada, renamed, second, third]

    const { plan: next, notFound, ambiguous } = await again(scene, plan)
    expect([notFound, ambiguous]).toStrictEqual([[], []])
    expect(next).toMatchObject({ kind: 'import', state: 'preview', options: plan.options })
    expect(next.id).not.toBe(plan.id)
    const items = await itemsOf(scene, next)
    expect(items.map(({ person, action }) => [person.id, action])).toStrictEqual([
      [first.id, 'create'],
      [second.id, 'create'],
    ])
    expect(items[0]).toMatchObject({ person: renamed, chosen: { groups: [staff], role: null } })
    expect(await carriedOut(scene, next)).toMatchObject({ states: { done: 2 } })
    expect(await groupsOfPerson(scene, first)).toStrictEqual({ Staff: `import:${next.id}` })
    expect(await rolesOf(scene, first)).toBeUndefined()
    const before = await itemsOf(scene, plan)
    expect(before.map(({ state }) => state)).toStrictEqual(['done', 'changed', 'failed', 'done'])
  })

  test('takes the answer who is the same person, and tells who is not at Entra any more', async () => {
    const scene = await newScene()
    const { id } = await newPerson(scene.app.directory, 'grace@contoso.example')
    await newPerson(scene.app.directory, 'ada@contoso.example')
    const { plan } = await planned(scene, byId(ada, grace))
    expect(await carriedOut(scene, plan)).toMatchObject({ states: { failed: 2 } })
    scene.entra.people = [grace]
    const next = await again(scene, plan, { links: { [grace.id]: id } })
    expect(next.notFound).toStrictEqual([ada.id])
    expect(await carriedOut(scene, next.plan)).toMatchObject({
      actions: { link: 1, conflict: 0 },
      states: { done: 1 },
    })
    expect((await userOf(scene, grace))?.id).toBe(id)
  })

  test('is refused while it runs, and where nobody is left', async () => {
    const scene = await newScene()
    const { plan } = await planned(scene, byId(ada))
    for (const detail of ['This import has left nobody.', 'This import is being carried out']) {
      const answer = await scene.api.post(`/imports/${plan.id}/again`)
      expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
      expect(answer.body['detail']).toContain(detail)
      if (detail.includes('nobody')) await start(scene, plan)
    }
    await scene.runner.tick()
    expect((await scene.api.post(`/imports/${plan.id}/again`)).status).toBe(409)
    await createdOnce(scene, [ada])
    expect((await scene.api.post('/imports/x/again')).status).toBe(404)
  })
})
