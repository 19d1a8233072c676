import { beforeEach, expect, test } from 'vitest'
import { newAdmin, problem, type AdminApi } from '../support/admin.ts'
import { testApp, type TestApp } from '../support/app.ts'
import { newRule } from '../support/assignments.ts'
import { newPerson } from '../support/programs.ts'
import { recorded } from '../support/store.ts'

let app: TestApp
let api: AdminApi
let ada: string
let bob: string

beforeEach(async () => {
  app = await testApp()
  api = await newAdmin(app)
  ada = (await newPerson(app.directory, 'ada', { title: 'Planner' })).id
  bob = (await newPerson(app.directory, 'bob', { title: 'Engineer' })).id
})

interface Decision {
  readonly user: { readonly id: string }
  readonly rule?: { readonly id: string; readonly name: string }
  readonly before: readonly { readonly name: string; readonly why: readonly string[] }[]
}

async function decisions(body: object): Promise<Record<string, string>> {
  const answer = await api.post('/rules/try', body)
  if (answer.status !== 200) throw new Error(answer.text)
  expect(answer.body).not.toHaveProperty('matches')
  const all = answer.body['decisions'] as Decision[]
  return Object.fromEntries(
    all.map(({ user, rule, before }) => [
      user.id === ada ? 'ada' : 'bob',
      [...before.map(({ name }) => `not ${name}`), rule?.name ?? 'none'].join(', '),
    ]),
  )
}

test('a filter is tried among the rules at its place, and nothing changes', async () => {
  const first = await newRule(api, 'title eq "Planner"', { name: 'planners' })
  await newRule(api, 'title pr', { name: 'rest' })
  const users = [ada, bob]
  const draft = { name: 'draft', filter: 'title sw "e"', users }
  const events = await recorded(app.directory, async () => {
    expect(await decisions({ users })).toStrictEqual({ ada: 'planners', bob: 'not planners, rest' })
    expect(await decisions({ ...draft, place: first.id })).toStrictEqual({
      ada: 'not draft, rest',
      bob: 'draft',
    })
    expect(await decisions({ ...draft, place: 'new' })).toStrictEqual({
      ada: 'planners',
      bob: 'not planners, rest',
    })
  })
  expect(events).toStrictEqual([])
})

test('a new rule decides about whom none before it matches, and says why the others do not', async () => {
  await newRule(api, 'title eq "Planner"', { name: 'planners' })
  const { body } = await api.post('/rules/try', {
    filter: 'title eq "Engineer"',
    role: 'PM',
    place: 'new',
    users: [bob],
  })
  expect(body['decisions']).toMatchObject([
    {
      rule: { id: 'new', role: 'PM' },
      before: [{ name: 'planners', why: ['title is "Engineer"; eq "planner" is asked for.'] }],
    },
  ])
})

test.each([
  ['a filter that is wrong', { filter: '(', place: 'new' }, '#/filter'],
  ['a place without a filter', { place: 'new' }, '#/place'],
  ['nobody and nothing', {}, '#/filter'],
])('%s is refused', async (name, body, pointer) => {
  const users = name === 'nobody and nothing' ? [] : [ada]
  const answer = await api.post('/rules/try', { ...body, users })
  expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
  expect(answer.body['errors']).toMatchObject([{ pointer }])
})
