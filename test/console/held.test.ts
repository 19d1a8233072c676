import { describe, expect, test } from 'vitest'
import { isActive } from '../../src/directory/user.ts'
import { hire, newStaff, releasesOn, setBrake, switchOff, type Staff } from '../support/brake.ts'
import { newConsole, type Console } from '../support/console.ts'

/** Six people, of whom two are off, three are to be off, and one is to be deleted. */
async function scene(): Promise<
  Staff & { readonly admin: Console; readonly held: readonly string[] }
> {
  const staff = await newStaff(6, { users: 2, percent: 0 })
  await switchOff(staff.scim, staff.ids.slice(0, 5))
  await staff.scim.delete(`/Users/${staff.ids[5]}`)
  return { ...staff, admin: await newConsole(staff.app), held: staff.ids.slice(2) }
}

const activeOf = async ({ app }: Staff, id: string | undefined) => {
  const user = await app.directory.users.read(id ?? '')
  return user && isActive(user.attributes)
}

describe('the page', () => {
  test('says who is held, what was asked for, by whom, and why', async () => {
    const { admin } = await scene()
    const { status, words } = await admin.get('/admin/held')
    expect(status).toBe(200)
    expect(words).toContain('Waiting for you: 3 to be switched off, 1 to be deleted.')
    expect(words).toContain('person-2@contoso.example Switched off just now Provisioning (default)')
    expect(words).toContain('person-5@contoso.example Deleted')
    expect(words).toContain('Provisioning may switch off or delete 2 users within an hour.')
    expect(words).toContain('2 of 2 went in the last hour')
  })

  test('says that nothing is held, and when something would be', async () => {
    const { app } = await newStaff(1)
    const admin = await newConsole(app)
    const { words } = await admin.get('/admin/held')
    expect(words).toContain('Nothing is held back')
    expect(words).toContain('more than 10 users within an hour')
    expect(words).toContain('That is 10 users, or 10 % of those who were active')
    expect(words).not.toContain('Release all')
  })

  test('says that the brake is off', async () => {
    const { app } = await newStaff(1, { percent: 100 })
    const { words } = await (await newConsole(app)).get('/admin/held')
    expect(words).toContain('The brake is off: whatever provisioning asks for is done at once.')
  })

  test('goes on after the first fifty', async () => {
    const { app, scim, admin } = await scene()
    await switchOff(scim, await hire(app, scim, 50, 10))
    const first = await admin.get('/admin/held')
    const [, next = ''] = /href="([^"]*after=[^"]*)">Next/.exec(first.html) ?? []
    const second = await admin.get(next.replaceAll('&amp;', '&'))
    const count = (html: string) => html.match(/name="id"/g)?.length
    expect([count(first.html), count(second.html)]).toEqual([50, 4])
  })
})

describe('a decision', () => {
  test('on some tells numbers and names first, and is carried out for them alone', async () => {
    const staff = await scene()
    const { admin, held } = staff
    const asked = `/admin/held/release?id=${held[0]}&id=${held[3]}&until=2026-03-02T08:00:00.000Z`
    const { words } = await admin.get(asked)
    expect(words).toContain('Release 2 users?')
    expect(words).toContain('It is right: 1 user is switched off and 1 user is deleted.')
    expect(words).toContain('person-2@contoso.example person-5@contoso.example')
    expect(words).toContain('Switch 1 off, delete 1')
    expect(await activeOf(staff, held[0])).toBe(true)

    const chosen = { id: [held[0] ?? '', held[3] ?? ''] }
    const done = await admin.send('/admin/held/release', chosen)
    expect(done.words).toContain('Released: 2 users.')
    expect(done.words).toContain('2 users to go')
    await releasesOn(staff.app.store).tick()
    expect(await activeOf(staff, held[0])).toBe(false)
    expect(await activeOf(staff, held[3])).toBeUndefined()
    expect(await activeOf(staff, held[1])).toBe(true)
  })

  test('to keep everybody leaves them as they are', async () => {
    const staff = await scene()
    const { words } = await staff.admin.get('/admin/held/keep?all=yes')
    expect(words).toContain('Keep 4 users?')
    const done = await staff.admin.send('/admin/held/keep', { all: 'yes' })
    expect(done.words).toContain('Kept: 4 users.')
    expect(done.words).toContain('Nothing is held back')
    for (const id of staff.held) expect(await activeOf(staff, id)).toBe(true)
  })

  test('on everybody leaves alone who was held after the list was looked at', async () => {
    const staff = await scene()
    const until = staff.app.clock.now().toISOString()
    staff.app.clock.pass(60_000)
    const [late] = await hire(staff.app, staff.scim, 1, 20)
    await switchOff(staff.scim, [late ?? ''])
    await staff.admin.send('/admin/held/release', { all: 'yes', until })
    await releasesOn(staff.app.store).tick()
    expect(await activeOf(staff, staff.held[0])).toBe(false)
    expect(await activeOf(staff, late)).toBe(true)
  })

  test.each([
    ['nobody is chosen', () => ({})],
    ['who is chosen is not held any more', (id: string) => ({ id })],
  ])('changes nothing where %s', async (_, fields) => {
    const { admin, ids, held, ...staff } = await scene()
    const { words } = await admin.send('/admin/held/release', fields(ids[0] ?? ''))
    expect(words).toContain('Nobody was chosen, or nobody of them is held back any more.')
    const asked = await admin.get(`/admin/held/release?id=${ids[0]}`)
    expect(asked.location).toBe('/admin/held')
    await releasesOn(staff.app.store).tick()
    expect(await activeOf({ ids, ...staff }, held[0])).toBe(true)
  })
})

describe('the brake', () => {
  const typed = { users: '20', percent: '5', minutes: '120' }

  test('is changed, and as it was with undo', async () => {
    const { app } = await newStaff(1)
    const admin = await newConsole(app)
    const done = await admin.send('/admin/held/brake', typed)
    expect(done.words).toContain('switch off or delete 20 users within 2 hours')
    expect(await app.directory.settings.read('brake')).toEqual({
      users: 20,
      percent: 5,
      minutes: 120,
    })
    const fields = [...done.html.matchAll(/type="hidden" name="(\w+)" value="(\w+)"/g)]
    const undo = Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]))
    await admin.send('/admin/held/brake', undo)
    expect(await app.directory.settings.read('brake')).toEqual({
      users: 10,
      percent: 10,
      minutes: 60,
    })
  })

  test.each([
    ['users', '-1', 'A whole number from 0 to 1,000,000.'],
    ['percent', '101', 'A whole number from 0 to 100.'],
    ['percent', 'ten', 'A whole number from 0 to 100.'],
    ['minutes', '0', 'A whole number from 1 to 44,640, which is 31 days.'],
    ['minutes', '2h', 'A whole number from 1 to 44,640, which is 31 days.'],
  ])('is refused with %s %s, which stays to be mended', async (name, value, fault) => {
    const { app } = await newStaff(1)
    await setBrake(app, {})
    const admin = await newConsole(app)
    const { status, html, words } = await admin.post('/admin/held/brake', {
      ...typed,
      [name]: value,
    })
    expect(status).toBe(400)
    expect(words).toContain(fault)
    expect(html).toContain(`value="${value}"`)
    expect(await app.directory.settings.read('brake')).toMatchObject({ users: 10 })
  })
})
