import { z } from 'zod'
import type { Grant, Holder } from '../directory/permission.ts'
import { displayName } from '../directory/user.ts'
import { grants } from './access-schemas.ts'
import { badBody, id, text } from './input.ts'
import { route, type Caller, type Route } from './route.ts'

const body = z.strictObject({
  holder: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('group'), id }),
    z.strictObject({
      kind: z.literal('role'),
      value: text(200).regex(/\S/, 'Say a role.'),
    }),
  ]),
  permission: z
    .string()
    .regex(/^[^\s\p{Cc}\p{Cs}]{1,200}$/u, 'Write 1 to 200 characters without blanks.')
    .meta({ description: 'As the application calls it, such as `projects.read`.' }),
})

async function requireHolder({ directory }: Caller, holder: Holder): Promise<void> {
  if (holder.kind === 'role' || (await directory.groups.read(holder.id, false))) return
  throw badBody(['holder', 'id'], 'There is no such group.')
}

async function named({ directory }: Caller, holder: Holder) {
  if (holder.kind === 'role') return holder
  const group = await directory.groups.read(holder.id, false)
  // One that was deleted since the permissions were read is no more than an id.
  return { ...holder, displayName: group ? displayName(group.attributes) : holder.id }
}

/** What is granted, by who holds it; the order stays. */
function byHolder(all: readonly Grant[]): { holder: Holder; permissions: string[] }[] {
  const found = new Map<string, { holder: Holder; permissions: string[] }>()
  for (const { holder, permission } of all) {
    const key = holder.kind === 'group' ? `group:${holder.id}` : `role:${holder.value}`
    const one = found.get(key) ?? { holder, permissions: [] }
    one.permissions.push(permission)
    found.set(key, one)
  }
  return [...found.values()]
}

const listPermissions = route({
  method: 'GET',
  path: '/permissions',
  operation: 'listPermissions',
  summary: 'What the members of user groups and the users of roles may do',
  status: 200,
  answer: z.strictObject({ items: z.array(grants) }),
  async handle(caller) {
    const held = byHolder(await caller.directory.permissions.list())
    const items = held.map(async ({ holder, permissions }) => {
      return { holder: await named(caller, holder), permissions }
    })
    return { items: await Promise.all(items) }
  },
})

export const grantPermission = route({
  method: 'POST',
  path: '/permissions/grant',
  operation: 'grantPermission',
  summary: 'Lets the members of a user group, or the users of a role, do something',
  body,
  status: 204,
  problems: ['notFound'],
  async handle(caller, given) {
    await requireHolder(caller, given.body.holder)
    await caller.directory.permissions.grant(given.body, caller.cause)
  },
})

export const revokePermission = route({
  method: 'POST',
  path: '/permissions/revoke',
  operation: 'revokePermission',
  summary: 'Takes back what a user group or a role may do',
  body,
  status: 204,
  async handle(caller, given) {
    await requireHolder(caller, given.body.holder)
    await caller.directory.permissions.revoke(given.body, caller.cause)
  },
})

/** What user groups and roles let people do. */
export const permissionRoutes: readonly Route[] = [
  listPermissions,
  grantPermission,
  revokePermission,
]
