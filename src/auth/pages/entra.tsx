import type { Child } from 'hono/jsx'
import { at } from '../../ui/base.ts'
import { Note } from '../../ui/note.tsx'
import { CardPage } from '../../ui/page.tsx'

function Again(props: { readonly returnTo: string | undefined; readonly children: Child }) {
  const way = at('/auth/sign-in')
  const query = !props.returnTo ? '' : `?return=${encodeURIComponent(props.returnTo)}`
  return (
    <a class="button quiet" href={`${way}${query}`}>
      {props.children}
    </a>
  )
}

/** What somebody is told who comes back from Entra without being signed in. */
export function ProblemPage(props: {
  readonly title: string
  readonly text: string
  /** Whether trying again can help. */
  readonly again: boolean
  readonly returnTo?: string | undefined
  /** What to tell whoever can help, by name. */
  readonly details: Readonly<Record<string, string | undefined>>
}) {
  const { title, text, again, returnTo } = props
  const details = Object.entries(props.details).filter(([, value]) => value !== undefined)
  return (
    <CardPage title={title}>
      <h1>{title}</h1>
      <p>{text}</p>
      <Again returnTo={returnTo}>{again ? 'Try again' : 'Go to the sign-in'}</Again>
      {details.length === 0 ? null : (
        <dl class="facts foot small">
          {details.map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
      )}
    </CardPage>
  )
}

/** For an account of Entra that nobody here is linked to. */
export function UnknownAccountPage(props: {
  readonly userName: string
  readonly contact: string
  readonly returnTo: string
  readonly asked: boolean
}) {
  return (
    <CardPage title="Not known here">
      <h1>You are not known here yet</h1>
      <p>
        Microsoft has signed you in as <strong>{props.userName}</strong>, but this account is not
        linked to a user of this application.
      </p>
      {props.asked ? (
        <Note kind="good">Your request has been passed on to the administrators.</Note>
      ) : null}
      <p>
        To have it linked, ask {props.contact}. Then sign in again. If you have another work
        account, use that one.
      </p>
      <Again returnTo={props.returnTo}>Use another account</Again>
    </CardPage>
  )
}

/** For a user who may not sign in, and came through Entra. */
export function InactiveAccountPage(props: {
  readonly userName: string
  readonly contact: string
  readonly returnTo: string
}) {
  return (
    <CardPage title="Not active">
      <h1>Your account is not active</h1>
      <p>
        Microsoft has signed you in as <strong>{props.userName}</strong>, but the user of this
        application that belongs to it is switched off. Ask {props.contact}.
      </p>
      <Again returnTo={props.returnTo}>Use another account</Again>
    </CardPage>
  )
}

/** After signing out here. */
export function SignedOutPage(props: {
  readonly everywhere: boolean
  /** Where to sign out of Entra too. */
  readonly entraLogout?: string | undefined
}) {
  return (
    <CardPage title="Signed out">
      <h1>You are signed out</h1>
      {props.everywhere ? (
        <p>Here and at Microsoft. You can close this window.</p>
      ) : (
        <p>Of this application. You can close this window.</p>
      )}
      {props.entraLogout === undefined ? null : (
        <>
          <p class="soft">
            Microsoft still knows you in this browser. On a computer that others use, sign out there
            too: that ends Outlook, Teams and the like as well.
          </p>
          <a class="button quiet" href={props.entraLogout} rel="noreferrer">
            Sign out of Microsoft too
          </a>
        </>
      )}
      <p class="foot">
        <a href={at('/auth/sign-in')}>Sign in again</a>
      </p>
    </CardPage>
  )
}
