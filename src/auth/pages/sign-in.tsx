import { door } from '../../texts/door.ts'
import { at } from '../../ui/base.ts'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { CardPage } from '../../ui/page.tsx'

const { signIn: texts } = door

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
    <CardPage title={texts.title}>
      <h1>{texts.title}</h1>
      <form method="post" action={at('/auth/sign-in')} class="sign-in">
        <input type="hidden" name="return" value={props.returnTo} />
        <div class="local">
          {props.problem === undefined ? null : <Note kind="bad">{props.problem}</Note>}
          <Field
            name="userName"
            label={texts.userName}
            autocomplete="username"
            value={props.userName ?? ''}
            optional
            autofocus={first}
          />
          <Field
            name="password"
            label={texts.password}
            type="password"
            autocomplete="current-password"
            optional
            autofocus={props.userName !== undefined}
          />
        </div>
        {entra ? (
          <label class="tick">
            <input type="checkbox" name="entra" value="yes" checked={entra.ticked} />
            {texts.entra}
          </label>
        ) : null}
        <button type="submit" autofocus={entra?.ticked ?? false}>
          {texts.button}
        </button>
        <p class="foot local">
          <a href={at('/auth/forgotten')}>{texts.forgotten}</a>
        </p>
      </form>
    </CardPage>
  )
}
