import type { Rule } from '../../../directory/rule.ts'
import { shell } from '../../../texts/shell.ts'
import { rules as texts } from '../../../texts/rules.ts'
import { action, page, type Asked, type Outcome, type Page } from '../../console/asked.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import { Problem } from '../../problems.ts'
import { createRule, tryRule, updateRule } from '../../rules.ts'
import { readChoices } from '../giving/choices.ts'
import {
  draftOf,
  newDraft,
  readDraft,
  sentDraft,
  type Draft,
  type DraftFaults,
  type RuleBody,
} from './draft.ts'
import { ruleView, SECTION, type RuleForm, type Trial } from './form.tsx'
import { groupsIn, peopleNamed } from './trial.tsx'

/** So many of those whom a rule matches are shown with what the rules say of them. */
const SHOWN = 5
/** How the tester names a rule that was not made yet. */
const NEW = 'new'

type Frame = Pick<RuleForm, 'title' | 'path' | 'button'>

const newFrame: Frame = {
  title: texts.form.make,
  path: `${SECTION}/new`,
  button: texts.form.add,
}

function frameOf({ id, name }: Rule): Frame {
  return { title: name, path: `${SECTION}/${id}`, button: texts.form.save }
}

async function requireRule({ directory, id }: Asked): Promise<Rule> {
  const rule = (await directory.rules.list()).find((each) => each.id === id)
  if (rule) return rule
  throw new Problem('notFound', shell.problems.nothingText)
}

/** What is wrong, by the fields of the form; what stands at none of them is wrong as a whole. */
function faultsOf({ text, fields }: Faults): Pick<RuleForm, 'faults' | 'fault'> {
  const { name, filter, role } = fields
  const faults: DraftFaults = {
    ...(name === undefined ? {} : { name }),
    ...(filter === undefined ? {} : { filter }),
    ...(role === undefined ? {} : { role }),
  }
  const [other] = Object.entries(fields).flatMap(([place, words]) => (place in faults ? [] : words))
  return Object.keys(faults).length > 0 ? { faults } : { faults, fault: other ?? text }
}

async function showForm(
  { directory }: Asked,
  frame: Frame,
  draft: Draft,
  more: Omit<RuleForm, keyof Frame | 'draft' | 'choices'> = {},
): Promise<Outcome> {
  const choices = await readChoices(directory, draft.groups)
  return ruleView({ ...frame, draft, choices, ...more })
}

/** Tries a rule at its place on those whom it matches, and on those who were asked for by name. */
async function tryOut(
  asked: Asked,
  { name, ...gives }: RuleBody,
  place: string,
  person: string,
): Promise<Trial> {
  const trial = { ...(name === '' ? {} : { name }), ...gives }
  const { matches } = await tryRule.call(asked, { body: trial })
  if (!matches) throw new Error('It is not known whom a filter matches that was tried.')
  const named = await peopleNamed(asked, person)
  const users = [...named, ...matches.items.slice(0, SHOWN).map(({ id }) => id)]
  const { decisions = [] } =
    users.length === 0 ? {} : await tryRule.call(asked, { body: { ...trial, place, users } })
  return {
    matches,
    people: decisions.slice(0, named.length),
    first: decisions.slice(named.length),
    groups: await groupsIn(asked.directory, decisions),
    draft: place,
  }
}

/** Does with a form what its button says. */
async function onSent(
  asked: Asked,
  frame: Frame,
  place: string,
  save: (body: RuleBody) => Promise<Outcome>,
): Promise<Outcome> {
  const { draft, body, faults } = await readDraft(asked, sentDraft(asked))
  const step = asked.sent.text('step')
  if (step === 'more') return showForm(asked, frame, { ...draft, room: draft.room + 1 })
  if (Object.keys(faults).length > 0) return showForm(asked, frame, draft, { faults })
  if (step === 'save') {
    const outcome = await attempt(() => save(body))
    if ('made' in outcome) return outcome.made
    return showForm(asked, frame, draft, faultsOf(outcome.faults))
  }
  const outcome = await attempt(() => tryOut(asked, body, place, draft.person))
  if ('faults' in outcome) return showForm(asked, frame, draft, faultsOf(outcome.faults))
  return showForm(asked, frame, draft, { trial: outcome.made })
}

/** How a rule is made and changed. */
export const ruleEditPages: readonly Page[] = [
  page('/rules/new', (asked) => showForm(asked, newFrame, newDraft(asked))),

  action('/rules/new', (asked) =>
    onSent(asked, newFrame, NEW, async (body) => {
      const { name } = await createRule.call(asked, { body })
      return { to: SECTION, done: { text: texts.done.made(name) } }
    }),
  ),

  page('/rules/{id}', async (asked) => {
    const rule = await requireRule(asked)
    return showForm(asked, frameOf(rule), draftOf(rule))
  }),

  action('/rules/{id}', async (asked) => {
    const rule = await requireRule(asked)
    return onSent(asked, frameOf(rule), rule.id, async (body) => {
      const { name } = await updateRule.call(asked, { id: rule.id, body })
      return { to: SECTION, done: { text: texts.done.changed(name) } }
    })
  }),
]
