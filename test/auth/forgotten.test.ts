import { describe, expect, test } from 'vitest'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { newBrowser, type Shown } from '../support/browser.ts'
import { startMailbox } from '../support/mailbox.ts'
import { newLink, newLocalUser, PASSWORD } from '../support/people.ts'
import { newUser } from '../support/resources.ts'
import { otherDirectory, recorded } from '../support/store.ts'

const ADELE = 'adele@contoso.example'
const PATH = '/auth/forgotten'
const MINUTE = 60_000

/** A server with a mail server, and what arrives there. */
async function office() {
  const mailbox = await startMailbox()
  const app = await testApp({ smtpUrl: mailbox.url })
  return { app, mailbox }
}

function ask(app: TestApp, userName: string): Promise<Shown> {
  return newBrowser(app).post(PATH, { userName })
}

/** Asks, and waits until all that comes of it has. */
async function asked(app: TestApp, userName: string): Promise<Shown> {
  const answer = await ask(app, userName)
  await app.mails.tick()
  await app.mails.tick()
  return answer
}

const withAddress = (value: string) => (now: object) => ({
  ...now,
  emails: [{ type: 'work', value }],
})

describe('who has forgotten the password', () => {
  test('types the user name and gets a link to choose another', async () => {
    const { app, mailbox } = await office()
    await newLocalUser(app, ADELE)
    expect((await newBrowser(app).get(PATH)).html).toContain('User name or e-mail address')
    const { status, html } = await asked(app, ` ${ADELE.toUpperCase()} `)
    expect(status).toBe(200)
    expect(html).toContain('Look into your mails')
    expect(mailbox.mails).toMatchObject([
      { to: [ADELE], headers: { subject: 'A new password for Contoso Studio' } },
    ])
    const [path = ''] = /\/auth\/link\/\S+/.exec(mailbox.mails[0]?.text ?? '') ?? []
    const chosen = { password: 'quite another one', again: 'quite another one' }
    const browser = newBrowser(app)
    expect((await browser.get(path)).html).toContain(ADELE)
    expect((await browser.post(path, chosen)).status).toBe(303)
    for (const [password, found] of [
      [PASSWORD, 401],
      ['quite another one', 303],
    ] as const) {
      const signedIn = await newBrowser(app).post('/auth/sign-in', { userName: ADELE, password })
      expect(signedIn.status).toBe(found)
    }
  })

  test('types an e-mail address, whichever is theirs, and gets it at the first', async () => {
    const { app, mailbox } = await office()
    const { id } = await newLocalUser(app, 'adele')
    const addresses = [
      { type: 'home', value: 'adele@home.example' },
      { type: 'work', value: ADELE, primary: true },
    ]
    await app.directory.users.update(id, undefined, (now) => ({ ...now, emails: addresses }), cause)
    await asked(app, 'Adele@HOME.example')
    expect(mailbox.asked).toStrictEqual([ADELE])
  })

  test('keeps the password until the link is used', async () => {
    const { app } = await office()
    await newLocalUser(app, ADELE)
    await asked(app, ADELE)
    const typed = { userName: ADELE, password: PASSWORD }
    expect((await newBrowser(app).post('/auth/sign-in', typed)).status).toBe(303)
  })

  test('leaves one event, of who it is about', async () => {
    const { app } = await office()
    const { id } = await newLocalUser(app, ADELE)
    const events = await recorded(app.directory, () => asked(app, ADELE))
    expect(events).toMatchObject([
      { action: 'mail.queued', actor: 'forgotten password', door: 'auth', resourceId: id },
      { action: 'link.issued', actor: 'server', resourceId: id },
    ])
  })

  test('is asked for in every organisation, and gets a mail from each', async () => {
    const { app, mailbox } = await office()
    await newLocalUser(app, ADELE)
    const other = await otherDirectory(app)
    await newLocalUser({ ...app, directory: other }, ADELE)
    await asked(app, ADELE)
    expect(mailbox.asked).toStrictEqual([ADELE, ADELE])
  })
})

/** Those who get no mail; each has what ADELE is to find. */
const others = {
  'nobody has': async () => {},
  'somebody without a password has': async ({ directory }: TestApp) => {
    const attributes = { userName: ADELE, active: true }
    await directory.users.create({ attributes, origin: 'local' }, cause)
  },
  'somebody with a link that was never used has': async (app: TestApp) => {
    const attributes = { userName: ADELE, active: true }
    const { user } = await app.directory.users.create({ attributes, origin: 'local' }, cause)
    await newLink(app, 'invitation', user.id)
  },
  'a user of provisioning has': async ({ scim }: TestApp) => void (await newUser(scim, ADELE)),
  'an imported user has': async ({ directory }: TestApp) => {
    const attributes = { userName: ADELE, active: true }
    await directory.users.create({ attributes, origin: 'import' }, cause)
  },
  'somebody who was linked since has': async (app: TestApp) => {
    const { id } = await newLocalUser(app, ADELE)
    await app.store.organisations.setTenant(
      'default',
      'c0000000-0000-4000-8000-000000000001',
      cause,
    )
    const objectId = 'a0000000-0000-4000-8000-000000000001'
    await app.directory.linkRequests.ask({ objectId, userName: ADELE }, cause)
    const [request] = await app.directory.linkRequests.list()
    await app.directory.linkRequests.accept(String(request?.id), id, cause)
  },
  'somebody inactive has': async (app: TestApp) => {
    const { id } = await newLocalUser(app, ADELE)
    await app.directory.users.update(id, undefined, (now) => ({ ...now, active: false }), cause)
  },
  'somebody deleted had': async (app: TestApp) => {
    const { id } = await newLocalUser(app, ADELE)
    await app.directory.users.remove(id, undefined, cause)
  },
  'more share than can be theirs': async (app: TestApp) => {
    for (let index = 0; index < 7; index += 1) {
      const { id } = await newLocalUser(app, `user${index}`)
      await app.directory.users.update(id, undefined, withAddress(ADELE), cause)
    }
  },
}

describe('the answer is the same, and no mail is sent, for a name that', () => {
  test.each(Object.entries(others))('%s', async (_, make) => {
    const { app, mailbox } = await office()
    await newLocalUser(app, 'bob@contoso.example')
    const known = await asked(app, 'bob@contoso.example')
    await make(app)
    const events = await recorded(app.directory, async () => {
      const answer = await asked(app, ADELE)
      expect({ ...answer, headers: undefined }).toStrictEqual({ ...known, headers: undefined })
      expect([...answer.headers.keys()]).toStrictEqual([...known.headers.keys()])
    })
    expect(events).toStrictEqual([])
    expect(mailbox.asked).toStrictEqual(['bob@contoso.example'])
  })

  test.each([
    ['has control characters', 'adele\0'],
    ['is half a character', '\ud83d'],
    ['is longer than any', 'x'.repeat(4_000)],
    ['is SQL', "' OR 1=1 --"],
    ['is a pattern', '%@%'],
  ])('%s', async (_, typed) => {
    const { app, mailbox } = await office()
    await newLocalUser(app, ADELE)
    const { status, html } = await asked(app, typed)
    expect(status).toBe(200)
    expect(html).toContain('Look into your mails')
    expect(mailbox.asked).toStrictEqual([])
    expect(app.logged.filter(({ level }) => level === 'error')).toStrictEqual([])
  })
})

test('who has no address gets nothing, though there is a password', async () => {
  const { app, mailbox } = await office()
  await newLocalUser(app, 'adele')
  const { html } = await asked(app, 'adele')
  expect(html).toContain('Look into your mails')
  expect(mailbox.asked).toStrictEqual([])
  expect(await app.directory.outbox.list({ limit: 1 })).toStrictEqual([])
})

test('the answer does not wait for what is looked up', async () => {
  const { app } = await office()
  await newLocalUser(app, ADELE)
  const found = Promise.withResolvers<void>()
  // The store is what every door has: what takes long there would be seen in the answer.
  const slow = app.store as { forgetful: typeof app.store.forgetful }
  const { forgetful } = app.store
  slow.forgetful = async (typed) => {
    await found.promise
    return forgetful(typed)
  }
  expect((await ask(app, ADELE)).status).toBe(200)
  expect(await app.directory.outbox.list({ limit: 1 })).toStrictEqual([])
  found.resolve()
  await app.mails.tick()
  expect(await app.directory.outbox.list({ limit: 1 })).toHaveLength(1)
})

describe('asking again and again', () => {
  test('for a name has to wait, longer each time, whether there is such a user or not', async () => {
    const { app } = await office()
    await newLocalUser(app, ADELE)
    for (const name of [ADELE, 'nobody@contoso.example']) {
      for (let times = 0; times < 3; times += 1) expect((await ask(app, name)).status).toBe(200)
      const refused = await ask(app, name.toUpperCase())
      expect(refused.status).toBe(429)
      expect(refused.headers.get('retry-after')).toBe('60')
      expect(refused.html).toContain('Try again in 60 seconds.')
      expect(refused.html).toContain(name.toUpperCase())
    }
    app.clock.pass(MINUTE)
    expect((await ask(app, ADELE)).status).toBe(200)
    expect((await ask(app, ADELE)).headers.get('retry-after')).toBe('120')
  })

  test('from an address has to wait', async () => {
    const { app } = await office()
    const statuses: number[] = []
    for (let times = 0; times < 31; times += 1) {
      statuses.push((await ask(app, `user${times}@contoso.example`)).status)
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(30)
    expect(statuses.at(-1)).toBe(429)
  })

  test('sends three mails an hour, by whichever name', async () => {
    const { app, mailbox } = await office()
    const { id } = await newLocalUser(app, 'adele')
    const addresses = [ADELE, 'a@b.example', 'c@d.example', 'e@f.example']
    const emails = addresses.map((value) => ({ type: 'work', value }))
    await app.directory.users.update(id, undefined, (now) => ({ ...now, emails }), cause)
    for (const name of ['adele', ...addresses]) await asked(app, name)
    expect(mailbox.asked).toHaveLength(3)
    app.clock.pass(60 * MINUTE)
    await asked(app, 'adele')
    expect(mailbox.asked).toHaveLength(4)
  })

  test('and guessing passwords are counted apart', async () => {
    const { app } = await office()
    await newLocalUser(app, ADELE)
    const wrong = { userName: ADELE, password: 'not the password' }
    for (let times = 0; times < 7; times += 1) await newBrowser(app).post('/auth/sign-in', wrong)
    expect((await newBrowser(app).post('/auth/sign-in', wrong)).status).toBe(429)
    for (let times = 0; times < 3; times += 1) expect((await ask(app, ADELE)).status).toBe(200)
    expect((await ask(app, ADELE)).status).toBe(429)
  })
})

describe('the page', () => {
  test('asks again for nothing', async () => {
    const { app } = await office()
    const { status, html } = await ask(app, '  ')
    expect(status).toBe(400)
    expect(html).toContain('Type your user name or your e-mail address.')
  })

  test('takes no form of another site', async () => {
    const { app, mailbox } = await office()
    await newLocalUser(app, ADELE)
    const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    const { status } = await newBrowser(app).post(PATH, { userName: ADELE }, foreign)
    await app.mails.tick()
    expect(status).toBe(403)
    expect(mailbox.asked).toStrictEqual([])
  })

  test('has what was typed as a text', async () => {
    const { app } = await office()
    const typed = '"><script>alert(1)</script>'
    for (let times = 0; times < 3; times += 1) await ask(app, typed)
    const { html } = await ask(app, typed)
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"')
    expect(html).not.toContain('<script')
  })

  test('speaks of Microsoft only where one can sign in there', async () => {
    const { app } = await office()
    for (const { html } of [await newBrowser(app).get(PATH), await ask(app, ADELE)]) {
      expect(html).not.toContain('Microsoft')
    }
  })

  test('says whom to ask where there is no mail server', async () => {
    const app = await testApp()
    await newLocalUser(app, ADELE)
    const events = await recorded(app.directory, async () => {
      for (const { html } of [await newBrowser(app).get(PATH), await asked(app, ADELE)]) {
        expect(html).toContain('Ask the service desk for a link to choose a new one.')
        expect(html).not.toContain('<form')
      }
    })
    expect(events).toStrictEqual([])
  })
})
