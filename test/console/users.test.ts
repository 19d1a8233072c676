import { describe, expect, test } from 'vitest'
import { testApp, type TestApp } from '../support/app.ts'
import { newConsole } from '../support/console.ts'
import { newBrowserSession, newPerson, newTeam } from '../support/programs.ts'
import { newUser } from '../support/resources.ts'

const OBJECT = 'a0000000-0000-4000-8000-00000000000'

/** Mia is local and signed in, Leo is local and switched off, Ina was provisioned. */
async function office() {
  const app = await testApp()
  const admin = await newConsole(app)
  const mia = await newPerson(app.directory, 'mia@contoso.example', {
    displayName: 'Mia Maiden',
    title: 'Engineer',
    roles: [{ value: 'PM' }],
  })
  const leo = await newPerson(app.directory, 'leo', { displayName: 'Leo Leaver', active: false })
  const ina = await newUser(app.scim, 'ina@contoso.example', {
    displayName: 'Ina Inbound',
    externalId: `${OBJECT}1`,
  })
  await newBrowserSession(app.directory, mia.id)
  const team = await newTeam(app.directory, 'Finance', mia, ['money.count'])
  return { app, admin, mia, leo, ina, team }
}

/** The names in the table, from top to bottom. */
function namesIn(html: string): string[] {
  return [...html.matchAll(/<span class="who">.*?<bdi>([^<]*)<\/bdi>/g)].map(
    ([, name]) => name ?? '',
  )
}

describe('the table', () => {
  test.each([
    ['everybody', '', ['Ada Admin', 'Ina Inbound', 'Leo Leaver', 'Mia Maiden']],
    ['backwards', '?sort=-name', ['Mia Maiden', 'Leo Leaver', 'Ina Inbound', 'Ada Admin']],
    [
      'the newest first',
      '?sort=-created',
      ['Ina Inbound', 'Leo Leaver', 'Mia Maiden', 'Ada Admin'],
    ],
    ['whom a search finds', '?search=le', ['Leo Leaver']],
    ['who is switched off', '?status=inactive', ['Leo Leaver']],
    ['who was provisioned', '?origin=scim', ['Ina Inbound']],
    ['who has signed in', '?signedIn=ever&search=m', ['Mia Maiden']],
    ['who has a role', '?role=pm', ['Mia Maiden']],
    ['whom a SCIM filter finds', '?filter=title%20eq%20%22engineer%22', ['Mia Maiden']],
    ['nobody', '?search=zzz', []],
    ['everybody, where a filter makes no sense', '?status=purple', 4],
  ])('shows %s', async (_, query, expected) => {
    const { admin } = await office()
    const { status, html } = await admin.get(`/admin/users${query}`)
    expect(status).toBe(200)
    const names = namesIn(html)
    expect(typeof expected === 'number' ? names.length : names).toEqual(expected)
  })

  test('shows the members of a group, named in the filter', async () => {
    const { admin, team } = await office()
    const { html, words } = await admin.get(`/admin/users?group=${team.id}`)
    expect(namesIn(html)).toEqual(['Mia Maiden'])
    expect(words).toContain('User group: Finance')
  })

  test('says in badges, groups, role and last sign-in who is who', async () => {
    const { admin } = await office()
    const { words } = await admin.get('/admin/users')
    expect(words).toContain('Mia Maiden mia@contoso.example Local Finance PM just now')
    expect(words).toContain('Leo Leaver leo Local Switched off Local Switched off never')
    expect(words).toContain('4 users')
  })

  test('goes on with what is after the first fifty, and back to the first', async () => {
    const { app, admin } = await office()
    for (let index = 10; index < 62; index += 1) await newPerson(app.directory, `user${index}`)
    const first = await admin.get('/admin/users?origin=local')
    expect(namesIn(first.html)).toHaveLength(50)
    expect(first.words).toContain('55 users')
    const next = /href="([^"]*after=[^"]*)"/.exec(first.html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = await admin.get(next)
    expect(namesIn(second.html)).toEqual(['user57', 'user58', 'user59', 'user60', 'user61'])
    expect(second.html).toContain('href="/admin/users?origin=local">First page')
  })

  test('tells at the box what is wrong with a SCIM filter, and keeps it', async () => {
    const { admin } = await office()
    const { status, html, words } = await admin.get('/admin/users?filter=title%20eq')
    expect(status).toBe(400)
    expect(html).toMatch(
      /<input type="text"[^>]* name="filter" value="title eq"[^>]*aria-invalid="true"/,
    )
    expect(html).toMatch(/<details class="wide" open/)
    expect(words).toMatch(/Apply filter A value .* is expected at position 9 of the filter\./)
  })

  test('says what is wrong with a search', async () => {
    const { admin } = await office()
    const { status, words } = await admin.get(
      '/admin/users?search=a%20b%20c%20d%20e%20f%20g%20h%20i%20j%20k',
    )
    expect(status).toBe(400)
    expect(words).toContain('Has more than 10 words.')
  })

  test('says so when the place of a list is not one of it', async () => {
    const { admin } = await office()
    const { status, words } = await admin.get('/admin/users?after=nonsense')
    expect(status).toBe(400)
    expect(words).toContain(
      'The list could not be shown as asked for. Is not the `next` of this list.',
    )
  })

  test('has the columns that were chosen, from then on', async () => {
    const { admin } = await office()
    const sent = [
      ['back', 'status=active&x=https://evil.example'],
      ['column', 'email'],
      ['column', 'title'],
      ['column', 'nonsense'],
    ] as const
    const { location } = await admin.browser.post('/admin/users/columns', sent)
    expect(location).toMatch(/^\/admin\/users\?status=active/)
    const { html, words } = await admin.get('/admin/users')
    expect(
      [...html.matchAll(/<th scope="col"[^>]*>(?:<a [^>]*>)?([^<]+)/g)].map(([, it]) => it),
    ).toEqual(['Name', 'E-mail', 'Job title'])
    expect(words).toContain('Mia Maiden mia@contoso.example Engineer')
    await admin.browser.post('/admin/users/columns', { back: '' })
    expect((await admin.get('/admin/users')).html.match(/<th scope="col"/g)).toHaveLength(1)
  })

  test('with nobody to see says what to do', async () => {
    const { admin } = await office()
    expect((await admin.get('/admin/users?search=zzz')).words).toContain('Nobody found')
  })

  test('shows names as text, whatever is in them', async () => {
    const { app, admin } = await office()
    await newPerson(app.directory, 'x', {
      displayName: '<b>𝒜da</b> עדה',
      roles: [{ value: '<i>' }],
    })
    const { html } = await admin.get('/admin/users?search=x')
    expect(html).toContain('<bdi>&lt;b&gt;𝒜da&lt;/b&gt; עדה</bdi>')
    expect(html).not.toContain('<b>')
    expect(html).not.toContain('<i>')
  })

  test('offers twelve groups and a page of all where there are more', async () => {
    const { app, admin, mia } = await office()
    for (let index = 10; index < 23; index += 1) {
      await newTeam(app.directory, `Team ${index}`, mia, [])
    }
    const { words } = await admin.get('/admin/users?status=active')
    expect(words).toContain('All 14 …')
    const choice = await admin.get('/admin/users/filter/group?status=active&named=team%2022')
    expect(choice.words).toContain('Team 22')
    expect(choice.words).not.toContain('Team 21')
    expect(choice.html).toMatch(/href="\/admin\/users\?status=active&amp;group=/)
    const roles = await admin.get('/admin/users/filter/role')
    expect(roles.words).toContain('PM 1 user')
  })
})

describe('the file', () => {
  async function fileOf(app: TestApp, query: string, cookie: string) {
    const request = new Request(`https://entrance.example/admin/users/export${query}`, {
      headers: { Cookie: `__Host-entrance=${cookie}` },
    })
    const answer = await app.fetch(request)
    return { answer, bytes: new Uint8Array(await answer.arrayBuffer()) }
  }

  test('has all users of the list, and nothing in it is taken for a formula', async () => {
    const { app, admin } = await office()
    await newPerson(app.directory, '=HYPERLINK("https://evil.example")', {
      displayName: '+1, "quoted"',
      title: '@here',
      roles: [{ value: '-2' }],
    })
    const { answer, bytes } = await fileOf(app, '', String(admin.browser.cookie))
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/)
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="users-2026-03-02.csv"',
    )
    expect(bytes.slice(0, 3)).toEqual(Uint8Array.of(0xef, 0xbb, 0xbf))
    const lines = new TextDecoder().decode(bytes).split('\r\n')
    expect(lines).toHaveLength(7)
    expect(lines[0]).toMatch(/^id,Name,User name,E-mail,/)
    const strange = lines.find((line) => line.includes('HYPERLINK')) ?? ''
    expect(strange.slice(strange.indexOf(',') + 1)).toBe(
      `"'+1, ""quoted""","'=HYPERLINK(""https://evil.example"")",,'@here,,Made here,Active,No,,'-2,2026-03-02T08:00:00.000Z,`,
    )
  })

  test.each([
    ['what a filter chooses', '?status=inactive', 1],
    ['what a SCIM filter finds', '?filter=userName%20pr', 4],
    ['what a search finds', '?search=mia', 1],
  ])('has %s', async (_, query, count) => {
    const { app, admin } = await office()
    const { bytes } = await fileOf(app, query, String(admin.browser.cookie))
    expect(new TextDecoder().decode(bytes).trimEnd().split('\r\n')).toHaveLength(count + 1)
  })

  test.each([
    ['a SCIM filter', '?filter=userName%20sw%20%22user%22'],
    ['a search', '?search=user'],
  ])('has everybody whom %s finds, however many those are', async (_, query) => {
    const { app, admin } = await office()
    for (let index = 0; index < 203; index += 1) await newPerson(app.directory, `user${index}`)
    const { bytes } = await fileOf(app, query, String(admin.browser.cookie))
    const lines = new TextDecoder().decode(bytes).trimEnd().split('\r\n')
    expect(new Set(lines).size).toBe(204)
  })

  test('leads to what is wrong with the list, where something is', async () => {
    const { app, admin } = await office()
    const { answer } = await fileOf(app, '?filter=(', String(admin.browser.cookie))
    expect(answer.headers.get('location')).toBe('/admin/users?filter=%28')
  })
})

describe('a new local user', () => {
  test('is made with groups and a role, and a link to pass on that is shown once', async () => {
    const { app, admin, team } = await office()
    const form = await admin.get('/admin/users/new')
    expect(form.words).toContain('There is no mail server yet')
    const made = await admin.post('/admin/users/new', {
      userName: 'grace',
      displayName: 'Grace Hopper',
      group: team.id,
      role: 'Admiral',
      invite: 'shown',
    })
    expect(made.status).toBe(200)
    expect(made.words).toContain('A link for Grace Hopper')
    expect(made.html).toMatch(/value="https:\/\/entrance\.example\/auth\/link\/[\w-]+"/)
    const user = await app.directory.users.named('grace')
    expect(user?.groups.map(({ displayName }) => displayName)).toEqual(['Finance'])
    expect(user?.attributes['roles']).toEqual([{ value: 'Admiral' }])
  })

  test('that cannot be made is shown as it was typed, with what is wrong', async () => {
    const { admin, team } = await office()
    const refused = await admin.post('/admin/users/new', {
      userName: 'MIA@contoso.example',
      displayName: 'Grace “Amazing”',
      email: 'no address',
      group: team.id,
      role: 'Admiral',
    })
    expect(refused.status).toBe(400)
    expect(refused.words).toContain('Is no e-mail address.')
    const taken = await admin.post('/admin/users/new', {
      userName: 'MIA@contoso.example',
      displayName: 'Grace “Amazing”',
      group: team.id,
      role: 'Admiral',
      invite: 'none',
    })
    expect(taken.status).toBe(400)
    expect(taken.words).toContain('Another user has this user name.')
    expect(taken.html).toContain('value="MIA@contoso.example"')
    expect(taken.html).toContain('value="Grace “Amazing”"')
    expect(taken.html).toContain('value="Admiral"')
    expect(taken.html).toMatch(new RegExp(`name="group" value="${team.id}" checked`))
    expect(taken.html).toMatch(/name="invite" value="none" checked/)
  })
})
