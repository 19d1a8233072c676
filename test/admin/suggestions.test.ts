import { expect, test } from 'vitest'
import type { EntraUser } from '../../src/directory/entra-directory.ts'
import { newAdmin, problem } from '../support/admin.ts'
import { cause, testApp } from '../support/app.ts'
import { entraPerson } from '../support/entra-directory.ts'
import { byId, carriedOut, newScene, planned, userOf, type Scene } from '../support/imports.ts'

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

interface Item {
  readonly user: { readonly id: string; readonly userName: string }
  readonly pile: string
  readonly suggestions: readonly { readonly person: EntraUser; readonly why: readonly string[] }[]
}

type Attributes = Readonly<Record<string, string | object>>

async function sceneWith(people: readonly EntraUser[]): Promise<Scene> {
  const scene = await newScene()
  scene.entra.people = people
  return scene
}

async function newUser({ app }: Scene, userName: string, more: Attributes = {}): Promise<string> {
  const attributes = { userName, active: true, ...(more as object) }
  const { user } = await app.directory.users.create({ attributes, origin: 'local' }, cause)
  return user.id
}

/** What is suggested for a user, as user principal names with what speaks for each. */
async function suggestionsFor({ api }: Scene, id: string) {
  const { status, text, body } = await api.get('/link-suggestions?limit=50')
  if (status !== 200) throw new Error(text)
  const item = (body['items'] as Item[]).find(({ user }) => user.id === id)
  return {
    pile: item?.pile,
    people: item?.suggestions.map(({ person, why }) => [person.userPrincipalName, ...why]),
  }
}

const ada = entraPerson(1, 'ada', { displayName: 'Ada Lovelace', employeeId: 'E-1' })
const adam = entraPerson(2, 'adam', {
  displayName: 'Adam Smith',
  proxyAddresses: ['adam@contoso.example', 'smith@contoso.example'],
})
const twin = entraPerson(3, 'ada.l', { displayName: 'Ada Lovelace' })

test.each<[string, string, Attributes, string, string[][]]>([
  [
    'object id',
    'al',
    { externalId: ada.id.toUpperCase() },
    'exact',
    [['ada@contoso.example', 'The object id is the same.']],
  ],
  [
    'user name',
    'ADA@contoso.example',
    {},
    'exact',
    [['ada@contoso.example', 'The user name is the same.', 'The user name is the e-mail address.']],
  ],
  [
    'e-mail address',
    'al',
    { emails: [{ value: 'Ada@contoso.example' }] },
    'possible',
    [['ada@contoso.example', 'The e-mail address is the same.']],
  ],
  [
    'e-mail alias',
    'as',
    { emails: [{ value: 'smith@contoso.example' }] },
    'possible',
    [['adam@contoso.example', 'An e-mail alias is the same.']],
  ],
  [
    'name, which two have',
    'al',
    { displayName: 'Ada Lovelace', [ENTERPRISE]: { employeeNumber: 'e-1' } },
    'possible',
    [
      ['ada@contoso.example', 'The employee number is the same.', 'The name is the same.'],
      ['ada.l@contoso.example', 'The name is the same.'],
    ],
  ],
  [
    'object id before the user name of another',
    'adam@contoso.example',
    { externalId: ada.id },
    'possible',
    [
      ['ada@contoso.example', 'The object id is the same.'],
      [
        'adam@contoso.example',
        'The user name is the same.',
        'The user name is the e-mail address.',
      ],
    ],
  ],
  ['nothing', 'nobody', { displayName: 'Nobody at all' }, 'none', []],
])('suggests an account by its %s', async (_, userName, attributes, pile, people) => {
  const scene = await sceneWith([ada, adam, twin])
  const id = await newUser(scene, userName, attributes)
  expect(await suggestionsFor(scene, id)).toEqual({ pile, people })
})

test('suggests no account that somebody else is linked to', async () => {
  const scene = await sceneWith([ada])
  await carriedOut(scene, (await planned(scene, byId(ada))).plan)
  const id = await newUser(scene, 'al', { displayName: 'Ada Lovelace' })
  expect(await suggestionsFor(scene, id)).toEqual({ pile: 'none', people: [] })
})

test('shows everybody who is not linked, page by page, and nobody once they are', async () => {
  const people = Array.from({ length: 5 }, (_, index) => entraPerson(20 + index, `p${index}`))
  const scene = await sceneWith(people)
  for (const person of people) await newUser(scene, person.userPrincipalName)
  const all: Item[] = []
  let next: string | undefined
  do {
    const after = next === undefined ? '' : `&after=${next}`
    const { body } = await scene.api.get(`/link-suggestions?limit=2${after}`)
    all.push(...(body['items'] as Item[]))
    next = body['next'] as string | undefined
  } while (next !== undefined)
  // The administrator is a local account too.
  expect(all.map(({ pile }) => pile)).toEqual(['none', ...people.map(() => 'exact')])

  const exact = all.filter(({ pile }) => pile === 'exact')
  const links = Object.fromEntries(
    exact.map(({ user, suggestions }) => [suggestions[0]?.person.id, user.id]),
  )
  const { plan } = await planned(scene, byId(...people), { links, groups: [] })
  expect(plan.actions).toMatchObject({ link: 5, create: 0, conflict: 0 })
  await carriedOut(scene, plan)
  for (const person of people)
    expect(await userOf(scene, person)).toMatchObject({ origin: 'local' })
  const { body } = await scene.api.get('/link-suggestions')
  expect((body['items'] as Item[]).map(({ user }) => user.userName)).toEqual(['admin'])
})

test('says that Entra cannot be asked', async () => {
  const scene = await sceneWith([ada])
  scene.entra.failure = 'unavailable'
  const answer = await scene.api.get('/link-suggestions')
  expect(problem(answer)).toEqual({ status: 503, code: 'entraUnavailable' })
  const api = await newAdmin(await testApp())
  expect(problem(await api.get('/link-suggestions'))).toEqual({ status: 409, code: 'notConnected' })
})
