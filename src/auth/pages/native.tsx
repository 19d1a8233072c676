import { at } from '../../ui/base.ts'
import { Note } from '../../ui/note.tsx'
import { CardPage } from '../../ui/page.tsx'

function Hidden(props: { readonly parameters: Readonly<Record<string, string>> }) {
  return (
    <>
      {Object.entries(props.parameters).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  )
}

/** Asks whether the client on this computer is to be signed in: any program could have opened the page (RFC 8252 §8.6). */
export function ContinuePage(props: {
  readonly userName: string
  readonly displayName: string
  /** Of the request, to be sent again. */
  readonly parameters: Readonly<Record<string, string>>
  readonly cancel: string
}) {
  const { userName, displayName, parameters, cancel } = props
  return (
    <CardPage title="Continue in the application?">
      <h1>Continue in the application?</h1>
      <p>
        You are signed in as <strong>{displayName || userName}</strong>
        {displayName === '' || displayName === userName ? null : <> ({userName})</>}.
      </p>
      <p class="soft">Continue only if you have just begun to sign in there yourself.</p>
      <form method="post" action={at('/auth/native/authorize')}>
        <Hidden parameters={parameters} />
        <button type="submit">Continue</button>
      </form>
      <div class="foot">
        <div class="row">
          <form method="post" action={at('/auth/native/other')}>
            <Hidden parameters={parameters} />
            <button type="submit" class="quiet">
              Use another account
            </button>
          </form>
          <a class="button quiet" href={cancel}>
            Cancel
          </a>
        </div>
      </div>
    </CardPage>
  )
}

/** Leads to the client, which waits at an address of this computer. */
export function HandOverPage(props: { readonly href: string }) {
  return (
    <CardPage title="Signed in">
      {/* hono/jsx puts it into the head. Not a redirect: browsers hold those after a form to its policy. */}
      <meta http-equiv="refresh" content={`0;url=${props.href}`} />
      <h1>You are signed in</h1>
      <p>You can close this window and go on in the application.</p>
      <p class="soft">
        If nothing happens there, <a href={props.href}>continue here</a>.
      </p>
    </CardPage>
  )
}

/** For a request that no person can put right. */
export function WrongRequestPage(props: { readonly text: string; readonly contact: string }) {
  return (
    <CardPage title="This does not work">
      <h1>This does not work</h1>
      <p>The application opened this page in a way that is not right. Ask {props.contact}.</p>
      <Note kind="bad">{props.text}</Note>
    </CardPage>
  )
}
