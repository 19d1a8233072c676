import { expect, test } from 'vitest'
import { cause } from '../support/app.ts'
import { newConsole } from '../support/console.ts'
import { ada, byId, carriedOut, grace, newScene, planned, userOf } from '../support/imports.ts'

const NEW = '/admin/import/new'

/** Ada is here already, and others are not. */
async function scenery() {
  const scene = await newScene()
  const admin = await newConsole(scene.app, 'Olga Operator')
  await carriedOut(scene, (await planned(scene, byId(ada))).plan)
  const form = { mode: 'addresses', when: 'never' }
  return {
    scene,
    admin,
    look: (addresses: string, more: Readonly<Record<string, string>> = {}) =>
      admin.post(NEW, { ...form, addresses, ...more, do: 'import' }),
  }
}

test('who can be chosen comes before who is here already', async () => {
  const { admin } = await scenery()
  const { words } = await admin.get(NEW)
  expect(words).toMatch(/grace@contoso\.example .*ada@contoso\.example .*Here already/)
  expect(words.match(/Here already/g)).toHaveLength(1)
})

test('a list that is pasted is looked up by the preview itself', async () => {
  const { look } = await scenery()
  const { location } = await look(`${grace.userPrincipalName}\nlinus@contoso.example`)
  expect(location).toMatch(/^\/admin\/import\/[\w-]+$/)
})

test('of a list in which somebody is not found that is said first, and then it goes on without them', async () => {
  const { admin, look } = await scenery()
  const asked = await look(`${grace.userPrincipalName}\nnobody@contoso.example`)
  expect(asked.location).toBeUndefined()
  expect(asked.words).toContain('1 person found and ticked. One address leads to nobody.')
  const told = /name="told" value="([^"]*)"/.exec(asked.html)?.[1] ?? ''
  expect(told).toBe('nobody@contoso.example')
  const on = await look('nobody@contoso.example', { id: grace.id, told })
  expect((await admin.get(String(on.location))).words).toContain('Preview: import 1 person')
  const another = await look('nobody@contoso.example, other@contoso.example', { told })
  expect(another.words).toContain('2 addresses lead to nobody.')
})

test('a list in the search leads to where lists are pasted', async () => {
  const { admin } = await scenery()
  const search = async (words: string) =>
    (await admin.get(`${NEW}?search=${encodeURIComponent(words)}`)).words
  expect(await search('x@contoso.example, y@contoso.example')).toContain('Choose “Paste a list”')
  expect(await search('Nobody, Norbert')).not.toContain('Choose “Paste a list”')
})

test('who is switched on again keeps what they had, and the preview says so', async () => {
  const { scene, admin } = await scenery()
  const user = await userOf(scene, ada)
  const off = (attributes: object) => ({ ...attributes, active: false })
  await scene.app.directory.users.update(String(user?.id), undefined, off, cause)
  const fields = { when: 'never', id: ada.id, role: 'Designer', do: 'import' }
  const { location } = await admin.post(NEW, fields)
  expect((await admin.get(String(location))).words).toContain('Switch on again Keeps what they had')
})

test.each([
  ['with invitations leads to the mails', 'now', true],
  ['without invitations does not', 'never', false],
])('the report of an import %s', async (_, when, told) => {
  const { scene, admin } = await scenery()
  const { location = '' } = await admin.post(NEW, { when, id: grace.id, do: 'import' })
  await admin.post(`${location}/start`)
  await scene.runner.tick()
  const { words, html } = await admin.get(location)
  expect(words).toContain('Everything is done.')
  expect(words.includes('What became of the invitations is told under Mails.')).toBe(told)
  expect(/<main[^]*href="\/admin\/mails"/.test(html)).toBe(told)
})
