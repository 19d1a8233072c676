import type { Child } from 'hono/jsx'
import { common } from '../texts/common.ts'
import { at } from './base.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icons.ts'

export type Look = 'main' | 'quiet' | 'danger' | 'bare'

const classOf = (look: Look, small: boolean | undefined) =>
  [look === 'main' ? '' : look, small ? 'small' : ''].filter(Boolean).join(' ')

/** Leads to another page, looking like a button. With `dialog` the page opens above this one, where a script runs. */
export function LinkButton(props: {
  readonly href: `/${string}`
  readonly look?: Look
  readonly icon?: IconName
  readonly small?: boolean
  readonly dialog?: boolean
  /** As of `Submit`. */
  readonly of?: string
  readonly children?: Child
}) {
  const { href, look = 'quiet', icon, small, dialog, of } = props
  return (
    <a
      class={`button ${classOf(look, small)}`.trim()}
      href={at(href)}
      {...(dialog ? { 'data-dialog': '' } : {})}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {props.children}
      {of === undefined ? null : <span class="unseen">{` ${of}`}</span>}
    </a>
  )
}

/** Sends the form it stands in. */
export function Submit(props: {
  readonly look?: Look
  readonly icon?: IconName
  readonly small?: boolean
  readonly name?: string
  readonly value?: string
  /** Another address than the form's. */
  readonly to?: `/${string}`
  /** The id of the region that is renewed by it, where a script runs, instead of the whole page. */
  readonly swap?: string
  /** Sends the form even where something is missing in it. */
  readonly loose?: boolean
  /** What it is about, where its words alone do not say so: heard after them, such as the name of the row. */
  readonly of?: string
  readonly children?: Child
}) {
  const { look = 'main', icon, small, name, value, to, of, swap, loose = false } = props
  return (
    <button
      type="submit"
      class={classOf(look, small)}
      {...(name === undefined ? {} : { name })}
      {...(value === undefined ? {} : { value })}
      {...(swap === undefined ? {} : { 'data-swap': swap })}
      {...(to === undefined ? {} : { formaction: at(to) })}
      formnovalidate={loose}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {props.children}
      {of === undefined ? null : <span class="unseen">{` ${of}`}</span>}
    </button>
  )
}

/** The end of a form: the way back, which closes the dialog that it may stand in, and what sends it. */
export function FormEnd(props: {
  readonly back: `/${string}`
  /** What the way back is called, where `Cancel` would be misread. */
  readonly stay?: string
  readonly children?: Child
}) {
  return (
    <div class="actions end">
      <a class="button quiet" href={at(props.back)} data-close>
        {props.stay ?? common.cancel}
      </a>
      {props.children}
    </div>
  )
}

/** A button that does something at once: a form of its own, with nothing to fill in. */
export function DoButton(props: {
  readonly to: `/${string}`
  readonly fields?: Readonly<Record<string, string>>
  readonly look?: Look
  readonly icon?: IconName
  readonly small?: boolean
  readonly of?: string
  readonly children?: Child
}) {
  const { to, fields = {}, look = 'quiet', children, ...more } = props
  return (
    <form method="post" action={at(to)}>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <Submit look={look} {...more}>
        {children}
      </Submit>
    </form>
  )
}

/** A value to take elsewhere, with a button that copies it. */
export function Copy(props: {
  readonly label: string
  readonly value: string
  readonly hint?: Child
}) {
  const id = `copy-${props.label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <div class="copy">
        <input id={id} type="text" readonly value={props.value} />
        <button type="button" class="quiet" data-copy={id} data-copied={common.copied}>
          <Icon name="copy" />
          <span>{common.copy}</span>
        </button>
      </div>
      {props.hint === undefined ? null : <small>{props.hint}</small>}
    </div>
  )
}

/** A menu below a button. */
export function Menu(props: {
  readonly label: Child
  readonly icon?: IconName
  readonly look?: 'quiet' | 'chip' | 'chip on'
  readonly right?: boolean
  readonly small?: boolean
  readonly children?: Child
}) {
  const { label, icon, look = 'quiet', right, small } = props
  const button = look === 'quiet' ? `button quiet${small ? ' small' : ''}` : look
  return (
    <details class={right ? 'menu right' : 'menu'} data-menu>
      <summary class={button}>
        {icon === undefined ? null : <Icon name={icon} />}
        <span>{label}</span>
        <Icon name="chevron-down" />
      </summary>
      <div class="sheet">{props.children}</div>
    </details>
  )
}

/** A filter that can have one of some values: what it is set to, a menu of all, and a way to clear it. */
export function Chip(props: {
  readonly label: string
  readonly options: readonly {
    readonly label: string
    readonly href: string
    readonly on: boolean
  }[]
  /** Where no value of it is set. */
  readonly clear: string
}) {
  const chosen = props.options.find(({ on }) => on)
  return (
    <Menu
      look={chosen ? 'chip on' : 'chip'}
      label={chosen ? `${props.label}: ${chosen.label}` : props.label}
    >
      {props.options.map(({ label, href, on }) => (
        <a href={href} {...(on ? { 'aria-current': 'true' } : {})}>
          {label}
        </a>
      ))}
      {chosen ? (
        <>
          <hr />
          <a href={props.clear}>{common.clear}</a>
        </>
      ) : null}
    </Menu>
  )
}
