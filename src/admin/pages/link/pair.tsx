import type { EntraUser } from '../../../directory/entra-directory.ts'
import { displayName, userName, type User } from '../../../directory/user.ts'
import { link } from '../../../texts/link.ts'
import { shell } from '../../../texts/shell.ts'
import { DoButton, LinkButton } from '../../../ui/action.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { requireConnection } from '../../connection.ts'
import { attempt } from '../../console/attempt.ts'
import {
  action,
  page,
  type Asked,
  type Page,
  type Redirect,
  type View,
} from '../../console/asked.ts'
import { reopenLinkRequest } from '../../link-requests.ts'
import { linkUser, proposeLink, rejectLink, whyNot } from '../../linking.ts'
import { Problem, toProblem } from '../../problems.ts'
import { suggestLinks } from '../../suggestions.ts'
import { unlinkUser } from '../../users.ts'
import { compare } from './compared.ts'
import { findPeople, OtherPeople, type FoundPeople } from './others.tsx'
import { foundIn, hrefOf, nextOf, pileIn, SECTION, settle } from './piles.ts'
import { Points, SideBySide } from './side-by-side.tsx'

const texts = link.pair

export const nameOfUser = ({ attributes }: User) => displayName(attributes) || userName(attributes)

export async function requireUser({ directory }: Asked, id: string): Promise<User> {
  const user = await directory.users.read(id)
  if (user) return user
  throw new Problem('notFound', shell.problems.nothingText)
}

export const crumbs = [{ href: SECTION, label: link.title }] as const

type Suggestions = Awaited<ReturnType<typeof suggestLinks.call>>['items'][number]['suggestions']

/** Work on what Entra has, or why it does not say. */
export async function askEntra<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work()
  } catch (error) {
    const { code, message } = toProblem(error)
    if (code === 'internal' || code === 'unavailable') throw error
    return message
  }
}

/** A user, whom Entra may be the same, and whom of them somebody looks at. */
interface Pair {
  readonly user: User
  readonly suggestions: Suggestions
  readonly person: EntraUser | undefined
  /** Why the two cannot be linked. */
  readonly conflict: string | undefined
  /** Why nothing is known. */
  readonly trouble: string | undefined
  readonly sessions: number
}

async function readPair(asked: Asked, user: User): Promise<Pair> {
  const sessions = (await asked.directory.sessions.list(user.id)).length
  const nothing = { user, sessions, suggestions: [], person: undefined, conflict: undefined }
  const found = await askEntra(async () => {
    const entra = await requireConnection(asked)
    const { items } = await suggestLinks.call(asked, { query: { user: user.id } })
    const suggestions = items[0]?.suggestions ?? []
    const wanted = asked.query('person') || suggestions[0]?.person.id
    const person = wanted === undefined ? undefined : await entra.userById(wanted.toLowerCase())
    if (!person) return { ...nothing, suggestions }
    const conflict = whyNot(await proposeLink(asked, user.id, person), user.id)
    return { ...nothing, suggestions, person, conflict }
  })
  return typeof found === 'string'
    ? { ...nothing, trouble: found }
    : { ...found, trouble: undefined }
}

function happensTo({ person, sessions }: Pair): readonly string[] {
  return [
    ...(person?.enabled === false ? [texts.blocked] : []),
    texts.owns,
    texts.password,
    texts.sessions(sessions),
    texts.keeps,
  ]
}

function Decision({ pair, pile, next }: { readonly pair: Pair } & Way) {
  const { user, person, conflict } = pair
  if (!person) return null
  const to = `${SECTION}/users/${user.id}` as const
  const fields = { person: person.id, pile }
  return (
    <div class="actions">
      {conflict === undefined ? (
        <DoButton to={to} fields={fields} look="main" icon="link">
          {texts.link}
        </DoButton>
      ) : null}
      <DoButton to={`${to}/reject`} fields={fields} icon="x">
        {texts.notTheSame}
      </DoButton>
      {next === undefined ? null : (
        <LinkButton href={next} look="bare">
          {texts.skip}
        </LinkButton>
      )}
    </div>
  )
}

/** Where somebody goes on afterwards. */
interface Way {
  readonly pile: string
  readonly next: `/${string}` | undefined
}

function PairPage(props: { readonly pair: Pair; readonly found: FoundPeople } & Way) {
  const { pair, found, pile, next } = props
  const { user, person, suggestions, conflict, trouble } = pair
  const why = suggestions.find((each) => each.person.id === person?.id)?.why ?? []
  const decision = <Decision pair={pair} pile={pile} next={next} />
  return (
    <>
      <Head title={texts.title(nameOfUser(user))} crumbs={crumbs} />
      {trouble === undefined ? null : <Note kind="bad">{trouble}</Note>}
      {conflict === undefined ? null : (
        <Note kind="warn">
          <strong>{texts.conflict}</strong> {conflict}
        </Note>
      )}
      {person ? (
        <>
          <SideBySide
            user={{
              name: nameOfUser(user),
              detail: userName(user.attributes),
              href: `/admin/users/${user.id}`,
            }}
            person={{ name: person.displayName, detail: person.userPrincipalName }}
            rows={compare(user, person)}
            takes={conflict === undefined}
            footer={decision}
          />
          {conflict === undefined ? (
            <Panel>
              <div class="columns">
                <Points title={texts.happens} points={happensTo(pair)} />
                <Points title={texts.why} points={why.length > 0 ? why : [texts.nothingSpeaks]} />
              </div>
            </Panel>
          ) : null}
        </>
      ) : trouble === undefined ? (
        <p class="hint">{texts.pick}</p>
      ) : null}
      {trouble === undefined ? (
        <OtherPeople
          userId={user.id}
          pile={pile}
          current={person?.id}
          suggestions={suggestions}
          found={found}
        />
      ) : null}
    </>
  )
}

/** Where a decision leads: to who comes next in the pile, or back to the piles. */
function wayOn(pile: string, next: { readonly user: { readonly id: string } } | undefined) {
  const known = pileIn(pile)
  if (known === undefined) return SECTION
  return next ? (`${SECTION}/users/${next.user.id}?pile=${known}` as const) : hrefOf(known)
}

/** A user and the account that it may be: compared, linked, or told apart. */
export const linkPairPages: readonly Page[] = [
  page('/link/users/{id}', async (asked): Promise<View | Redirect> => {
    const user = await requireUser(asked, asked.id)
    if (user.link) {
      return { to: `/admin/users/${user.id}`, done: { text: texts.already, kind: 'warn' } }
    }
    const survey = foundIn(asked)
    const pile = pileIn(asked.query('pile')) ?? survey?.found.get(user.id)?.pile ?? ''
    const after = survey && nextOf(survey, user.id)
    const [pair, found] = await Promise.all([readPair(asked, user), findPeople(asked)])
    return {
      title: texts.title(nameOfUser(user)),
      section: SECTION,
      body: (
        <PairPage
          pair={pair}
          found={found}
          pile={pile}
          next={after ? wayOn(pile, after) : undefined}
        />
      ),
    }
  }),

  action('/link/users/{id}', async (asked) => {
    const user = await requireUser(asked, asked.id)
    const objectId = asked.sent.text('person')
    const pile = asked.sent.text('pile')
    const result = await attempt(() => linkUser.call(asked, { id: user.id, body: { objectId } }))
    if ('faults' in result) {
      const back = `${SECTION}/users/${user.id}?person=${encodeURIComponent(objectId)}` as const
      return { to: back, done: { text: result.faults.text, kind: 'bad' } }
    }
    const survey = foundIn(asked)
    const next = survey && settle(survey, user.id).next
    return {
      to: wayOn(pile, next),
      done: {
        text: link.done.linked(nameOfUser(user)),
        undo: { to: `${SECTION}/users/${user.id}/undo`, fields: {} },
      },
    }
  }),

  action('/link/users/{id}/undo', async (asked) => {
    const user = await requireUser(asked, asked.id)
    await unlinkUser.call(asked, { id: user.id, body: { restore: true } })
    const request = asked.sent.text('request')
    if (request !== '') await reopenLinkRequest.call(asked, { id: request })
    asked.surveys.forget(asked.organisation)
    return {
      to: `/admin/users/${user.id}`,
      done: {
        text: link.done.undone(nameOfUser(await requireUser(asked, user.id))),
        kind: 'warn',
      },
    }
  }),

  action('/link/users/{id}/reject', async (asked) => {
    const user = await requireUser(asked, asked.id)
    const objectId = asked.sent.text('person')
    const { id } = await rejectLink.call(asked, { id: user.id, body: { objectId } })
    const survey = foundIn(asked)
    const next = survey && nextOf(survey, user.id)
    const told = survey?.found.get(user.id)?.suggestions ?? []
    const person = told.find((each) => each.person.id === objectId.toLowerCase())?.person
    const asking = () => suggestLinks.call(asked, { query: { user: user.id } })
    const found = await askEntra(asking)
    const renewed = typeof found === 'string' ? undefined : found.items[0]
    if (renewed && survey?.found.has(user.id)) survey.found.set(user.id, renewed)
    const left = renewed?.suggestions.length ?? 0
    const pile = asked.sent.text('pile')
    return {
      to: left > 0 ? wayOn(pile, { user }) : wayOn(pile, next),
      done: {
        text: link.done.rejected(nameOfUser(user), person?.displayName ?? objectId),
        undo: { to: `${SECTION}/asking/${id}/reopen`, fields: { user: user.id } },
      },
    }
  }),
]
