import { at } from '../../ui/base.ts'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { CardPage } from '../../ui/page.tsx'

interface Faults {
  readonly userName?: string | undefined
  readonly displayName?: string | undefined
  readonly password?: string | undefined
  readonly again?: string | undefined
}

function Passwords(props: { readonly faults: Faults; readonly autofocus: boolean }) {
  return (
    <>
      <Field
        name="password"
        label="New password"
        type="password"
        autocomplete="new-password"
        hint="At least 12 characters; a few words are easy to keep."
        fault={props.faults.password}
        autofocus={props.autofocus}
      />
      <Field
        name="again"
        label="The same again"
        type="password"
        autocomplete="new-password"
        fault={props.faults.again}
      />
    </>
  )
}

/** Where a user chooses a password with a one-time link. */
export function ChoosePasswordPage(props: { readonly userName: string; readonly faults: Faults }) {
  return (
    <CardPage title="Choose a password">
      <h1>Choose a password</h1>
      <p class="soft">
        For <strong>{props.userName}</strong>. You are signed out everywhere else.
      </p>
      <form method="post">
        <input type="hidden" name="username" autocomplete="username" value={props.userName} />
        <Passwords faults={props.faults} autofocus />
        <button type="submit">Save and sign in</button>
      </form>
    </CardPage>
  )
}

/** Where the first administrator makes an account. */
export function SetUpPage(props: {
  readonly faults: Faults
  readonly userName?: string
  readonly displayName?: string
}) {
  return (
    <CardPage title="Set up">
      <h1>Welcome</h1>
      <p class="soft">
        This makes the first administrator. It is an account of this server, so that you can get in
        even when Microsoft cannot be reached.
      </p>
      <form method="post">
        <Field
          name="displayName"
          label="Your name"
          autocomplete="name"
          value={props.displayName ?? ''}
          fault={props.faults.displayName}
          autofocus
        />
        <Field
          name="userName"
          label="User name"
          autocomplete="username"
          value={props.userName ?? ''}
          hint="What you type to sign in, such as your e-mail address."
          fault={props.faults.userName}
        />
        <Passwords faults={props.faults} autofocus={false} />
        <button type="submit">Make the account</button>
      </form>
    </CardPage>
  )
}

/** For a link that is of no use any more, or never was. */
export function SpentLinkPage() {
  return (
    <CardPage title="Link not valid">
      <h1>This link is not valid</h1>
      <Note>It has been used, it has expired, or a newer password was chosen since.</Note>
      <p>Ask an administrator for a new one.</p>
      <a class="button quiet" href={at('/auth/sign-in')}>
        Go to the sign-in
      </a>
    </CardPage>
  )
}

/** For somebody who has a password now, and may not sign in with it. */
export function InactivePage() {
  return (
    <CardPage title="Saved">
      <h1>Your password is saved</h1>
      <Note>Your account is not active, so you cannot sign in yet.</Note>
      <p>Ask an administrator.</p>
    </CardPage>
  )
}
