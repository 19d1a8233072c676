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
const role = text(200).min(1, 'Say a role.')

const body = z.strictObject({
  name: text(200).regex(/\S/, 'Say a name.'),
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
function decide(rules: readonly Rule[], user: User) {
  const document = ruleDocument(user.attributes)
  const before: { id: string; name: string; why: string[] }[] = []
  for (const each of rules) {
    const why = whyNot(document, readRuleFilter(each.filter))
    if (why.length === 0) return { user: shown(user), rule: each, before }
    before.push({ id: each.id, name: each.name, why })
  }
  return { user: shown(user), before }
}

/** The rules, as they would be with the one that is tried at its place. */
async function rulesWith({ directory }: Caller, draft: Rule | undefined): Promise<readonly Rule[]> {
  const rules = await directory.rules.list()
  if (draft === undefined) return rules
  // One that is wrong is refused before anybody is held against it.
  readRuleFilter(draft.filter)
  if (draft.id === DRAFT) return [...rules, draft]
  return rules.map((each) => (each.id === draft.id ? draft : each))
}

const listRules = route({
  method: 'GET',
  path: '/rules',
  operation: 'listRules',
  summary: 'The assignment rules in the order in which they are tried',
  status: 200,
  answer: z.strictObject({ items: z.array(rule) }),
  handle: async ({ directory }) => ({ items: await directory.rules.list() }),
})

export const createRule = route({
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
})

export const orderRules = route({
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
})

/** How the answer names a rule that is tried and was not made yet. */
const DRAFT = 'new'

const trial = z
  .strictObject({
    name: text(200).exactOptional().meta({ description: 'A rule may be sent as it is.' }),
    filter: filter.exactOptional(),
    groups: groups.default([]),
    role: role.exactOptional(),
    place: id.exactOptional().meta({
      description: `Makes the filter one of the rules that \`users\` are held against: in the place of the one of this id, or with \`${DRAFT}\` last. Whom it matches is not looked for then.`,
    }),
    user: id.exactOptional(),
    users: z.array(id).max(SHOWN).default([]).meta({ description: 'The same for several.' }),
  })
  .refine(({ filter: asked, user, users }) => (asked ?? user ?? users[0]) !== undefined, {
    path: ['filter'],
    message: 'Say a filter, or a user.',
  })
  .refine(({ filter: asked, place }) => place === undefined || asked !== undefined, {
    path: ['place'],
    message: 'Is a place for a filter.',
  })

/** The rule that is tried at a place among the others. */
function draftOf({
  name = '',
  filter: asked,
  groups: given,
  role: one,
  place,
}: z.output<typeof trial>): Rule | undefined {
  if (place === undefined || asked === undefined) return undefined
  const gives = { groups: given, ...(one === undefined ? {} : { role: one }) }
  return { id: place, name, filter: asked, ...gives }
}

export const tryRule = route({
  method: 'POST',
  path: '/rules/try',
  operation: 'tryRule',
  summary: 'Whom a filter matches, and which rule matches a user; nothing changes',
  body: trial,
  status: 200,
  answer: tried,
  problems: ['tooMany'],
  async handle(caller, { body: given }) {
    const { filter: asked, groups: wanted, role: one, place } = given
    const gives = { groups: wanted, ...(one === undefined ? {} : { role: one }) }
    const matches =
      asked === undefined || place !== undefined
        ? undefined
        : await whom(caller, { filter: asked, ...gives })
    const rules = await withFilter(() => rulesWith(caller, draftOf(given)))
    const decisionOn = async (userId: string) => decide(rules, await requireUser(caller, userId))
    const decisions = await Promise.all(given.users.map(decisionOn))
    return {
      ...(matches === undefined ? {} : { matches }),
      ...(given.user === undefined ? {} : { decision: await decisionOn(given.user) }),
      ...(decisions.length === 0 ? {} : { decisions }),
    }
  },
})

export const updateRule = route({
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
})

export const removeRule = route({
  method: 'POST',
  path: '/rules/{id}/remove',
  operation: 'removeRule',
  summary: 'Removes a rule; what came of it stays',
  status: 204,
  problems: ['notFound'],
  handle: ({ directory, cause }, given) => directory.rules.remove(given.id, cause),
})

/** What new users get whom a filter matches. */
export const ruleRoutes: readonly Route[] = [
  listRules,
  createRule,
  orderRules,
  tryRule,
  updateRule,
  removeRule,
]
