import type { Hono } from 'hono'
import type { OneTimeLink } from '../directory/account.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Directory } from '../directory/store.ts'
import { hashSecret } from '../directory/token.ts'
import { isActive, userName } from '../directory/user.ts'
import { door } from '../texts/door.ts'
import { causeOf, readForm, show, type AuthContext, type AuthEnv } from './http.tsx'
import { ChoosePasswordPage, InactivePage, SetUpPage, SpentLinkPage } from './pages/link.tsx'
import { faultOf } from './passwords.ts'
import { basePath, NOWHERE } from './return-to.ts'
import type { Desk } from './desk.ts'
import { enter } from './enter.ts'

const { link: texts } = door

const NAME = /^[^\p{Cc}]{1,200}$/u

const spent = (context: AuthContext) => show(context, <SpentLinkPage />, 410)

/** What is wrong with two passwords, by field; undefined for nothing. */
function faultsOf(password: string, again: string, name: string) {
  const fault = faultOf(password, name)
  if (fault !== undefined) return { password: fault }
  return password === again ? undefined : { again: texts.notSame }
}

export function addLinks(app: Hono<AuthEnv>, desk: Desk): void {
  const { store, passwords } = desk

  /** The link of an address, and the rows it leads to. A page that is only looked at does not use it up. */
  async function linkOf(context: AuthContext) {
    const link = await store.findLink(hashSecret(context.req.param('secret') ?? ''))
    if (!link) return undefined
    return {
      link,
      directory: store.for({ organisation: link.organisation, localUsers: 'visible' }),
    }
  }

  async function nameOf(
    directory: Directory,
    { userId }: OneTimeLink,
  ): Promise<string | undefined> {
    const user = userId === undefined ? undefined : await directory.users.read(userId)
    return user && userName(user.attributes)
  }

  /** Answers a link that somebody else has used meanwhile like one that was used before. */
  async function used(context: AuthContext, work: () => Promise<Response>): Promise<Response> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof DirectoryError && error.code === 'notFound') return spent(context)
      throw error
    }
  }

  app.get('/link/:secret', async (context) => {
    const found = await linkOf(context)
    if (!found) return spent(context)
    if (found.link.userId === undefined) return show(context, <SetUpPage faults={{}} />)
    const name = await nameOf(found.directory, found.link)
    return name === undefined
      ? spent(context)
      : show(context, <ChoosePasswordPage userName={name} faults={{}} />)
  })

  app.post('/link/:secret', async (context) => {
    const found = await linkOf(context)
    if (!found) return spent(context)
    const { link, directory } = found
    return used(context, () =>
      link.userId === undefined
        ? setUp(context, link, directory)
        : choose(context, link, directory),
    )
  })

  async function choose(context: AuthContext, link: OneTimeLink, directory: Directory) {
    const name = await nameOf(directory, link)
    if (name === undefined || link.userId === undefined) return spent(context)
    const { password, again } = await readForm(context, 'password', 'again')
    const faults = faultsOf(password, again, name)
    if (faults) return show(context, <ChoosePasswordPage userName={name} faults={faults} />, 400)
    const cause = causeOf(context, `user:${link.userId}`)
    const user = await directory.accounts.choosePassword(
      link.id,
      await passwords.hash(password),
      cause,
    )
    if (!isActive(user.attributes)) return show(context, <InactivePage />)
    const { organisation } = link
    const who = { organisation, userId: user.id, method: 'password' } as const
    return context.redirect(await enter(desk, context, who, NOWHERE), 303)
  }

  async function setUp(context: AuthContext, link: OneTimeLink, directory: Directory) {
    const form = await readForm(context, 'userName', 'displayName', 'password', 'again')
    const name = form.userName.trim()
    const displayName = form.displayName.trim()
    const ask = (faults: object) =>
      show(context, <SetUpPage userName={name} displayName={displayName} faults={faults} />, 400)
    const faults = {
      ...(NAME.test(displayName) ? {} : { displayName: texts.setUp.noName }),
      ...(NAME.test(name) ? {} : { userName: texts.setUp.noUserName }),
      ...faultsOf(form.password, form.again, name),
    }
    if (Object.keys(faults).length > 0) return ask(faults)
    const passwordHash = await passwords.hash(form.password)
    try {
      const first = { userName: name, displayName, passwordHash }
      const user = await directory.accounts.setUp(link.id, first, causeOf(context, 'setup link'))
      const { organisation, purpose } = link
      const who = { organisation, userId: user.id, method: 'password' } as const
      // The first administrator has everything before them: it begins with Entra.
      const place = purpose === 'setup' ? `${basePath(desk.publicUrl)}/admin/connect` : NOWHERE
      return context.redirect(await enter(desk, context, who, place), 303)
    } catch (error) {
      const taken = error instanceof DirectoryError && error.code === 'conflict'
      if (taken) return ask({ userName: texts.setUp.taken })
      throw error
    }
  }
}
