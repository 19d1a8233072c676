import { at } from '../../ui/base.ts'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { CardPage } from '../../ui/page.tsx'

/**
 * Where people sign in. With the box ticked the fields for a name and a password, and what was wrong with them, are out
 * of the way: the style sheet sees to that, without a script.
 */
export function SignInPage(props: {
  readonly returnTo: string
  readonly userName?: string
  readonly problem?: string
  /** Whether one can sign in with Entra, and did so last time on this device. */
  readonly entra?: { readonly ticked: boolean }
}) {
  const { entra } = props
  const first = props.userName === undefined && !entra?.ticked
  return (
    <CardPage title="Sign in">
      <h1>Sign in</h1>
      <form method="post" action={at('/auth/sign-in')} class="sign-in">
        <input type="hidden" name="return" value={props.returnTo} />
        <div class="local">
          {props.problem === undefined ? null : <Note kind="bad">{props.problem}</Note>}
          <Field
            name="userName"
            label="User name"
            autocomplete="username"
            value={props.userName ?? ''}
            optional
            autofocus={first}
          />
          <Field
            name="password"
            label="Password"
            type="password"
            autocomplete="current-password"
            optional
            autofocus={props.userName !== undefined}
          />
        </div>
        {entra ? (
          <label class="tick">
            <input type="checkbox" name="entra" value="yes" checked={entra.ticked} />
            Connect via Microsoft Entra ID
          </label>
        ) : null}
        <button type="submit" autofocus={entra?.ticked ?? false}>
          Connect
        </button>
        <p class="foot local">
          <a href={at('/auth/forgotten')}>Forgotten your password?</a>
        </p>
      </form>
    </CardPage>
  )
}
