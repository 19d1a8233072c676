import { z } from 'zod'
import { whyNot } from '../directory/explain.ts'
import { rolesIn } from '../directory/roles.ts'
import { readRuleFilter, ruleDocument, type NewRule, type Rule } from '../directory/rule.ts'
import { displayName, userName, type GroupReference, type User } from '../directory/user.ts'
import { ScimError } from '../scim/protocol/error.ts'
import { badBody, id, text } from './input.ts'
import { route, type Caller, type Route } from './route.ts'
import { rule, tried } from './assignment-schemas.ts'

/** So many of the users whom a filter matches are shown. */
const SHOWN = 50
const LONGEST_FILTER = 8_192

const filter = text(LONGEST_FILTER).meta({
  description: 'A SCIM filter over users (RFC 7644 §3.4.2.2).',
})
const groups = z.array(id).max(50)
const role = text(200).min(1)

const body = z.strictObject({
  name: text(200).min(1),
  filter,
  groups: groups.default([]),
  role: role.exactOptional(),
})

/** Runs what may find a filter wrong, and says so at its place. */
async function withFilter<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ScimError && error.code === 'invalidFilter') {
      throw badBody(['filter'], error.message)
    }
    throw error
  }
}

/** The user groups of these ids. Throws `badRequest` for one that is not there. */
async function requireGroups(
  { directory }: Caller,
  ids: readonly string[],
): Promise<GroupReference[]> {
  const found: GroupReference[] = []
  for (const [index, each] of ids.entries()) {
    const group = await directory.groups.read(each, false)
    if (!group) throw badBody(['groups', index], 'There is no such group.')
    found.push({ id: group.id, displayName: displayName(group.attributes) })
  }
  return found
}

async function requireUser({ directory }: Caller, userId: string): Promise<User> {
  const user = await directory.users.read(userId)
  if (user) return user
  throw badBody(['user'], 'There is no such user.')
}

/** Makes or changes a rule, of which everything is checked first. */
async function save(
  caller: Caller,
  given: NewRule,
  work: (given: NewRule) => Promise<Rule>,
): Promise<Rule> {
  return withFilter(async () => {
    readRuleFilter(given.filter)
    await requireGroups(caller, given.groups)
    return work(given)
  })
}

function shown({ id: userId, attributes, groups: within }: User) {
  const name = displayName(attributes)
  return {
    id: userId,
    userName: userName(attributes),
    ...(name === '' ? {} : { displayName: name }),
    has: { groups: within, roles: rolesIn(attributes['roles']) },
  }
}

/** Whom a filter would have matched, had they been new. */
async function whom(
  caller: Caller,
  given: {
    readonly filter: string
    readonly groups: readonly string[]
    readonly role?: string
  },
) {
  const resolved = await withFilter(() => readRuleFilter(given.filter))
  const gets = {
    groups: await requireGroups(caller, given.groups),
    ...(given.role === undefined ? {} : { role: given.role }),
  }
  const page = { filter: resolved, startIndex: 1, count: SHOWN }
  const { total, items } = await withFilter(() => caller.directory.users.query(page))
  return { total, gets, items: items.map(shown) }
}

/** Which rule would have decided about a user, and why those before it would not. */
async function decided(caller: Caller, userId: string) {
  const user = await requireUser(caller, userId)
  const document = ruleDocument(user.attributes)
  const before: { id: string; name: string; why: string[] }[] = []
  for (const each of await caller.directory.rules.list()) {
    const why = whyNot(document, readRuleFilter(each.filter))
    if (why.length === 0) return { user: shown(user), rule: each, before }
    before.push({ id: each.id, name: each.name, why })
  }
  return { user: shown(user), before }
}

/** What new users get whom a filter matches. */
export const ruleRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/rules',
    operation: 'listRules',
    summary: 'The assignment rules in the order in which they are tried',
    status: 200,
    answer: z.strictObject({ items: z.array(rule) }),
    handle: async ({ directory }) => ({ items: await directory.rules.list() }),
  }),
  route({
    method: 'POST',
    path: '/rules',
    operation: 'createRule',
    summary: 'Makes a rule, which is tried after all others',
    body,
    status: 201,
    answer: rule,
    problems: ['conflict', 'tooMany', 'notFound'],
    handle: (caller, given) =>
      save(caller, given.body, (made) => caller.directory.rules.create(made, caller.cause)),
  }),
  route({
    method: 'POST',
    path: '/rules/order',
    operation: 'orderRules',
    summary: 'Says in which order the rules are tried',
    body: z.strictObject({ ids: z.array(id) }),
    status: 200,
    answer: z.strictObject({ items: z.array(rule) }),
    problems: ['conflict'],
    handle: async ({ directory, cause }, given) => {
      return { items: await directory.rules.order(given.body.ids, cause) }
    },
  }),
  route({
    method: 'POST',
    path: '/rules/try',
    operation: 'tryRule',
    summary: 'Whom a filter matches, and which rule matches a user; nothing changes',
    body: z
      .strictObject({
        name: text(200).exactOptional().meta({ description: 'A rule may be sent as it is.' }),
        filter: filter.exactOptional(),
        groups: groups.default([]),
        role: role.exactOptional(),
        user: id.exactOptional(),
      })
      .refine((given) => given.filter !== undefined || given.user !== undefined, {
        path: ['filter'],
        message: 'Say a filter, or a user.',
      }),
    status: 200,
    answer: tried,
    problems: ['tooMany'],
    async handle(caller, { body: { filter: asked, user, groups: given, role: one } }) {
      const wanted = { groups: given, ...(one === undefined ? {} : { role: one }) }
      return {
        ...(asked === undefined
          ? {}
          : { matches: await whom(caller, { filter: asked, ...wanted }) }),
        ...(user === undefined ? {} : { decision: await decided(caller, user) }),
      }
    },
  }),
  route({
    method: 'POST',
    path: '/rules/{id}',
    operation: 'updateRule',
    summary: 'Changes a rule; what came of it stays',
    body,
    status: 200,
    answer: rule,
    problems: ['notFound', 'conflict'],
    handle: (caller, { id: ruleId, body: given }) =>
      save(caller, given, (made) => caller.directory.rules.update(ruleId, made, caller.cause)),
  }),
  route({
    method: 'POST',
    path: '/rules/{id}/remove',
    operation: 'removeRule',
    summary: 'Removes a rule; what came of it stays',
    status: 204,
    problems: ['notFound'],
    handle: ({ directory, cause }, given) => directory.rules.remove(given.id, cause),
  }),
]
