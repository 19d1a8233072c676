import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'
import { common } from '../../texts/common.ts'
import { DoButton } from '../../ui/action.tsx'
import { Note } from '../../ui/note.tsx'
import type { Done } from './asked.ts'

const NAME = 'entrance-done'

/** So long a browser has to ask for the page that tells what was done. */
const SECONDS = 60

/** What comes back is from outside, whoever put it there: it can lead nowhere but to this console. */
const done = z.strictObject({
  text: z.string().max(1_000),
  kind: z.enum(['good', 'warn', 'bad']).exactOptional(),
  undo: z
    .strictObject({
      to: z.templateLiteral(['/admin/', z.string().regex(/^[\w/-]*$/)]),
      fields: z.record(z.string(), z.string()),
    })
    .exactOptional(),
})

/** Keeps what was done for the page that comes next. */
export function keep(context: Context, what: Done, secure: boolean): void {
  const attributes = { httpOnly: true, secure, sameSite: 'Lax', path: '/' } as const
  setCookie(context, NAME, JSON.stringify(what), { ...attributes, maxAge: SECONDS })
}

/** What was done just now, once. */
export function take(context: Context): Done | undefined {
  const kept = getCookie(context, NAME)
  if (kept === undefined) return undefined
  deleteCookie(context, NAME, { path: '/' })
  try {
    const { success, data } = done.safeParse(JSON.parse(kept))
    return success ? data : undefined
  } catch {
    return undefined
  }
}

/** What was done, above the page. */
export function DoneNote({ done }: { readonly done: Done }) {
  const { text, kind = 'good', undo } = done
  return (
    <Note kind={kind}>
      <div class="actions">
        <span>{text}</span>
        {undo === undefined ? null : (
          <DoButton to={undo.to} fields={undo.fields} look="quiet" icon="rotate-ccw" small>
            {common.undo}
          </DoButton>
        )}
      </div>
    </Note>
  )
}
