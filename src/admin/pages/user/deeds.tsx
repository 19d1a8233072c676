import { userTexts as texts } from '../../../texts/user.ts'
import { action, page, type Asked, type Outcome, type Page } from '../../console/asked.ts'
import { attempt } from '../../console/attempt.ts'
import { activateUser, deactivateUser, removeUser } from '../../user-edits.ts'
import { SECTION } from '../users/listing.ts'
import { confirmView, sessionCount } from './confirm.tsx'
import { isOwn, nameOf, pathOf, personOf, type Person } from './frame.tsx'

const isMe = ({ me }: Asked, { id }: Person) => me.signedIn.user.id === id

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
