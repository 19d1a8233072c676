import { door } from '../../texts/door.ts'
import { at } from '../../ui/base.ts'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { CardPage } from '../../ui/page.tsx'

const { forgotten: texts } = door

function Back() {
  return (
    <a class="button quiet" href={at('/auth/sign-in')}>
      {door.backToSignIn}
    </a>
  )
}

/** For those who look in vain for a password that Microsoft has. */
function WithMicrosoft() {
  const { before, between, link, after } = texts.microsoft
  return (
    <p class="soft">
      {before} <strong>{door.signIn.entra}</strong> {between} <strong>{link}</strong> {after}
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
    <CardPage title={texts.title}>
      <h1>{texts.title}</h1>
      <p class="soft">{texts.about}</p>
      {props.problem === undefined ? null : <Note kind="bad">{props.problem}</Note>}
      <form method="post" action={at('/auth/forgotten')}>
        <Field
          name="userName"
          label={texts.name}
          autocomplete="username"
          value={props.typed ?? ''}
          autofocus
        />
        <button type="submit">{texts.button}</button>
      </form>
      <div class="foot">
        {props.entra ? <WithMicrosoft /> : null}
        <p>
          <a href={at('/auth/sign-in')}>{door.backToSignIn}</a>
        </p>
      </div>
    </CardPage>
  )
}

/** The one answer to all who asked: it does not tell which accounts there are. */
export function AskedPage(props: { readonly entra: boolean; readonly contact: string }) {
  const { sent } = texts
  return (
    <CardPage title={sent.title}>
      <h1>{sent.title}</h1>
      <Note>{sent.text}</Note>
      <p>{sent.nothing(props.contact)}</p>
      {props.entra ? <WithMicrosoft /> : null}
      <Back />
    </CardPage>
  )
}

/** For a server that sends no mails. */
export function AskContactPage(props: { readonly entra: boolean; readonly contact: string }) {
  return (
    <CardPage title={texts.title}>
      <h1>{texts.title}</h1>
      <p>{texts.ask(props.contact)}</p>
      {props.entra ? <WithMicrosoft /> : null}
      <Back />
    </CardPage>
  )
}
