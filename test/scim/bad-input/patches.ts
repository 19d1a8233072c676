import type { Json, JsonObject } from '../../../src/scim/schema/attribute.ts'
import { ENTERPRISE, LIST, PATCH_OP, USER } from '../../support/resources.ts'
import { patch, type BadRow } from './row.ts'

const at = { method: 'PATCH', path: '/Users/{user}', status: 400 } as const

function row(
  name: string,
  scimType: NonNullable<BadRow['scimType']>,
  ...operations: Json[]
): BadRow {
  return { ...at, name, scimType, body: patch(...operations) }
}

function onGroup(
  name: string,
  scimType: NonNullable<BadRow['scimType']>,
  ...operations: Json[]
): BadRow {
  return { ...row(name, scimType, ...operations), path: '/Groups/{group}' }
}

const replace = (path: string, value: Json): JsonObject => ({ op: 'replace', path, value })
const title = replace('title', 'Changed')

export const patches: readonly BadRow[] = [
  { ...at, name: 'P-02 no schemas', scimType: 'invalidSyntax', body: { Operations: [title] } },
  {
    ...at,
    name: 'P-02 another message',
    scimType: 'invalidSyntax',
    body: { schemas: [LIST], Operations: [title] },
  },
  {
    ...at,
    name: 'P-02 a user instead of operations',
    scimType: 'invalidSyntax',
    body: { schemas: [USER], title: 'Changed' },
  },
  { ...at, name: 'P-03 no Operations', scimType: 'invalidSyntax', body: { schemas: [PATCH_OP] } },
  {
    ...at,
    name: 'P-03 Operations of null',
    scimType: 'invalidSyntax',
    body: { schemas: [PATCH_OP], Operations: null },
  },
  {
    ...at,
    name: 'P-03 one operation that stands in no array',
    scimType: 'invalidSyntax',
    body: { schemas: [PATCH_OP], Operations: title },
  },
  row('P-03 a text for an operation', 'invalidSyntax', 'replace'),
  row('P-03 null for an operation', 'invalidSyntax', null),
  row('P-03 an array for an operation', 'invalidSyntax', []),
  row('P-04 no op', 'invalidSyntax', { path: 'title', value: 'x' }),
  row('P-04 an op of null', 'invalidSyntax', { op: null, path: 'title', value: 'x' }),
  row('P-04 op move', 'invalidSyntax', { op: 'move', from: 'title', path: 'nickName' }),
  row('P-04 op test', 'invalidSyntax', { op: 'test', path: 'title', value: 'x' }),
  row('P-04 op with a blank', 'invalidSyntax', { op: 'add ', path: 'title', value: 'x' }),
  row('P-04 __proto__ for an op', 'invalidSyntax', { op: '__proto__', path: 'title', value: 'x' }),
  row('P-05 a path that is a number', 'invalidPath', { op: 'replace', path: 5, value: 'x' }),
  row('P-05 a path that is an array', 'invalidPath', {
    op: 'replace',
    path: ['title'],
    value: 'x',
  }),
  row('P-05 remove without a path', 'noTarget', { op: 'remove' }),
  row('P-05 remove with an empty path', 'noTarget', { op: 'remove', path: '' }),
  row('P-05 remove with a value but no path', 'noTarget', { op: 'remove', value: { title: 'x' } }),
  row('P-06 add without a value', 'invalidValue', { op: 'add', path: 'title' }),
  row('P-06 replace without a value', 'invalidValue', { op: 'replace', path: 'title' }),
  row('P-06 add of a text without a path', 'invalidValue', { op: 'add', value: 'x' }),
  row('P-06 add of an array without a path', 'invalidValue', {
    op: 'add',
    value: [{ title: 'x' }],
  }),
  row('P-06 replace of null without a path', 'invalidValue', { op: 'replace', value: null }),
  row('P-07 an array index', 'invalidPath', replace('emails[0]', { value: 'a@b.example' })),
  row('P-07 a JSON pointer', 'invalidPath', replace('/emails/0', { value: 'a@b.example' })),
  row('P-07 a JSON pointer to a text', 'invalidPath', replace('/title', 'x')),
  row('P-11 [ that is not closed', 'invalidPath', replace('emails[', 'x')),
  row('P-11 [ ] that is not closed', 'invalidPath', replace('emails[type eq "work"', 'x')),
  row('P-11 a dot at the end', 'invalidPath', replace('name.', 'x')),
  row('P-11 three names', 'invalidPath', replace('a.b.c', 'x')),
  row('P-11 two names after [ ]', 'invalidPath', replace('emails[type eq "work"].value.x', 'x')),
  row('P-11 a name right after [ ]', 'invalidPath', replace('emails[type eq "work"]value', 'x')),
  row('P-11 [ ] without a name', 'invalidPath', replace('[type eq "work"]', 'x')),
  row('P-11 blanks', 'invalidPath', replace('display name', 'x')),
  row('P-11 a sub-attribute that name has not', 'invalidPath', replace('name.unknown', 'x')),
  row('P-11 a sub-attribute of a text', 'invalidPath', replace('title.value', 'x')),
  row('P-11 a sub-attribute after [ ]', 'invalidPath', replace('emails[type eq "work"].shoe', 'x')),
  row('P-11 U+0000 in a path', 'invalidValue', replace('ti\u0000tle', 'x')),
  row('P-11 a path of 3,000', 'invalidPath', replace('a'.repeat(3000), 'x')),
  row('P-11 the schema of users', 'invalidPath', replace(USER, { title: 'x' })),
  row('P-12 no filter in [ ]', 'invalidFilter', replace('emails[]', { value: 'x' })),
  row('P-12 a broken filter in [ ]', 'invalidFilter', replace('emails[type eq].value', 'x')),
  row('P-12 an unknown name in [ ]', 'invalidFilter', replace('emails[shoe eq "x"].value', 'x')),
  row(
    'P-12 an operator that a boolean has not',
    'invalidFilter',
    replace('emails[primary gt true].value', 'x'),
  ),
  row('P-14 [ ] after a text', 'invalidPath', replace('userName[value eq "x"]', 'x')),
  row('P-14 [ ] after name', 'invalidPath', replace('name[givenName eq "Adele"]', {})),
  row('P-14 no element named', 'invalidPath', replace('emails.value', 'a@b.example')),
  row('P-17 remove userName', 'mutability', { op: 'remove', path: 'userName' }),
  row('P-17 replace userName by null', 'invalidValue', replace('userName', null)),
  row('P-17 replace userName by nothing', 'invalidValue', replace('userName', '')),
  row('P-17 replace userName by blanks', 'invalidValue', replace('userName', '  ')),
  row('P-17 replace userName by nothing, without a path', 'invalidValue', {
    op: 'replace',
    value: { userName: '' },
  }),
  row('P-19 a number for a text', 'invalidValue', replace('title', 5)),
  row('P-19 a word for a boolean', 'invalidValue', replace('active', 'perhaps')),
  row('P-19 a number in an element', 'invalidValue', replace('emails[type eq "work"].value', 5)),
  row('P-19 a text for an element', 'invalidValue', replace('emails[type eq "work"]', 'x')),
  row('P-31 a text for name', 'invalidValue', { op: 'add', path: 'name', value: 'Adele' }),
  row('P-31 a text for an extension', 'invalidValue', replace(ENTERPRISE, 'Sales')),
  row('P-32 two primary elements', 'invalidValue', {
    op: 'add',
    path: 'emails',
    value: [
      { value: 'a@b.example', primary: true },
      { value: 'c@d.example', primary: true },
    ],
  }),
  row(
    'P-33 replace of an element that only co describes',
    'noTarget',
    replace('emails[value co "nowhere"].type', 'other'),
  ),
  row('P-09 a good operation before a bad one', 'invalidPath', title, replace('name.unknown', 'x')),
  row('P-09 a good operation before an unknown op', 'invalidSyntax', title, { op: 'move' }),
  row('P-10 a name too long', 'invalidValue', replace('userName', 'a'.repeat(513))),
  row('P-10 a text too long', 'invalidValue', replace('displayName', 'a'.repeat(20_000))),
  row('L-02 a control character in userName', 'invalidValue', replace('userName', 'a\tb')),
  row('H-07 U+0000 in a value', 'invalidValue', replace('title', 'a\u0000')),
  { ...row('U-02 another’s userName', 'uniqueness', replace('userName', 'ÉLODIE')), status: 409 },
  onGroup('P-05 remove without a path from a group', 'noTarget', { op: 'remove' }),
  onGroup('P-17 remove a group’s displayName', 'mutability', { op: 'remove', path: 'displayName' }),
  onGroup(
    'P-17 replace a group’s displayName by null',
    'invalidValue',
    replace('displayName', null),
  ),
  onGroup(
    'N-02 another id for a member',
    'mutability',
    replace('members[value eq "x"].value', 'y'),
  ),
  onGroup(
    'N-02 a value for a member',
    'mutability',
    replace('members[value eq "x"]', { value: 'y' }),
  ),
  onGroup(
    'P-14 a sub-attribute that members have not',
    'invalidPath',
    replace('members[value eq "x"].displayName', 'y'),
  ),
  onGroup('P-12 members by something other than an id', 'invalidFilter', {
    op: 'remove',
    path: 'members[type eq "User"]',
  }),
  onGroup('P-19 a number as member', 'invalidValue', { op: 'add', path: 'members', value: [5] }),
  onGroup('P-19 null as a member’s id', 'invalidValue', {
    op: 'add',
    path: 'members',
    value: [{ value: null }],
  }),
  onGroup(
    'P-09 a member before a bad operation',
    'invalidPath',
    { op: 'add', path: 'members', value: [{ value: 'somebody' }] },
    replace('a.b.c', 'x'),
  ),
  {
    ...onGroup('W-15 another group’s name', 'uniqueness', replace('displayName', 'EVERYONE')),
    status: 409,
  },
]
