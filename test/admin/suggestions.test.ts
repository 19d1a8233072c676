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

const IMMUTABLE = 'K2e+/Qx8T0G0aBcD12345w=='
const GONE = 'e0000000-0000-4000-8000-999999999999'

const ada = entraPerson(1, 'ada', {
  displayName: 'Ada Lovelace',
  employeeId: 'E-1',
  onPremisesImmutableId: IMMUTABLE,
  onPremisesSamAccountName: 'alovelace',
})
const adam = entraPerson(2, 'adam', {
  displayName: 'Adam Smith',
  proxyAddresses: ['adam@contoso.example', 'smith@contoso.example'],
})
const twin = entraPerson(3, 'ada.l', { displayName: 'Ada Lovelace' })
const guest = entraPerson(4, 'gus', {
  displayName: 'Gus Fabrikam',
  userPrincipalName: 'gus_fabrikam.example#EXT#@contoso.example',
  mail: 'gus@fabrikam.example',
  proxyAddresses: [],
  guest: true,
})
// Nothing keeps Entra from giving one address to two accounts without mailboxes.
const shared = ['one', 'two'].map((name, index) =>
  entraPerson(5 + index, name, { mail: 'desk@contoso.example', proxyAddresses: [] }),
)
const everybody = [ada, adam, twin, guest, ...shared]

const ADA = 'ada@contoso.example'
const ADAM = 'adam@contoso.example'
const same = {
  objectId: 'The object id is the same.',
  premisesId: 'The on-premises id is the same.',
  userName: 'The user name is the same.',
  mailbox: 'An address of the mailbox is the same.',
  mail: 'The e-mail address is the same.',
  nameIsMail: 'The user name is the e-mail address.',
  windows: 'The user name is that of the Windows account.',
  number: 'The employee number is the same.',
  name: 'The name is the same.',
} as const
const byUserName = [same.userName, same.mailbox, same.nameIsMail]

const rows: Readonly<
  Record<
    string,
    readonly [userName: string, more: Attributes, pile: string, people: readonly string[][]]
  >
> = {
  'its object id': ['al', { externalId: ada.id.toUpperCase() }, 'exact', [[ADA, same.objectId]]],
  'its on-premises id': ['al', { externalId: IMMUTABLE }, 'exact', [[ADA, same.premisesId]]],
  'no on-premises id in another letter case': [
    'al',
    { externalId: IMMUTABLE.toLowerCase() },
    'none',
    [],
  ],
  'its user name': ['ADA@contoso.example', {}, 'exact', [[ADA, ...byUserName]]],
  'the user name of a guest': [
    'gus_fabrikam.example',
    { displayName: 'Gus Fabrikam' },
    'exact',
    [[guest.userPrincipalName, same.userName, same.name]],
  ],
  'the whole user name of a guest': [
    guest.userPrincipalName,
    {},
    'exact',
    [[guest.userPrincipalName, same.userName]],
  ],
  'its e-mail address': [
    'al',
    { emails: [{ value: 'Ada@contoso.example' }] },
    'possible',
    [[ADA, same.mailbox, same.mail]],
  ],
  'an address that two have': [
    'al',
    { emails: [{ value: 'desk@contoso.example' }] },
    'possible',
    [
      ['one@contoso.example', same.mail],
      ['two@contoso.example', same.mail],
    ],
  ],
  'an e-mail alias': [
    'as',
    { emails: [{ value: 'smith@contoso.example' }] },
    'possible',
    [[ADAM, same.mailbox]],
  ],
  'an alias as user name': ['smith@contoso.example', {}, 'possible', [[ADAM, same.mailbox]]],
  'an address as user name': [
    'gus@fabrikam.example',
    {},
    'possible',
    [[guest.userPrincipalName, same.nameIsMail]],
  ],
  'the name of its Windows account': ['ALovelace', {}, 'possible', [[ADA, same.windows]]],
  'the name of its Windows account, with the domain': [
    'CONTOSO\\alovelace',
    {},
    'possible',
    [[ADA, same.windows]],
  ],
  'no Windows account that an address begins like': ['alovelace@other.example', {}, 'none', []],
  'its employee number': [
    'al',
    { [ENTERPRISE]: { employeeNumber: 'e-1' } },
    'possible',
    [[ADA, same.number]],
  ],
  'a name that two have': [
    'al',
    { displayName: 'Ada Lovelace' },
    'possible',
    [
      [ADA, same.name],
      ['ada.l@contoso.example', same.name],
    ],
  ],
  'an on-premises id before what is weaker': [
    'smith@contoso.example',
    { externalId: IMMUTABLE, displayName: 'Adam Smith' },
    'exact',
    [
      [ADA, same.premisesId],
      [ADAM, same.mailbox, same.name],
    ],
  ],
  'the object id before the user name of another': [
    ADAM,
    { externalId: ada.id },
    'possible',
    [
      [ADA, same.objectId],
      [ADAM, ...byUserName],
    ],
  ],
  'a user name that somebody else may have been given': [
    ADAM,
    { externalId: GONE },
    'possible',
    [[ADAM, ...byUserName]],
  ],
  nothing: ['nobody', { displayName: 'Nobody at all' }, 'none', []],
}

test.each(Object.entries(rows))(
  'suggests an account by %s',
  async (_, [userName, attributes, pile, people]) => {
    const scene = await sceneWith(everybody)
    const id = await newUser(scene, userName, attributes)
    expect(await suggestionsFor(scene, id)).toEqual({ pile, people })
  },
)

test('is not sure of a user name where another user has the object id', async () => {
  const scene = await sceneWith([ada])
  const byName = await newUser(scene, ADA)
  const byId = await newUser(scene, 'al', { externalId: ada.id })
  expect(await suggestionsFor(scene, byName)).toMatchObject({ pile: 'possible' })
  expect(await suggestionsFor(scene, byId)).toMatchObject({ pile: 'exact' })
})

test('shows of an account whether it is blocked, or a guest', async () => {
  const blocked = { ...ada, enabled: false }
  const scene = await sceneWith([blocked, guest])
  await newUser(scene, ADA)
  await newUser(scene, guest.userPrincipalName)
  const { body } = await scene.api.get('/link-suggestions')
  const people = (body['items'] as Item[]).flatMap(({ suggestions }) =>
    suggestions.map(({ person }) => person),
  )
  expect(people).toMatchObject([
    { id: ada.id, enabled: false, guest: false },
    { id: guest.id, enabled: true, guest: true },
  ])
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
