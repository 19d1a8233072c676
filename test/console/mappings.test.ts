import { beforeEach, expect, test } from 'vitest'
import { newMapping, newOwnGroup, newPushedGroup } from '../support/assignments.ts'
import { testApp } from '../support/app.ts'
import { newConsole, type Console } from '../support/console.ts'
import type { Scene } from '../support/imports.ts'
import { manyMembers } from '../support/many.ts'
import { ada, bob, LEADS, sceneOf, TEAM } from '../support/mappings.ts'
import { synced } from '../support/syncs.ts'

let scene: Scene
let admin: Console

beforeEach(async () => {
  scene = await sceneOf(ada, bob)
  admin = await newConsole(scene.app)
})

const mappings = () => scene.app.directory.mappings.list()

test('a group of Entra is found, mapped, and listed', async () => {
  const found = await admin.get('/admin/mappings/new?search=te')
  expect(found.words).toContain('Team Choose Team')
  expect(found.words).not.toContain('Leads')
  expect(found.html).toContain(`/admin/mappings/new?entra=${TEAM}&amp;name=Team`)
  const asked = await admin.get(`/admin/mappings/new?entra=${TEAM}&name=Team`)
  expect(asked.words).toContain('Map Team')
  expect(asked.html).toContain(`<option value="${scene.group}">`)
  const made = await admin.send('/admin/mappings/new', {
    entra: TEAM,
    name: 'Team',
    nested: 'yes',
    group: scene.group,
    role: 'PM',
  })
  expect(made.words).toContain(
    'Team is mapped. Its members get what it gives with the next sync. Undo',
  )
  expect(made.words).toContain('Team With the groups in it Designers Role PM')
  expect(await mappings()).toMatchObject([
    { entraGroup: TEAM, entraName: 'Team', nested: true, group: scene.group, role: 'PM' },
  ])
})

test.each([
  ['nothing', {}, 'Say a user group, or a role.'],
  [
    'a name that no user group has',
    { 'group-named': 'Nobody' },
    'No user group is called “Nobody”.',
  ],
  ['what there is already', { role: 'QA' }, 'There is such a mapping already.'],
])('a group is not mapped to %s, and the form says so', async (_, gives, words) => {
  await newMapping(scene.api, TEAM, { role: 'qa' })
  const answer = await admin.post('/admin/mappings/new', { entra: TEAM, name: 'Team', ...gives })
  expect(answer.status).toBe(400)
  expect(answer.words).toContain(words)
  for (const typed of Object.values(gives)) expect(answer.html).toContain(`value="${typed}"`)
  expect(await mappings()).toHaveLength(1)
})

test('it is said where provisioning fills a user group of the same name', async () => {
  await newPushedGroup(scene.app.directory, 'TEAM')
  const path = `/admin/mappings/new?entra=${TEAM}&name=Team`
  const { words, html } = await admin.get(path)
  expect(words).toContain('Provisioning fills a user group called “Team” already.')
  // It is not among those that can be given.
  expect(html).not.toContain('>TEAM</option>')
  const leads = await admin.get(`/admin/mappings/new?entra=${LEADS}&name=Leads`)
  expect(leads.words).not.toContain('Provisioning fills a user group called')
})

test.each([
  ['take', 'The mapping of Everybody is changed. 2 memberships and 0 roles went.', 0],
  ['keep', 'The mapping of Everybody is changed. 2 memberships stayed.', 2],
])('what it gives is changed, and what came of it: %s', async (former, words, left) => {
  const { id } = await newMapping(scene.api, TEAM, { group: scene.group })
  await synced(scene)
  const asked = await admin.get(`/admin/mappings/${id}`)
  expect(asked.words).toContain('2 memberships came of it. If you change what it gives:')
  const changed = await admin.send(`/admin/mappings/${id}`, { role: 'Lead', former })
  expect(changed.words).toContain(words)
  expect(await mappings()).toMatchObject([{ id, nested: false, role: 'Lead' }])
  expect(await scene.app.directory.groups.countMembers(scene.group)).toStrictEqual({ total: left })
})

test('a change to nothing is refused, and changes nothing', async () => {
  const { id } = await newMapping(scene.api, TEAM, { group: scene.group })
  const answer = await admin.post(`/admin/mappings/${id}`, { former: 'take' })
  expect(answer.status).toBe(400)
  expect(answer.words).toContain('Say a user group, or a role.')
  expect(await mappings()).toMatchObject([{ group: scene.group }])
})

test.each([
  ['take', '2 memberships and 0 roles went.', 0],
  ['keep', '2 memberships stayed.', 2],
])(
  'it is removed after a question in numbers, and what came of it: %s',
  async (former, words, left) => {
    const { id } = await newMapping(scene.api, TEAM, { group: scene.group })
    await synced(scene)
    const asked = await admin.get(`/admin/mappings/${id}/remove`)
    expect(asked.words).toContain('Remove the mapping of Everybody? 2 memberships came of it.')
    const removed = await admin.send(`/admin/mappings/${id}/remove`, { former })
    expect(removed.words).toContain(`The mapping of Everybody is removed. ${words}`)
    expect(await scene.app.directory.groups.countMembers(scene.group)).toStrictEqual({
      total: left,
    })
  },
)

test('somebody who is taken out of a group that a mapping gives is said to come back', async () => {
  await newMapping(scene.api, TEAM, { group: scene.group })
  await synced(scene)
  const [first] = await scene.app.directory.groups.memberships(scene.group, '', 1)
  const path = `/admin/groups/${scene.group}`
  expect((await admin.get(path)).words).toContain('Mapping Everybody 2 members')
  const removed = await admin.send(`${path}/members/remove`, { id: String(first?.id) })
  expect(removed.words).toContain(
    'The mapping of Everybody brings them back with the next sync, as long as they are in that group at Entra.',
  )
})

test('one whose user group was deleted says that it gives nothing', async () => {
  const group = await newOwnGroup(scene.app.directory, 'Soon gone')
  await newMapping(scene.api, TEAM, { group })
  await admin.send(`/admin/groups/${group}/remove`)
  expect((await admin.get('/admin/mappings')).words).toContain('Gives nothing any more')
})

test('app roles lead to a rule', async () => {
  scene.entra.roles = [
    { id: 'r1', value: 'PM', displayName: 'Project manager', assigned: [] },
    { id: 'r2', value: '', displayName: 'Plain user', assigned: [] },
  ]
  const { words, html } = await admin.get('/admin/mappings/app-roles')
  expect(words).toContain('Project manager PM Make a rule')
  expect(words).toContain('Plain user Without a value')
  expect(html).toContain(
    '/admin/rules/new?attribute=roles.value&amp;value=PM&amp;name=App+role+Project+manager',
  )
})

test('where Entra does not answer, the page says so; where none is connected, what to do', async () => {
  scene.entra.failure = 'forbidden'
  for (const path of ['new', 'app-roles']) {
    const { status, words } = await admin.get(`/admin/mappings/${path}`)
    expect(status).toBe(200)
    expect(words).toContain('Entra did not answer Entra says: forbidden. Connect Entra')
  }
  const alone = await newConsole(await testApp())
  expect((await alone.get('/admin/mappings/new')).words).toContain('Entra is not connected')
  expect((await alone.get('/admin/mappings')).words).toContain('No group is mapped yet')
})

test('a mapping and a user group that are large are told as far as they are counted', async () => {
  const { api, app, group } = scene
  const { id } = await newMapping(api, TEAM, { group })
  await manyMembers(app.database, group, `mapping:${id}`, 20_001)
  expect((await admin.get('/admin/mappings')).words).toContain('Designers 1,000+')
  const asked = await admin.get(`/admin/mappings/${id}`)
  expect(asked.words).toContain('1,000+ memberships came of it. If you change what it gives:')
  const confirmed = await admin.get(`/admin/mappings/${id}/remove`)
  expect(confirmed.words).toContain('1,000+ memberships came of it. They stay or go as you say:')
  expect((await admin.get('/admin/groups')).words).toContain('Designers')
  expect((await admin.get(`/admin/groups/${group}`)).words).toContain('20,000+ members')
  const gone = await admin.get(`/admin/groups/${group}/remove`)
  expect(gone.words).toContain('20,000+ members leave it and stay users.')
})
