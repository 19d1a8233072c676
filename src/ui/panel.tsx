import type { Child } from 'hono/jsx'
import { at } from './base.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icons.ts'

/** What belongs together. A table, a list of lines or an empty state stands in it `bare`, everything else with room around. */
export function Panel(props: {
  readonly title?: string
  readonly about?: Child
  readonly actions?: Child
  readonly footer?: Child
  readonly bare?: boolean
  readonly id?: string
  readonly children?: Child
}) {
  const { title, about, actions, footer, bare, id, children } = props
  return (
    <section class="panel" {...(id === undefined ? {} : { id })}>
      {title === undefined ? null : (
        <header>
          <h2>{title}</h2>
          {actions === undefined ? null : <div class="actions">{actions}</div>}
          {about === undefined ? null : <p>{about}</p>}
        </header>
      )}
      {bare ? children : <div class="inside">{children}</div>}
      {footer === undefined ? null : <footer>{footer}</footer>}
    </section>
  )
}

/** The same for what only few want: its title opens it. */
export function FoldedPanel(props: {
  readonly title: string
  readonly about?: Child
  readonly open: boolean
  readonly id?: string
  readonly children?: Child
}) {
  const { title, about, open, id, children } = props
  return (
    <details class="panel" open={open} {...(id === undefined ? {} : { id })}>
      <summary>
        <h2>{title}</h2>
        <Icon name="chevron-down" />
      </summary>
      <div class="inside">
        {about === undefined ? null : <p class="is-soft">{about}</p>}
        {children}
      </div>
    </details>
  )
}

/** Numbers at a glance, each of which leads to what it counts. */
export function Stats(props: {
  readonly items: readonly {
    readonly label: string
    readonly value: string
    readonly href?: `/${string}`
    /** Whether it is what is shown now. */
    readonly current?: boolean
  }[]
}) {
  return (
    <ul class="stats">
      {props.items.map(({ label, value, href, current }) => {
        const words = (
          <>
            <strong>{value}</strong>
            <span>{label}</span>
          </>
        )
        return (
          <li>
            {href === undefined ? (
              <div class="stat">{words}</div>
            ) : (
              <a href={at(href)} {...(current ? { 'aria-current': 'true' as const } : {})}>
                {words}
              </a>
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** What stands where there is nothing to show: what this is for, and the first thing to do. */
export function Empty(props: {
  readonly icon: IconName
  readonly title: string
  readonly text?: Child
  readonly children?: Child
}) {
  return (
    <div class="empty">
      <Icon name={props.icon} />
      <h2>{props.title}</h2>
      {props.text === undefined ? null : <p>{props.text}</p>}
      {props.children === undefined ? null : <div class="actions">{props.children}</div>}
    </div>
  )
}

export type BadgeKind = 'good' | 'warn' | 'bad' | 'info'

/** A few words on the state of something. */
export function Badge(props: {
  readonly kind?: BadgeKind
  readonly icon?: IconName
  readonly title?: string
  readonly children?: Child
}) {
  const { kind, icon, title } = props
  return (
    <span class={kind ? `badge ${kind}` : 'badge'} {...(title === undefined ? {} : { title })}>
      {icon === undefined ? null : <Icon name={icon} />}
      {props.children}
    </span>
  )
}

/** Names and values. */
export function Facts(props: {
  readonly items: readonly { readonly label: string; readonly value: Child }[]
}) {
  return (
    <dl class="facts">
      {props.items.map(({ label, value }) => (
        <>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  )
}
