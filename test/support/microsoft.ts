import { onTestFinished } from 'vitest'
import type { User } from '../../src/directory/user.ts'
import { startAuthority, type Authority, type Person } from '../entra/authority/authority.ts'
import { visit } from '../entra/authority/visitor.ts'
import { cause, PUBLIC_URL, testApp, testClock, type Registration, type TestApp } from './app.ts'
import type { Browser, Shown } from './browser.ts'
import type { Finished } from './database.ts'

export const TENANT = '1b4e28ba-2fa1-4d2e-883f-0016d3cca427'
export const CLIENT = '6731de76-14a6-49ae-97bc-6eba6914391e'

export const ada: Person = {
  objectId: 'a0000000-0000-4000-8000-00000000ada0',
  userPrincipalName: 'ada@contoso.example',
  displayName: 'Ada Lovelace',
}
export const grace: Person = {
  objectId: 'b0000000-0000-4000-8000-0000009ace00',
  userPrincipalName: 'grace@contoso.example',
  displayName: 'Grace Hopper',
}

export interface Office {
  readonly app: TestApp
  readonly authority: Authority
  /** The user who is provisioned for a person, and so linked. */
  provision(person: Person, more?: Readonly<Record<string, unknown>>): Promise<User>
  /** Ticks the box, and picks the account of a person at Entra; gives the address that Entra sends the browser to. */
  toEntra(browser: Browser, who: Person, returnTo?: string): Promise<string>
  /** The whole way: what the browser is shown when it comes back. */
  signIn(browser: Browser, who: Person, returnTo?: string): Promise<Shown>
}

/** Entrance, and a stand-in for Entra that its people sign in at, until the test has finished. */
export async function newOffice(
  options: Pick<Registration, 'roles'> & {
    readonly entraTokensFrom?: readonly string[]
    /** `afterAll` for an office that all tests of a file share, or `endOfTests()` where a hook makes it. */
    readonly finished?: Finished
  } = {},
): Promise<Office> {
  const { entraTokensFrom = [], finished = onTestFinished, ...more } = options
  const clock = testClock()
  const authority = await startAuthority({
    tenantId: TENANT,
    clientId: CLIENT,
    clientSecret: 'the secret of the app registration',
    redirectUris: [`${PUBLIC_URL}/auth/entra/callback`],
    postLogoutRedirectUris: [`${PUBLIC_URL}/auth/signed-out`],
    frontChannelLogoutUri: `${PUBLIC_URL}/auth/entra/sign-out`,
    people: [ada, grace],
    now: clock.now,
  })
  finished(() => authority.close())
  const { tenantId, clientId, clientSecret, origin: loginUrl } = authority
  const app = await testApp({
    clock,
    entra: {
      tenantId,
      clientId,
      credential: { kind: 'secret', secret: clientSecret },
      loginUrl,
      ...more,
    },
    entraTokensFrom,
    finished,
  })

  async function toEntra(browser: Browser, who: Person, returnTo?: string) {
    const form = { entra: 'yes', ...(returnTo === undefined ? {} : { return: returnTo }) }
    const { location = '' } = await browser.post('/auth/sign-in', form)
    const { url } = await visit(location, who.userPrincipalName)
    return url.href.slice(PUBLIC_URL.length)
  }

  return {
    app,
    authority,
    toEntra,
    async provision({ objectId, userPrincipalName, displayName }, given = {}) {
      const attributes = {
        userName: userPrincipalName,
        externalId: objectId,
        displayName,
        active: true,
        ...(given as object),
      }
      const { user } = await app.directory.users.create(
        { attributes, origin: 'scim' },
        { ...cause, door: 'scim' },
      )
      return user
    },
    signIn: async (browser, who, returnTo) => browser.get(await toEntra(browser, who, returnTo)),
  }
}
