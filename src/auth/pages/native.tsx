import { common } from '../../texts/common.ts'
import { door } from '../../texts/door.ts'
import { at } from '../../ui/base.ts'
import { Note } from '../../ui/note.tsx'
import { CardPage } from '../../ui/page.tsx'

const { native: texts } = door

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
    <CardPage title={texts.title}>
      <h1>{texts.title}</h1>
      <p>
        {texts.signedInAs} <strong>{displayName || userName}</strong>
        {displayName === '' || displayName === userName ? null : (
          <>
            {' ('}
            <bdi>{userName}</bdi>
            {')'}
          </>
        )}
        {'.'}
      </p>
      <p class="soft">{texts.only}</p>
      <form method="post" action={at('/auth/native/authorize')}>
        <Hidden parameters={parameters} />
        <button type="submit">{texts.button}</button>
      </form>
      <div class="foot">
        <div class="row">
          <form method="post" action={at('/auth/native/other')}>
            <Hidden parameters={parameters} />
            <button type="submit" class="quiet">
              {door.entra.other}
            </button>
          </form>
          <a class="button quiet" href={cancel}>
            {common.cancel}
          </a>
        </div>
      </div>
    </CardPage>
  )
}

/** Leads to the client, which waits at an address of this computer. */
export function HandOverPage(props: { readonly href: string }) {
  const { handOver } = texts
  return (
    <CardPage title={handOver.page}>
      {/* hono/jsx puts it into the head. Not a redirect: browsers hold those after a form to its policy. */}
      <meta http-equiv="refresh" content={`0;url=${props.href}`} />
      <h1>{handOver.title}</h1>
      <p>{handOver.text}</p>
      <p class="soft">
        {handOver.nothing} <a href={props.href}>{handOver.link}</a>
        {'.'}
      </p>
    </CardPage>
  )
}

/** For a request that no person can put right. */
export function WrongRequestPage(props: { readonly text: string; readonly contact: string }) {
  return (
    <CardPage title={texts.wrong.title}>
      <h1>{texts.wrong.title}</h1>
      <p>{texts.wrong.text(props.contact)}</p>
      <Note kind="bad">{props.text}</Note>
    </CardPage>
  )
}
