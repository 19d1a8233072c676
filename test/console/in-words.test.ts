import { describe, expect, test } from 'vitest'
import type { Action, Change, Event } from '../../src/directory/event.ts'
import { namesFor, type EventNames } from '../../src/admin/pages/events/names.ts'
import { plainSentence, sentenceOf } from '../../src/admin/pages/events/sentence.ts'
import { changesOf } from '../../src/admin/pages/events/values.ts'
import { cause, testApp } from '../support/app.ts'
import { newOwnGroup } from '../support/assignments.ts'
import { newPerson } from '../support/programs.ts'

const names: EventNames = {
  ids: new Map([
    ['ada', { kind: 'user', name: 'Ada Admin', gone: false }],
    ['bob', { kind: 'user', name: 'Bob', gone: false }],
    ['eve', { kind: 'user', name: 'Eve', gone: true }],
    ['sales', { kind: 'group', name: 'Sales', gone: false }],
  ]),
  things: new Map([['t1', 'Entra']]),
  plans: new Map([['p1', 'import']]),
}

function event(action: Action, resourceId: string, changes: Change[] = [], more = {}): Event {
  const about = { sequence: 1, at: '2026-03-02T08:00:00.000Z', requestId: 'r' }
  return { ...about, actor: 'user:ada', door: 'admin', action, resourceId, changes, ...more }
}

const roles = (...values: string[]) => values.map((value) => ({ value }))

describe('an event is told in words', () => {
  test.each<[string, Event]>([
    [
      'Ada Admin gave Bob the role PM',
      event('user.updated', 'bob', [
        { path: 'roles', from: roles('Sales'), to: roles('Sales', 'PM') },
      ]),
    ],
    [
      'Ada Admin took the role PM from Bob',
      event('user.updated', 'bob', [{ path: 'roles', from: roles('PM') }]),
    ],
    [
      'Ada Admin changed the roles of Bob',
      event('user.updated', 'bob', [{ path: 'roles', from: roles('PM'), to: roles('CEO') }]),
    ],
    [
      'Ada Admin changed Bob',
      event('user.updated', 'bob', [
        { path: 'roles', to: roles('PM') },
        { path: 'title', to: 'Engineer' },
      ]),
    ],
    ['Ada Admin imported Bob', event('user.created', 'bob', [{ path: 'plan', to: 'p1' }])],
    [
      'The schedule switched Bob off in a sync',
      event(
        'user.deactivated',
        'bob',
        [
          { path: 'active', from: true, to: false },
          { path: 'by', to: 'sync' },
          { path: 'plan', to: 'p2' },
        ],
        { actor: 'schedule' },
      ),
    ],
    [
      'Provisioning (Entra) wanted Bob deleted: held back',
      event('user.held', 'bob', [{ path: 'held', to: 'delete' }], { actor: 'token:Entra' }),
    ],
    [
      'Ada Admin added Bob and Eve to Sales',
      event('group.updated', 'sales', [{ path: 'members', to: ['bob', 'eve'] }]),
    ],
    [
      'Ada Admin added Bob, Eve, Ada Admin and 2 others to Sales',
      event('group.updated', 'sales', [{ path: 'members', to: ['bob', 'eve', 'ada', 'x', 'y'] }]),
    ],
    [
      'Ada Admin removed 300 members from Sales',
      event('group.updated', 'sales', [{ path: 'members', from: '300 members' }]),
    ],
    [
      'Ada Admin renamed the user group Vendors to Sales',
      event('group.updated', 'sales', [{ path: 'displayName', from: 'Vendors', to: 'Sales' }]),
    ],
    [
      'Bob signed in with a password from 10.0.0.1',
      event(
        'session.opened',
        'bob',
        [
          { path: 'method', to: 'password' },
          { path: 'kind', to: 'browser' },
          { path: 'address', to: '10.0.0.1' },
        ],
        { actor: 'user:bob', door: 'auth' },
      ),
    ],
    ['Ada Admin signed Bob out', event('session.ended', 'bob', [{ path: 'sessions', from: 2 }])],
    [
      'Ada Admin prepared an import of 5 people',
      event('plan.created', 'p1', [
        { path: 'kind', to: 'import' },
        { path: 'people', to: 5 },
      ]),
    ],
    ['The import that Ada Admin started is finished', event('plan.finished', 'p1')],
    ['Ada Admin started an import or a sync', event('plan.started', 'gone')],
    [
      'Ada Admin gave the role pm the permission projects.read',
      event('permission.granted', 'role:pm', [{ path: 'permission', to: 'projects.read' }]),
    ],
    ['Ada Admin ended the provisioning token Entra', event('token.revoked', 't1')],
    ['Ada Admin changed the connection to Entra', event('setting.changed', 'setting:connection')],
    ['Ada Admin let 12 mails go', event('mail.dispatched', 'default', [{ path: 'mails', to: 12 }])],
    [
      'The operator deleted a user who is no more',
      event('user.deleted', 'who', [], { actor: 'cli' }),
    ],
    [
      'Grace became the first administrator',
      event('administrator.appointed', 'grace', [], { actor: 'setup link', door: 'auth' }),
    ],
  ])('%s', (words, told) => {
    const known = {
      ...names,
      ids: new Map([
        ...names.ids,
        ['grace', { kind: 'user', name: 'Grace', gone: false }] as const,
      ]),
    }
    expect(plainSentence(sentenceOf(told, known))).toBe(words)
  })

  test('with a link to everybody and everything that is still there, and to nothing else', () => {
    const { parts } = sentenceOf(
      event('group.updated', 'sales', [{ path: 'members', to: ['bob', 'eve'] }]),
      names,
    )
    expect(parts.filter((part) => typeof part !== 'string')).toStrictEqual([
      { name: 'Ada Admin', href: '/admin/users/ada' },
      { name: 'Bob', href: '/admin/users/bob' },
      { name: 'Eve' },
      { name: 'Sales', href: '/admin/groups/sales' },
    ])
  })

  test('and an action that a later version wrote is told as it is named', () => {
    const later = event('user.frobbed' as Action, 'bob')
    expect(plainSentence(sentenceOf(later, names))).toBe('Ada Admin: user.frobbed')
  })
})

describe('what changed is told', () => {
  test.each<[string, Change, object]>([
    [
      'yes and no',
      { path: 'active', from: true, to: false },
      { label: 'Active', old: 'yes', new: 'no' },
    ],
    [
      'values of a list',
      { path: 'roles', to: roles('A', 'B') },
      { label: 'Roles', old: undefined, new: 'A, B' },
    ],
    [
      'attributes of an extension by what people call them',
      { path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', to: 'R&D' },
      { label: 'Department', old: undefined, new: 'R&D' },
    ],
    [
      'unknown ones by their words',
      { path: 'costCentre', to: 7 },
      { label: 'Cost centre', old: undefined, new: '7' },
    ],
    [
      'ids by names',
      { path: 'groups', from: ['sales'] },
      { label: 'User groups', old: 'Sales', new: undefined },
    ],
    [
      'how many sessions ended',
      { path: 'sessions', from: 2 },
      { label: 'Sessions ended', new: '2' },
    ],
    [
      'a password without itself',
      { path: 'password', from: 'set' },
      { label: 'Password', old: 'set', new: 'removed' },
    ],
    [
      'what came of people',
      { path: 'states', to: { planned: 0, done: 3, changed: 0, failed: 1 } },
      { label: 'What came of it', new: '3 done, 1 failed' },
    ],
  ])('%s', (_, change, wanted) => {
    expect(changesOf({ changes: [change] }, names)).toStrictEqual([wanted])
  })

  test('a name and an extension are told part by part, without what stayed', () => {
    const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
    const changes = [
      { path: 'name', from: { familyName: 'Byron' }, to: { familyName: 'King', givenName: 'Ada' } },
      { path: enterprise, to: { employeeNumber: 'E-1', department: 'Sales' } },
      {
        path: enterprise,
        from: { employeeNumber: 'E-1', department: 'Sales' },
        to: { employeeNumber: 'E-1' },
      },
    ]
    expect(changesOf({ changes }, names)).toStrictEqual([
      { label: 'Last name', old: 'Byron', new: 'King' },
      { label: 'First name', old: undefined, new: 'Ada' },
      { label: 'Employee number', old: undefined, new: 'E-1' },
      { label: 'Department', old: undefined, new: 'Sales' },
      { label: 'Department', old: 'Sales', new: undefined },
    ])
  })

  test('long values and lists are cut, between characters', () => {
    const [long] = changesOf({ changes: [{ path: 'title', to: '👩‍🚀'.repeat(200) }] }, names)
    expect(Array.from(long?.new ?? '')).toHaveLength(201)
    expect(long?.new?.isWellFormed()).toBe(true)
    const many = Array.from({ length: 14 }, (_, index) => `m${index}`)
    const [list] = changesOf({ changes: [{ path: 'members', to: many }] }, names)
    expect(list?.new).toMatch(/m9 and 4 others$/)
  })
})

test('a manager is told by name', async () => {
  const { directory } = await testApp()
  const { id } = await newPerson(directory, 'eve', { displayName: 'Eve' })
  const path = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager'
  for (const change of [
    { path, to: { value: id } },
    { path: `${path}.value`, to: id },
  ]) {
    const told = event('user.updated', 'bob', [change])
    const found = await namesFor(directory, [told])
    expect(changesOf(told, found)).toStrictEqual([{ label: 'Manager', old: undefined, new: 'Eve' }])
  }
})

test('names are found in the directory, also of what was deleted', async () => {
  const { directory } = await testApp()
  const sales = await newOwnGroup(directory, 'Sales')
  const { id: bob } = await newPerson(directory, 'bob', { displayName: 'Bob' })
  const { id: eve } = await newPerson(directory, 'eve', { displayName: '' })
  await directory.groups.changeMembers(sales, { add: [bob, eve], remove: [] }, cause)
  await directory.users.remove(eve, undefined, cause)
  const events = await directory.events.latest({ limit: 100 })
  const found = await namesFor(directory, events)
  expect(found.ids.get(sales)).toStrictEqual({ kind: 'group', name: 'Sales', gone: false })
  expect(found.ids.get(bob)).toStrictEqual({ kind: 'user', name: 'Bob', gone: false })
  expect(found.ids.get(eve)).toStrictEqual({ kind: 'user', name: 'eve', gone: true })
  const told = events.map((each) => plainSentence(sentenceOf(each, found)))
  expect(told).toContain('Test added Bob and eve to Sales')
  expect(told).toContain('Test deleted eve')
})
