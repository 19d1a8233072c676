import { beforeAll, describe, expect, test } from 'vitest'
import { may, personPrincipal } from '../../src/auth/principal.ts'
import { accessRoutes } from '../support/access-routes.ts'
import { consoleRoutes } from '../support/console.ts'
import { cause } from '../support/app.ts'
import { endOfTests } from '../support/database.ts'
import { linkRoutes, syncRoutes } from '../support/link-routes.ts'
import {
  newScene,
  verdictsOn,
  type Everybody,
  type Scene,
  type Sent,
  type Verdict,
} from '../support/everybody.ts'
import { newOffice, type Office } from '../support/microsoft.ts'
import { PASSWORD } from '../support/people.ts'
import { GROUP, PATCH_OP, SEARCH, USER } from '../support/resources.ts'
import { webhookRoutes } from '../support/webhook-routes.ts'

interface Expected {
  readonly in: readonly Everybody[]
  readonly refused?: readonly Everybody[]
  readonly others: Verdict
}

interface Row extends Sent {
  /** It ends sessions or takes credentials back, so that nobody may be asked anything else afterwards. */
  readonly ends?: true
  readonly expected: Expected
}

const browsers = [
  'a user in a browser',
  'an administrator in a browser',
  'a user of another organisation in a browser',
] as const
const desktopClients = ['a user in a client', 'an administrator in a client'] as const

/** Each route needs one of these of who calls it. */
const scim: Expected = {
  in: [
    'a secret token',
    'the token of a client',
    'a secret token of another organisation',
    'the configured token',
    'Entra by its own token',
  ],
  others: 'unknown',
}
const session: Expected = { in: [...browsers, ...desktopClients], others: 'unknown' }
const account: Expected = { in: browsers, others: 'sign-in' }
const introspect: Expected = {
  in: ['an application server', 'an application server of another organisation'],
  refused: ['the credentials of a provisioning client', ...browsers, ...desktopClients],
  others: 'unknown',
}
const administer: Expected = {
  in: ['an administrator in a browser'],
  refused: ['a user in a browser', 'a user of another organisation in a browser'],
  others: 'unknown',
}
const nothing: Expected = { in: [], others: 'in' }

const form = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields)
const user = { schemas: [USER], userName: 'somebody' }
const group = { schemas: [GROUP], displayName: 'some' }
const patch = { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: 'title' }] }
const native = {
  response_type: 'code',
  client_id: 'desktop',
  redirect_uri: 'http://127.0.0.1:49152/',
  code_challenge: 'c'.repeat(43),
  code_challenge_method: 'S256',
  state: 'state',
}

/** The row of a route of administrators, below their door. */
function administered(route: string): [string, Row] {
  const [method = '', path = ''] = route.split(' ')
  const row = { path: `/admin/api${path.replace(':id', 'x')}`, expected: administer }
  return [`${method} /admin/api${path}`, method === 'POST' ? { ...row, body: {} } : row]
}

/** Routes of administrators that something is sent to, for an id that nothing has. */
function withId(...paths: readonly string[]): Readonly<Record<string, Row>> {
  const row = (path: string) =>
    ({ path: `/admin/api/${path.replace(':id', 'x')}`, body: {}, expected: administer }) as const
  return Object.fromEntries(paths.map((path) => [`POST /admin/api/${path}`, row(path)]))
}

/** Every route there is, and who gets in. */
const rows: Readonly<Record<string, Row>> = {
  'GET /healthz': { expected: nothing },
  'GET /readyz': { expected: nothing },
  'GET /': { expected: nothing },
  'GET /assets/:version/:name': { path: '/assets/x/base.css', expected: nothing },

  'GET /scim/v2/ServiceProviderConfig': { expected: nothing },
  'POST /scim/v2/*': { path: '/scim/v2/Nothing', body: {}, expected: scim },
  'PUT /scim/v2/*': { path: '/scim/v2/Nothing', body: {}, expected: scim },
  'PATCH /scim/v2/*': { path: '/scim/v2/Nothing', body: {}, expected: scim },
  'GET /scim/v2/Users': { expected: scim },
  'POST /scim/v2/Users': { body: user, expected: scim },
  'POST /scim/v2/Users/.search': { body: { schemas: [SEARCH] }, expected: scim },
  'GET /scim/v2/Users/:id': { path: '/scim/v2/Users/x', expected: scim },
  'PUT /scim/v2/Users/:id': { path: '/scim/v2/Users/x', body: user, expected: scim },
  'PATCH /scim/v2/Users/:id': { path: '/scim/v2/Users/x', body: patch, expected: scim },
  'DELETE /scim/v2/Users/:id': { path: '/scim/v2/Users/x', expected: scim },
  'GET /scim/v2/Groups': { expected: scim },
  'POST /scim/v2/Groups': { body: group, expected: scim },
  'POST /scim/v2/Groups/.search': { body: { schemas: [SEARCH] }, expected: scim },
  'GET /scim/v2/Groups/:id': { path: '/scim/v2/Groups/x', expected: scim },
  'PUT /scim/v2/Groups/:id': { path: '/scim/v2/Groups/x', body: group, expected: scim },
  'PATCH /scim/v2/Groups/:id': { path: '/scim/v2/Groups/x', body: patch, expected: scim },
  'DELETE /scim/v2/Groups/:id': { path: '/scim/v2/Groups/x', expected: scim },
  'GET /scim/v2/Schemas': { expected: scim },
  'GET /scim/v2/Schemas/:id': { path: `/scim/v2/Schemas/${USER}`, expected: scim },
  'GET /scim/v2/ResourceTypes': { expected: scim },
  'GET /scim/v2/ResourceTypes/:id': { path: '/scim/v2/ResourceTypes/User', expected: scim },

  'GET /admin/api/connection': { expected: administer },
  'POST /admin/api/connection': { body: {}, expected: administer },
  'POST /admin/api/connection/test': { body: {}, expected: administer },
  'POST /admin/api/connection/remove': { body: {}, expected: administer },
  'GET /admin/api/entra/users': { expected: administer },
  'POST /admin/api/entra/users/find': { body: {}, expected: administer },
  'GET /admin/api/entra/groups': { expected: administer },
  'GET /admin/api/entra/groups/:id/members': {
    path: '/admin/api/entra/groups/x/members',
    expected: administer,
  },
  'GET /admin/api/entra/app-roles': { expected: administer },
  'GET /admin/api/entra/app-roles/:id/assignees': {
    path: '/admin/api/entra/app-roles/any/assignees',
    expected: administer,
  },
  'POST /admin/api/imports': { body: {}, expected: administer },
  'GET /admin/api/imports': { expected: administer },
  'GET /admin/api/imports/:id': { path: '/admin/api/imports/x', expected: administer },
  'GET /admin/api/imports/:id/items': { path: '/admin/api/imports/x/items', expected: administer },
  'POST /admin/api/imports/:id/start': {
    path: '/admin/api/imports/x/start',
    body: {},
    expected: administer,
  },
  'POST /admin/api/imports/:id/cancel': {
    path: '/admin/api/imports/x/cancel',
    body: {},
    expected: administer,
  },
  'POST /admin/api/imports/:id/again': {
    path: '/admin/api/imports/x/again',
    body: {},
    expected: administer,
  },
  'POST /admin/api/imports/:id/revise': {
    path: '/admin/api/imports/x/revise',
    body: {},
    expected: administer,
  },
  'POST /admin/api/imports/:id/people': {
    path: '/admin/api/imports/x/people',
    body: {},
    expected: administer,
  },
  'GET /admin/api/rules': { expected: administer },
  'POST /admin/api/rules': { body: {}, expected: administer },
  'POST /admin/api/rules/order': { body: {}, expected: administer },
  'POST /admin/api/rules/try': { body: {}, expected: administer },
  'POST /admin/api/rules/:id': { path: '/admin/api/rules/x', body: {}, expected: administer },
  'POST /admin/api/rules/:id/remove': {
    path: '/admin/api/rules/x/remove',
    body: {},
    expected: administer,
  },
  'GET /admin/api/mappings': { expected: administer },
  'POST /admin/api/mappings': { body: {}, expected: administer },
  'POST /admin/api/mappings/:id': { path: '/admin/api/mappings/x', body: {}, expected: administer },
  'POST /admin/api/mappings/:id/remove': {
    path: '/admin/api/mappings/x/remove',
    body: {},
    expected: administer,
  },
  'GET /admin/api/roles': { expected: administer },
  'GET /admin/api/users': { expected: administer },
  'POST /admin/api/users': { body: {}, expected: administer },
  'GET /admin/api/users/:id': { path: '/admin/api/users/x', expected: administer },
  ...withId('users/:id', 'users/:id/groups', 'users/:id/roles'),
  ...withId('users/:id/sessions/end', 'users/:id/password-link'),
  ...withId('users/:id/deactivate', 'users/:id/activate', 'users/:id/remove'),
  'GET /admin/api/users/:id/why': { path: '/admin/api/users/x/why', expected: administer },
  'POST /admin/api/users/:id/unlink': {
    path: '/admin/api/users/x/unlink',
    expected: administer,
  },
  'GET /admin/api/users/:id/sessions': {
    path: '/admin/api/users/x/sessions',
    expected: administer,
  },
  'POST /admin/api/users/:id/sign-out': {
    path: '/admin/api/users/x/sign-out',
    expected: administer,
  },
  ...Object.fromEntries([...syncRoutes, ...linkRoutes].map(administered)),
  'GET /admin/api/groups': { expected: administer },
  ...Object.fromEntries([...accessRoutes, ...webhookRoutes].map(administered)),
  'GET /admin/api/held': { expected: administer },
  'POST /admin/api/held/release': { body: {}, expected: administer },
  'POST /admin/api/held/discard': { body: {}, expected: administer },
  'GET /admin/api/brake': { expected: administer },
  'POST /admin/api/brake': { body: {}, expected: administer },
  'GET /admin/api/mails': { expected: administer },
  'GET /admin/api/provisioning-log': { expected: administer },
  'GET /admin/api/provisioning-log/:id': {
    path: '/admin/api/provisioning-log/1',
    expected: administer,
  },
  'GET /admin/api/provisioning-status': { expected: administer },
  'POST /admin/api/users/:id/invitation': {
    path: '/admin/api/users/x/invitation',
    body: {},
    expected: administer,
  },
  'POST /admin/api/mails/send': { body: { state: 'kept' }, expected: administer },
  'POST /admin/api/mails/:id/send': {
    path: '/admin/api/mails/x/send',
    body: {},
    expected: administer,
  },
  'GET /admin/api/mail-templates': { expected: administer },
  'POST /admin/api/mail-templates/:id': {
    path: '/admin/api/mail-templates/x',
    body: {},
    expected: administer,
  },
  'POST /admin/api/mail-templates/:id/reset': {
    path: '/admin/api/mail-templates/x/reset',
    body: {},
    expected: administer,
  },
  'POST /admin/api/mail-templates/:id/preview': {
    path: '/admin/api/mail-templates/x/preview',
    body: {},
    expected: administer,
  },
  'POST /admin/api/mail-templates/:id/test': {
    path: '/admin/api/mail-templates/x/test',
    body: {},
    expected: administer,
  },
  'POST /admin/api/mails/:id/cancel': {
    path: '/admin/api/mails/x/cancel',
    body: {},
    expected: administer,
  },
  'GET /admin/api/openapi.json': { expected: administer },

  'POST /auth/token': { body: form({ grant_type: 'none' }), expected: nothing },
  'POST /auth/introspect': { body: form({ token: 'x' }), expected: introspect },
  'POST /auth/revoke': { body: form({ token: 'x' }), expected: nothing },
  'GET /auth/session': { expected: session },
  'GET /auth/sign-in': { expected: nothing },
  'POST /auth/sign-in': {
    body: form({ userName: 'local', password: PASSWORD }),
    ends: true,
    expected: nothing,
  },
  'GET /auth/forgotten': { expected: nothing },
  'POST /auth/forgotten': { body: form({ userName: 'x' }), expected: nothing },
  'POST /auth/sign-out': { body: form({}), ends: true, expected: nothing },
  'GET /auth/signed-out': { expected: nothing },
  // Nobody has come from Entra here.
  'GET /auth/entra/callback': { expected: { in: [], others: 'refused' } },
  'GET /auth/entra/sign-out': { path: '/auth/entra/sign-out?sid=x', expected: nothing },
  'GET /auth/native/authorize': {
    path: `/auth/native/authorize?${form(native).toString()}`,
    expected: account,
  },
  'POST /auth/native/authorize': { body: form(native), expected: account },
  'POST /auth/native/other': {
    body: form(native),
    ends: true,
    expected: { in: [], others: 'sign-in' },
  },
  'GET /auth/link/:secret': { path: '/auth/link/x', expected: nothing },
  'POST /auth/link/:secret': { path: '/auth/link/x', body: form({}), expected: nothing },
  'GET /auth/account': { expected: account },
  'POST /auth/account/end': { body: form({ session: 'x' }), expected: account },
  'POST /auth/account/end-others': { body: form({}), ends: true, expected: account },
}

let office: Office
let shared: Scene

const finished = endOfTests()

beforeAll(async () => {
  office = await newOffice({ finished })
  shared = await newScene(office, finished)
})

function wanted({ expected }: Row, { callers }: Scene): Readonly<Record<string, Verdict>> {
  const verdict = (caller: Everybody) => {
    if (expected.in.includes(caller)) return 'in'
    return expected.refused?.includes(caller) ? 'refused' : expected.others
  }
  const everybody = Object.keys(callers) as Everybody[]
  return Object.fromEntries(everybody.map((caller) => [caller, verdict(caller)]))
}

test('no route is left out', () => {
  const routes = shared.app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path}`)
  // Who gets into the console is told by test/console/access.test.ts, of all its pages.
  const known = [...Object.keys(rows), ...consoleRoutes]
  expect(known.sort()).toStrictEqual([...new Set(routes)].sort())
})

describe('gets in whom it is for, and nobody else:', () => {
  test.each(Object.entries(rows))('%s', async (route, row) => {
    const scene = row.ends ? await newScene(office) : shared
    expect(await verdictsOn(route, row, scene)).toStrictEqual(wanted(row, scene))
  })

  test('and all of them are who they were when the last has been asked', async () => {
    const routes = [
      'GET /scim/v2/Users',
      'GET /auth/session',
      'GET /auth/account',
      'GET /admin/api/groups',
      'POST /auth/introspect',
    ]
    for (const route of routes) {
      const row = rows[route]
      if (!row) throw new Error(`There is no row for ${route}.`)
      expect(await verdictsOn(route, row, shared), route).toStrictEqual(wanted(row, shared))
    }
  })
})

test('the rule by itself: a page is for a browser, whichever token a person has', async () => {
  const { app, callers } = shared
  const signedIn = async (caller: Everybody, kind: 'browser' | 'client') => {
    const secret = /entrance_.*/.exec(Object.values(callers[caller]).join(' '))?.[0]
    const found = await app.sessions.verify(secret, kind)
    return found && personPrincipal(found)
  }
  const browser = await signedIn('an administrator in a browser', 'browser')
  const client = await signedIn('an administrator in a client', 'client')
  const needs = ['scim', 'session', 'account', 'administer', 'introspect'] as const
  const allowed = (principal: typeof browser) =>
    needs.filter((need) => principal && may(principal, need))
  expect(allowed(browser)).toStrictEqual(['session', 'account', 'administer'])
  expect(allowed(client)).toStrictEqual(['session'])
})

test('who provisions another organisation does not find what is here', async () => {
  const { app, callers } = shared
  const { id } = await app.directory.users
    .create({ attributes: { userName: 'ours', active: true }, origin: 'scim' }, cause)
    .then(({ user }) => user)
  const found = async (caller: Everybody) =>
    (await app.clientWith(callers[caller]['Authorization']).get(`/Users/${id}`)).status
  expect(await found('a secret token')).toBe(200)
  expect(await found('a secret token of another organisation')).toBe(404)
})
