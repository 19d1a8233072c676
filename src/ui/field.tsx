import type { Child } from 'hono/jsx'
import { Icon } from './icon.tsx'

interface FieldProps {
  readonly name: string
  readonly label: string
  /** How to fill it in. */
  readonly hint?: Child
  /** What is wrong with it; stands in the place of the hint. */
  readonly fault?: string | undefined
  readonly optional?: boolean
}

/** What a control has in common: its name, and what it is told by. */
function common({ name, hint, fault, optional }: FieldProps) {
  return {
    id: name,
    name,
    required: !optional,
    ...(fault === undefined ? {} : { 'aria-invalid': 'true' as const }),
    ...(fault === undefined && hint === undefined ? {} : { 'aria-describedby': `${name}-note` }),
  }
}

function Around({ props, children }: { readonly props: FieldProps; readonly children?: Child }) {
  const { name, label, hint, fault } = props
  const note = fault ?? hint
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {children}
      {note === undefined ? null : <small id={`${name}-note`}>{note}</small>}
    </div>
  )
}

/** A line to type into, with what is wrong with it or how to fill it in below. */
export function Field(
  props: FieldProps & {
    readonly type?:
      | 'text'
      | 'password'
      | 'email'
      | 'url'
      | 'number'
      | 'date'
      | 'datetime-local'
      | 'time'
    readonly value?: string
    readonly autocomplete?: string
    readonly autofocus?: boolean
    readonly placeholder?: string
    /** Values that are offered while one types; others can be typed too. */
    readonly offers?: readonly string[]
  },
) {
  const { offers = [] } = props
  return (
    <Around props={props}>
      <input
        {...common(props)}
        {...(offers.length === 0 ? {} : { list: `${props.name}-offers` })}
        type={props.type ?? 'text'}
        value={props.value ?? ''}
        autocomplete={props.autocomplete ?? 'off'}
        autofocus={props.autofocus ?? false}
        spellcheck={false}
        {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
      />
      {offers.length === 0 ? null : (
        <datalist id={`${props.name}-offers`}>
          {offers.map((offer) => (
            <option value={offer} />
          ))}
        </datalist>
      )}
    </Around>
  )
}

/** A line to search with. */
export function SearchField(props: {
  readonly name?: string
  readonly value?: string
  readonly label: string
  /** What stands in it where nothing is typed; else its label. */
  readonly placeholder?: string
  readonly autofocus?: boolean
}) {
  const { name = 'search', value = '', label, placeholder = label, autofocus = false } = props
  return (
    <div class="search">
      <Icon name="search" />
      <input
        type="search"
        name={name}
        value={value}
        aria-label={label}
        placeholder={placeholder}
        autofocus={autofocus}
      />
    </div>
  )
}

/** Several lines to type into. */
export function TextArea(
  props: FieldProps & { readonly value?: string; readonly rows?: number; readonly code?: boolean },
) {
  return (
    <Around props={props}>
      <textarea
        {...common(props)}
        rows={props.rows ?? 4}
        spellcheck={!props.code}
        class={props.code ? 'mono' : ''}
      >
        {props.value ?? ''}
      </textarea>
    </Around>
  )
}

export interface Option {
  readonly value: string
  readonly label: string
}

/** One of several to choose. `none` is a first option that stands for nothing. */
export function Select(
  props: FieldProps & {
    readonly options: readonly Option[]
    readonly value?: string
    readonly none?: string
  },
) {
  return (
    <Around props={props}>
      <select {...common(props)}>
        {props.none === undefined ? null : <option value="">{props.none}</option>}
        {props.options.map(({ value, label }) => (
          <option value={value} selected={value === (props.value ?? '')}>
            {label}
          </option>
        ))}
      </select>
    </Around>
  )
}

/** A box to tick, or, of several of one name with `kind` radio, one to choose. */
export function Tick(props: {
  readonly name: string
  readonly label: Child
  readonly value?: string
  readonly checked?: boolean
  readonly kind?: 'checkbox' | 'radio'
  readonly hint?: string
}) {
  return (
    <label class="tick">
      <input
        type={props.kind ?? 'checkbox'}
        name={props.name}
        value={props.value ?? 'yes'}
        checked={props.checked ?? false}
      />
      <span>
        {props.label}
        {props.hint === undefined ? null : <small class="is-soft"> {props.hint}</small>}
      </span>
    </label>
  )
}
