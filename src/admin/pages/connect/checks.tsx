import { connect as texts } from '../../../texts/connect.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Badge } from '../../../ui/panel.tsx'

/** One thing that the connection needs, as Entra answered. */
interface Checked {
  readonly what: string
  readonly ok: boolean
  readonly problem?: string | undefined
}

const { checks: words, permissions } = texts.app
const known: Readonly<Record<string, string>> = permissions.list

const titleOf = (what: string) => (Object.hasOwn(known, what) ? what : words.token)

/** What works, and of what does not how to mend it. */
export function Checks(props: {
  readonly checks: readonly Checked[]
  readonly sample?: string | undefined
}) {
  return (
    <ul class="lines">
      {props.checks.map(({ what, ok, problem }) => (
        <li>
          <Icon name={ok ? 'circle-check' : 'circle-alert'} tone={ok ? 'good' : 'bad'} />
          <div class="words">
            <strong>{titleOf(what)}</strong>
            <small>
              {ok ? (known[what] ?? words.tokenText) : (problem ?? known[what] ?? words.tokenText)}
            </small>
          </div>
          <Badge kind={ok ? 'good' : 'bad'}>{ok ? words.works : words.fails}</Badge>
        </li>
      ))}
      {props.sample === undefined ? null : (
        <li>
          <Icon name="user-check" tone="good" />
          <div class="words">
            <bdi>{words.sample(props.sample)}</bdi>
          </div>
        </li>
      )}
    </ul>
  )
}
