import { describe, expect, test } from 'vitest'
import type { User } from '../../src/directory/user.ts'
import { cause, testApp } from '../support/app.ts'
import { newConsole, wordsOf } from '../support/console.ts'
import { colleagues } from '../support/console-scenes.ts'
import { testEntraDirectory } from '../support/entra-directory.ts'
import { startMailbox } from '../support/mailbox.ts'
import { newLocalUser } from '../support/people.ts'
import { newPerson, newTeam } from '../support/programs.ts'
import { newUser } from '../support/resources.ts'

const TENANT = '11111111-1111-4111-8111-111111111111'
const OBJECT = 'a0000000-0000-4000-8000-000000000001'

/** Mia, who was made here, and Ina, whom provisioning made. */
async function office() {
  const app = await testApp()
  await app.store.organisations.setTenant('default', TENANT, cause)
  const admin = await newConsole(app)
  const mia = await newPerson(app.directory, 'mia@contoso.example', { displayName: 'Mia Maiden' })
  const ina = await newUser(app.scim, 'ina@contoso.example', {
    displayName: 'Ina Inbound',
    externalId: OBJECT,
  })
  await newTeam(app.directory, 'Finance', mia, ['money.count'])
  const read = async ({ id }: { readonly id: string }) =>
    (await app.directory.users.read(id)) as User
  return { app, admin, mia, ina, read, at: (one: { id: string }) => `/admin/users/${one.id}` }
}

type Office = Awaited<ReturnType<typeof office>>

describe('whether somebody has access', () => {
  const OFF = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'] }

  test.each([
    [
      'who was switched off by Entra',
      async ({ app, ina }: Office) => {
        const Operations = [{ op: 'replace', path: 'active', value: false }]
        await app.scim.patch(`/Users/${ina.id}`, { ...OFF, Operations })
        return ina
      },
      /^Ina Inbound cannot sign in : the account is switched off\. By provisioning, .* enable the account there, or give it the application again\. Why\?/,
    ],
    [
      'who was switched off here',
      async ({ admin, mia, at }: Office) => {
        await admin.send(`${at(mia)}/off`)
        return mia
      },
      /^Mia Maiden cannot sign in : the account is switched off\. By hand, Ada Admin , just now \. Switch on/,
    ],
    [
      'who has no link and no password',
      async ({ admin, mia, at }: Office) => {
        await admin.post(`${at(mia)}/password-link`)
        return mia
      },
      /^Mia Maiden cannot sign in : not linked to Entra, and no password yet\. A link to choose a password is valid until .* Link to Entra Send invitation Make a password link/,
    ],
    [
      'who has no user group and no role',
      ({ ina }: Office) => Promise.resolve(ina),
      /^Ina Inbound can sign in , but has no access yet: no user group and no role\. Add to a user group Give a role/,
    ],
    [
      'whose user groups give nothing',
      async ({ app, ina }: Office) => {
        await newTeam(app.directory, 'Visitors', ina as unknown as User, [])
        return ina
      },
      /^Ina Inbound can sign in , but has no access yet: none of the user groups and roles has a permission\. Why\?/,
    ],
  ])('the page says at the top of somebody %s', async (_, make, told) => {
    const here = await office()
    const user = await make(here)
    const { html } = await here.admin.get(here.at(user))
    const note = wordsOf(
      /<div class="note \w+ verdict">.*?<div class="columns/s.exec(html)?.[0] ?? '',
    )
    expect(note).toMatch(told)
  })

  test('is not told where nothing is wrong, nor of an administrator without groups', async () => {
    const { app, admin, ina, at } = await office()
    await newTeam(app.directory, 'Guards', ina as unknown as User, ['doors.open'])
    const fine = await admin.get(at(ina))
    expect(fine.html).not.toContain('verdict')
    expect(fine.words).toContain('Signs in with Microsoft Entra ID')
    const boss = await newLocalUser(app, 'boss')
    expect((await admin.get(at(boss))).html).toContain('has no access yet')
    await app.directory.administrators.appoint(boss.id, cause)
    expect((await admin.get(at(boss))).html).not.toContain('verdict')
  })

  test('is up to the application where nobody has permissions', async () => {
    const app = await testApp()
    await app.store.organisations.setTenant('default', TENANT, cause)
    const admin = await newConsole(app)
    const ina = await newUser(app.scim, 'ina', { displayName: 'Ina Inbound', externalId: OBJECT })
    await newTeam(app.directory, 'Visitors', ina as unknown as User, [])
    expect((await admin.get(`/admin/users/${ina.id}`)).html).not.toContain('verdict')
    expect((await admin.get(`/admin/users/${ina.id}/why`)).words).toContain(
      'Ina Inbound can sign in . Nobody has permissions here: the application decides',
    )
  })
})

describe('unlinking', () => {
  test.each([
    ['the wrong account', 'wrong', 'bkowalski', 0],
    ['the right account', 'over', colleagues.mia.userPrincipalName, 1],
  ])('from %s says what becomes of the profile', async (_, reason, userName, suggested) => {
    const { mia } = colleagues
    const mailbox = await startMailbox()
    const entraDirectory = testEntraDirectory([mia])
    const app = await testApp({ entraDirectory, smtpUrl: mailbox.url })
    const admin = await newConsole(app)
    const user = await newPerson(app.directory, 'bkowalski', {
      displayName: mia.displayName,
      emails: [{ type: 'work', value: 'robert@contoso.example', primary: true }],
    })
    const path = `/admin/users/${user.id}`
    await admin.send(`/admin/link/users/${user.id}`, { person: mia.id })
    const { words } = await admin.get(`${path}/unlink`)
    expect(words).toContain(
      'It is the wrong account Again as before the link: user name bkowalski, e-mail robert@contoso.example. The account is not suggested again.',
    )
    expect(words).toContain(
      'To robert@contoso.example if it is the wrong account, else to mia.nguyen@contoso.example.',
    )
    const done = await admin.send(`${path}/unlink`, { reason, passwordLink: 'none' })
    expect(done.words).toMatch(/ is unlinked, and a local user now\./)
    const now = await app.directory.users.read(user.id)
    expect(now?.link).toBeUndefined()
    expect(now?.attributes['userName']).toBe(userName)
    const pair = await admin.get(`/admin/link/users/${user.id}`)
    expect(pair.words.split('What speaks for it').length - 1).toBe(suggested)
  })

  test('says what ends, and gives a password link where one is wanted', async () => {
    const { app, admin, at, read } = await office()
    const leo = await newPerson(app.directory, 'leo@contoso.example', { displayName: 'Leo Linked' })
    const objectId = 'b0000000-0000-4000-8000-000000000001'
    const asking = { objectId, userName: 'leo@contoso.example', displayName: 'Leo' }
    await app.directory.linkRequests.ask(asking, cause)
    const [request] = await app.directory.linkRequests.list()
    await app.directory.linkRequests.accept(String(request?.id), leo.id, cause)
    const asked = await admin.get(`${at(leo)}/unlink`)
    expect(asked.words).toContain('Unlink Leo Linked?')
    expect(asked.words).not.toContain('by e-mail')
    const made = await admin.post(`${at(leo)}/unlink`, { passwordLink: 'shown' })
    expect(made.words).toContain('A link for Leo Linked')
    expect((await read(leo)).link).toBeUndefined()
  })

  test('of whom provisioning made says where it is done', async () => {
    const { admin, ina, at, read } = await office()
    const { words, html } = await admin.get(`${at(ina)}/unlink`)
    expect(words).toContain('take the application from the person in Entra')
    expect(html).not.toContain('type="submit" class="danger"')
    await admin.send(`${at(ina)}/unlink`)
    expect((await read(ina)).link).toBeDefined()
  })
})
