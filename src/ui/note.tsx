import type { Child } from 'hono/jsx'

/** A message above a form or instead of one. A bad one is read out at once. */
export function Note(props: {
  readonly kind?: 'good' | 'warn' | 'bad'
  readonly children?: Child
}) {
  return (
    <div
      class={props.kind ? `note ${props.kind}` : 'note'}
      role={props.kind === 'bad' ? 'alert' : 'status'}
    >
      {props.children}
    </div>
  )
}
