import type { Child } from 'hono/jsx'
import { at } from './base.ts'
import { Icon } from './icon.tsx'

export interface Crumb {
  readonly href: `/${string}`
  readonly label: string
}

/** The head of a page: where one is, what the page is called and is for, and what one can do with all of it. */
export function Head(props: {
  readonly title: string
  readonly crumbs?: readonly Crumb[]
  /** A sentence on what the page is for. */
  readonly about?: Child
  readonly badges?: Child
  /** What stands in front of the title, such as somebody's initials. */
  readonly lead?: Child
  /** Buttons, the most wanted first. */
  readonly actions?: Child
}) {
  const { title, crumbs = [], about, badges, lead, actions } = props
  return (
    <>
      {crumbs.length === 0 ? null : (
        <p class="crumbs">
          {crumbs.map(({ href, label }) => (
            <>
              <a href={at(href)}>{label}</a>
              <Icon name="chevron-right" />
            </>
          ))}
        </p>
      )}
      <div class="head">
        {lead}
        <div class="words">
          <h1>
            <bdi>{title}</bdi>
          </h1>
          {about === undefined ? null : <p>{about}</p>}
          {badges === undefined ? null : <div class="badges">{badges}</div>}
        </div>
        {actions === undefined ? null : <div class="actions">{actions}</div>}
      </div>
    </>
  )
}

/** Pages that belong together, one of which is seen. */
export function Tabs(props: {
  readonly label: string
  readonly tabs: readonly (Crumb & {
    /** How many things there are on it. */
    readonly count?: string
  })[]
  readonly current: string
}) {
  return (
    <nav class="tabs" aria-label={props.label}>
      {props.tabs.map(({ href, label, count }) => (
        <a href={at(href)} {...(href === props.current ? { 'aria-current': 'page' } : {})}>
          {label}
          {count === undefined ? null : <span class="count">{count}</span>}
        </a>
      ))}
    </nav>
  )
}

/** Where one is in work that has several steps; `current` counts from 0. */
export function Steps(props: { readonly steps: readonly string[]; readonly current: number }) {
  return (
    <ol class="steps">
      {props.steps.map((step, index) => (
        <li
          class={index < props.current ? 'done' : ''}
          {...(index === props.current ? { 'aria-current': 'step' } : {})}
        >
          {step}
        </li>
      ))}
    </ol>
  )
}
