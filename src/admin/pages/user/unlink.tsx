import { mailAddress } from '../../../directory/mail-address.ts'
import { userTexts } from '../../../texts/user.ts'
import { Tick } from '../../../ui/field.tsx'
import { changesOfLink, takenBack } from '../../before-link.ts'
import { action, page, type Asked, type Page } from '../../console/asked.ts'
import { attempt } from '../../console/attempt.ts'
import { rejectLink } from '../../linking.ts'
import { unlinkUser } from '../../users.ts'
import { passwordLinkView } from '../users/password-link.tsx'
import { confirmView, sessionCount } from './confirm.tsx'
import { valuesOf } from './edit.tsx'
import { mailOf, nameOf, pathOf, personOf, type Person } from './frame.tsx'

const { unlink: texts, link, profile } = userTexts

const invites = ['none', 'mailed', 'shown'] as const

/** A user as it was before the link, as far as the record says. */
interface Before {
  /** What was in fields that have something else now. */
  readonly values: readonly string[]
  /** What fields were empty and are not now. */
  readonly empty: readonly string[]
  readonly mail: string | undefined
}

async function beforeLink({ directory }: Asked, person: Person): Promise<Before> {
  const user = await directory.users.read(person.id)
  const attributes = user ? takenBack(user.attributes, await changesOfLink(directory, user)) : {}
  const old = valuesOf({ attributes })
  const now = valuesOf(person)
  const names = (Object.keys(old) as (keyof typeof old)[]).filter((name) => old[name] !== now[name])
  const labelOf = (name: keyof typeof old) => profile.fields[name].toLowerCase()
  return {
    values: names
      .filter((name) => old[name] !== '')
      .map((name) => texts.field(labelOf(name), old[name])),
    empty: names.filter((name) => old[name] === '').map(labelOf),
    mail: mailAddress(attributes),
  }
}

/** Why the link goes, which says what becomes of the profile. */
function Reasons({ before }: { readonly before: Before }) {
  const { reasons, wrong } = texts
  const { values, empty } = before
  return (
    <fieldset>
      <legend>{texts.reason}</legend>
      <Tick
        kind="radio"
        name="reason"
        value="wrong"
        checked
        label={reasons.wrong}
        hint={[wrong.profile(values, empty), wrong.suggested].join(' ')}
      />
      <Tick kind="radio" name="reason" value="over" label={reasons.over} hint={texts.overHint} />
    </fieldset>
  )
}

function Passwords(props: {
  readonly asked: Asked
  readonly person: Person
  readonly before: Before
}) {
  const { asked, person, before } = props
  const now = mailOf(person)
  const addresses = [...new Set([before.mail, now].filter((each) => each !== undefined))]
  const canMail = asked.mails.configured && addresses.length > 0
  const [first = ''] = addresses
  const to = addresses.length > 1 ? texts.mailedEither(first, now ?? '') : texts.mailedTo(first)
  return (
    <fieldset>
      <legend>{texts.password}</legend>
      {invites
        .filter((each) => canMail || each !== 'mailed')
        .map((each) => (
          <Tick
            kind="radio"
            name="passwordLink"
            value={each}
            checked={each === 'none'}
            label={texts[each]}
            {...(each === 'mailed' ? { hint: to } : {})}
          />
        ))}
    </fieldset>
  )
}

/** How a link is undone. */
export const unlinkPages: readonly Page[] = [
  page('/users/{id}/unlink', async (asked) => {
    const person = await personOf(asked)
    const title = texts.title(nameOf(person))
    if (!person.linked) return confirmView(person, { title, about: link.none, to: 'unlink' })
    if (person.origin === 'scim') {
      return confirmView(person, { title, about: link.sent, to: 'unlink' })
    }
    const before = await beforeLink(asked, person)
    return confirmView(person, {
      title,
      about: texts.about(await sessionCount(asked)),
      more: (
        <>
          <Reasons before={before} />
          <Passwords asked={asked} person={person} before={before} />
        </>
      ),
      button: texts.button,
      to: 'unlink',
    })
  }),

  action('/users/{id}/unlink', async (asked) => {
    const { id, sent } = asked
    const person = await personOf(asked)
    const passwordLink = invites.find((each) => each === sent.text('passwordLink')) ?? 'none'
    const restore = sent.text('reason') === 'wrong'
    const result = await attempt(() =>
      unlinkUser.call(asked, { id, body: { passwordLink, restore } }),
    )
    if ('faults' in result) {
      return { to: pathOf(person), done: { text: result.faults.text, kind: 'bad' } }
    }
    const objectId = person.link?.objectId
    if (restore && objectId !== undefined) await rejectLink.call(asked, { id, body: { objectId } })
    asked.surveys.forget(asked.organisation)
    const name = nameOf(await personOf(asked))
    const made = result.made.passwordLink
    if (made) return passwordLinkView({ id, name, ...made })
    const { done, doneMailed } = texts
    return {
      to: pathOf(person),
      done: { text: passwordLink === 'mailed' ? doneMailed(name) : done(name) },
    }
  }),
]
