import { describe, expect, test } from 'vitest'
import {
  ADA,
  NOBODY,
  newLogScene as newScene,
  off,
  on,
  unknown,
  type LogScene as Scene,
} from '../support/provisioning.ts'
import { GROUP, SEARCH, USER } from '../support/resources.ts'

describe('what was asked for is told in words:', () => {
  test.each<[string, string, (scene: Scene) => Promise<unknown>]>([
    [
      'Test Connection of Entra',
      'Answered',
      ({ scim }) => scim.filter('/Users', `userName eq "${NOBODY}"`),
    ],
    [
      `looked for a user named ${ADA}: Ada Lovelace`,
      'Answered',
      ({ scim }) => scim.filter('/Users', `userName eq "${ADA}"`),
    ],
    [
      'looked for a user named bob@contoso.com: none',
      'Answered',
      ({ scim }) => scim.filter('/Users', 'userName eq "bob@contoso.com"'),
    ],
    [
      `looked for a user with the external id ${NOBODY}: none`,
      'Answered',
      ({ scim }) => scim.filter('/Users', `externalId eq "${NOBODY}"`),
    ],
    [
      'looked for a user with the address x@contoso.com: none',
      'Answered',
      ({ scim }) => scim.filter('/Users', 'emails[type eq "work" and value eq "x@contoso.com"]'),
    ],
    [
      'looked for a user with title pr and active eq true: none',
      'Answered',
      ({ scim }) =>
        scim.post('/Users/.search', { schemas: [SEARCH], filter: 'title pr and active eq true' }),
    ],
    ['listed the users: Ada Lovelace', 'Answered', ({ scim }) => scim.get('/Users')],
    ['read Ada Lovelace', 'Answered', ({ scim, ada }) => scim.get(`/Users/${ada}`)],
    [
      'created Bob Example',
      'Done',
      ({ scim }) =>
        scim.post('/Users', {
          schemas: [USER],
          userName: 'bob',
          name: { givenName: 'Bob', familyName: 'Example' },
        }),
    ],
    [
      'changed title and manager of Ada Lovelace',
      'Done',
      ({ scim, ada }) =>
        scim.operate(
          `/Users/${ada}`,
          { op: 'add', path: 'title', value: 'Countess' },
          {
            op: 'add',
            path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
            value: 'x',
          },
        ),
    ],
    ['switched Ada Lovelace off', 'Done', ({ scim, ada }) => scim.operate(`/Users/${ada}`, off)],
    [
      'switched Ada Lovelace off and changed title',
      'Done',
      ({ scim, ada }) =>
        scim.operate(`/Users/${ada}`, { op: 'replace', value: { active: false, title: 'None' } }),
    ],
    [
      'replaced Ada King',
      'Done',
      ({ scim, ada }) =>
        scim.put(`/Users/${ada}`, { schemas: [USER], userName: ADA, displayName: 'Ada King' }),
    ],
    ['deleted Ada Lovelace', 'Done', ({ scim, ada }) => scim.delete(`/Users/${ada}`)],
    [
      'created the group Sales',
      'Done',
      ({ scim }) => scim.post('/Groups', { schemas: [GROUP], displayName: 'Sales' }),
    ],
    [
      'looked for a group named Finance: Finance',
      'Answered',
      ({ scim }) => scim.filter('/Groups', 'displayName eq "Finance"'),
    ],
    [
      'changed displayName of the group Money',
      'Done',
      ({ scim, finance }) =>
        scim.operate(`/Groups/${finance}`, { op: 'replace', path: 'displayName', value: 'Money' }),
    ],
    [
      'added Ada Lovelace to Finance',
      'Done',
      ({ scim, finance, ada }) =>
        scim.operate(`/Groups/${finance}`, { op: 'Add', path: 'members', value: [{ value: ada }] }),
    ],
    [
      'took Ada Lovelace out of Finance',
      'Done',
      ({ scim, finance, ada }) =>
        scim.operate(`/Groups/${finance}`, { op: 'remove', path: `members[value eq "${ada}"]` }),
    ],
    [
      'added Ada Lovelace, one, two and 2 others to Finance',
      'Done',
      ({ scim, finance, ada }) =>
        scim.operate(`/Groups/${finance}`, {
          op: 'add',
          path: 'members',
          value: [ada, 'one', 'two', 'three', 'four'].map((value) => ({ value })),
        }),
    ],
    [
      'took everybody out of Finance',
      'Done',
      ({ scim, finance }) => scim.operate(`/Groups/${finance}`, { op: 'remove', path: 'members' }),
    ],
    ['deleted the group Finance', 'Done', ({ scim, finance }) => scim.delete(`/Groups/${finance}`)],
    ['read what the server can do', 'Answered', ({ scim }) => scim.get('/Schemas')],
    [
      `tried to switch the user ${unknown} off`,
      'There is no such thing',
      ({ scim }) => scim.operate(`/Users/${unknown}`, off),
    ],
    [
      'tried to create Another',
      'The name is taken',
      ({ scim }) =>
        scim.post('/Users', {
          schemas: [USER],
          userName: ADA.toUpperCase(),
          externalId: 'x',
          displayName: 'Another',
        }),
    ],
    [
      'asked for something that is not known here',
      'The server does not do that',
      ({ scim }) => scim.post('/Bulk', {}),
    ],
  ])('%s', async (sentence, outcome, ask) => {
    const scene = await newScene()
    await ask(scene)
    const [told] = await scene.list('limit=1')
    expect(told).toMatchObject({ sentence, outcome })
  })

  test('somebody comes back', async () => {
    const { scim, ada, list } = await newScene()
    await scim.operate(`/Users/${ada}`, off)
    await scim.post('/Users', { schemas: [USER], userName: ADA, displayName: 'Ada Lovelace' })
    await scim.operate(`/Users/${ada}`, on)
    const told = await list('limit=2')
    expect(told.map(({ sentence }) => sentence)).toStrictEqual([
      'switched Ada Lovelace on',
      'brought Ada Lovelace back',
    ])
  })

  test('what the brake holds waits for an administrator', async () => {
    const { app, api, scim, ada, list, newUser } = await newScene()
    await api.post('/brake', { users: 0, percent: 0, minutes: 60 })
    const bob = await newUser('bob', { displayName: 'Bob' })
    await scim.operate(`/Users/${ada}`, off)
    await scim.delete(`/Users/${bob}`)
    const told = await list('limit=2')
    expect(told.map(({ sentence }) => sentence)).toStrictEqual([
      'deleted Bob, which waits for an administrator',
      'switched Ada Lovelace off, which waits for an administrator',
    ])
    expect(await app.directory.users.read(bob)).toBeDefined()
  })

  test('everybody is called what they were called then', async () => {
    const { scim, ada, finance, list } = await newScene()
    await scim.operate(`/Groups/${finance}`, {
      op: 'add',
      path: 'members',
      value: [{ value: ada }],
    })
    await scim.operate(`/Users/${ada}`, { op: 'replace', path: 'displayName', value: 'Ada King' })
    await list()
    await scim.delete(`/Users/${ada}`)
    await scim.get(`/Users/${ada}`)
    const told = await list('limit=4')
    expect(told.map(({ sentence }) => sentence)).toStrictEqual([
      'tried to read Ada King',
      'deleted Ada King',
      'changed displayName of Ada King',
      'added Ada Lovelace to Finance',
    ])
  })
})
