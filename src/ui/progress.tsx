import type { Child } from 'hono/jsx'
import { at } from './base.ts'

/** How far long work is. Without a total it is not known how much there is. */
export function Progress(props: {
  readonly label: string
  readonly done: number
  readonly total: number | undefined
  /** In words, such as `120 of 5,000`. */
  readonly text: string
}) {
  const { label, done, total, text } = props
  return (
    <div>
      <progress
        aria-label={label}
        {...(total === undefined ? {} : { value: done, max: Math.max(total, 1) })}
      />
      <p class="soft">{text}</p>
    </div>
  )
}

/**
 * A part of a page that the server renews while it is looked at: what stands at `from` sends it as server-sent events,
 * whole each time, or what is new of a list. Where no script runs it stays as it is. A `calm` one is not read out.
 */
export function Live(props: {
  readonly from: `/${string}`
  readonly calm?: boolean
  readonly children?: Child
}) {
  return (
    <div data-live={at(props.from)} aria-live={props.calm ? 'off' : 'polite'}>
      {props.children}
    </div>
  )
}

/** A part of a page that a form marked `data-swap` with its id renews as one types, and links within it too. */
export function Region(props: { readonly id: string; readonly children?: Child }) {
  return (
    <div id={props.id} data-region aria-live="off">
      {props.children}
    </div>
  )
}
