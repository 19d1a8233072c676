import { at } from '../../ui/base.ts'
import { CardPage, Field, Note } from '../../ui/page.tsx'

export function SignInPage(props: {
  readonly returnTo: string
  readonly userName?: string
  readonly problem?: string
  readonly done?: string
}) {
  return (
    <CardPage title="Sign in">
      <h1>Sign in</h1>
      {props.problem === undefined ? null : <Note kind="bad">{props.problem}</Note>}
      {props.done === undefined ? null : <Note kind="good">{props.done}</Note>}
      <form method="post" action={at('/auth/sign-in')}>
        <input type="hidden" name="return" value={props.returnTo} />
        <Field
          name="userName"
          label="User name"
          autocomplete="username"
          value={props.userName ?? ''}
          autofocus={props.userName === undefined}
        />
        <Field
          name="password"
          label="Password"
          type="password"
          autocomplete="current-password"
          autofocus={props.userName !== undefined}
        />
        <button type="submit">Connect</button>
      </form>
      <p class="foot soft">
        Forgotten your password? Ask an administrator for a link to choose a new one.
      </p>
    </CardPage>
  )
}
