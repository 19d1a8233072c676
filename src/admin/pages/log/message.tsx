import type { LogBody } from '../../../directory/provisioning-log.ts'
import { log as texts } from '../../../texts/log.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { Facts, Panel } from '../../../ui/panel.tsx'
import type { WholeRequest } from './why.tsx'

/** So many characters stand on the page; there is a file of all of it. */
const SHOWN = 6_000

const REDACTED = '[redacted]'

const { bodies } = texts.entry

/** The first of a long text, whole characters only, and how many there are besides. */
export function beginningOf(text: string): { readonly shown: string; readonly left: number } {
  if (text.length <= SHOWN) return { shown: text, left: 0 }
  return { shown: text.slice(0, SHOWN).toWellFormed(), left: text.length - SHOWN }
}

/** A text in which what was taken out is seen. */
function Marked({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(REDACTED).map((part, index) => (
        <>
          {index === 0 ? null : <mark>{REDACTED}</mark>}
          {part}
        </>
      ))}
    </>
  )
}

/** Text to be read as it is, by keyboard too where it is longer than its place. */
export function Code(props: {
  readonly text: string
  readonly label: string
  readonly id?: string
  /** Where all of it is. */
  readonly whole: `/${string}`
}) {
  const { text, label, id, whole } = props
  const { shown, left } = beginningOf(text)
  return (
    <>
      <pre
        class="code"
        tabindex={0}
        role="group"
        aria-label={label}
        {...(id === undefined ? {} : { id })}
      >
        <Marked text={shown} />
      </pre>
      {left === 0 ? null : (
        <p>
          <LinkButton href={whole} small>
            {texts.entry.more(left)}
          </LinkButton>
        </p>
      )}
    </>
  )
}

/** What is to be known about a body as it is kept. */
function noteOn({ text, length, kept }: LogBody): string | undefined {
  switch (kept) {
    case 'whole':
      return undefined
    case 'cut':
      return bodies.cut(text.length, length)
    case 'unreadable':
      return bodies.unreadable(length)
    case 'large':
      return bodies.large(length)
  }
}

function Body(props: {
  readonly body: LogBody
  readonly label: string
  readonly whole: `/${string}`
}) {
  const { body, label, whole } = props
  const note = noteOn(body)
  return (
    <>
      {body.text === '' ? null : <Code text={body.text} label={label} whole={whole} />}
      {note === undefined ? null : <p class="is-soft">{note}</p>}
      {body.text.includes(REDACTED) ? <p class="is-soft">{texts.entry.redacted}</p> : null}
    </>
  )
}

/** One direction of a request. */
export function Message(props: {
  readonly title: string
  /** Method and path, or the status. */
  readonly line: string
  readonly message: WholeRequest['request']
  readonly whole: `/${string}`
}) {
  const { title, line, message, whole } = props
  const { headers, body } = message
  const items = Object.entries(headers).map(([name, value]) => ({
    label: name,
    value: <span class="mono">{value}</span>,
  }))
  return (
    <Panel title={title}>
      <p class="mono wraps">
        <Marked text={line} />
      </p>
      {items.length === 0 ? null : <Facts items={items} />}
      {body === undefined ? (
        <p class="is-soft">{texts.entry.noBody}</p>
      ) : (
        <Body body={body} label={title} whole={whole} />
      )}
    </Panel>
  )
}
