import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { User } from '../../src/directory/user.ts'
import type { TestApp } from './app.ts'
import { newBrowser, type Browser } from './browser.ts'
import { newLocalUser, PASSWORD } from './people.ts'
import { ask, bearer, type Answer, type Fields } from './programs.ts'

export const NAME = 'adele@contoso.example'
export const REDIRECT = 'http://127.0.0.1:49152/signed-in'
export const STATE = 'state of the client'
export const VERIFIER = 'verifier~of.the_desktop-client'.padEnd(43, '0')
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

/** What a client opens the browser with; undefined leaves a parameter out. */
export function parameters(more: Readonly<Record<string, string | undefined>> = {}): Fields {
  const all = {
    response_type: 'code',
    client_id: 'desktop',
    redirect_uri: REDIRECT,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    state: STATE,
    ...more,
  }
  const given = Object.entries(all).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as Fields
}

export function authorizePath(of: Fields = parameters()): string {
  return `/auth/native/authorize?${new URLSearchParams(of).toString()}`
}

/** A text as the page that is written in HTML means it. */
export function plain(html: string): string {
  return html
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** The hidden fields of the form of a page that leads to a path. */
export function hiddenFields(html: string, action: string): Fields {
  const form = html.split('<form').find((part) => part.includes(`action="${action}"`)) ?? ''
  const inputs = (form.split('</form>')[0] ?? '').matchAll(
    /<input type="hidden" name="([^"]*)" value="([^"]*)"/g,
  )
  return Object.fromEntries([...inputs].map(([, name, value]) => [name, plain(value ?? '')]))
}

/** Where the page leads that the browser is shown after the click, as its head says. */
export function handedOver(html: string): URL {
  const head = html.split('</head>')[0] ?? ''
  const found = /<meta http-equiv="refresh" content="0;url=([^"]*)"/.exec(head)?.[1]
  expect(found, html).toBeDefined()
  return new URL(plain(found ?? ''))
}

/** A browser in which the local user `NAME`, or another, has signed in. */
export async function signedIn(app: TestApp, userName = NAME): Promise<Browser> {
  const browser = newBrowser(app)
  const answer = await browser.post('/auth/sign-in', { userName, password: PASSWORD })
  expect(answer.status).toBe(303)
  return browser
}

/** Presses Continue; the answer that the client gets at its address. */
export async function proceed(browser: Browser, of = parameters()): Promise<URLSearchParams> {
  const { html } = await browser.get(authorizePath(of))
  const shown = await browser.post(
    '/auth/native/authorize',
    hiddenFields(html, '/auth/native/authorize'),
  )
  expect(shown.status, shown.html).toBe(200)
  return handedOver(shown.html).searchParams
}

/** Sends a form to an endpoint for programs, as a desktop client does. */
export function send(app: TestApp, path: string, form: Fields): Promise<Answer> {
  return ask(app, 'POST', path, { form, headers: { 'User-Agent': 'SI/4.2 (Windows)' } })
}

export function redeem(app: TestApp, code: string, more: Fields = {}): Promise<Answer> {
  return send(app, '/auth/token', {
    grant_type: 'authorization_code',
    client_id: 'desktop',
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    code,
    ...more,
  })
}

export function refresh(app: TestApp, refreshToken: string): Promise<Answer> {
  return send(app, '/auth/token', {
    grant_type: 'refresh_token',
    client_id: 'desktop',
    refresh_token: refreshToken,
  })
}

export interface Tokens {
  readonly access: string
  readonly refresh: string
}

export function tokensOf({ status, body }: Answer): Tokens {
  expect({ status, body }).toMatchObject({ status: 200 })
  return { access: String(body['access_token']), refresh: String(body['refresh_token']) }
}

/** A client in which the new local user `NAME` has signed in, by way of a browser. */
export async function signedInClient(
  app: TestApp,
): Promise<Tokens & { readonly browser: Browser; readonly user: User }> {
  const user = await newLocalUser(app, NAME)
  const browser = await signedIn(app)
  const code = (await proceed(browser)).get('code') ?? ''
  return { ...tokensOf(await redeem(app, code)), browser, user }
}

/** What an access token opens: 200, or 401. */
export async function statusOf(app: TestApp, accessToken: string): Promise<number> {
  return (await ask(app, 'GET', '/auth/session', { headers: bearer(accessToken) })).status
}

/** Why sessions ended, oldest first, as the record has it; undefined where nobody said. */
export async function endings({ directory }: TestApp): Promise<unknown[]> {
  const events = await directory.events.list(0, 10_000)
  return events
    .filter(({ action }) => action === 'session.ended')
    .map(({ changes }) => changes.find(({ path }) => path === 'reason')?.to)
}
