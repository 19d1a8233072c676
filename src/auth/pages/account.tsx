import type { Session } from '../../directory/account.ts'
import { account as texts } from '../../texts/account.ts'
import { at } from '../../ui/base.ts'
import { Note } from '../../ui/note.tsx'
import { CardPage } from '../../ui/page.tsx'
import { Time } from '../../ui/time.tsx'

/** So many groups, and roles, are named before the others are folded away. */
const NAMED = 8

function SessionRow(props: { readonly session: Session; readonly current: boolean }) {
  const { session, current } = props
  const device = session.device ?? texts.kinds[session.kind]
  return (
    <li>
      <div>
        <strong>{device}</strong>
        <small>
          {session.address ?? texts.unknownPlace}
          {` · ${texts.by(texts.methods[session.method])} · ${texts.since} `}
          <Time at={session.created} as="minute" />
          {` · ${texts.lastUsed} `}
          <Time at={session.lastUsed} />
        </small>
      </div>
      {current ? (
        <span class="tag">{texts.current}</span>
      ) : (
        <form method="post" action={at('/auth/account/end')}>
          <input type="hidden" name="session" value={session.id} />
          <button type="submit" class="quiet">
            {texts.end}
            <span class="unseen">{texts.endOf(device)}</span>
          </button>
        </form>
      )}
    </li>
  )
}

function NameList({ names }: { readonly names: readonly string[] }) {
  return (
    <>
      {names.map((name, index) => (
        <>
          {index === 0 ? null : ', '}
          <bdi>{name}</bdi>
        </>
      ))}
    </>
  )
}

/** Names in a line; where there are many, all but the first are folded away. */
function Names({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return <>{texts.none}</>
  const others = names.slice(NAMED)
  return (
    <>
      <NameList names={names.slice(0, NAMED)} />
      {others.length === 0 ? null : (
        <details>
          <summary>{texts.more(others.length)}</summary>
          <NameList names={others} />
        </details>
      )}
    </>
  )
}

/** Who one is, and where one is signed in. */
export function AccountPage(props: {
  readonly userName: string
  readonly displayName: string
  readonly email: string | undefined
  readonly groups: readonly string[]
  readonly roles: readonly string[]
  readonly administrator: boolean
  readonly sessions: readonly Session[]
  readonly current: string
  readonly done?: string
}) {
  const { sessions, current, email, groups, roles } = props
  return (
    <CardPage title={texts.title} wide>
      <div class="row">
        <h1>
          <bdi>{props.displayName || props.userName}</bdi>
        </h1>
        <form method="post" action={at('/auth/sign-out')}>
          <button type="submit" class="quiet">
            {texts.signOut}
          </button>
        </form>
      </div>
      {props.done === undefined ? null : <Note kind="good">{props.done}</Note>}
      {props.administrator ? (
        <div class="note row">
          <span>{texts.administrator}</span>
          <a class="button" href={at('/admin')}>
            {texts.console}
          </a>
        </div>
      ) : null}
      <dl class="facts">
        <dt>{texts.userName}</dt>
        <dd>
          <bdi>{props.userName}</bdi>
        </dd>
        {email === undefined || email === props.userName ? null : (
          <>
            <dt>{texts.email}</dt>
            <dd>{email}</dd>
          </>
        )}
        <dt>{texts.groups}</dt>
        <dd>
          <Names names={groups} />
        </dd>
        <dt>{texts.roles}</dt>
        <dd>
          <Names names={roles} />
        </dd>
      </dl>
      <h2>{texts.sessions}</h2>
      <ul class="rows">
        {sessions.map((session) => (
          <SessionRow session={session} current={session.id === current} />
        ))}
      </ul>
      {sessions.length > 1 ? (
        <form method="post" action={at('/auth/account/end-others')}>
          <button type="submit" class="danger">
            {texts.endOthers}
          </button>
        </form>
      ) : null}
    </CardPage>
  )
}
