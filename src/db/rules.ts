import { and, asc, eq, like, max, sql } from 'drizzle-orm'
import { diff } from '../directory/diff.ts'
import { DirectoryError } from '../directory/errors.ts'
import {
  MOST_RULES,
  readRuleFilter,
  type NewRule,
  type Rule,
  type Rules,
} from '../directory/rule.ts'
import { quote } from '../scim/protocol/error.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { record, write, type Context, type Write } from './context.ts'
import type { Db, Tables } from './engine.ts'
import { holdOwnGroups } from './own-groups.ts'
import { columns, statement } from './statements.ts'

type Row = Pick<
  Tables['assignmentRules']['$inferSelect'],
  'id' | 'name' | 'filter' | 'groups' | 'role'
>

/** What would get in each other's way: rules have an order among them. */
const RULES = 'rules'

function toRule({ id, name, filter, groups, role }: Row): Rule {
  return {
    id,
    name,
    filter,
    // Written by this file alone, from this very type.
    groups: JSON.parse(groups) as string[],
    ...(role === null ? {} : { role }),
  }
}

function columnsOf({ name, filter, groups, role }: NewRule) {
  return { name, filter, groups: JSON.stringify([...new Set(groups)]), role: role ?? null }
}

/** What an event says of a rule. */
function told({ name, filter, groups, role }: NewRule): JsonObject {
  return { name, filter, groups: [...groups], ...(role === undefined ? {} : { role }) }
}

/** The rules of the organisation in the order in which they are tried; what every new user of provisioning asks for. */
export async function rulesIn({ engine, scope }: Context, db: Db): Promise<Rule[]> {
  const { assignmentRules: rules } = engine.tables
  const { id, name, filter, groups, role } = rules
  const query = statement<Row>(engine, db, 'assignment rules', () =>
    db
      .select(columns({ id, name, filter, groups, role }))
      .from(rules)
      .where(eq(rules.organisation, sql.placeholder('organisation')))
      .orderBy(asc(rules.position), asc(rules.id)),
  )
  return (await query({ organisation: scope.organisation })).map(toRule)
}

function byId({ engine, scope }: Context, id: string) {
  const { assignmentRules: rules } = engine.tables
  return and(eq(rules.organisation, scope.organisation), eq(rules.id, id))
}

async function requireRule(tx: Write, id: string): Promise<Rule> {
  const [row] = await tx.db.select().from(tx.engine.tables.assignmentRules).where(byId(tx, id))
  if (row) return toRule(row)
  throw new DirectoryError('notFound', `There is no rule ${quote(id)}.`)
}

/** Writes what a rule is now, or nothing when it is the same. */
async function change(tx: Write, before: Rule, after: NewRule): Promise<Rule> {
  const changes = diff(told(before), told(after))
  if (changes.length > 0) {
    await tx.db
      .update(tx.engine.tables.assignmentRules)
      .set(columnsOf(after))
      .where(byId(tx, before.id))
    await record(tx, 'rule.updated', before.id, changes)
  }
  return { id: before.id, ...after }
}

/** Takes a user group that is deleted out of every rule; a rule that gives nothing more is still tried. */
export async function takeFromRules(tx: Write, groupId: string): Promise<void> {
  const { assignmentRules: rules } = tx.engine.tables
  const rows = await tx.db
    .select()
    .from(rules)
    .where(
      and(
        eq(rules.organisation, tx.scope.organisation),
        like(rules.groups, `%${JSON.stringify(groupId)}%`),
      ),
    )
  for (const rule of rows.map(toRule)) {
    await change(tx, rule, { ...rule, groups: rule.groups.filter((id) => id !== groupId) })
  }
}

export function rulesOf(context: Context): Rules {
  const { assignmentRules: rules } = context.engine.tables
  const { organisation } = context.scope

  return {
    list: () => rulesIn(context, context.engine.read),

    create(given, cause) {
      readRuleFilter(given.filter)
      const work = async (tx: Write) => {
        const mine = eq(rules.organisation, organisation)
        const known = await rulesIn(tx, tx.db)
        if (known.length >= MOST_RULES) {
          throw new DirectoryError('tooMany', `There are ${MOST_RULES} rules already.`)
        }
        await holdOwnGroups(tx, given.groups)
        const [last] = await tx.db
          .select({ position: max(rules.position) })
          .from(rules)
          .where(mine)
        const id = tx.newId()
        const row = { organisation, id, position: (last?.position ?? -1) + 1, ...columnsOf(given) }
        await tx.db.insert(rules).values(row)
        await record(tx, 'rule.created', id, diff({}, told(given)))
        return toRule(row)
      }
      return write(context, cause, work, RULES)
    },

    update(id, given, cause) {
      readRuleFilter(given.filter)
      const work = async (tx: Write) => {
        const before = await requireRule(tx, id)
        await holdOwnGroups(tx, given.groups)
        return change(tx, before, { ...given, groups: [...new Set(given.groups)] })
      }
      return write(context, cause, work, RULES)
    },

    async remove(id, cause) {
      const work = async (tx: Write) => {
        const rule = await requireRule(tx, id)
        await tx.db.delete(rules).where(byId(tx, id))
        await record(tx, 'rule.deleted', id, diff(told(rule), {}))
      }
      await write(context, cause, work, RULES)
    },

    order(ids, cause) {
      const work = async (tx: Write) => {
        const known = await rulesIn(tx, tx.db)
        const byIds = new Map(known.map((rule) => [rule.id, rule]))
        const ordered = [...new Set(ids)].flatMap((id) => byIds.get(id) ?? [])
        if (ordered.length !== known.length || ids.length !== known.length) {
          throw new DirectoryError('conflict', 'Name each rule once, as they are now.')
        }
        const before = known.map(({ id }) => id)
        if (before.every((id, index) => id === ids[index])) return known
        for (const [position, { id }] of ordered.entries()) {
          await tx.db.update(rules).set({ position }).where(byId(tx, id))
        }
        await record(tx, 'rules.ordered', organisation, [
          { path: 'rules', from: before, to: [...ids] },
        ])
        return ordered
      }
      return write(context, cause, work, RULES)
    },
  }
}
