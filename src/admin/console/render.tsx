import type { Context } from 'hono'
import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { displayName, userName } from '../../directory/user.ts'
import { shell } from '../../texts/shell.ts'
import { Base } from '../../ui/base.ts'
import { ReaderContext } from '../../ui/reader.ts'
import { Shell } from '../../ui/shell.tsx'
import type { AdminEnv, AdminParts } from '../route.ts'
import type { Asked, View } from './asked.ts'
import { DoneNote, take } from './flash.tsx'
import { menu, type Waiting } from './nav.ts'
import { readerOf } from './request.ts'

/** What a page is rendered with. */
type Framed = Pick<AdminParts, 'publicUrl' | 'now'>

function meOf(context: Context<AdminEnv>) {
  const principal = context.get('principal')
  if (!('signedIn' in principal)) return { name: '', detail: '' }
  const { attributes } = principal.signedIn.user
  const name = displayName(attributes)
  const account = userName(attributes)
  return name === '' ? { name: account, detail: shell.administrator } : { name, detail: account }
}

function inContext(context: Context<AdminEnv>, { publicUrl, now }: Framed, part: Child) {
  return (
    <Base.Provider value={new URL(publicUrl).pathname.replace(/\/+$/, '')}>
      <ReaderContext.Provider value={readerOf(context, now())}>{part}</ReaderContext.Provider>
    </Base.Provider>
  )
}

/** A part of a page as text, for whoever renews it. */
export async function renderPart(asked: Asked, part: Child): Promise<string> {
  return String(await inContext(asked.context, asked, part))
}

/** A page in its frame. */
export function renderView(
  context: Context<AdminEnv>,
  parts: Framed,
  view: View,
  waiting: Waiting,
): Response | Promise<Response> {
  const done = take(context)
  return context.html(
    <>
      {raw('<!doctype html>')}
      {inContext(
        context,
        parts,
        <Shell
          title={view.title}
          nav={menu(waiting)}
          current={view.section}
          me={meOf(context)}
          narrow={view.narrow}
          refresh={view.refresh}
        >
          {done === undefined ? null : <DoneNote done={done} />}
          {view.body}
        </Shell>,
      )}
    </>,
    view.status ?? 200,
  )
}
