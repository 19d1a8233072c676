import { at } from '../../ui/base.ts'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { CardPage } from '../../ui/page.tsx'

const TITLE = 'Forgotten your password?'

function Back() {
  return (
    <a class="button quiet" href={at('/auth/sign-in')}>
      Back to the sign-in
    </a>
  )
}

/** For those who look in vain for a password that Microsoft has. */
function WithMicrosoft() {
  return (
    <p class="soft">
      Do you sign in with a Microsoft account? Its password is at Microsoft: tick{' '}
      <strong>Connect via Microsoft Entra ID</strong> at the sign-in, and choose{' '}
      <strong>Forgot my password</strong> there.
    </p>
  )
}

/** Where people ask for a link to choose a new password. */
export function ForgottenPage(props: {
  readonly entra: boolean
  readonly typed?: string
  readonly problem?: string
}) {
  return (
    <CardPage title={TITLE}>
      <h1>{TITLE}</h1>
      <p class="soft">You get a mail with a link to choose a new one.</p>
      {props.problem === undefined ? null : <Note kind="bad">{props.problem}</Note>}
      <form method="post" action={at('/auth/forgotten')}>
        <Field
          name="userName"
          label="User name or e-mail address"
          autocomplete="username"
          value={props.typed ?? ''}
          autofocus
        />
        <button type="submit">Send me a link</button>
      </form>
      <div class="foot">
        {props.entra ? <WithMicrosoft /> : null}
        <p>
          <a href={at('/auth/sign-in')}>Back to the sign-in</a>
        </p>
      </div>
    </CardPage>
  )
}

/** The one answer to all who asked: it does not tell which accounts there are. */
export function AskedPage(props: { readonly entra: boolean; readonly contact: string }) {
  return (
    <CardPage title="Look into your mails">
      <h1>Look into your mails</h1>
      <Note>
        If that is an account with a password here, a mail is on its way to its address. The link in
        it works once, within an hour.
      </Note>
      <p>Nothing after a few minutes? Look into the spam folder, or ask {props.contact}.</p>
      {props.entra ? <WithMicrosoft /> : null}
      <Back />
    </CardPage>
  )
}

/** For a server that sends no mails. */
export function AskContactPage(props: { readonly entra: boolean; readonly contact: string }) {
  return (
    <CardPage title={TITLE}>
      <h1>{TITLE}</h1>
      <p>Ask {props.contact} for a link to choose a new one.</p>
      {props.entra ? <WithMicrosoft /> : null}
      <Back />
    </CardPage>
  )
}
