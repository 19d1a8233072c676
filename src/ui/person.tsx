import type { Child } from 'hono/jsx'

const HUES = 7

/** The first letters of the first and the last word of a name; whole characters, whatever the script. */
function initials(name: string): string {
  const words = name.split(/[\s@._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word))
  const first = words[0]
  const last = words.length > 1 ? words.at(-1) : undefined
  const letter = (word: string | undefined) => word?.match(/[\p{L}\p{N}]/u)?.[0] ?? ''
  return `${letter(first)}${letter(last)}`.toUpperCase() || '?'
}

function hueOf(name: string): number {
  let sum = 0
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973
  return sum % HUES
}

/** Somebody's initials, always in the same colour. */
export function Avatar({ name, large }: { readonly name: string; readonly large?: boolean }) {
  return (
    <span class={`avatar hue-${hueOf(name)}${large ? ' large' : ''}`} aria-hidden="true">
      {initials(name)}
    </span>
  )
}

/** A person in a line: initials, name, and what else tells people apart. Names keep their own direction. */
export function Who(props: {
  readonly name: string
  readonly href?: string
  readonly detail?: Child
}) {
  const { name, href } = props
  // What has no other name than its account is told once.
  const detail = props.detail === name ? undefined : props.detail
  return (
    <span class="who">
      <Avatar name={name} />
      <span>
        {href === undefined ? (
          <strong>{name}</strong>
        ) : (
          <a href={href}>
            <bdi>{name}</bdi>
          </a>
        )}
        {detail === undefined ? null : <small>{detail}</small>}
      </span>
    </span>
  )
}
