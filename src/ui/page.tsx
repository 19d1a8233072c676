import type { Child } from 'hono/jsx'
import { at } from './base.ts'

/** Where the style sheet is found. */
export const STYLE_PATH = '/auth/style.css'

/** A door in a wall, as the sign of this product. */
function Sign() {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      aria-hidden="true"
    >
      <path d="M4 21V4.5A1.5 1.5 0 0 1 5.5 3H14a1.5 1.5 0 0 1 1.5 1.5V21" stroke-linecap="round" />
      <path d="M2.5 21h19" stroke-linecap="round" />
      <path d="M15.5 7.5 20 6v15" stroke-linejoin="round" />
      <circle cx="12" cy="12.5" r="1" fill="currentColor" stroke="none" />
    </svg>
  )
}

/** A page with one thing to do, in the middle of it. */
export function CardPage(props: {
  readonly title: string
  readonly wide?: boolean
  readonly children?: Child
}) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{props.title} · Entrance</title>
        <link rel="stylesheet" href={at(STYLE_PATH)} />
      </head>
      <body>
        <main class="door">
          <section class={props.wide ? 'card wide' : 'card'}>
            <p class="brand">
              <Sign />
              Entrance
            </p>
            {props.children}
          </section>
        </main>
      </body>
    </html>
  )
}

/** A line to type into, with what is wrong with it or how to fill it in below. */
export function Field(props: {
  readonly name: string
  readonly label: string
  readonly type?: 'text' | 'password'
  readonly value?: string
  readonly autocomplete: string
  readonly hint?: string
  readonly fault?: string | undefined
  readonly autofocus?: boolean
  readonly optional?: boolean
}) {
  const { name, label, hint, fault } = props
  const note = fault ?? hint
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type={props.type ?? 'text'}
        value={props.value ?? ''}
        autocomplete={props.autocomplete}
        autofocus={props.autofocus ?? false}
        required={!props.optional}
        spellcheck={false}
        {...(fault === undefined ? {} : { 'aria-invalid': 'true' })}
        {...(note === undefined ? {} : { 'aria-describedby': `${name}-note` })}
      />
      {note === undefined ? null : <small id={`${name}-note`}>{note}</small>}
    </div>
  )
}

/** A message above a form or instead of one. */
export function Note(props: { readonly kind?: 'good' | 'bad'; readonly children?: Child }) {
  return (
    <p
      class={props.kind ? `note ${props.kind}` : 'note'}
      role={props.kind === 'bad' ? 'alert' : 'status'}
    >
      {props.children}
    </p>
  )
}
