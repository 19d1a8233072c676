import { hashSecret, newTokenSecret } from '../../src/directory/token.ts'
import { cause, type TestApp } from './app.ts'
import { issueToken } from './clients.ts'
import {
  basic,
  bearer,
  newAccessToken,
  newBrowserSession,
  newClientSession,
  newPerson,
  newProgram,
  type Fields,
} from './programs.ts'
import { otherDirectory } from './store.ts'

/** When the clock of the tests starts, and so what has just expired. */
const NOW = '2026-03-02T08:00:00.000Z'

async function newSecretToken({ directory }: Pick<TestApp, 'directory'>, expires?: string) {
  const secret = newTokenSecret()
  const { id } = await directory.tokens.create(
    { name: 'Entra', hash: hashSecret(secret), expires },
    cause,
  )
  return { id, headers: bearer(secret) }
}

/** Who provisions, with good credentials and bad ones: the headers of each. */
async function provisioningClients(app: TestApp) {
  const { directory } = app
  const revokedToken = await newSecretToken(app)
  await directory.tokens.revoke(revokedToken.id, cause)
  const client = await newProgram(directory, 'provisioning')
  const revokedClient = await newProgram(directory, 'provisioning')
  const tokenOfRevoked = await newAccessToken(app, revokedClient)
  await directory.clients.revoke(revokedClient.id, cause)
  const expired = newTokenSecret('scim')
  await issueToken(app, client.id, expired, 0)
  return {
    'a secret token': (await newSecretToken(app)).headers,
    'a secret token that was revoked': revokedToken.headers,
    'a secret token that has expired': (await newSecretToken(app, NOW)).headers,
    'the token of a client': bearer(await newAccessToken(app, client)),
    'the token of a client that was revoked': bearer(tokenOfRevoked),
    'the token of a client that has expired': bearer(expired),
    'the credentials of a provisioning client': client.header,
  }
}

async function applicationServers({ directory }: TestApp) {
  const server = await newProgram(directory, 'application')
  const revoked = await newProgram(directory, 'application')
  await directory.clients.revoke(revoked.id, cause)
  return {
    'an application server': server.header,
    'an application server with a wrong secret': basic(server.id, newTokenSecret()),
    'an application server that was revoked': revoked.header,
  }
}

async function people({ directory }: TestApp) {
  const { administrators, users } = directory
  const user = await newPerson(directory, 'user')
  const administrator = await newPerson(directory, 'administrator')
  await administrators.appoint(administrator.id, cause)
  const dismissed = await newPerson(directory, 'dismissed')
  await administrators.appoint(dismissed.id, cause)
  const ofDismissed = await newBrowserSession(directory, dismissed.id)
  await administrators.dismiss(dismissed.id, cause)
  const inactive = await newPerson(directory, 'inactive')
  const inBrowser = await newBrowserSession(directory, inactive.id)
  const inClient = await newClientSession(directory, inactive.id)
  await users.update(inactive.id, undefined, (now) => ({ ...now, active: false }), cause)
  const swapped = {
    browser: await newBrowserSession(directory, user.id),
    client: await newClientSession(directory, user.id),
  }
  return {
    'a user in a browser': (await newBrowserSession(directory, user.id)).headers,
    'a user in a client': (await newClientSession(directory, user.id)).headers,
    'an administrator in a browser': (await newBrowserSession(directory, administrator.id)).headers,
    'an administrator in a client': (await newClientSession(directory, administrator.id)).headers,
    'a browser whose session is over': (await newBrowserSession(directory, user.id, NOW)).headers,
    'a client whose session is over': (await newClientSession(directory, user.id, { expires: NOW }))
      .headers,
    'a client whose access token has expired': (
      await newClientSession(directory, user.id, { secretExpires: NOW })
    ).headers,
    'a dismissed administrator': ofDismissed.headers,
    'somebody inactive in a browser': inBrowser.headers,
    'somebody inactive in a client': inClient.headers,
    'a cookie as a token': bearer(swapped.browser.secret),
    'a token as a cookie': { Cookie: `__Host-entrance=${swapped.client.access}` },
    'a refresh token': bearer(swapped.client.refresh),
  }
}

async function neighbours(app: TestApp) {
  const directory = await otherDirectory(app)
  const user = await newPerson(directory, 'user')
  return {
    'a secret token of another organisation': (await newSecretToken({ directory })).headers,
    'an application server of another organisation': (await newProgram(directory, 'application'))
      .header,
    'a user of another organisation in a browser': (await newBrowserSession(directory, user.id))
      .headers,
  }
}

/** Everybody who may call, by what they show: the headers of each. */
export async function newCallers(app: TestApp) {
  return {
    nobody: {} as Fields,
    'a text that is no token': bearer('garbage'),
    ...(await provisioningClients(app)),
    ...(await applicationServers(app)),
    ...(await people(app)),
    ...(await neighbours(app)),
  }
}

export type Caller = keyof Awaited<ReturnType<typeof newCallers>>
