import type { Json } from '../../../src/scim/schema/attribute.ts'
import { ENTERPRISE, GROUP, USER } from '../../support/resources.ts'
import { bytes, group, user, userText, type BadRow } from './row.ts'

const CONTOSO = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User'

function nested(levels: number): Json {
  let value: Json = 'x'
  for (let level = 0; level < levels; level += 1) value = { a: value }
  return value
}

const syntax = { method: 'POST', path: '/Users', status: 400, scimType: 'invalidSyntax' } as const
const value = { method: 'POST', path: '/Users', status: 400, scimType: 'invalidValue' } as const
const taken = { method: 'POST', path: '/Users', status: 409, scimType: 'uniqueness' } as const

/** Bodies that are no SCIM message at all. */
export const messages: readonly BadRow[] = [
  { ...syntax, name: 'H-07 no JSON', body: 'hello' },
  { ...syntax, name: 'H-07 JSON that ends too early', body: userText },
  { ...syntax, name: 'H-07 JSON with a comma too many', body: `${userText},}` },
  { ...syntax, name: 'H-07 JSON in single quotation marks', body: `{'userName':'a'}` },
  { ...syntax, name: 'H-07 two JSON texts', body: '{} {}' },
  { ...syntax, name: 'H-07 NaN', body: `${userText},"title":NaN}` },
  { ...syntax, name: 'H-07 an array', body: [user({})] },
  { ...syntax, name: 'H-07 a string', body: '"user"' },
  { ...syntax, name: 'H-07 a number', body: '7' },
  { ...syntax, name: 'H-07 true', body: 'true' },
  { ...syntax, name: 'H-07 null', body: 'null' },
  { ...syntax, name: 'H-08 nothing', body: '' },
  { ...syntax, name: 'H-08 blanks', body: ' \r\n\t ' },
  { ...syntax, name: 'H-08 no body at all' },
  { ...syntax, name: 'H-08 PUT of nothing', method: 'PUT', path: '/Users/{user}', body: '' },
  { ...syntax, name: 'H-08 PATCH of nothing', method: 'PATCH', path: '/Users/{user}', body: '' },
  { ...syntax, name: 'H-08 a search for nothing', path: '/Users/.search', body: '' },
  { ...syntax, name: 'H-05 broken UTF-8', body: bytes(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d) },
  { ...syntax, name: 'H-05 Latin-1', body: bytes(0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d) },
  { ...syntax, name: 'H-05 an overlong slash', body: bytes(0x22, 0xc0, 0xaf, 0x22) },
  { ...syntax, name: 'H-05 a surrogate in UTF-8', body: bytes(0x22, 0xed, 0xa0, 0x80, 0x22) },
  { ...syntax, name: 'H-05 UTF-16', body: bytes(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00) },
  { ...syntax, name: 'G-03 two names of one attribute', body: user({ USERNAME: 'b@x.example' }) },
  {
    ...syntax,
    name: 'G-03 two names of one sub-attribute',
    body: user({ name: { givenName: 'A', givenname: 'B' } }),
  },
  { ...syntax, name: 'G-02 no schemas', body: { userName: 'new@contoso.example' } },
  { ...syntax, name: 'R-01 an empty list of schemas', body: user({ schemas: [] }) },
  { ...syntax, name: 'R-01 schemas as a text', body: user({ schemas: USER }) },
  { ...syntax, name: 'R-01 schemas that are numbers', body: user({ schemas: [1] }) },
  { ...syntax, name: 'R-01 the schema of a group', body: user({ schemas: [GROUP] }) },
  { ...syntax, name: 'R-01 an extension alone', body: user({ schemas: [ENTERPRISE] }) },
  { ...syntax, name: 'H-07 thirteen levels', body: user({ [CONTOSO]: nested(12) }) },
  {
    ...syntax,
    name: 'H-07 thirteen levels under an unknown name',
    body: user({ unknown: nested(12) }),
  },
  { ...syntax, name: 'H-07 100,000 open brackets', body: '['.repeat(100_000) },
  { ...syntax, name: 'H-07 100,000 open braces', body: '{"a":'.repeat(100_000) },
  {
    ...syntax,
    name: 'H-07 100,000 pairs of brackets',
    body: `${userText},"title":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  },
]

/** Values that an attribute cannot have, by kind of attribute. */
export const values: readonly BadRow[] = [
  { ...value, name: 'A-02 no userName', body: { schemas: [USER] } },
  { ...value, name: 'A-02 a userName of null', body: user({ userName: null }) },
  { ...value, name: 'U-01 an empty userName', body: user({ userName: '' }) },
  { ...value, name: 'L-02 a userName of blanks', body: user({ userName: '   ' }) },
  { ...value, name: 'L-02 a line break in userName', body: user({ userName: 'a\nb' }) },
  { ...value, name: 'L-02 DEL in userName', body: user({ userName: 'a\u007fb' }) },
  { ...value, name: 'L-02 a C1 control in userName', body: user({ userName: 'a\u0085b' }) },
  { ...value, name: 'A-02 no displayName of a group', path: '/Groups', body: { schemas: [GROUP] } },
  { ...value, name: 'A-02 an empty group name', path: '/Groups', body: group({ displayName: '' }) },
  { ...value, name: 'T-01 a number for a text', body: user({ title: 5 }) },
  { ...value, name: 'T-01 true for a text', body: user({ title: true }) },
  { ...value, name: 'T-11 an object for a text', body: user({ userName: { value: 'x' } }) },
  { ...value, name: 'T-11 two texts for a text', body: user({ title: ['a', 'b'] }) },
  { ...value, name: 'T-02 a number for a boolean', body: user({ active: 1 }) },
  { ...value, name: 'T-02 a word for a boolean', body: user({ active: 'yes' }) },
  { ...value, name: 'T-02 an object for a boolean', body: user({ active: { value: true } }) },
  { ...value, name: 'T-02 a word for primary', body: user({ emails: [{ primary: 'maybe' }] }) },
  { ...value, name: 'T-06 no base64', body: user({ x509Certificates: [{ value: '%%%' }] }) },
  { ...value, name: 'T-06 five letters', body: user({ x509Certificates: [{ value: 'AAAAA' }] }) },
  { ...value, name: 'T-07 a number for a reference', body: user({ profileUrl: 5 }) },
  { ...value, name: 'P-31 a text for a complex attribute', body: user({ name: 'Adele' }) },
  { ...value, name: 'T-10 an object in a name', body: user({ name: { givenName: { a: 1 } } }) },
  { ...value, name: 'T-12 an object for emails', body: user({ emails: { value: 'a@b.example' } }) },
  { ...value, name: 'T-12 a text for emails', body: user({ emails: 'a@b.example' }) },
  { ...value, name: 'T-12 texts for emails', body: user({ emails: ['a@b.example'] }) },
  { ...value, name: 'T-12 a number in an e-mail', body: user({ emails: [{ value: 7 }] }) },
  { ...value, name: 'T-12 arrays in emails', body: user({ emails: [[]] }) },
  { ...value, name: 'X-02 a number for a manager', body: user({ [ENTERPRISE]: { manager: 5 } }) },
  { ...value, name: 'R-03 a text for an extension', body: user({ [ENTERPRISE]: 'Sales' }) },
  { ...value, name: 'R-03 an array for an extension', body: user({ [ENTERPRISE]: ['Sales'] }) },
  {
    ...value,
    name: 'R-03 an object for a text of an extension',
    body: user({ [ENTERPRISE]: { department: { name: 'Sales' } } }),
  },
  {
    ...value,
    name: 'T-13 two primary e-mail addresses',
    body: user({
      emails: [
        { value: 'a@b.example', primary: true },
        { value: 'c@d.example', primary: 'True' },
      ],
    }),
  },
  {
    ...value,
    name: 'T-13 PUT of two primary telephone numbers',
    method: 'PUT',
    path: '/Users/{user}',
    body: user({
      phoneNumbers: [
        { value: '1', primary: true },
        { value: '2', primary: true },
      ],
    }),
  },
  { ...value, name: 'N-03 a number as member', path: '/Groups', body: group({ members: [5] }) },
  { ...value, name: 'N-03 a member of {}', path: '/Groups', body: group({ members: [{}] }) },
  {
    ...value,
    name: 'N-03 an empty member id',
    path: '/Groups',
    body: group({ members: [{ value: '' }] }),
  },
  { ...value, name: 'SE-07 a userName of 513', body: user({ userName: 'a'.repeat(513) }) },
  { ...value, name: 'SE-07 an externalId of 513', body: user({ externalId: 'a'.repeat(513) }) },
  { ...value, name: 'SE-07 a title of 16,385', body: user({ title: 'a'.repeat(16_385) }) },
  { ...value, name: 'SE-07 a displayName of 20,000', body: user({ displayName: 'a'.repeat(2e4) }) },
  {
    ...value,
    name: 'SE-07 an e-mail address of 513',
    body: user({ emails: [{ value: 'a'.repeat(513) }] }),
  },
  {
    ...value,
    name: 'SE-07 a group name of 513',
    path: '/Groups',
    body: group({ displayName: 'a'.repeat(513) }),
  },
  {
    ...value,
    name: 'SE-07 a member id of 513',
    path: '/Groups',
    body: group({ members: [{ value: 'a'.repeat(513) }] }),
  },
  {
    ...value,
    name: 'SE-07 a custom text of 20,000',
    body: user({ [CONTOSO]: { note: 'a'.repeat(20_000) } }),
  },
  {
    ...value,
    name: 'SE-07 1,001 e-mail addresses',
    body: user({ emails: Array.from({ length: 1001 }, (_, at) => ({ value: `${at}@b.example` })) }),
  },
  {
    ...value,
    name: 'SE-07 100,001 members',
    scimType: 'tooMany',
    path: '/Groups',
    body: group({ members: Array.from({ length: 100_001 }, () => 'a') }),
  },
  { ...value, name: 'H-07 U+0000 in a text', body: user({ title: 'a\u0000b' }) },
  { ...value, name: 'H-07 U+0000 in a name', body: user({ 'a\u0000b': 'x' }) },
  { ...value, name: 'H-07 U+0000 in userName', body: user({ userName: 'a\u0000' }) },
  { ...value, name: 'H-07 half a surrogate pair', body: `${userText},"title":"\\ud83d"}` },
  {
    ...value,
    name: 'H-07 a pair the wrong way round',
    body: `${userText},"title":"\\ude00\\ud83d"}`,
  },
  { ...value, name: 'H-07 half a pair in a name', body: `${userText},"\\udc00":"x"}` },
]

/** Names that somebody else has, in whatever spelling. */
export const duplicates: readonly BadRow[] = [
  { ...taken, name: 'C-09 the same name', body: user({ userName: 'Adele@contoso.example' }) },
  { ...taken, name: 'U-01 another case', body: user({ userName: 'ADELE@CONTOSO.EXAMPLE' }) },
  {
    ...taken,
    name: 'L-02 full-width letters',
    body: user({ userName: 'ａｄｅｌｅ@contoso.example' }),
  },
  { ...taken, name: 'L-02 É of two code points', body: user({ userName: 'E\u0301lodie' }) },
  { ...taken, name: 'L-02 é of one code point', body: user({ userName: '\u00e9lodie' }) },
  { ...taken, name: 'L-02 a final sigma', body: user({ userName: 'ΟΔΥΣΣΕΎΣ' }) },
  {
    ...taken,
    name: 'PU-09 PUT of another’s name',
    method: 'PUT',
    path: '/Users/{user}',
    body: user({ userName: 'ÉLODIE' }),
  },
  {
    ...taken,
    name: 'W-15 the name of a group',
    path: '/Groups',
    body: group({ displayName: 'SALES' }),
  },
  {
    ...taken,
    name: 'W-15 PUT of another group’s name',
    method: 'PUT',
    path: '/Groups/{group}',
    body: group({ displayName: 'everyone' }),
  },
]
