import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { cause } from '../support/app.ts'
import { callCli, installation, scope } from './installation.ts'

const ADELE = 'adele@contoso.example'

/** An installation with Adele, who is a project manager in Sales, and a group Board without members. */
async function company(attributes: JsonObject = {}) {
  const installed = installation()
  const ids = await installed.inStore(async (store) => {
    const { users, groups } = store.for(scope)
    const adele = { userName: ADELE, active: true, roles: [{ value: 'Project Manager' }] }
    const { user } = await users.create(
      { attributes: { ...adele, ...attributes }, origin: 'local' },
      cause,
    )
    const made: string[] = []
    for (const [displayName, members] of [
      ['Sales', [{ value: user.id }]],
      ['Board', []],
    ] as const) {
      const group = { attributes: { displayName }, members: { kind: 'add', members } } as const
      made.push((await groups.create({ ...group, origin: 'local' }, cause)).id)
    }
    return { user: user.id, sales: made[0] ?? '', board: made[1] ?? '' }
  })
  const granted = () => installed.inStore((store) => store.for(scope).permissions.list())
  return { ...installed, ids, granted }
}

describe('permission', () => {
  test('grants to groups and roles, lists, and revokes', async () => {
    const { call, granted, ids } = await company()
    const permission = (...args: string[]) => call('permission', ...args)
    expect(await permission('list')).toMatchObject({
      code: 0,
      out: 'No group and no role has permissions.\n',
    })
    expect(await permission('grant', 'p.read', 'p.write', 'p.read', '--group', 'SALES')).toEqual({
      code: 0,
      out: 'Granted to the group "SALES": p.read, p.write.\n',
      err: '',
    })
    expect(await permission('grant', 'p.approve', '--role', 'Project Manager')).toMatchObject({
      code: 0,
      out: 'Granted to the role "Project Manager": p.approve.\n',
    })
    const holder = { kind: 'group', id: ids.sales } as const
    const byRole = { holder: { kind: 'role', value: 'project manager' }, permission: 'p.approve' }
    expect(await granted()).toStrictEqual([
      { holder, permission: 'p.read' },
      { holder, permission: 'p.write' },
      byRole,
    ])
    const { out } = await permission('list')
    expect(out).toMatch(/^KIND +NAME +PERMISSION\ngroup +Sales +p\.read\n/)
    expect(out).toMatch(/role +project manager +p\.approve\n/)
    expect(JSON.parse((await permission('list', '--json')).out)).toStrictEqual([
      { holder: { ...holder, displayName: 'Sales' }, permission: 'p.read' },
      { holder: { ...holder, displayName: 'Sales' }, permission: 'p.write' },
      byRole,
    ])
    expect(await permission('revoke', 'p.read', 'p.write', '--group', 'Sales')).toMatchObject({
      code: 0,
      out: 'Revoked from the group "Sales": p.read, p.write.\n',
    })
    expect(await permission('revoke', 'p.approve', '--role', 'project MANAGER')).toMatchObject({
      code: 0,
    })
    expect(await granted()).toStrictEqual([])
    const events = await call('events', '--json')
    const own = (JSON.parse(events.out) as { action: string; actor: string }[]).filter(
      ({ action }) => action.startsWith('permission.'),
    )
    expect(own).toHaveLength(6)
    expect(own.every(({ actor }) => actor === 'cli')).toBe(true)
  })

  test('of shows what a user may do, and through which groups and roles', async () => {
    const { call, ids } = await company()
    await call('permission', 'grant', 'p.read', 'p.write', '--group', 'Sales')
    await call('permission', 'grant', 'p.read', 'p.approve', '--role', 'project manager')
    await call('permission', 'grant', 'p.read', 'reports', '--group', 'Board')
    const { code, out } = await call('permission', 'of', ADELE.toUpperCase())
    expect(code).toBe(0)
    expect(out.trimEnd().split('\n').slice(1)).toStrictEqual([
      'p.approve   role Project Manager',
      'p.read      group Sales, role Project Manager',
      'p.write     group Sales',
    ])
    const sales = { id: ids.sales, displayName: 'Sales' }
    expect(JSON.parse((await call('permission', 'of', ADELE, '--json')).out)).toStrictEqual({
      id: ids.user,
      userName: ADELE,
      active: true,
      permissions: [
        { permission: 'p.approve', groups: [], roles: ['Project Manager'] },
        { permission: 'p.read', groups: [sales], roles: ['Project Manager'] },
        { permission: 'p.write', groups: [sales], roles: [] },
      ],
    })
  })

  test.each([
    ['who has none', {}, `${ADELE} has no permissions.\n`],
    ['who is inactive', { active: false }, `${ADELE} is inactive and has no permissions.\n`],
  ])('of somebody %s', async (_, attributes, message) => {
    const { call } = await company(attributes)
    if ('active' in attributes) await call('permission', 'grant', 'p.read', '--group', 'Sales')
    expect(await call('permission', 'of', ADELE)).toStrictEqual({ code: 0, out: message, err: '' })
  })

  test.each([
    [
      'a group that is not there',
      ['grant', 'p', '--group', 'Nobody'],
      'There is no group "Nobody".',
    ],
    ['a user who is not there', ['of', 'nobody'], 'There is no user "nobody".'],
    [
      'a group of another organisation',
      ['grant', 'p', '--group', 'Sales', '--organisation', 'Contoso'],
      'There is no group "Sales".',
    ],
  ])('fails for %s', async (_, args, message) => {
    const { call, granted } = await company()
    await call('organisation', 'create', '--name', 'Contoso')
    const result = await call('permission', ...args)
    expect(result).toStrictEqual({ code: 1, out: '', err: `${message}\n` })
    expect(await granted()).toStrictEqual([])
  })

  test.each([
    ['without a permission', ['grant', '--role', 'a'], "missing required argument 'permission'"],
    ['without a holder', ['grant', 'p'], 'Write --group or --role.'],
    ['with two holders', ['revoke', 'p', '--group', 'a', '--role', 'b'], 'cannot be used with'],
    ['with a blank', ['grant', 'p', 'a b', '--role', 'a'], 'without blanks'],
    ['with a control character', ['grant', 'a\u0007', '--role', 'a'], 'without blanks'],
    ['with no text', ['grant', '', '--role', 'a'], 'Write 1 to 200 characters'],
    ['with a long text', ['grant', 'x'.repeat(201), '--role', 'a'], 'Write 1 to 200 characters'],
    ['with a blank role', ['grant', 'p', '--role', ' '], 'on one line'],
    ['with a role of two lines', ['grant', 'p', '--role', 'a\nb'], 'on one line'],
  ])('exits with 2 when used %s', async (_, args, message) => {
    const { call, granted } = await company()
    const result = await call('permission', ...args)
    expect(result).toMatchObject({ code: 2, out: '' })
    expect(result.err).toContain(message)
    expect(await granted()).toStrictEqual([])
  })

  test('takes 200 characters', async () => {
    const { call, granted } = await company()
    const permission = 'x'.repeat(200)
    expect(await call('permission', 'grant', permission, '--role', 'a')).toMatchObject({ code: 0 })
    expect(await granted()).toMatchObject([{ permission }])
  })

  test.each(['list', 'grant', 'revoke', 'of'])('%s has help', async (command) => {
    const { code, out } = await callCli(['permission', command, '--help'])
    expect(code).toBe(0)
    expect(out).toContain(`Usage: npm run cli -- permission ${command}`)
  })
})
