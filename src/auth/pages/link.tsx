import { door } from '../../texts/door.ts'
import { at } from '../../ui/base.ts'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { CardPage } from '../../ui/page.tsx'

const { link: texts } = door

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
        label={texts.password}
        type="password"
        autocomplete="new-password"
        hint={texts.passwordHint}
        fault={props.faults.password}
        autofocus={props.autofocus}
      />
      <Field
        name="again"
        label={texts.again}
        type="password"
        autocomplete="new-password"
        fault={props.faults.again}
      />
    </>
  )
}

/** Where a user chooses a password with a one-time link. */
export function ChoosePasswordPage(props: { readonly userName: string; readonly faults: Faults }) {
  const { choose } = texts
  return (
    <CardPage title={choose.title}>
      <h1>{choose.title}</h1>
      <p class="soft">
        {choose.before} <strong>{props.userName}</strong>
        {choose.after}
      </p>
      <form method="post">
        <input type="hidden" name="username" autocomplete="username" value={props.userName} />
        <Passwords faults={props.faults} autofocus />
        <button type="submit">{choose.button}</button>
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
  const { setUp } = texts
  return (
    <CardPage title={setUp.page}>
      <h1>{setUp.title}</h1>
      <p class="soft">{setUp.about}</p>
      <form method="post">
        <Field
          name="displayName"
          label={setUp.name}
          autocomplete="name"
          value={props.displayName ?? ''}
          fault={props.faults.displayName}
          autofocus
        />
        <Field
          name="userName"
          label={setUp.userName}
          autocomplete="username"
          value={props.userName ?? ''}
          hint={setUp.userNameHint}
          fault={props.faults.userName}
        />
        <Passwords faults={props.faults} autofocus={false} />
        <button type="submit">{setUp.button}</button>
      </form>
    </CardPage>
  )
}

/** For a link that is of no use any more, or never was. */
export function SpentLinkPage() {
  const { spent } = texts
  return (
    <CardPage title={spent.page}>
      <h1>{spent.title}</h1>
      <Note>{spent.text}</Note>
      <p>{spent.ask}</p>
      <a class="button quiet" href={at('/auth/sign-in')}>
        {door.toSignIn}
      </a>
    </CardPage>
  )
}

/** For somebody who has a password now, and may not sign in with it. */
export function InactivePage() {
  const { inactive } = texts
  return (
    <CardPage title={inactive.page}>
      <h1>{inactive.title}</h1>
      <Note>{inactive.text}</Note>
      <p>{inactive.ask}</p>
    </CardPage>
  )
}
