import { searchedFields, type SearchedField } from '../../../directory/entra-directory.ts'
import type { Sent } from '../../console/asked.ts'

/** Where people are looked for. */
export const modes = ['people', 'groups', 'roles', 'addresses'] as const

export type Mode = (typeof modes)[number]

/** A group or an app role of Entra, to be opened or taken whole; or those who are ticked, to be looked at. */
export interface Whole {
  readonly kind: 'group' | 'role' | 'chosen'
  readonly id: string
  /** Whether members of groups within the group are taken too. */
  readonly nested: boolean
  readonly name: string
}

/** What is filled in so far: where one looks, whom one has chosen, and what they get. */
export interface Form {
  readonly mode: Mode
  readonly search: string
  readonly within: SearchedField | undefined
  readonly nested: boolean
  readonly addresses: string
  /** The group or app role whose people are seen. */
  readonly opened: Whole | undefined
  /** The part of the list that is seen; empty for the first. */
  readonly next: string
  /** Object ids of people who are ticked. */
  readonly ids: ReadonlySet<string>
  readonly wholes: readonly Whole[]
  /** The preview that is being changed; empty for none. */
  readonly preview: string
  /** How many people of it stay without being ticked one by one. */
  readonly kept: number
  /** Ids of user groups. */
  readonly groups: readonly string[]
  readonly groupSearch: string
  readonly role: string
  readonly when: 'now' | 'later' | 'at' | 'never'
  /** In the zone of the reader, as a control has it. */
  readonly at: string
  readonly rules: boolean
}

export const emptyForm: Form = {
  mode: 'people',
  search: '',
  within: undefined,
  nested: true,
  addresses: '',
  opened: undefined,
  next: '',
  ids: new Set(),
  wholes: [],
  preview: '',
  kept: 0,
  groups: [],
  groupSearch: '',
  role: '',
  when: 'now',
  at: '',
  rules: true,
}

/** So many people can be ticked: a page carries them all. */
export const MOST_TICKED = 2_000

const ID_BYTES = 16

/** Object ids as one text, half as long. */
export function pack(ids: Iterable<string>): string {
  const digits = [...ids].map((id) => id.replaceAll('-', '')).join('')
  return Buffer.from(digits, 'hex').toString('base64url')
}

/** The ids that were packed; nothing for a text that is none of these. */
export function unpack(text: string): string[] {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length % ID_BYTES !== 0) return []
  return Array.from({ length: bytes.length / ID_BYTES }, (_, index) =>
    bytes
      .subarray(index * ID_BYTES, (index + 1) * ID_BYTES)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  )
}

/** A group or role as a form carries it. */
export function written({ kind, id, nested, name }: Whole): string {
  return [kind, id, nested ? 'nested' : 'direct', name].join(' ')
}

/** The same read again; undefined for what is none. */
function readWhole(text: string): Whole | undefined {
  const [, kind, id, nested, name] =
    /^(group|role|chosen) ([\w-]{1,64}) (nested|direct) (.*)$/su.exec(text) ?? []
  const known = (['group', 'role', 'chosen'] as const).find((each) => each === kind)
  if (known === undefined || id === undefined || name === undefined) return undefined
  return { kind: known, id, nested: nested === 'nested', name }
}

/** Those who are ticked, as something to open. */
export const CHOSEN: Whole = { kind: 'chosen', id: 'all', nested: false, name: 'all' }

const isSame = (one: Whole, other: Whole) => one.kind === other.kind && one.id === other.id

/** The form as it was sent. */
export function readForm(sent: Sent): Form {
  const mode = modes.find((each) => each === sent.text('mode')) ?? 'people'
  const when = (['now', 'later', 'at', 'never'] as const).find((each) => each === sent.text('when'))
  return {
    mode,
    search: sent.text('search').slice(0, 200),
    within: searchedFields.find((each) => each === sent.text('within')),
    nested: sent.has('nested'),
    addresses: sent.text('addresses'),
    opened: readWhole(sent.text('opened')),
    next: sent.text('next'),
    ids: new Set([...unpack(sent.text('others')), ...sent.list('id')]),
    wholes: sent.list('whole').flatMap((text) => readWhole(text) ?? []),
    preview: sent.text('preview'),
    kept: Number(/^\d{1,6}$/.exec(sent.text('kept'))?.[0] ?? 0),
    groups: [...new Set(sent.list('group'))],
    groupSearch: sent.text('groupSearch').slice(0, 200),
    role: sent.text('role'),
    when: when ?? 'now',
    at: sent.text('at'),
    rules: sent.has('rules'),
  }
}

/** What a form is after one of its buttons was pressed; `what` is the value of the button. */
export function press(form: Form, what: string): Form {
  const [verb = '', ...words] = what.split(' ')
  const rest = words.join(' ')
  const whole = readWhole(rest)
  switch (verb) {
    case 'more':
      return { ...form, next: rest }
    case 'open':
      return { ...form, opened: whole, next: '' }
    case 'add':
      if (!whole) return form
      return { ...form, wholes: [...form.wholes.filter((each) => !isSame(each, whole)), whole] }
    case 'drop':
      return { ...form, wholes: form.wholes.filter((each) => !whole || !isSame(each, whole)) }
    case 'forget':
      return { ...form, kept: 0 }
    case 'clear':
      return { ...form, ids: new Set() }
    case 'import':
    case 'look':
    case 'groups':
      return form
    default:
      // Somebody looks for something else.
      return { ...form, opened: undefined, next: '' }
  }
}

/** The addresses of a list that somebody pasted: one a line, or with commas or semicolons between; of `Ada <ada@…>` what stands in the brackets. */
export function addressesIn(text: string): string[] {
  const parts = text.split(/[\n,;]+/).map((part) => (/<([^<>]+)>/.exec(part)?.[1] ?? part).trim())
  return [...new Set(parts.filter((part) => part !== ''))]
}

export const isChosen = (form: Form, whole: Whole) =>
  form.wholes.some((each) => isSame(each, whole))
