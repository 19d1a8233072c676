import type { Child } from 'hono/jsx'
import { door } from '../../texts/door.ts'
import { at } from '../../ui/base.ts'
import { Note } from '../../ui/note.tsx'
import { CardPage } from '../../ui/page.tsx'

const { entra: texts } = door

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
      <Again returnTo={returnTo}>{again ? texts.again : door.toSignIn}</Again>
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
  const { unknown } = texts
  return (
    <CardPage title={unknown.page}>
      <h1>{unknown.title}</h1>
      <p>
        {texts.signedInAs} <strong>{props.userName}</strong>
        {unknown.after}
      </p>
      {props.asked ? <Note kind="good">{unknown.asked}</Note> : null}
      <p>{unknown.ask(props.contact)}</p>
      <Again returnTo={props.returnTo}>{texts.other}</Again>
    </CardPage>
  )
}

/** For a user who may not sign in, and came through Entra. */
export function InactiveAccountPage(props: {
  readonly userName: string
  readonly contact: string
  readonly returnTo: string
}) {
  const { inactive } = texts
  return (
    <CardPage title={inactive.page}>
      <h1>{inactive.title}</h1>
      <p>
        {texts.signedInAs} <strong>{props.userName}</strong>
        {inactive.after(props.contact)}
      </p>
      <Again returnTo={props.returnTo}>{texts.other}</Again>
    </CardPage>
  )
}

/** After signing out here. */
export function SignedOutPage(props: {
  readonly everywhere: boolean
  /** Where to sign out of Entra too. */
  readonly entraLogout?: string | undefined
}) {
  const { signedOut } = texts
  return (
    <CardPage title={signedOut.page}>
      <h1>{signedOut.title}</h1>
      <p>{props.everywhere ? signedOut.everywhere : signedOut.here}</p>
      {props.entraLogout === undefined ? null : (
        <>
          <p class="soft">{signedOut.still}</p>
          <a class="button quiet" href={props.entraLogout} rel="noreferrer">
            {signedOut.microsoft}
          </a>
        </>
      )}
      <p class="foot">
        <a href={at('/auth/sign-in')}>{signedOut.again}</a>
      </p>
    </CardPage>
  )
}
