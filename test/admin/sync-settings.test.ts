import { describe, expect, test } from 'vitest'
import type { EntraUser } from '../../src/directory/entra-directory.ts'
import { problem } from '../support/admin.ts'
import { cause } from '../support/app.ts'
import { entraPerson } from '../support/entra-directory.ts'
import { newScene, userOf, type Scene } from '../support/imports.ts'
import { newPerson } from '../support/programs.ts'
import { recorded } from '../support/store.ts'
import {
  ada,
  changeHere,
  isActive,
  married,
  sceneWith,
  synced,
  syncItemsOf,
} from '../support/syncs.ts'

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

const employed: EntraUser = {
  ...ada,
  businessPhone: '+44 20 1',
  jobTitle: 'Analyst',
  department: 'Engines',
  employeeId: 'E-1',
  companyName: 'Contoso',
  preferredLanguage: 'en-GB',
}
const all = [
  'businessPhone',
  'jobTitle',
  'department',
  'employeeId',
  'companyName',
  'preferredLanguage',
]

async function set({ api }: Scene, settings: object) {
  const answer = await api.post('/sync-settings', { fields: [], provisioned: 'left', ...settings })
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.body
}

interface Row {
  readonly field: string
  readonly attribute: string
  readonly always: boolean
  readonly follows: boolean
  readonly entra?: string | boolean
  readonly user?: string | boolean
  readonly changes: boolean
}

async function sampleOf({ api }: Scene, query = '') {
  const { status, text, body } = await api.get(`/sync-settings/sample${query}`)
  if (status !== 200) throw new Error(text)
  return body as unknown as {
    readonly user: object
    readonly person?: EntraUser
    readonly action: string
    readonly notes: readonly string[]
    readonly fields: readonly Row[]
  }
}

describe('the settings of sync', () => {
  test('are no fields by choice, users of provisioning left, and no schedule, until somebody says else', async () => {
    const scene = await newScene()
    expect((await scene.api.get('/sync-settings')).body).toEqual({
      fields: [],
      provisioned: 'left',
    })
  })

  test('are kept, each field once, and a change is one event', async () => {
    const scene = await newScene()
    const settings = { fields: ['jobTitle', 'department'], provisioned: 'synced', every: 60 }
    const events = await recorded(scene.app.directory, async () => {
      const fields = ['department', 'jobTitle', 'department']
      expect(await set(scene, { ...settings, fields })).toEqual(settings)
      await set(scene, settings)
    })
    expect((await scene.api.get('/sync-settings')).body).toEqual(settings)
    expect(events.map(({ action, changes }) => [action, changes])).toEqual([
      [
        'setting.changed',
        [
          { path: 'fields', to: ['jobTitle', 'department'] },
          { path: 'provisioned', to: 'synced' },
          { path: 'every', to: 60 },
        ],
      ],
    ])
  })

  test.each([
    ['a field that nobody knows', { fields: ['shoeSize'] }, '#/fields/0'],
    ['another word for users of provisioning', { provisioned: 'deleted' }, '#/provisioned'],
    ['something else', { colour: 'red' }, '#/colour'],
  ])('are not %s', async (_, more, pointer) => {
    const { api } = await newScene()
    const answer = await api.post('/sync-settings', { fields: [], provisioned: 'left', ...more })
    expect(problem(answer)).toEqual({ status: 400, code: 'badRequest' })
    expect(answer.body['errors']).toMatchObject([{ pointer }])
  })

  test('hold for a sync that says nothing else, and not for one that does', async () => {
    const scene = await sceneWith(ada)
    await set(scene, { fields: ['jobTitle'] })
    scene.entra.people = [employed]
    const { plan } = await synced(scene)
    expect(plan.options).toEqual({ fields: ['jobTitle'], provisioned: 'left', mode: 'full' })
    expect((await userOf(scene, ada))?.attributes).toMatchObject({ title: 'Analyst' })
    expect((await userOf(scene, ada))?.attributes).not.toHaveProperty(ENTERPRISE)

    const options = { fields: ['department'], provisioned: 'synced' }
    expect((await synced(scene, { options })).plan.options).toMatchObject(options)
    expect((await userOf(scene, ada))?.attributes).toMatchObject({
      [ENTERPRISE]: { department: 'Engines' },
    })
  })
})

describe('fields that follow by choice', () => {
  const rows: readonly [string, object][] = [
    ['businessPhone', { phoneNumbers: [{ type: 'work', value: '+44 20 1' }] }],
    ['jobTitle', { title: 'Analyst' }],
    ['department', { [ENTERPRISE]: { department: 'Engines' } }],
    ['employeeId', { [ENTERPRISE]: { employeeNumber: 'E-1' } }],
    ['companyName', { [ENTERPRISE]: { organization: 'Contoso' } }],
    ['preferredLanguage', { preferredLanguage: 'en-GB' }],
  ]

  test.each(rows)('%s comes, and goes when Entra has it no more', async (field, expected) => {
    const { mobilePhone: _, ...person } = ada
    const scene = await sceneWith(person)
    const before = (await userOf(scene, ada))?.attributes
    const { mobilePhone: __, ...later } = employed
    scene.entra.people = [later]
    const options = { fields: [field], provisioned: 'left' }
    await synced(scene, { options })
    expect((await userOf(scene, ada))?.attributes).toEqual({ ...before, ...expected })
    scene.entra.people = [person]
    await synced(scene, { options })
    expect((await userOf(scene, ada))?.attributes).toEqual(before)
  })

  test('leave the other numbers, and what else is known of the same one', async () => {
    const scene = await sceneWith(ada)
    const { users } = scene.app.directory
    const id = String((await userOf(scene, ada))?.id)
    const own = [
      { type: 'work', value: '1', display: 'Desk' },
      { type: 'fax', value: '2' },
      { type: 'mobile', value: '+44 1' },
      { value: '3' },
    ]
    await users.update(id, undefined, (now) => ({ ...now, phoneNumbers: own }), cause)
    scene.entra.people = [{ ...employed, mobilePhone: '+44 2' }]
    const phones = async () => (await users.read(id))?.attributes['phoneNumbers']
    await synced(scene)
    expect(await phones()).toEqual(
      expect.arrayContaining(own.filter(({ type }) => type !== 'mobile')),
    )
    await synced(scene, { options: { fields: ['businessPhone'], provisioned: 'left' } })
    expect(await phones()).toEqual(
      expect.arrayContaining([
        { type: 'work', value: '+44 20 1', display: 'Desk' },
        { type: 'mobile', value: '+44 2' },
        { type: 'fax', value: '2' },
        { value: '3' },
      ]),
    )
    expect(await phones()).toHaveLength(4)

    const { mobilePhone: _, businessPhone: __, ...unreachable } = employed
    scene.entra.people = [unreachable]
    await synced(scene, { options: { fields: ['businessPhone'], provisioned: 'left' } })
    expect(await phones()).toEqual([{ type: 'fax', value: '2' }, { value: '3' }])
  })

  test('leave what somebody here has written where they do not follow', async () => {
    const scene = await sceneWith(ada)
    await changeHere(scene, ada, { title: 'Countess' })
    scene.entra.people = [{ ...employed, displayName: 'Ada' }]
    const options = { fields: all.filter((field) => field !== 'jobTitle'), provisioned: 'left' }
    await synced(scene, { options })
    expect((await userOf(scene, ada))?.attributes).toMatchObject({
      title: 'Countess',
      displayName: 'Ada',
      preferredLanguage: 'en-GB',
    })
  })
})

describe('the sample', () => {
  test('shows of one person what Entra has, where it goes, and what would change', async () => {
    const scene = await sceneWith(employed)
    await set(scene, { fields: ['jobTitle'] })
    await changeHere(scene, ada, { title: 'Countess', preferredLanguage: 'fr' })
    const { preferredLanguage: _, ...rest } = employed
    scene.entra.people = [{ ...rest, ...married }]
    const before = await scene.app.database.dump()
    const { fields, ...sample } = await sampleOf(scene)
    expect(await scene.app.database.dump()).toBe(before)
    expect(sample).toEqual({
      user: {
        id: (await userOf(scene, ada))?.id,
        userName: 'ada@contoso.example',
        displayName: 'Ada Byron',
        active: true,
      },
      person: { ...rest, ...married },
      action: 'update',
      notes: [],
    })
    const row = (
      field: string,
      attribute: string,
      [entra, user]: readonly [string | boolean | undefined, string | boolean],
      follows: 'always' | boolean,
    ) => ({
      field,
      attribute,
      always: follows === 'always',
      follows: follows !== false,
      ...(entra === undefined ? {} : { entra }),
      user,
      changes: entra !== user,
    })
    const name = 'ada.lovelace@contoso.example'
    expect(fields).toEqual([
      row('userPrincipalName', 'userName', [name, 'ada@contoso.example'], 'always'),
      row('displayName', 'displayName', ['Ada Lovelace', 'Ada Byron'], 'always'),
      row('givenName', 'name.givenName', ['Ada', 'Ada'], 'always'),
      row('surname', 'name.familyName', ['Lovelace', 'Byron'], 'always'),
      row('mail', 'emails[type eq "work"].value', [name, 'ada@contoso.example'], 'always'),
      row('mobilePhone', 'phoneNumbers[type eq "mobile"].value', ['+44 2', '+44 1'], 'always'),
      row('enabled', 'active', [true, true], 'always'),
      row('businessPhone', 'phoneNumbers[type eq "work"].value', ['+44 20 1', '+44 20 1'], false),
      row('jobTitle', 'title', ['Analyst', 'Countess'], true),
      row('department', `${ENTERPRISE}:department`, ['Engines', 'Engines'], false),
      row('employeeId', `${ENTERPRISE}:employeeNumber`, ['E-1', 'E-1'], false),
      row('companyName', `${ENTERPRISE}:organization`, ['Contoso', 'Contoso'], false),
      row('preferredLanguage', 'preferredLanguage', [undefined, 'fr'], false),
    ])
  })

  test('is of the person that was asked for', async () => {
    const grace = entraPerson(2, 'grace')
    const scene = await sceneWith(ada, grace)
    const { id } = (await userOf(scene, grace)) ?? {}
    expect((await sampleOf(scene, `?user=${id}`)).user).toMatchObject({ id })
  })

  test.each<[string, EntraUser[], string, string[], boolean]>([
    [
      'is blocked',
      [{ ...ada, enabled: false }],
      'deactivate',
      ['The account is blocked at Entra.'],
      true,
    ],
    ['is gone', [], 'deactivate', ['The account is not in the tenant any more.'], true],
    ['has not changed', [ada], 'skip', ['Nothing has changed.'], false],
  ])('says what becomes of who %s', async (_, people, action, notes, off) => {
    const scene = await sceneWith(ada)
    scene.entra.people = people
    const sample = await sampleOf(scene)
    expect(sample).toMatchObject({ action, notes })
    expect(sample.fields.filter(({ changes }) => changes).map(({ field }) => field)).toEqual(
      off ? ['enabled'] : [],
    )
    expect(await isActive(scene, ada)).toBe(true)
  })

  test('says that provisioning looks after somebody', async () => {
    const scene = await newScene()
    const attributes = { userName: 'ada', externalId: ada.id, active: true }
    const pushed = { ...cause, door: 'scim' } as const
    await scene.app.directory.users.create({ attributes, origin: 'scim' }, pushed)
    scene.entra.people = [married]
    const sample = await sampleOf(scene)
    expect(sample).toMatchObject({
      action: 'skip',
      notes: ['Provisioning looks after this user.'],
    })
    expect(sample.fields.some(({ changes }) => changes)).toBe(false)
  })

  test('is nobody where nobody is linked, nor somebody who is not', async () => {
    const scene = await newScene()
    const nobody = await scene.api.get('/sync-settings/sample')
    expect(problem(nobody)).toEqual({ status: 404, code: 'notFound' })
    expect(nobody.body['detail']).toBe('Nobody is linked yet.')
    const { id } = await newPerson(scene.app.directory, 'local')
    const local = await scene.api.get(`/sync-settings/sample?user=${id}`)
    expect(local.body['detail']).toBe('There is no such linked user.')
  })

  test('is not there while Entra is away', async () => {
    const scene = await sceneWith(ada)
    scene.entra.failure = 'unavailable'
    const answer = await scene.api.get('/sync-settings/sample')
    expect(problem(answer)).toEqual({ status: 503, code: 'entraUnavailable' })
  })
})

describe('a user whom provisioning made', () => {
  test('follows by a run where that is set, and is left otherwise', async () => {
    const scene = await newScene()
    const attributes = { userName: 'ada', externalId: ada.id, displayName: 'Ada', active: true }
    const pushed = { ...cause, door: 'scim' } as const
    await scene.app.directory.users.create({ attributes, origin: 'scim' }, pushed)
    scene.entra.people = [{ ...married, enabled: false }]
    const left = await synced(scene)
    expect(await syncItemsOf(scene, left.plan)).toMatchObject([{ action: 'skip' }])
    expect(await isActive(scene, ada)).toBe(true)
    await set(scene, { provisioned: 'synced' })
    expect((await synced(scene)).item).toMatchObject({ action: 'deactivate', state: 'done' })
    expect(await isActive(scene, ada)).toBe(false)
  })
})
