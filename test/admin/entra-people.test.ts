import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_ACCESS, type EntraUser } from '../../src/directory/entra-directory.ts'
import { newAdmin, problem, type AdminApi } from '../support/admin.ts'
import { testApp } from '../support/app.ts'
import { endOfTests } from '../support/database.ts'
import { entraPerson, testEntraDirectory } from '../support/entra-directory.ts'
import { otherDirectory } from '../support/store.ts'

const ada = entraPerson(1, 'ada', { department: 'Sales' })
const alan = entraPerson(2, 'alan', { jobTitle: 'Salesman', enabled: false })
const anita = entraPerson(3, 'anita', { guest: true })
const grace = entraPerson(4, 'grace', { mail: 'desk@contoso.example' })
const linus = entraPerson(5, 'linus', { mail: 'desk@contoso.example' })
const people = [ada, alan, anita, grace, linus]

const TEAM = 'f0000000-0000-4000-8000-000000000001'
const DESIGNER = 'a0000000-0000-4000-8000-000000000001'
const NOBODY = 'a0000000-0000-4000-8000-000000000002'
const UNKNOWN = 'a0000000-0000-4000-8000-000000000003'

const entra = testEntraDirectory(people, [
  { id: TEAM, displayName: 'Team', members: [ada.id, alan.id, anita.id] },
])
const role = (id: string, value: string, assigned: readonly string[]) => {
  return { id, value, displayName: `Role ${value}`, assigned }
}

let api: AdminApi
let stranger: AdminApi

const finished = endOfTests()

beforeAll(async () => {
  const app = await testApp({ entraDirectory: entra, finished })
  api = await newAdmin(app)
  stranger = await newAdmin(app, await otherDirectory(app), 'stranger')
})

beforeEach(() => {
  entra.roles = [
    role(DESIGNER, 'Designer', [TEAM, grace.id, ada.id]),
    role(NOBODY, 'Nobody', []),
    role(DEFAULT_ACCESS, '', [linus.id]),
  ]
})

const namesIn = (body: Readonly<Record<string, unknown>>) =>
  (body['items'] as { person: EntraUser }[]).map(({ person }) => person.displayName)

/** The names of everybody at a path, part by part. */
async function everybodyAt(path: string): Promise<string[]> {
  const found: string[] = []
  let next: string | undefined
  do {
    const more = next === undefined ? '' : `?next=${encodeURIComponent(next)}`
    const { status, text, body } = await api.get(`${path}${more}`)
    if (status !== 200) throw new Error(text)
    found.push(...namesIn(body))
    next = body['next'] as string | undefined
  } while (next !== undefined)
  return found
}

async function planned(chosen: object) {
  const options = { groups: [], invite: { when: 'never' } }
  const answer = await api.post('/imports', { people: chosen, options })
  const plan = Object(answer.body['plan']) as { readonly id?: string }
  const items = await api.get(`/imports/${plan.id}/items?limit=200`)
  return { ...answer, names: answer.status === 201 ? namesIn(items.body) : undefined }
}

test('people are found by department and job title too, guests and the blocked marked as such', async () => {
  const { body } = await api.get('/entra/users?search=sales')
  expect(body['items']).toMatchObject([
    { person: { displayName: 'ada', enabled: true, guest: false } },
    { person: { displayName: 'alan', enabled: false, guest: false } },
  ])
  expect((await api.get('/entra/users?search=anita')).body['items']).toMatchObject([
    { person: { guest: true } },
  ])
})

describe('app roles', () => {
  test('are listed, without the access of those who have none', async () => {
    expect((await api.get('/entra/app-roles')).body).toStrictEqual({
      items: [
        { id: DESIGNER, value: 'Designer', displayName: 'Role Designer' },
        { id: NOBODY, value: 'Nobody', displayName: 'Role Nobody' },
      ],
    })
  })

  test.each([
    ['a role', DESIGNER, ['ada', 'alan', 'anita', 'grace']],
    ['a role that nobody has', NOBODY, []],
    ['no role', DEFAULT_ACCESS, ['linus']],
    ['anything', 'any', ['ada', 'alan', 'anita', 'grace', 'linus']],
  ])('have people: those with %s', async (_, id, names) => {
    expect(await everybodyAt(`/entra/app-roles/${id}/assignees`)).toEqual(names)
    const { names: imported, status } = await planned({ appRoles: [id] })
    expect([status, imported]).toEqual([201, names])
  })

  test('show of their people how they stand to the users here', async () => {
    const { body } = await api.get(`/entra/app-roles/${DESIGNER}/assignees`)
    expect(body).toMatchObject({ items: [{ person: { id: ada.id }, standing: 'new' }, {}] })
  })

  test('that Entra does not have are 404, and in an import a mistake at their place', async () => {
    const answer = await api.get(`/entra/app-roles/${UNKNOWN}/assignees`)
    expect(problem(answer)).toStrictEqual({ status: 404, code: 'notFound' })
    const refused = await planned({ appRoles: [DESIGNER, UNKNOWN] })
    expect(problem(refused)).toStrictEqual({ status: 400, code: 'badRequest' })
    expect(refused.body['errors']).toMatchObject([{ pointer: '#/people/appRoles/1' }])
  })

  test('are of the organisation whose tenant it is', async () => {
    for (const path of ['/entra/app-roles', '/entra/app-roles/any/assignees']) {
      expect(problem(await stranger.get(path)).code).toBe('notConnected')
    }
  })

  test.each([
    ['unavailable', 503, 'entraUnavailable'],
    ['forbidden', 502, 'entraForbidden'],
    ['credentials', 502, 'entraCredentials'],
  ] as const)('say that Entra is %s', async (failure, status, code) => {
    entra.failure = failure
    try {
      for (const path of ['/entra/app-roles', '/entra/app-roles/any/assignees']) {
        expect(problem(await api.get(path))).toStrictEqual({ status, code })
      }
      expect(problem(await planned({ appRoles: ['any'] }))).toStrictEqual({ status, code })
    } finally {
      entra.failure = undefined
    }
  })
})

describe('people of an import', () => {
  test('are chosen in four ways at once, each once', async () => {
    const { names, body } = await planned({
      ids: [linus.id],
      addresses: ['alan@contoso.example', ' ADA@contoso.example '],
      groups: [TEAM],
      appRoles: [DESIGNER, 'any'],
    })
    expect(names).toEqual(['linus', 'alan', 'ada', 'anita', 'grace'])
    expect(body).toMatchObject({ notFound: [], ambiguous: [] })
  })

  test('are not taken by an address that two have, and are by their user name', async () => {
    const { body, names } = await planned({
      addresses: ['Desk@contoso.example', 'grace@contoso.example', 'nobody@contoso.example'],
    })
    expect(body).toMatchObject({
      ambiguous: ['Desk@contoso.example'],
      notFound: ['nobody@contoso.example'],
    })
    expect(names).toEqual(['grace'])
  })

  test.each([
    ['no list', { appRoles: 'any' }, '#/people/appRoles'],
    ['no id', { appRoles: ['Designer'] }, '#/people/appRoles/0'],
    ['too many', { appRoles: Array.from({ length: 51 }, () => 'any') }, '#/people/appRoles'],
    ['nobody', { appRoles: [] }, '#/people'],
  ])('are refused with %s of app roles', async (_, chosen, pointer) => {
    const answer = await planned(chosen)
    expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
    expect(answer.body['errors']).toMatchObject([{ pointer }])
  })
})
