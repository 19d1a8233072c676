import type { Hono } from 'hono'
import { door } from '../texts/door.ts'
import type { Desk } from './desk.ts'
import { addressOf, causeOf, readForm, show, type AuthContext, type AuthEnv } from './http.tsx'
import { AskContactPage, AskedPage, ForgottenPage } from './pages/forgotten.tsx'
import { throttle } from './throttle.ts'

const { forgotten: texts } = door

export function addForgotten(app: Hono<AuthEnv>, { store, mails, contact }: Desk): void {
  const resets = throttle(store, 'reset')
  const withEntra = (context: AuthContext) => context.get('entra') !== undefined

  app.get('/forgotten', (context) => {
    const entra = withEntra(context)
    return mails.configured
      ? show(context, <ForgottenPage entra={entra} />)
      : show(context, <AskContactPage entra={entra} contact={contact} />)
  })

  app.post('/forgotten', async (context) => {
    const entra = withEntra(context)
    if (!mails.configured) return show(context, <AskContactPage entra={entra} contact={contact} />)
    const typed = (await readForm(context, 'userName')).userName.trim()
    const again = (problem: string, status: 400 | 429) =>
      show(context, <ForgottenPage entra={entra} typed={typed} problem={problem} />, status)
    if (typed === '') return again(texts.empty, 400)
    const wait = await resets.attempt(typed, addressOf(context))
    if (wait !== undefined) {
      const seconds = Math.ceil(wait / 1_000)
      context.header('Retry-After', String(seconds))
      return again(texts.tooOften(waitIn(seconds)), 429)
    }
    // The answer is the same, and is there as soon, whether there is such a user or not.
    mails.resetPassword(typed, causeOf(context, 'forgotten password'))
    return show(context, <AskedPage entra={entra} contact={contact} />)
  })
}

function waitIn(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}
