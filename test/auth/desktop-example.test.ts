import { expect, test, vi } from 'vitest'
import { endings, handedOver, hiddenFields, NAME } from '../support/desktop.ts'
import { runExample, serve } from '../support/examples.ts'
import { newLocalUser, PASSWORD } from '../support/people.ts'

const PROGRAM = 'desktop-client.ts'

/** A person at a browser: it keeps cookies, follows redirects, and sends forms as the pages have them. */
function person() {
  const cookies = new Map<string, string>()

  async function load(url: string, form?: Readonly<Record<string, string>>) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: {
        Cookie: [...cookies].map((pair) => pair.join('=')).join('; '),
        ...(form ? { Origin: new URL(url).origin } : {}),
      },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location !== null) return load(new URL(location, url).href)
    return { url, status: response.status, html: await response.text() }
  }

  return {
    load,
    /** Sends the form of a page that leads to a path. */
    press: (page: { url: string; html: string }, action: string, typed = {}) =>
      load(new URL(action, page.url).href, { ...hiddenFields(page.html, action), ...typed }),
  }
}

test('the desktop client signs in, renews its tokens, and signs out', async () => {
  const { app, origin } = await serve()
  const { id } = await newLocalUser(app, NAME)
  const program = runExample(PROGRAM, ['--print', `${origin}/`])
  const [address] = await program.says(/http:\S+authorize\S+/)

  const { load, press } = person()
  const signIn = await load(address)
  const typed = { userName: NAME, password: PASSWORD }
  const asked = await press(signIn, '/auth/sign-in', typed)
  const done = await press(asked, '/auth/native/authorize')
  const back = handedOver(done.html)
  const stranger = await load(`${back.origin}/signed-in?code=stolen&state=guessed`)
  expect(stranger.status).toBe(404)
  expect((await load(`${back.origin}//`)).status).toBe(404)
  expect(await load(back.href)).toMatchObject({
    status: 200,
    html: 'Go on in the application. You can close this window.',
  })

  const { printed, code } = await program.ended
  expect({ printed, code }).toMatchObject({ code: 0 })
  expect(printed).toContain(NAME)
  expect(printed).toMatch(/Got new tokens\.\nSigned out\. Good-bye!\n$/)
  expect(await app.directory.sessions.list(id)).toMatchObject([{ kind: 'browser' }])
  expect(await endings(app)).toStrictEqual([undefined])
})

test('the desktop client says that the person cancelled', async () => {
  const { origin } = await serve()
  const program = runExample(PROGRAM, ['--print', origin])
  const [address] = await program.says(/http:\S+authorize\S+/)
  const asked = new URL(address).searchParams
  const query = new URLSearchParams({
    error: 'access_denied',
    error_description: 'The person cancelled.',
    state: asked.get('state') ?? '',
    iss: origin,
  })
  await fetch(`${asked.get('redirect_uri')}?${query.toString()}`)
  expect(await program.ended).toMatchObject({
    code: 1,
    printed: expect.stringMatching(/\nThe person cancelled\.\n$/),
  })
})

test.each([
  ['an answer of somebody else', { iss: 'https://evil.example', code: 'x' }, /is not from http/],
  ['a code that is not valid', { code: 'x' }, /The code is not valid\.\n$/],
  ['no code', {}, /There is no code\.\n$/],
])('the desktop client refuses %s', async (_, answer, text) => {
  const { origin } = await serve()
  const program = runExample(PROGRAM, ['--print', origin])
  const [address] = await program.says(/http:\S+authorize\S+/)
  const asked = new URL(address).searchParams
  const query = new URLSearchParams({ state: asked.get('state') ?? '', iss: origin, ...answer })
  await fetch(`${asked.get('redirect_uri')}?${query.toString()}`)
  expect(await program.ended).toMatchObject({ code: 1, printed: expect.stringMatching(text) })
})

test('the desktop client opens a browser at the address that it prints', async () => {
  const { app, origin } = await serve()
  const env = { BROWSER: `${process.execPath} -e fetch(process.argv[1])` }
  runExample(PROGRAM, [origin], env)
  const page = { method: 'GET', path: '/auth/native/authorize', status: 303 }
  await vi.waitFor(() => expect(app.logged).toContainEqual(expect.objectContaining(page)), 10_000)
})

test('the desktop client says when there is no browser to open', async () => {
  const env = { BROWSER: '/nowhere/browser --new-window' }
  const program = runExample(PROGRAM, ['http://localhost:3000'], env)
  const [address] = await program.says(/http:\S+authorize\S+/)
  expect(new URL(address).origin).toBe('http://localhost:3000')
  await program.says(/There is no browser to open\./)
})

test.each([
  ['--help', ['--help'], 0, /ENTRANCE {2}the address/],
  ['nothing', [], 0, /ENTRANCE {2}the address/],
  ['an option that there is not', ['--nonsense'], 1, /'--nonsense'/],
])('the desktop client explains itself with %s', async (_, args, code, text) => {
  const { printed, ...rest } = await runExample(PROGRAM, args).ended
  expect(rest).toStrictEqual({ code })
  expect(printed).toMatch(text)
  expect(printed).not.toContain('    at ')
})
