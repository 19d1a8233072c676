import { z } from 'zod'
import type { Event } from '../../../directory/event.ts'
import type { Rule } from '../../../directory/rule.ts'
import { rules as texts } from '../../../texts/rules.ts'
import { shell } from '../../../texts/shell.ts'
import { action, type Asked, type Outcome, type Page } from '../../console/asked.ts'
import { attempt } from '../../console/attempt.ts'
import { Problem } from '../../problems.ts'
import { createRule, orderRules, removeRule } from '../../rules.ts'
import { SECTION } from './form.tsx'
import { moverId, pageWith } from './list.tsx'

/** The rules in their order, and where the one of the address stands among them, from 0. */
async function placeOf(asked: Asked): Promise<{ rules: readonly Rule[]; rule: Rule; at: number }> {
  const rules = await asked.directory.rules.list()
  const at = rules.findIndex(({ id }) => id === asked.id)
  const rule = rules[at]
  if (rule) return { rules, rule, at }
  throw new Problem('notFound', shell.problems.nothingText)
}

/** The ids of rules with one of them at another place. */
function withMoved(rules: readonly Rule[], id: string, to: number): string[] {
  const ids = rules.map((rule) => rule.id).filter((each) => each !== id)
  return [...ids.slice(0, to), id, ...ids.slice(to)]
}

async function move(asked: Asked): Promise<Outcome> {
  const { rules, rule, at } = await placeOf(asked)
  const way = asked.sent.text('way') === 'up' ? 'up' : 'down'
  const last = rules.length - 1
  const to = Math.min(Math.max(way === 'up' ? at - 1 : at + 1, 0), last)
  await orderRules.call(asked, { body: { ids: withMoved(rules, rule.id, to) } })
  // The button at the end of the way cannot be pressed any more: the other one is next to it.
  const next = to === 0 ? 'down' : to === last ? 'up' : way
  const text = texts.done.moved(rule.name, to + 1, rules.length)
  return { to: `${pageWith(to)}#${moverId(rule.id, next)}`, done: { text } }
}

const told = z.object({
  name: z.string(),
  filter: z.string(),
  groups: z.array(z.string()).default([]),
  role: z.string().exactOptional(),
})

/** A rule as it was when it was deleted. */
function deletedIn(event: Event | undefined): z.output<typeof told> | undefined {
  if (event?.action !== 'rule.deleted') return undefined
  const was = event.changes.map(({ path, from }) => [path, from] as const)
  const { success, data } = told.safeParse(Object.fromEntries(was))
  return success ? data : undefined
}

/** Makes a rule anew as the record has it, at the place where it was. */
async function restore(asked: Asked): Promise<Outcome> {
  const { directory, sent } = asked
  const [event] = await directory.events.latest({ resourceId: sent.text('rule'), limit: 1 })
  const was = deletedIn(event)
  const gone: Outcome = { to: SECTION, done: { text: texts.done.gone, kind: 'warn' } }
  if (!was) return gone
  const outcome = await attempt(() => createRule.call(asked, { body: was }))
  if ('faults' in outcome) return gone
  const { id, name } = outcome.made
  const rules = await directory.rules.list()
  const place = Number.parseInt(sent.text('place'), 10)
  const to = Number.isInteger(place) ? Math.min(Math.max(place, 0), rules.length - 1) : rules.length
  await orderRules.call(asked, { body: { ids: withMoved(rules, id, to) } })
  return { to: SECTION, done: { text: texts.done.restored(name) } }
}

/** How rules change places, go, and come back. */
export const ruleChangePages: readonly Page[] = [
  action('/rules/{id}/move', move),

  action('/rules/{id}/remove', async (asked) => {
    const { rule, at } = await placeOf(asked)
    await removeRule.call(asked, { id: rule.id })
    const fields = { rule: rule.id, place: String(at) }
    return {
      to: SECTION,
      done: {
        text: texts.done.removed(rule.name),
        undo: { to: `${SECTION}/restore`, fields },
      },
    }
  }),

  action('/rules/restore', restore),
]
