import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isReachable } from '../../src/admin/pages/connect/places.ts'
import { scriptFacts } from '../../src/admin/pages/connect/script-facts.ts'
import { bashScript } from '../../src/admin/pages/connect/script-bash.ts'
import { powershellScript } from '../../src/admin/pages/connect/script-powershell.ts'
import { cause, PUBLIC_URL, testApp, testClock, type TestApp } from '../support/app.ts'
import { KEY, newScene, OTHER_TENANT, reset } from '../support/connecting.ts'
import { newConsole, type Seen } from '../support/console.ts'
import { endOfTests } from '../support/database.ts'
import { newTenant, SECRET, type TestTenant } from '../support/entra-tenant.ts'
import { CLIENT, TENANT } from '../support/microsoft.ts'
import { newUser } from '../support/resources.ts'

let tenant: TestTenant

const finished = endOfTests()

beforeAll(async () => {
  tenant = await newTenant(testClock(), finished)
})
beforeEach(() => reset(tenant))

const entered = {
  tenantId: TENANT,
  clientId: CLIENT,
  cloud: 'global',
  kind: 'secret',
  secret: SECRET,
}

/** An organisation that nothing was done for yet. */
async function fresh(): Promise<TestApp> {
  const app = await testApp({ provisioningLogDays: 30 })
  for (const { id } of await app.directory.tokens.list())
    await app.directory.tokens.revoke(id, cause)
  return app
}

/** The value of a field that is there to be copied. */
function copied({ html }: Seen, label: string): string {
  const [, id = ''] = new RegExp(`<label for="([^"]*)">${label}</label>`).exec(html) ?? []
  return new RegExp(`id="${id}"[^>]* value="([^"]*)"`).exec(html)?.[1] ?? ''
}

describe('all steps at a glance', () => {
  test('welcome whoever is first, who can begin or leave it for later', async () => {
    const console = await newConsole(await fresh())
    const { words, html } = await console.get('/admin/connect')
    expect(words).toContain('Welcome to Entrance')
    expect(html).toContain('href="/admin/connect/app"')
    expect(html).toContain('href="/admin"')
  })

  test('say what is done, and lead to what is next', async () => {
    const app = await testApp({ provisioningLogDays: 30 })
    const console = await newConsole(app)
    const first = await console.get('/admin/connect')
    expect(first.words).toContain('Waiting for “Test connection”')
    await newUser(app.scim, 'eve')
    await app.recorder.flush()
    const { words } = await console.get('/admin/connect')
    expect(words).toContain('Entra called just now')
    expect(words).toContain('Users arrive just now')
    expect(words).toContain('Not tried yet')
    const { userId } = await newEntry(app)
    expect(userId).not.toBe('')
    expect((await console.get('/admin/connect')).words).toContain('Somebody signed in with Entra')
    const { html } = await console.get('/admin/connect/app')
    const steps = [
      ...html.matchAll(
        /<li class="(done|)"[^>]*>(?:<svg.*?<\/svg>)?(?:<a href="([^"]*)">|<span>)([^<]*)/g,
      ),
    ]
    expect(steps.map(([, state, href, name]) => [name, state, href])).toStrictEqual([
      ['App registration', '', undefined],
      ['Provisioning', 'done', '/admin/connect/provisioning'],
      ['Users and groups', 'done', '/admin/connect/people'],
      ['Sign-in', 'done', '/admin/connect/entry'],
    ])
  })
})

/** Somebody who signed in with Entra. */
async function newEntry({ directory }: TestApp) {
  const { user } = await directory.users.create(
    { attributes: { userName: 'grace', active: true }, origin: 'local' },
    cause,
  )
  return directory.sessions.open(
    {
      userId: user.id,
      hash: 'b'.repeat(64),
      kind: 'browser',
      method: 'entra',
      expires: '2026-03-03T08:00:00.000Z',
    },
    cause,
  )
}

describe('the app registration', () => {
  test('is entered with the values that Entra has to be told', async () => {
    const { app } = await newScene(tenant)
    const console = await newConsole(app)
    const page = await console.get('/admin/connect/app')
    expect(copied(page, 'Redirect URI')).toBe(`${PUBLIC_URL}/auth/entra/callback`)
    expect(copied(page, 'Another redirect URI')).toBe(`${PUBLIC_URL}/auth/signed-out`)
    expect(copied(page, 'Front-channel logout URL')).toBe(`${PUBLIC_URL}/auth/entra/sign-out`)
    expect(page.html).toMatch(/<details [^>]*open[^>]*><summary><h2>Enter it here</)
    const kept = await console.send('/admin/connect/app', entered)
    expect(kept.words).toContain('The app registration works and is kept.')
    expect(kept.words).toContain(TENANT)
    // It works: another one is entered by those only who open the form.
    expect(kept.html).toMatch(/<details class="panel" id="enter"><summary><h2>Enter another cred/)
    expect(await app.directory.settings.read('connection')).toMatchObject({ clientId: CLIENT })
    const checked = await console.get('/admin/connect/app?check=yes')
    expect(checked.words).toContain('User.Read.All Find people, import and sync them Works')
    expect(checked.html).not.toContain(SECRET)
  })

  test('is not kept when it does not work, and nothing typed is lost', async () => {
    const { app } = await newScene(tenant)
    const console = await newConsole(app)
    const wrong = await console.post('/admin/connect/app', { ...entered, secret: 'not~the-secret' })
    expect(wrong.status).toBe(400)
    expect(wrong.words).toContain('It does not work yet, so nothing was kept')
    expect(wrong.words).toContain('Credential')
    expect(wrong.html).toContain(`value="${TENANT}"`)
    expect(wrong.html).toContain('value="not~the-secret"')
    expect(wrong.words).not.toContain('Keep it all the same')
    expect(await app.directory.settings.read('connection')).toBeUndefined()
  })

  test('that works in part can be kept all the same', async () => {
    const { app } = await newScene(tenant)
    const console = await newConsole(app)
    tenant.graph.permissions = ['User.Read.All']
    const partly = await console.post('/admin/connect/app', entered)
    expect(partly.words).toContain('It works only in part.')
    expect(partly.words).toContain('Add the application permission GroupMember.Read.All')
    const kept = await console.send('/admin/connect/app', { ...entered, do: 'keep' })
    expect(kept.words).toContain('What is missing stands below.')
  })

  test.each([
    ['a tenant that is no id', { tenantId: 'contoso' }, 'Is no GUID; it is on the overview page'],
    ['a client that is no id', { clientId: '' }, 'as “Application (client) ID”.'],
    ['the id of a secret', { secret: OTHER_TENANT }, 'Is the ID of a secret. Its value is needed'],
    ['no secret', { secret: '' }, 'Is needed: none is stored'],
    ['a certificate that is none', { kind: 'certificate', pem: 'x' }, 'certificate'],
  ])('is refused for %s, at its field', async (_, wrong, words) => {
    const { app } = await newScene(tenant)
    const console = await newConsole(app)
    const seen = await console.post('/admin/connect/app', { ...entered, ...wrong })
    expect(seen.status).toBe(400)
    expect(seen.words).toContain(words)
    expect(seen.html).toContain('aria-invalid="true"')
  })

  test('moves links of users only when that is ticked', async () => {
    const { app } = await newScene(tenant)
    const console = await newConsole(app)
    await app.store.organisations.setTenant('default', OTHER_TENANT, cause)
    await newUser(app.scim, 'eve', { externalId: 'e0000000-0000-4000-8000-000000000001' })
    const asked = await console.post('/admin/connect/app', entered)
    expect(asked.words).toContain('Move the links of users to this tenant')
    const moved = await console.send('/admin/connect/app', { ...entered, moveLinks: 'yes' })
    expect(moved.words).toContain('The app registration works and is kept.')
  })

  test('is forgotten after a question', async () => {
    const { app } = await newScene(tenant)
    const console = await newConsole(app)
    await console.send('/admin/connect/app', entered)
    const asked = await console.get('/admin/connect/app/remove')
    expect(asked.words).toContain('Forget the app registration?')
    const { words } = await console.send('/admin/connect/app/remove')
    expect(words).toContain('The app registration is forgotten.')
    expect(await app.directory.settings.read('connection')).toBeUndefined()
  })

  test('cannot be entered where the server has no key, and the page says what to do', async () => {
    const app = await testApp()
    const console = await newConsole(app)
    const { words } = await console.get('/admin/connect/app')
    expect(words).toContain('This server has no ENCRYPTION_KEY')
    expect(words).not.toContain('Try and keep it')
  })
})

describe('provisioning', () => {
  test('begins with a token that is shown once, and goes on when Entra calls with it', async () => {
    const app = await fresh()
    const console = await newConsole(app)
    expect((await console.get('/admin/connect/provisioning')).words).toContain(
      'Make a secret token',
    )
    const made = await console.post('/admin/connect/provisioning', { name: 'Entra', days: '90' })
    const token = copied(made, 'Secret token')
    expect(token).toMatch(/^entrance_/)
    expect(copied(made, 'Tenant URL')).toBe(`${PUBLIC_URL}/scim/v2`)
    expect(made.words).toContain('Waiting for “Test connection”')
    const waits = await console.get('/admin/connect/provisioning')
    expect(waits.html).not.toContain(token)
    expect(waits.words).toContain('A secret token is in force: Entra.')
    expect(waits.html).toContain('http-equiv="refresh"')
    await app.clientWith(`Bearer ${token}`).get('/Users?filter=userName eq "nobody"')
    await app.recorder.flush()
    const { words, html } = await console.get('/admin/connect/provisioning')
    expect(words).toContain('Received 2 Mar 2026, 08:00')
    expect(words).toContain('Entra called with the token Entra.')
    expect(html).not.toContain('http-equiv="refresh"')
    const [kept] = (await app.directory.tokens.list()).slice(-1)
    expect(kept?.expires).toBe('2026-05-31T08:00:00.000Z')
  })

  test('a token needs a name', async () => {
    const app = await fresh()
    const console = await newConsole(app)
    const { status, words } = await console.post('/admin/connect/provisioning', { days: '90' })
    expect(status).toBe(400)
    expect(words).toContain('Say a name.')
  })

  test('the mappings are those that this server needs', async () => {
    const { words } = await (await newConsole(await testApp())).get('/admin/connect/provisioning')
    expect(words.replaceAll(' ', '')).toContain('objectIdexternalIdChangethisone')
    expect(words).toContain('Switch( [IsSoftDeleted], , "False", "True", "True", "False")')
  })

  test('says when the address is none that Entra can reach', async () => {
    const { words } = await (await newConsole(await testApp())).get('/admin/connect/provisioning')
    expect(words).not.toContain('Entra reaches only')
    expect(
      ['https://entrance.example', 'http://entrance.example', 'https://localhost:8443'].map(
        isReachable,
      ),
    ).toStrictEqual([true, false, false])
  })
})

test('a token takes the place of another without a gap', async () => {
  const app = await testApp({ provisioningLogDays: 30 })
  const console = await newConsole(app)
  await app.scim.get('/Users?filter=userName eq "nobody"')
  await app.recorder.flush()
  app.clock.pass(1_000)
  const begin = await console.get('/admin/connect/rotate')
  expect(begin.html).toContain('value="default 2"')
  const made = await console.post('/admin/connect/rotate', { name: 'default 2', days: '365' })
  const token = copied(made, 'Secret token')
  expect(made.words).toContain('Waiting for Entra to use the new token')
  expect(made.html).toMatch(/data-live="[^"]*\/rotate\/wait\?shown=secret"/)
  const [, place = ''] = /href="([^"]*\/rotate)"/.exec(made.html) ?? []
  const both = await console.get(place)
  expect(both.words).toContain('Waiting for Entra to use the new token')
  expect(both.words).toContain('default Old In force')
  await app.clientWith(`Bearer ${token}`).get('/Users?filter=userName eq "nobody"')
  await app.recorder.flush()
  const used = await console.get(place)
  expect(used.words).toContain('Entra uses the new token')
  const [, end = ''] = /action="([^"]*\/end)"/.exec(used.html) ?? []
  expect((await app.scim.get('/Users')).status).toBe(200)
  expect((await console.send(end)).words).toContain('The token “default” has ended')
  app.clock.pass(2_000)
  expect((await app.scim.get('/Users')).status).toBe(401)
  expect((await app.clientWith(`Bearer ${token}`).get('/Users')).status).toBe(200)
  expect((await console.get(place)).words).toContain('no other is in force')
})

test('a token that is in use is ended only after a warning', async () => {
  const app = await testApp({ provisioningLogDays: 30 })
  const console = await newConsole(app)
  const [token] = await app.directory.tokens.list()
  const path = `/admin/connect/tokens/${token?.id}/end`
  expect((await console.get(path)).words).toContain('It has never been used.')
  await app.scim.get('/Users')
  await app.recorder.flush()
  expect((await console.get(path)).words).toContain('It is the one that Entra used last.')
  expect((await console.get('/admin/connect/tokens/nobody/end')).status).toBe(404)
})

test('programs that sign in by themselves are listed, without their secrets', async () => {
  const app = await testApp()
  const console = await newConsole(app)
  const client = await app.directory.clients.create(
    { kind: 'provisioning', name: 'Entra OAuth' },
    cause,
  )
  await app.directory.clients.addSecret(
    client.id,
    { hash: 'c'.repeat(64), expires: '2027-03-02T08:00:00.000Z' },
    cause,
  )
  const { words, html } = await console.get('/admin/connect/tokens')
  expect(words).toContain('Entra OAuth Provisioning never 2 Mar 2027')
  expect(html).not.toContain('cccc')
})

describe('the last steps', () => {
  test('wait for the first user', async () => {
    const app = await testApp({ provisioningLogDays: 30 })
    const console = await newConsole(app)
    expect((await console.get('/admin/connect/people')).words).toContain(
      'Waiting for the first user',
    )
    await newUser(app.scim, 'eve')
    await app.recorder.flush()
    expect((await console.get('/admin/connect/people')).words).toContain('1 user from provisioning')
  })

  test('wait for the first user also where no provisioning log is kept', async () => {
    const app = await testApp({ provisioningLogDays: 0 })
    const console = await newConsole(app)
    expect((await console.get('/admin/connect/people')).words).toContain(
      'Waiting for the first user',
    )
    await newUser(app.scim, 'eve')
    expect((await console.get('/admin/connect/people')).words).toContain('Received 2 Mar 2026')
  })

  test('wait for somebody to sign in with Entra, and not with a password', async () => {
    const app = await testApp()
    const console = await newConsole(app)
    const waits = await console.get('/admin/connect/entry')
    expect(waits.words).toContain('Waiting for a sign-in with Entra')
    expect(waits.words).toContain('once the app registration is entered')
    await newEntry(app)
    expect((await console.get('/admin/connect/entry')).words).toContain('Received 2 Mar 2026')
  })
})

describe('scripts that set Entra up', () => {
  const facts = scriptFacts({
    publicUrl: "https://entrance.example/a'b$(id)",
    scimUrl: "https://entrance.example/a'b$(id)/scim/v2",
    tenantId: TENANT,
    cloud: 'us',
  })

  test('have the values of the server, quoted so that nothing in them is run', () => {
    const bash = bashScript(facts)
    expect(bash).toContain(`TENANT_URL='https://entrance.example/a'\\''b$(id)/scim/v2'`)
    expect(bash).toContain(`WANTED_TENANT='${TENANT}'`)
    expect(bash).toContain(`GRAPH='https://graph.microsoft.us'`)
    const powershell = powershellScript(facts)
    expect(powershell).toContain(`$TenantUrl = 'https://entrance.example/a''b$(id)/scim/v2'`)
    expect(powershell).toContain(`[string] $TenantId = '${TENANT}'`)
    expect(powershell).toContain(`Environment = 'USGov'`)
    for (const script of [bash, powershell]) {
      expect(script).toContain('4602d0b4-76bb-404b-bca9-2652e1a39c6d')
      expect(script).toContain('User.Read.All')
      expect(script).toContain('/auth/entra/sign-out')
    }
  })

  test('are downloaded as files, with nothing secret in them', async () => {
    const { app } = await newScene(tenant, { encryptionKeys: [KEY] })
    const console = await newConsole(app)
    await console.send('/admin/connect/app', entered)
    for (const name of ['setup.ps1', 'setup.sh']) {
      const { headers, html } = await console.get(`/admin/connect/${name}`)
      expect(headers.get('content-disposition')).toBe(`attachment; filename="entrance-${name}"`)
      expect(headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(html).toContain(TENANT)
      expect(html).toContain(`${PUBLIC_URL}/scim/v2`)
      expect(html).not.toContain(SECRET)
    }
  })
})
