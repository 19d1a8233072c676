import type { Session } from '../../directory/account.ts'
import { at } from '../../ui/base.ts'
import { CardPage, Note } from '../../ui/page.tsx'

function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`
}

const methods: Readonly<Record<Session['method'], string>> = {
  entra: 'Microsoft Entra ID',
  password: 'password',
}

function SessionRow(props: { readonly session: Session; readonly current: boolean }) {
  const { session, current } = props
  const device = session.device ?? 'Unknown browser'
  return (
    <li>
      <div>
        <strong>{device}</strong>
        <small>
          {session.address ?? 'unknown address'} · by {methods[session.method]} · last used{' '}
          <time datetime={session.lastUsed}>{minute(session.lastUsed)}</time>
        </small>
      </div>
      {current ? (
        <span class="tag">This browser</span>
      ) : (
        <form method="post" action={at('/auth/account/end')}>
          <input type="hidden" name="session" value={session.id} />
          <button type="submit" class="quiet" aria-label={`Sign out of ${device}`}>
            Sign out
          </button>
        </form>
      )}
    </li>
  )
}

/** Who one is, and where one is signed in. */
export function AccountPage(props: {
  readonly userName: string
  readonly displayName: string
  readonly groups: readonly string[]
  readonly administrator: boolean
  readonly sessions: readonly Session[]
  readonly current: string
  readonly done?: string
}) {
  const { sessions, current } = props
  return (
    <CardPage title="My account" wide>
      <div class="row">
        <h1>{props.displayName || props.userName}</h1>
        <form method="post" action={at('/auth/sign-out')}>
          <button type="submit" class="quiet">
            Sign out
          </button>
        </form>
      </div>
      {props.done === undefined ? null : <Note kind="good">{props.done}</Note>}
      <dl class="facts">
        <dt>User name</dt>
        <dd>{props.userName}</dd>
        <dt>User groups</dt>
        <dd>{props.groups.length === 0 ? 'none' : props.groups.join(', ')}</dd>
        {props.administrator ? (
          <>
            <dt>Rights</dt>
            <dd>Administrator</dd>
          </>
        ) : null}
      </dl>
      <h2>Where you are signed in</h2>
      <ul class="rows">
        {sessions.map((session) => (
          <SessionRow session={session} current={session.id === current} />
        ))}
      </ul>
      {sessions.length > 1 ? (
        <form method="post" action={at('/auth/account/end-others')}>
          <button type="submit" class="danger">
            Sign out everywhere else
          </button>
        </form>
      ) : null}
    </CardPage>
  )
}
