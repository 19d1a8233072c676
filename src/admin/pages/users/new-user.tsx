import { common } from '../../../texts/common.ts'
import { usersTexts } from '../../../texts/users.ts'
import { LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Field, Tick } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import { createUser } from '../../user-edits.ts'
import { ownGroups, rolesInUse } from './choices.ts'
import { SECTION } from './listing.ts'
import { passwordLinkView } from './password-link.tsx'

const { added: texts } = usersTexts

const crumbs = [{ href: SECTION, label: usersTexts.title }] as const

const invites = ['mailed', 'shown', 'none'] as const
type Invite = (typeof invites)[number]

const lines = ['displayName', 'givenName', 'familyName', 'email', 'mobile'] as const

function inviteOf({ sent, mails }: Asked): Invite {
  const usual = mails.configured ? 'mailed' : 'shown'
  return invites.find((each) => each === sent.text('invite')) ?? usual
}

function Invitation({ asked, fault }: { readonly asked: Asked; readonly fault?: string }) {
  const { configured } = asked.mails
  const chosen = inviteOf(asked)
  return (
    <fieldset>
      <legend>{texts.invitation}</legend>
      {configured ? null : <p class="hint">{texts.invites.noMail}</p>}
      {fault === undefined ? null : <p class="fault">{fault}</p>}
      {invites
        .filter((each) => configured || each !== 'mailed')
        .map((each) => (
          <Tick
            kind="radio"
            name="invite"
            value={each}
            checked={each === chosen}
            label={texts.invites[each]}
            hint={texts.invites[`${each}Hint`]}
          />
        ))}
    </fieldset>
  )
}

/** The form, with what was typed and what is wrong with it. */
async function formView(asked: Asked, faults?: Faults): Promise<View> {
  const { sent } = asked
  const [groups, roles] = await Promise.all([ownGroups(asked, ''), rolesInUse(asked)])
  const chosen = new Set(sent.list('group'))
  const fields = faults?.fields ?? {}
  const isElsewhere = faults !== undefined && Object.keys(fields).length === 0
  return {
    title: texts.title,
    section: SECTION,
    narrow: true,
    ...(faults ? { status: 400 } : {}),
    body: (
      <>
        <Head title={texts.title} crumbs={crumbs} about={texts.about} />
        {isElsewhere ? <Note kind="bad">{faults.text}</Note> : null}
        <form method="post" action={at(`${SECTION}/new`)}>
          <Panel title={texts.person}>
            <div class="form-grid">
              <Field
                name="userName"
                label={texts.userName}
                hint={texts.userNameHint}
                fault={fields['userName']}
                value={sent.text('userName')}
                autofocus
              />
              {lines.map((name) => (
                <Field
                  name={name}
                  label={`${texts[name]} (${common.optional})`}
                  optional
                  type={name === 'email' ? 'email' : 'text'}
                  fault={fields[name]}
                  value={sent.text(name)}
                />
              ))}
            </div>
          </Panel>
          <Panel title={texts.access}>
            <div class="form-grid">
              <fieldset>
                <legend>{texts.groups}</legend>
                {groups.items.length === 0 ? (
                  <p class="hint">{texts.noGroups}</p>
                ) : (
                  <div class="choices boxed">
                    {groups.items.map(({ id, displayName }) => (
                      <Tick
                        name="group"
                        value={id}
                        checked={chosen.has(id)}
                        label={<bdi>{displayName}</bdi>}
                      />
                    ))}
                  </div>
                )}
                {fields['groups'] === undefined ? null : <p class="fault">{fields['groups']}</p>}
                {groups.looked < groups.total ? <p class="hint">{texts.groupsHint}</p> : null}
              </fieldset>
              <div>
                <Field
                  name="role"
                  label={`${texts.role} (${common.optional})`}
                  optional
                  fault={fields['role']}
                  value={sent.text('role')}
                  offers={roles}
                />
                <Invitation
                  asked={asked}
                  {...(fields['invite'] === undefined ? {} : { fault: fields['invite'] })}
                />
              </div>
            </div>
          </Panel>
          <div class="actions end">
            <LinkButton href={SECTION}>{common.cancel}</LinkButton>
            <Submit icon="user-plus">{texts.make}</Submit>
          </div>
        </form>
      </>
    ),
  }
}

function bodyOf(asked: Asked) {
  const { sent } = asked
  const typed = (['displayName', 'givenName', 'familyName', 'email', 'mobile', 'role'] as const)
    .filter((name) => sent.text(name) !== '')
    .map((name) => [name, sent.text(name)] as const)
  return {
    userName: sent.text('userName'),
    ...Object.fromEntries(typed),
    groups: [...sent.list('group')],
    invite: inviteOf(asked),
  }
}

/** Where a local user is made. */
export const newUserPages: readonly Page[] = [
  page('/users/new', (asked) => formView(asked)),

  action('/users/new', async (asked) => {
    const result = await attempt(() => createUser.call(asked, { body: bodyOf(asked) }))
    if ('faults' in result) return formView(asked, result.faults)
    const { id, userName, displayName = userName, passwordLink } = result.made
    if (passwordLink) return passwordLinkView({ id, name: displayName, ...passwordLink })
    const isMailed = inviteOf(asked) === 'mailed'
    return {
      to: `${SECTION}/${id}`,
      done: { text: isMailed ? texts.madeMailed(displayName) : texts.made(displayName) },
    }
  }),
]
