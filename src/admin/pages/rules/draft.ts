import type { Rule } from '../../../directory/rule.ts'
import { rules as texts } from '../../../texts/rules.ts'
import type { Asked } from '../../console/asked.ts'
import { groupNamed } from '../giving/choices.ts'
import { attributes, fromFilter, ops, toFilter, type Condition, type Op } from './conditions.ts'

/** How a form says when a rule matches. */
export const kinds = ['all', 'any', 'everybody', 'filter'] as const
export type Kind = (typeof kinds)[number]

/** A line of a form, filled in or not. */
export interface Row {
  readonly attribute: string
  readonly op: Op
  readonly value: string
}

/** A rule as it is being written. */
export interface Draft {
  readonly name: string
  readonly kind: Kind
  readonly rows: readonly Row[]
  /** How many lines the form has. */
  readonly room: number
  readonly filter: string
  /** Ids of user groups. */
  readonly groups: readonly string[]
  /** A user group by the name that was typed. */
  readonly groupNamed: string
  readonly role: string
  /** Somebody to try it on, by name. */
  readonly person: string
}

/** What is wrong with a form, by its fields. */
export type DraftFaults = Readonly<Record<string, string>>

export const MOST_ROWS = 10
const FEWEST_ROWS = 2

const blank: Row = { attribute: '', op: 'eq', value: '' }

const isBlank = ({ attribute, value }: Row) => attribute === '' && value === ''

/** The rows of a form, with those that are still to be filled in. */
export function withRoom({ rows, room }: Pick<Draft, 'rows' | 'room'>): readonly Row[] {
  const size = Math.min(Math.max(FEWEST_ROWS, rows.length, room), MOST_ROWS)
  return [...rows, ...Array.from({ length: size - rows.length }, () => blank)]
}

/** An empty form, or one with a condition that the address names. */
export function newDraft({ query }: Pick<Asked, 'query'>): Draft {
  const attribute = query('attribute')
  const value = query('value')
  const isKnown = attributes.some((each) => each === attribute)
  return {
    name: query('name'),
    kind: 'all',
    rows: isKnown ? [{ attribute, op: 'eq', value }] : [],
    room: FEWEST_ROWS,
    filter: '',
    groups: [],
    groupNamed: '',
    role: '',
    person: '',
  }
}

/** A rule that is there, as a form. */
export function draftOf({ name, filter, groups, role = '' }: Rule): Draft {
  const when = fromFilter(filter)
  const rows = when !== undefined && when.kind !== 'everybody' ? when.conditions : []
  return {
    name,
    kind: when !== undefined && rows.length <= MOST_ROWS ? when.kind : 'filter',
    rows: rows.length <= MOST_ROWS ? rows : [],
    room: FEWEST_ROWS,
    filter,
    groups,
    groupNamed: '',
    role,
    person: '',
  }
}

/** The form that was sent. */
export function sentDraft({ sent }: Pick<Asked, 'sent'>): Draft {
  const rows = Array.from(
    { length: MOST_ROWS },
    (_, index): Row => ({
      attribute: sent.text(`attribute-${index}`),
      op: ops.find((each) => each === sent.text(`op-${index}`)) ?? 'eq',
      value: sent.text(`value-${index}`),
    }),
  )
  const room = Number.parseInt(sent.text('rows'), 10)
  return {
    name: sent.text('name'),
    kind: kinds.find((each) => each === sent.text('when')) ?? 'all',
    rows: rows.filter((row) => !isBlank(row)),
    room: Number.isInteger(room) ? room : FEWEST_ROWS,
    filter: sent.text('filter'),
    groups: sent.list('group'),
    groupNamed: sent.text('group-named'),
    role: sent.text('role'),
    person: sent.text('person'),
  }
}

/** The rows as conditions, and what is wrong with those that are none. */
function conditionsOf(rows: readonly Row[]) {
  const { faults: words } = texts.form
  const conditions: Condition[] = []
  const faults: Record<string, string> = {}
  for (const [index, row] of rows.entries()) {
    const attribute = attributes.find((each) => each === row.attribute)
    const needsValue = row.op !== 'pr' && row.op !== 'np'
    if (attribute === undefined) faults[`attribute-${index}`] = words.attribute
    else if (needsValue && row.value === '') faults[`value-${index}`] = words.value
    else conditions.push({ attribute, op: row.op, value: needsValue ? row.value : '' })
  }
  if (rows.length === 0) faults['attribute-0'] = words.none
  return { conditions, faults }
}

/** The SCIM filter that a form stands for, as far as it can be told. */
export function filterOf({ kind, rows, filter }: Draft): {
  readonly filter: string
  readonly faults: DraftFaults
} {
  if (kind === 'filter') return { filter, faults: {} }
  if (kind === 'everybody') return { filter: toFilter({ kind }), faults: {} }
  const { conditions, faults } = conditionsOf(rows)
  return { filter: toFilter({ kind, conditions }), faults }
}

/** What the use cases take. */
export interface RuleBody {
  readonly name: string
  readonly filter: string
  readonly groups: string[]
  readonly role?: string
}

/** A form as the use cases take it; the draft has the user group that was named among its others then. */
export async function readDraft(
  { directory }: Pick<Asked, 'directory'>,
  draft: Draft,
): Promise<{ readonly draft: Draft; readonly body: RuleBody; readonly faults: DraftFaults }> {
  const { filter, faults } = filterOf(draft)
  const { name, role } = draft
  const named = draft.groupNamed === '' ? undefined : await groupNamed(directory, draft.groupNamed)
  const isFound = named !== undefined && 'id' in named
  const groups = [...new Set([...draft.groups, ...(isFound ? [named.id] : [])])]
  return {
    draft: { ...draft, groups, groupNamed: isFound ? '' : draft.groupNamed },
    body: { name, filter, groups, ...(role === '' ? {} : { role }) },
    faults: { ...faults, ...(named && 'fault' in named ? { 'group-named': named.fault } : {}) },
  }
}
