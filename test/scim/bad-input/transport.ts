import { patch, user, userText, type BadRow } from './row.ts'

const media = { method: 'POST', path: '/Users', status: 415 } as const
const large = { method: 'POST', path: '/Users', status: 413 } as const
const stale = { method: 'PATCH', path: '/Users/{user}', status: 412 } as const

const typed = (type: string) => ({ body: user({}), headers: { 'content-type': type } })

export const media415: readonly BadRow[] = [
  { ...media, name: 'H-03 plain text', ...typed('text/plain') },
  { ...media, name: 'H-03 text/json', ...typed('text/json') },
  { ...media, name: 'H-03 XML', ...typed('application/xml') },
  { ...media, name: 'H-03 SCIM as XML', ...typed('application/scim+xml') },
  { ...media, name: 'H-03 JSON Patch', ...typed('application/json-patch+json') },
  { ...media, name: 'H-03 a form', ...typed('application/x-www-form-urlencoded') },
  { ...media, name: 'H-03 a form of parts', ...typed('multipart/form-data; boundary=x') },
  { ...media, name: 'H-03 a type without its second half', ...typed('json') },
  { ...media, name: 'H-05 another charset', ...typed('application/json; charset=iso-8859-1') },
  {
    ...media,
    name: 'H-03 PUT of plain text',
    method: 'PUT',
    path: '/Users/{user}',
    ...typed('text/plain'),
  },
  {
    ...media,
    name: 'H-03 JSON Patch as PATCH',
    method: 'PATCH',
    path: '/Users/{user}',
    body: [{ op: 'replace', path: '/title', value: 'x' }],
    headers: { 'content-type': 'application/json-patch+json' },
  },
  {
    ...media,
    name: 'H-03 a search as a form',
    path: '/Users/.search',
    body: 'filter=title+pr',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
]

/** One byte more than 1 MiB; a user otherwise. */
const overMebibyte = `${userText}${' '.repeat(1_048_576 - userText.length)}}`

export const tooLarge: readonly BadRow[] = [
  { ...large, name: 'SE-07 1 MiB and a byte', body: overMebibyte },
  {
    ...large,
    name: 'SE-07 1 MiB and a byte, announced',
    body: overMebibyte,
    headers: { 'content-length': '1048577' },
  },
  { ...large, name: 'SE-07 2 MiB of zeros', body: new Uint8Array(2_097_152) },
  { ...large, name: 'SE-07 a large PUT', method: 'PUT', path: '/Users/{user}', body: overMebibyte },
  {
    ...large,
    name: 'SE-07 a large PATCH of a group',
    method: 'PATCH',
    path: '/Groups/{group}',
    body: overMebibyte,
  },
  { ...large, name: 'SE-07 a large search', path: '/Users/.search', body: overMebibyte },
]

export const preconditions: readonly BadRow[] = [
  ['a stale version', 'W/"0"'],
  ['a version to come', 'W/"2"'],
  ['no version of ours', '"abc"'],
  ['a version without quotation marks', '1'],
  ['a half-open version', 'W/"1'],
  ['a version with blanks', '" 1 "'],
  ['an enormous version', `"${'9'.repeat(40)}"`],
  ['a list of others', 'W/"7", "8", W/"0"'],
  ['nothing', ''],
].flatMap(([name, tag]) =>
  (['PATCH', 'PUT', 'DELETE'] as const).map((method) => ({
    ...stale,
    name: `ET-05 ${method} If-Match ${name}`,
    method,
    ...(method === 'DELETE'
      ? {}
      : { body: method === 'PUT' ? user({}) : patch({ op: 'remove', path: 'title' }) }),
    headers: { 'if-match': tag ?? '' },
  })),
)

const ONE = 'GET, PUT, PATCH, DELETE'
const wrongMethods: readonly (readonly [NonNullable<BadRow['method']>, string, string])[] = [
  ['PUT', '/Users', 'GET, POST'],
  ['PATCH', '/Users', 'GET, POST'],
  ['DELETE', '/Users', 'GET, POST'],
  ['OPTIONS', '/Users', 'GET, POST'],
  ['DELETE', '/Users/', 'GET, POST'],
  ['DELETE', '/Groups', 'GET, POST'],
  ['PATCH', '/Groups?filter=displayName+pr', 'GET, POST'],
  ['POST', '/Users/{user}', ONE],
  ['OPTIONS', '/Users/{user}', ONE],
  ['POST', '/Groups/{group}', ONE],
  ['POST', '/ServiceProviderConfig', 'GET'],
  ['PUT', '/Schemas', 'GET'],
  ['DELETE', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User', 'GET'],
  ['PATCH', '/ResourceTypes', 'GET'],
  ['PUT', '/ResourceTypes/User', 'GET'],
]

export const methods: readonly BadRow[] = wrongMethods.map(([method, path, allow]) => ({
  name: `E-04 ${method} ${path}`,
  method,
  path,
  ...(method === 'OPTIONS' || method === 'DELETE' ? {} : { body: user({}) }),
  status: 405,
  answers: { allow },
}))

const unknownId = '00000000-0000-4000-8000-000000000000'
const remove = patch({ op: 'remove', path: 'title' })

export const unknown: readonly BadRow[] = [
  { name: 'RD-01 GET a user nobody made', path: `/Users/${unknownId}`, status: 404 },
  { name: 'E-02 PUT', method: 'PUT', path: `/Users/${unknownId}`, body: user({}), status: 404 },
  { name: 'PATCH', method: 'PATCH', path: `/Users/${unknownId}`, body: remove, status: 404 },
  { name: 'DE-05 DELETE', method: 'DELETE', path: `/Users/${unknownId}`, status: 404 },
  {
    name: 'ET-07 If-Match on nothing',
    method: 'DELETE',
    path: `/Users/${unknownId}`,
    headers: { 'if-match': 'W/"1"' },
    status: 404,
  },
  { name: 'E-06 a userName for an id', path: '/Users/Adele@contoso.example', status: 404 },
  { name: 'the id of a group at /Users', path: '/Users/{group}', status: 404 },
  { name: 'the id of a user at /Groups', path: '/Groups/{user}', status: 404 },
  {
    name: 'DELETE the id of a user at /Groups',
    method: 'DELETE',
    path: '/Groups/{user}',
    status: 404,
  },
  {
    name: 'an id with SQL in it',
    path: `/Users/${encodeURIComponent("' OR '1'='1")}`,
    status: 404,
  },
  { name: 'an id of U+0000', path: '/Users/%00', status: 404 },
  { name: 'an id of broken UTF-8', path: '/Users/%ff', status: 404 },
  { name: 'an id that is no escape', path: '/Users/%zz', status: 404 },
  { name: 'an id with a slash', path: '/Users/..%2f..%2fetc%2fpasswd', status: 404 },
  { name: 'an id of __proto__', path: '/Users/__proto__', status: 404 },
  { name: 'an id of 4,000', path: `/Users/${'a'.repeat(4000)}`, status: 404 },
  { name: 'SR-04 GET of a search', path: '/Users/.search', status: 404 },
  { name: 'E-03 an unknown endpoint', path: '/Nope', status: 404 },
  {
    name: 'E-03 POST to an unknown endpoint',
    method: 'POST',
    path: '/Nope',
    body: {},
    status: 404,
  },
  { name: 'E-03 an endpoint in lower case', path: '/users', status: 404 },
  { name: 'E-03 a path below a user', path: '/Users/{user}/groups', status: 404 },
  { name: 'E-03 a name of an object', path: '/constructor', status: 404 },
  { name: 'D-21 an unknown schema', path: '/Schemas/urn:x:y', status: 404 },
  {
    name: 'R-12 a message is no schema',
    path: '/Schemas/urn:ietf:params:scim:api:messages:2.0:PatchOp',
    status: 404,
  },
  { name: 'D-10 an unknown resource type', path: '/ResourceTypes/Device', status: 404 },
  { name: 'D-31 a filter on /Schemas', path: '/Schemas?filter=name+eq+%22User%22', status: 403 },
  { name: 'D-31 a filter on /ResourceTypes', path: '/ResourceTypes?filter=', status: 403 },
  { name: 'D-31 a filter on a schema type', path: '/ResourceTypes/User?filter=id+pr', status: 403 },
  {
    name: 'D-31 a filter on /ServiceProviderConfig',
    path: '/ServiceProviderConfig?filter=id+pr',
    status: 403,
  },
  { name: 'B-01 Bulk', method: 'POST', path: '/Bulk', body: {}, status: 501 },
  { name: 'M-01 GET /Me', path: '/Me', status: 501 },
  { name: 'M-01 PATCH /Me', method: 'PATCH', path: '/Me', body: patch(), status: 501 },
  { name: 'Q-05 a query of everything', path: '', status: 501 },
  { name: 'SR-07 a search of everything', method: 'POST', path: '/.search', body: {}, status: 501 },
]

const challenge = 'Bearer realm="scim"'
const invalid = { 'www-authenticate': `${challenge}, error="invalid_token"` }
const refused = { path: '/Users', status: 401 } as const

/** Requests of callers who may not; `{expired}` and `{revoked}` stand for such tokens, `{token}` for a good one. */
export const unauthorized: readonly BadRow[] = [
  { ...refused, name: 'BT-04 no token', answers: { 'www-authenticate': challenge } },
  {
    ...refused,
    name: 'BT-02 a good token in the query',
    path: '/Users?access_token={token}',
    answers: { 'www-authenticate': challenge },
  },
  {
    ...refused,
    name: 'BT-10 no token, and a body that is no JSON',
    method: 'POST',
    body: 'hello',
    answers: { 'www-authenticate': challenge },
  },
  {
    ...refused,
    name: 'BT-10 no token, and an endpoint that does not exist',
    path: '/Nope',
    answers: { 'www-authenticate': challenge },
  },
  ...[
    ['BT-05 an expired token', 'Bearer {expired}'],
    ['BT-05 a revoked token', 'Bearer {revoked}'],
    ['BT-05 a token nobody made', `Bearer entrance_${'a'.repeat(43)}`],
    ['BT-05 no characters of a token', 'Bearer ü'],
    ['BT-05 a token with a blank', 'Bearer {token} x'],
    ['BT-05 a good token and another', 'Bearer {token}, Bearer {token}'],
    ['BT-05 a good token that is cut', 'Bearer {cut}'],
    ['BT-05 a good token with more', 'Bearer {token}a'],
    ['BT-05 a word alone', 'Bearer'],
    ['BT-05 a token without its scheme', '{token}'],
    ['AU-03 Basic', `Basic ${btoa('admin:admin')}`],
    ['BT-05 an empty header', ''],
  ].map(([name = '', authorization = '']) => ({
    ...refused,
    name,
    headers: { authorization },
    answers: invalid,
  })),
  {
    ...refused,
    name: 'BT-10 a bad token on a user that does not exist',
    method: 'DELETE',
    path: `/Users/${unknownId}`,
    headers: { authorization: 'Bearer x' },
    answers: invalid,
  },
]
