import { common } from '../../../texts/common.ts'
import { rules as texts } from '../../../texts/rules.ts'
import { Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Field, TextArea } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { Region } from '../../../ui/progress.tsx'
import type { View } from '../../console/asked.ts'
import type { Choices } from '../giving/choices.ts'
import { GroupTicks, RoleField } from '../giving/fields.tsx'
import { attributes, ops } from './conditions.ts'
import {
  filterOf,
  kinds,
  MOST_ROWS,
  withRoom,
  type Draft,
  type DraftFaults,
  type Row,
} from './draft.ts'
import { Decisions, type Decision, type Matches } from './trial.tsx'
import type { GroupReference } from '../../../directory/user.ts'

export const SECTION = '/admin/rules'
const crumbs = [{ href: SECTION, label: texts.title }] as const

const CONDITIONS = 'conditions'
const TRIED = 'tried'

/** What came of trying a rule that is being written. */
export interface Trial {
  readonly matches: Matches
  /** What the rules say of the first whom it matches, and of those who were asked for by name. */
  readonly first: readonly Decision[]
  readonly people: readonly Decision[]
  readonly groups: ReadonlyMap<string, GroupReference>
  /** How the decisions name the rule. */
  readonly draft: string
}

/** A form for a rule: a new one, or one that is there. */
export interface RuleForm {
  readonly title: string
  readonly path: `/${string}`
  readonly button: string
  readonly draft: Draft
  readonly choices: Choices
  readonly faults?: DraftFaults
  /** What is wrong as a whole. */
  readonly fault?: string
  readonly trial?: Trial
}

function ConditionRow(props: {
  readonly row: Row
  readonly index: number
  readonly faults: DraftFaults
}) {
  const { row, index, faults } = props
  const { form } = texts
  const [attribute, value] = [faults[`attribute-${index}`], faults[`value-${index}`]]
  const fault = attribute ?? value
  const note = `condition-${index}-note`
  const told = (wrong: string | undefined) =>
    wrong === undefined ? {} : { 'aria-invalid': 'true' as const, 'aria-describedby': note }
  return (
    <fieldset class="condition">
      <legend class="unseen">{form.condition(index + 1)}</legend>
      <select name={`attribute-${index}`} aria-label={form.attribute} {...told(attribute)}>
        <option value="">{form.choose}</option>
        {attributes.map((each) => (
          <option value={each} selected={each === row.attribute}>
            {texts.attributes[each]}
          </option>
        ))}
      </select>
      <select name={`op-${index}`} aria-label={form.op}>
        {ops.map((each) => (
          <option value={each} selected={each === row.op}>
            {texts.ops[each]}
          </option>
        ))}
      </select>
      <input
        type="text"
        name={`value-${index}`}
        value={row.value}
        aria-label={form.value}
        placeholder={form.value}
        autocomplete="off"
        spellcheck={false}
        {...told(value)}
      />
      {fault === undefined ? null : (
        <small id={note} class="is-bad">
          {fault}
        </small>
      )}
    </fieldset>
  )
}

/** When the rule matches: by conditions, always, or by a filter. What is not chosen is not seen, and stays. */
function When({ form }: { readonly form: RuleForm }) {
  const { draft, faults = {} } = form
  const { form: words } = texts
  const rows = withRoom(draft)
  const filter = draft.kind === 'filter' ? draft.filter : filterOf(draft).filter
  return (
    <>
      <fieldset>
        <legend>{words.when}</legend>
        <div class="segments">
          {kinds.map((kind) => (
            <label>
              <input
                type="radio"
                name="when"
                value={kind}
                checked={kind === draft.kind}
                data-shows={kind === 'all' || kind === 'any' ? 'conditions' : kind}
              />
              {words.whens[kind]}
            </label>
          ))}
        </div>
      </fieldset>
      <div data-with="conditions">
        <Region id={CONDITIONS}>
          <input type="hidden" name="rows" value={rows.length} />
          {rows.map((row, index) => (
            <ConditionRow row={row} index={index} faults={faults} />
          ))}
          {rows.length >= MOST_ROWS ? (
            <p class="is-soft">{words.faults.many}</p>
          ) : (
            <div>
              <Submit
                look="quiet"
                small
                icon="plus"
                name="step"
                value="more"
                swap={CONDITIONS}
                loose
              >
                {words.more}
              </Submit>
            </div>
          )}
        </Region>
      </div>
      <p data-with="everybody" class="is-soft">
        {words.everybody}
      </p>
      <div data-with="filter">
        <TextArea
          name="filter"
          label={words.filter}
          value={filter}
          rows={3}
          code
          optional
          hint={words.filterHint}
          fault={faults['filter']}
        />
      </div>
    </>
  )
}

function Tried({ trial, draft }: { readonly trial: Trial; readonly draft: Draft }) {
  const { matches, first, people, groups } = trial
  const { trial: words } = texts
  return (
    <>
      {draft.person === '' ? null : people.length === 0 ? (
        <p class="inside">{words.notFound(draft.person)}</p>
      ) : (
        <Decisions decisions={people} groups={groups} draft={trial.draft} />
      )}
      <div class="inside" role="status">
        <p>
          <strong>{matches.total === 0 ? words.nobody : words.matches(matches.total)}</strong>
          {matches.total > first.length ? ` ${words.first(first.length)}` : ''}
        </p>
      </div>
      <Decisions decisions={first} groups={groups} draft={trial.draft} />
    </>
  )
}

function TrialPanel({ form }: { readonly form: RuleForm }) {
  const { draft, trial, path, fault, faults = {} } = form
  const wrong = fault ?? Object.values(faults)[0]
  const { trial: words } = texts
  return (
    <Panel title={words.title} about={words.about} bare>
      <div class="inside">
        <Field
          name="person"
          label={words.person}
          hint={words.personHint}
          value={draft.person}
          optional
        />
        <Submit
          look="quiet"
          icon="search"
          name="step"
          value="try"
          to={`${path}#${TRIED}`}
          swap={TRIED}
          loose
        >
          {words.button}
        </Submit>
      </div>
      <Region id={TRIED}>
        {wrong === undefined ? null : (
          <div class="inside">
            <Note kind="bad">{words.notYet(wrong)}</Note>
          </div>
        )}
        {trial === undefined ? null : <Tried trial={trial} draft={draft} />}
      </Region>
    </Panel>
  )
}

/** The page of a rule that is being written. */
export function ruleView(form: RuleForm): View {
  const { title, path, draft, choices, faults = {}, fault } = form
  const { form: words } = texts
  const isWrong = fault !== undefined || Object.keys(faults).length > 0
  return {
    title,
    section: SECTION,
    ...(isWrong ? { status: 400 } : {}),
    body: (
      <>
        <Head title={title} crumbs={crumbs} />
        {fault === undefined ? null : <Note kind="bad">{fault}</Note>}
        <form method="post" action={at(path)}>
          {/* What Enter does in a line: it tries, and saves nothing. */}
          <button
            type="submit"
            name="step"
            value="try"
            formaction={at(`${path}#${TRIED}`)}
            data-swap={TRIED}
            formnovalidate
            class="unseen"
            tabindex={-1}
            aria-hidden="true"
          >
            {texts.trial.button}
          </button>
          <div class="columns wide-left">
            <div>
              <Panel>
                <Field
                  name="name"
                  label={words.name}
                  hint={words.nameHint}
                  value={draft.name}
                  fault={faults['name']}
                />
                <When form={form} />
              </Panel>
              <Panel title={words.gives} about={words.givesNothing}>
                <GroupTicks
                  chosen={draft.groups}
                  choices={choices}
                  named={draft.groupNamed}
                  fault={faults['group-named']}
                />
                <RoleField value={draft.role} choices={choices} fault={faults['role']} />
              </Panel>
            </div>
            <TrialPanel form={form} />
          </div>
          <div class="finish">
            <span class="words is-soft">{words.finish}</span>
            <a class="button quiet" href={at(SECTION)}>
              {common.cancel}
            </a>
            <Submit name="step" value="save">
              {form.button}
            </Submit>
          </div>
        </form>
      </>
    ),
  }
}
