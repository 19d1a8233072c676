import { expect, test } from 'vitest'
import { PUBLIC_URL, testApp } from '../support/app.ts'
import { newCallers } from '../support/callers.ts'
import { consoleRoutes } from '../support/console.ts'
import { newLocalUser } from '../support/people.ts'

/** How a page answers somebody: with the way to the sign-in, a refusal, or whatever it is there for. */
function verdictOn({ status, headers }: Response): 'sign-in' | 'refused' | 'in' {
  if (headers.get('location')?.startsWith('/auth/sign-in?return=%2Fadmin')) return 'sign-in'
  return status === 403 ? 'refused' : 'in'
}

const expected: Readonly<Record<string, 'refused' | 'in'>> = {
  'an administrator in a browser': 'in',
  'a user in a browser': 'refused',
  'a user of another organisation in a browser': 'refused',
}

test('administrators in a browser get into every page, other users are refused, and all others are sent to sign in', async () => {
  const app = await testApp()
  await newLocalUser(app, 'local')
  const callers = await newCallers(app)
  for (const route of consoleRoutes) {
    const [method = '', path = ''] = route.split(' ')
    for (const [caller, headers] of Object.entries(callers)) {
      const body = method === 'POST' ? { body: new URLSearchParams({}) } : {}
      const request = new Request(`${PUBLIC_URL}${path.replace(':id', 'x')}`, {
        method,
        headers: { ...headers, Origin: PUBLIC_URL },
        ...body,
      })
      const answer = await app.fetch(request)
      const verdict = verdictOn(answer)
      await answer.body?.cancel()
      expect(verdict, `${caller}: ${route}`).toBe(expected[caller] ?? 'sign-in')
    }
  }
})

test('a form of another site is refused, whoever is signed in', async () => {
  const app = await testApp()
  await newLocalUser(app, 'local')
  const { 'an administrator in a browser': headers } = await newCallers(app)
  for (const route of consoleRoutes) {
    const [method = '', path = ''] = route.split(' ')
    if (method !== 'POST') continue
    const request = new Request(`${PUBLIC_URL}${path.replace(':id', 'x')}`, {
      method,
      headers: { ...headers, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
      body: new URLSearchParams({}),
    })
    expect((await app.fetch(request)).status, route).toBe(403)
  }
})

test('every page tells browsers to run nothing and show nothing but what is of this server', async () => {
  const app = await testApp()
  await newLocalUser(app, 'local')
  const { 'an administrator in a browser': headers } = await newCallers(app)
  for (const route of consoleRoutes.filter((each) => each.startsWith('GET '))) {
    const path = route.slice('GET '.length).replace(':id', 'x')
    const answer = await app.fetch(new Request(`${PUBLIC_URL}${path}`, { headers }))
    expect(answer.headers.get('content-security-policy'), route).toBe(
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(answer.headers.get('cache-control'), route).toBe('no-store')
    if (answer.headers.get('content-type') === 'text/event-stream') {
      await answer.body?.cancel()
      continue
    }
    const page = await answer.text()
    expect(page, route).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/)
  }
})
