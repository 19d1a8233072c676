import type { Child } from 'hono/jsx'
import { common } from '../../../texts/common.ts'
import { userTexts as texts } from '../../../texts/user.ts'
import { usersTexts } from '../../../texts/users.ts'
import { Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Tick } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import {
  action,
  page,
  type Asked,
  type Outcome,
  type Page,
  type View,
} from '../../console/asked.ts'
import { attempt } from '../../console/attempt.ts'
import { activateUser, deactivateUser, removeUser } from '../../user-edits.ts'
import { listSessions, unlinkUser } from '../../users.ts'
import { SECTION } from '../users/listing.ts'
import { passwordLinkView } from '../users/password-link.tsx'
import { isOwn, mailOf, nameOf, pathOf, personOf, type Person } from './frame.tsx'

const isMe = ({ me }: Asked, { id }: Person) => me.signedIn.user.id === id

/** A page that says what will happen, and asks; without a button where it only says why not. */
function confirmView(
  person: Person,
  words: {
    readonly title: string
    readonly about: string
    readonly more?: Child
    readonly button?: string
    readonly to: string
  },
): View {
  const { title, about, more, button } = words
  const to: `/${string}` = `${pathOf(person)}/${words.to}`
  return {
    title,
    section: SECTION,
    narrow: true,
    body: (
      <div data-dialog-body>
        <Head
          title={title}
          crumbs={[
            { href: SECTION, label: usersTexts.title },
            { href: pathOf(person), label: nameOf(person) },
          ]}
          about={about}
        />
        <form method="post" action={at(to)}>
          {more}
          <div class="actions end">
            <a class="button quiet" href={at(pathOf(person))} data-close>
              {button === undefined ? common.close : common.cancel}
            </a>
            {button === undefined ? null : <Submit look="danger">{button}</Submit>}
          </div>
        </form>
      </div>
    ),
  }
}

async function sessionCount(asked: Asked): Promise<number> {
  return (await listSessions.call(asked, { id: asked.id })).items.length
}

/** Does something with a user, and tells on the user's page what came of it. */
async function tell(
  asked: Asked,
  work: () => Promise<unknown>,
  done: (person: Person) => Extract<Outcome, { to: string }>,
): Promise<Outcome> {
  const person = await personOf(asked)
  const result = await attempt(work)
  return 'faults' in result
    ? { to: pathOf(person), done: { text: result.faults.text, kind: 'bad' } }
    : done(person)
}

const invites = ['none', 'mailed', 'shown'] as const

function PasswordChoice({ asked, person }: { readonly asked: Asked; readonly person: Person }) {
  const { unlink } = texts
  const canMail = asked.mails.configured && mailOf(person) !== undefined
  return (
    <fieldset>
      <legend>{unlink.password}</legend>
      {invites
        .filter((each) => canMail || each !== 'mailed')
        .map((each) => (
          <Tick
            kind="radio"
            name="passwordLink"
            value={each}
            checked={each === 'none'}
            label={unlink[each]}
          />
        ))}
    </fieldset>
  )
}

/** Steps that cannot be taken lightly: each says first what it does. */
export const deedPages: readonly Page[] = [
  page('/users/{id}/off', async (asked) => {
    const person = await personOf(asked)
    const { off } = texts
    const title = person.active ? off.title(nameOf(person)) : nameOf(person)
    if (!isOwn(person)) return confirmView(person, { title, about: off.entra, to: 'off' })
    return confirmView(person, {
      title,
      about: off.about(await sessionCount(asked)),
      ...(isMe(asked, person) ? { more: <p class="is-bad">{off.self}</p> } : {}),
      button: off.button,
      to: 'off',
    })
  }),

  action('/users/{id}/off', (asked) =>
    tell(
      asked,
      () => deactivateUser.call(asked, { id: asked.id }),
      (person) => ({
        to: pathOf(person),
        done: {
          text: texts.off.done(nameOf(person)),
          undo: { to: `${pathOf(person)}/on`, fields: {} },
        },
      }),
    ),
  ),

  action('/users/{id}/on', (asked) =>
    tell(
      asked,
      () => activateUser.call(asked, { id: asked.id }),
      (person) => ({
        to: pathOf(person),
        done: {
          text: texts.off.on(nameOf(person)),
          undo: { to: `${pathOf(person)}/off`, fields: {} },
        },
      }),
    ),
  ),

  page('/users/{id}/sign-out', async (asked) => {
    const person = await personOf(asked)
    const { signOut } = texts
    const count = await sessionCount(asked)
    return confirmView(person, {
      title: signOut.title(nameOf(person)),
      about: signOut.about(count),
      ...(isMe(asked, person) ? { more: <p class="is-bad">{signOut.self}</p> } : {}),
      ...(count === 0 ? {} : { button: signOut.button }),
      to: 'sign-out',
    })
  }),

  page('/users/{id}/unlink', async (asked) => {
    const person = await personOf(asked)
    const { unlink, link } = texts
    const title = unlink.title(nameOf(person))
    if (!person.linked) return confirmView(person, { title, about: link.none, to: 'unlink' })
    if (person.origin === 'scim') {
      return confirmView(person, { title, about: link.sent, to: 'unlink' })
    }
    return confirmView(person, {
      title,
      about: unlink.about(await sessionCount(asked)),
      more: <PasswordChoice asked={asked} person={person} />,
      button: unlink.button,
      to: 'unlink',
    })
  }),

  action('/users/{id}/unlink', async (asked) => {
    const person = await personOf(asked)
    const given = asked.sent.text('passwordLink')
    const chosen = invites.find((each) => each === given) ?? 'none'
    const result = await attempt(() =>
      unlinkUser.call(asked, { id: asked.id, body: { passwordLink: chosen } }),
    )
    if ('faults' in result) {
      return { to: pathOf(person), done: { text: result.faults.text, kind: 'bad' } }
    }
    const { passwordLink } = result.made
    const name = nameOf(person)
    if (passwordLink) return passwordLinkView({ id: person.id, name, ...passwordLink })
    const { done, doneMailed } = texts.unlink
    return {
      to: pathOf(person),
      done: { text: chosen === 'mailed' ? doneMailed(name) : done(name) },
    }
  }),

  page('/users/{id}/delete', async (asked) => {
    const person = await personOf(asked)
    const { remove } = texts
    if (person.origin === 'scim') {
      const title = remove.cannot(nameOf(person))
      return confirmView(person, { title, about: remove.sent, to: 'delete' })
    }
    return confirmView(person, {
      title: remove.title(nameOf(person)),
      about: remove.about(await sessionCount(asked), person.groups.length),
      more: (
        <>
          <p>{person.origin === 'import' ? remove.returns : remove.rather}</p>
          {isMe(asked, person) ? <p class="is-bad">{remove.self}</p> : null}
        </>
      ),
      button: remove.button,
      to: 'delete',
    })
  }),

  action('/users/{id}/delete', (asked) =>
    tell(
      asked,
      () => removeUser.call(asked, { id: asked.id }),
      (person) => ({ to: SECTION, done: { text: texts.remove.done(nameOf(person)) } }),
    ),
  ),
]
