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
  /** Whether the title is a name and nothing else: it keeps its own direction. */
  readonly isName?: boolean
  readonly crumbs?: readonly Crumb[]
  /** A sentence on what the page is for. */
  readonly about?: Child
  readonly badges?: Child
  /** What stands in front of the title, such as somebody's initials. */
  readonly lead?: Child
  /** Buttons, the most wanted first. */
  readonly actions?: Child
}) {
  const { title, isName, crumbs = [], about, badges, lead, actions } = props
  return (
    <>
      {crumbs.length === 0 ? null : (
        <p class="crumbs">
          <Icon name="arrow-left" />
          {crumbs.map(({ href, label }, index) => (
            <>
              {index === 0 ? null : <Icon name="chevron-right" />}
              <a href={at(href)}>
                <bdi>{label}</bdi>
              </a>
            </>
          ))}
        </p>
      )}
      <div class="head">
        {lead}
        <div class="words">
          <h1>{isName ? <bdi>{title}</bdi> : title}</h1>
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

/** A step that can be taken at any time, and whether it has been. */
export interface FreeStep extends Crumb {
  readonly done: boolean
}

/** Where one is in work that has several steps; `current` counts from 0. */
export function Steps(props: {
  /** By their names where one follows from the other. */
  readonly steps: readonly (string | FreeStep)[]
  readonly current: number
}) {
  const { steps, current } = props
  return (
    <ol class="steps">
      {steps.map((step, index) => {
        const done = typeof step === 'string' ? index < current : step.done && index !== current
        const here = index === current
        return (
          <li class={done ? 'done' : ''} {...(here ? { 'aria-current': 'step' } : {})}>
            {done && <Icon name="check" />}
            {typeof step === 'string' || here ? (
              <span>{typeof step === 'string' ? step : step.label}</span>
            ) : (
              <a href={at(step.href)}>{step.label}</a>
            )}
          </li>
        )
      })}
    </ol>
  )
}
