import type { Child } from 'hono/jsx'
import { common } from '../texts/common.ts'
import { shell } from '../texts/shell.ts'
import { Avatar } from './person.tsx'
import { at } from './base.ts'
import { Document } from './document.tsx'
import { Icon } from './icon.tsx'
import type { IconName } from './icons.ts'
import { Sign } from './sign.tsx'

export interface NavItem {
  readonly href: `/${string}`
  readonly label: string
  readonly icon: IconName
  /** How many things of it want a decision. */
  readonly waiting?: number
}

export interface NavGroup {
  readonly label?: string
  readonly items: readonly NavItem[]
}

/** So many things that want a decision are told at most: the number only says that there are some. */
export const MOST_SHOWN = 99

const waits = (waiting: number) =>
  waiting > MOST_SHOWN ? shell.waitingMore(MOST_SHOWN) : shell.waiting(waiting)

function Item({ item, current }: { readonly item: NavItem; readonly current: boolean }) {
  const { waiting = 0 } = item
  return (
    <li>
      <a href={at(item.href)} {...(current ? { 'aria-current': 'page' } : {})}>
        <Icon name={item.icon} />
        {item.label}
        {waiting === 0 ? null : (
          <span class="count" aria-label={waits(waiting)}>
            {waiting > MOST_SHOWN ? `${MOST_SHOWN}+` : waiting}
          </span>
        )}
      </a>
    </li>
  )
}

/** Switches between light and dark: the style sheet shows the button of the one that is not seen now. */
function ThemeSwitch() {
  return (
    <form method="post" action={at('/admin/theme')}>
      {(['light', 'dark'] as const).map((theme) => (
        <button
          type="submit"
          name="theme"
          value={theme}
          class={`bare small to-${theme}`}
          title={shell.theme[theme]}
        >
          <Icon name={theme === 'dark' ? 'moon' : 'sun'} />
          <span class="unseen">{shell.theme[theme]}</span>
        </button>
      ))}
    </form>
  )
}

/** The frame of a console page: the menu on the side, and the page beside it. */
export function Shell(props: {
  readonly title: string
  readonly nav: readonly NavGroup[]
  /** The address of the item that the page belongs to. */
  readonly current: string
  readonly me: { readonly name: string; readonly detail: string }
  readonly narrow?: boolean | undefined
  readonly refresh?: number | undefined
  readonly children?: Child
}) {
  const { me } = props
  return (
    <Document title={props.title} sheet="console.css" script refresh={props.refresh}>
      <body class="console">
        <a class="button skip" href="#content">
          {shell.skip}
        </a>
        <header class="side">
          <a class="sign" href={at('/admin')}>
            <Sign />
            {common.product}
          </a>
          <button
            type="button"
            class="quiet square fold"
            popovertarget="menu"
            aria-label={shell.menu}
          >
            <Icon name="menu" />
          </button>
          <div id="menu" popover="auto">
            <nav aria-label={shell.navigation}>
              {props.nav.map(({ label, items }) => (
                <>
                  {label === undefined ? null : <h2>{label}</h2>}
                  <ul>
                    {items.map((item) => (
                      <Item item={item} current={item.href === props.current} />
                    ))}
                  </ul>
                </>
              ))}
            </nav>
            <div class="me">
              <a href={at('/auth/account')} title={shell.account}>
                <Avatar name={me.name} />
                <span>
                  <strong>{me.name}</strong>
                  <small>{me.detail}</small>
                </span>
              </a>
              <div class="tools">
                <form method="post" action={at('/auth/sign-out')}>
                  <button type="submit" class="bare small">
                    <Icon name="log-out" />
                    {shell.signOut}
                  </button>
                </form>
                <ThemeSwitch />
              </div>
            </div>
          </div>
        </header>
        <main id="content" tabindex={-1} class={props.narrow ? 'narrow' : ''}>
          {props.children}
        </main>
      </body>
    </Document>
  )
}
