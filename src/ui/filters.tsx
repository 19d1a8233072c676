import type { Child } from 'hono/jsx'
import { common } from '../texts/common.ts'
import { filters as texts } from '../texts/filters.ts'
import { Menu, Submit } from './action.tsx'
import { at } from './base.ts'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'

/** Shows only what happened on some days: a menu with the first and the last of them, either of which may be empty. */
export function DaysChip(props: {
  /** Days of the calendar such as `2026-03-02`, or empty. */
  readonly from: string
  readonly to: string
  readonly action: `/${string}`
  /** Where no day is set. */
  readonly clear: `/${string}`
  /** Hidden fields: what else is filtered by. */
  readonly children?: Child
}) {
  const { from, to, action, clear, children } = props
  const on = from !== '' || to !== ''
  return (
    <Menu look={on ? 'chip on' : 'chip'} label={on ? texts.custom(from, to) : texts.between}>
      <form class="pad" action={at(action)}>
        {children}
        <Field name="from" type="date" label={texts.from} value={from} optional />
        <Field name="to" type="date" label={texts.to} value={to} optional />
        <Submit>{common.apply}</Submit>
      </form>
      {on ? (
        <>
          <hr />
          <a href={at(clear)}>{common.clear}</a>
        </>
      ) : null}
    </Menu>
  )
}

/** Says that only what is about one is shown, and leads to everything again. */
export function AboutChip({
  name,
  clear,
}: {
  readonly name: string
  readonly clear: `/${string}`
}) {
  return (
    <div class="row">
      <a class="chip on" href={at(clear)} aria-label={texts.everything(name)}>
        {texts.about}
        {': '}
        <bdi>{name}</bdi>
        <Icon name="x" />
      </a>
    </div>
  )
}
