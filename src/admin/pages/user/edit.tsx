import { common } from '../../../texts/common.ts'
import { userTexts } from '../../../texts/user.ts'
import { usersTexts } from '../../../texts/users.ts'
import { alwaysFollowed, type FollowedField } from '../../../directory/entra-attributes.ts'
import { LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Field } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import { updateUser } from '../../user-edits.ts'
import { SECTION } from '../users/listing.ts'
import { isOwn, nameOf, pathOf, personOf, type Person } from './frame.tsx'

const { edit: texts, profile } = userTexts

/** The fields of a local user, each with what it is called at Entra. */
const fields = [
  ['userName', 'userPrincipalName'],
  ['displayName', 'displayName'],
  ['givenName', 'givenName'],
  ['familyName', 'surname'],
  ['email', 'mail'],
  ['mobile', 'mobilePhone'],
] as const

type Name = (typeof fields)[number][0]

/** What a user has in each field. */
export function valuesOf(person: Pick<Person, 'attributes'>): Readonly<Record<Name, string>> {
  // As SCIM has them: written by the store.
  const attributes = person.attributes as Parameters<FollowedField['read']>[0]
  const entries = fields.map(([name, field]) => {
    const found = alwaysFollowed.find((each) => each.field === field)?.read(attributes)
    return [name, typeof found === 'string' ? found : '']
  })
  return Object.fromEntries(entries) as Record<Name, string>
}

function formView(person: Person, values: Readonly<Record<Name, string>>, faults?: Faults): View {
  const title = texts.title(nameOf(person))
  const known = faults?.fields ?? {}
  return {
    title,
    section: SECTION,
    narrow: true,
    ...(faults ? { status: 400 } : {}),
    body: (
      <>
        <Head
          title={title}
          crumbs={[
            { href: SECTION, label: usersTexts.title },
            { href: pathOf(person), label: nameOf(person) },
          ]}
        />
        {isOwn(person) ? (
          <form method="post" action={at(`${pathOf(person)}/edit`)}>
            {faults && Object.keys(known).length === 0 ? (
              <Note kind="bad">{faults.text}</Note>
            ) : null}
            <Panel>
              <div class="form-grid">
                {fields.map(([name]) => (
                  <Field
                    name={name}
                    label={
                      name === 'userName'
                        ? profile.fields[name]
                        : `${profile.fields[name]} (${common.optional})`
                    }
                    optional={name !== 'userName'}
                    type={name === 'email' ? 'email' : 'text'}
                    value={values[name]}
                    fault={known[name]}
                  />
                ))}
              </div>
            </Panel>
            <div class="actions end">
              <LinkButton href={pathOf(person)}>{common.cancel}</LinkButton>
              <Submit>{texts.save}</Submit>
            </div>
          </form>
        ) : (
          <Note>{texts.entra}</Note>
        )}
      </>
    ),
  }
}

function typedIn({ sent }: Asked): Record<Name, string> {
  return Object.fromEntries(fields.map(([name]) => [name, sent.text(name)])) as Record<Name, string>
}

/** What differs from what is there: a field that was emptied is taken away. */
function changesIn(before: Readonly<Record<Name, string>>, now: Readonly<Record<Name, string>>) {
  const { userName, ...others } = now
  const changed = (Object.entries(others) as [Exclude<Name, 'userName'>, string][])
    .filter(([name, value]) => value !== before[name])
    .map(([name, value]) => [name, value === '' ? null : value])
  return {
    ...(userName === before.userName ? {} : { userName }),
    ...Object.fromEntries(changed),
  }
}

/** The profile of a local user as a form. */
export const editPages: readonly Page[] = [
  page('/users/{id}/edit', async (asked) => {
    const person = await personOf(asked)
    return formView(person, valuesOf(person))
  }),

  action('/users/{id}/edit', async (asked) => {
    const person = await personOf(asked)
    const typed = typedIn(asked)
    const body = changesIn(valuesOf(person), typed)
    const result = await attempt(() => updateUser.call(asked, { id: asked.id, body }))
    if ('faults' in result) return formView(person, typed, result.faults)
    return { to: pathOf(person), done: { text: texts.done(nameOf(result.made)) } }
  }),
]
