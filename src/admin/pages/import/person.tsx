import type { PersonChoice, PlanItem } from '../../../directory/plan.ts'
import type { Named } from '../../../directory/names.ts'
import { common } from '../../../texts/common.ts'
import { imports as texts } from '../../../texts/imports.ts'
import { Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Facts } from '../../../ui/panel.tsx'
import { Changes } from '../../../ui/timeline.tsx'
import {
  action,
  page,
  type Asked,
  type Outcome,
  type Page,
  type View,
} from '../../console/asked.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import { changeImportedPeople } from '../../import-changes.ts'
import { changesOf } from '../events/values.ts'
import { Invited, personOf, What } from './items.tsx'
import { GroupPool, groupsToChoose, RoleField, type Choices } from './options.tsx'
import { hrefTo, namesIn, peopleIn, requireImport, requireItem, type ImportPlan } from './plan.ts'

const SECTION = '/admin/import'
const OWN_GROUPS = 'own-groups'
const MOST_ROLES = 100
const words = texts.person

/** What is filled in for one person. */
interface Own {
  readonly gets: 'same' | 'own'
  readonly groups: readonly string[]
  readonly groupSearch: string
  readonly role: string
  readonly invite: 'same' | 'yes' | 'no'
}

function ownOf({ options }: ImportPlan, { chosen }: PlanItem): Own {
  const { groups, role, invite } = chosen
  return {
    gets: groups === undefined && role === undefined ? 'same' : 'own',
    groups: groups ?? options.groups,
    groupSearch: '',
    role: (role === undefined ? options.role : role) ?? '',
    invite: invite === undefined ? 'same' : invite ? 'yes' : 'no',
  }
}

function readOwn({ sent }: Asked): Own {
  const invite = sent.text('invite')
  return {
    gets: sent.text('gets') === 'own' ? 'own' : 'same',
    groups: [...new Set(sent.list('group'))],
    groupSearch: sent.text('groupSearch').slice(0, 200),
    role: sent.text('role'),
    invite: invite === 'yes' || invite === 'no' ? invite : 'same',
  }
}

/** What was chosen for one person, with the user who is the same one where that was said before. */
function choiceOf({ gets, groups, role, invite }: Own, link: string | undefined): PersonChoice {
  return {
    ...(link === undefined ? {} : { link }),
    ...(gets === 'same' ? {} : { groups, role: role === '' ? null : role }),
    ...(invite === 'same' ? {} : { invite: invite === 'yes' }),
  }
}

interface Props {
  readonly plan: ImportPlan
  readonly item: PlanItem
  readonly names: ReadonlyMap<string, Named>
  readonly own: Own
  readonly choices: Pick<Choices, 'groups' | 'moreGroups' | 'roles'>
  readonly back: string
  readonly faults: Faults | undefined
}

/** All that changes. */
function AllChanges({ plan, item, names }: Pick<Props, 'plan' | 'item' | 'names'>) {
  const known = { ids: names, things: new Map<string, string>(), plans: new Map() }
  const changes = changesOf(item, known, ['invitation'])
  if (changes.length === 0) return null
  return (
    <details class="part" open={plan.state !== 'preview'}>
      <summary>{words.changes}</summary>
      <Changes changes={changes} />
    </details>
  )
}

/** What Entra has, what is to happen or has happened, and why. */
function Story({ plan, item, names }: Pick<Props, 'plan' | 'item' | 'names'>) {
  const { person, notes, outcome, userId } = item
  const user = userId === undefined ? undefined : names.get(userId)
  const facts = [
    { label: words.account, value: <bdi>{person.userPrincipalName}</bdi> },
    ...(person.mail === undefined ? [] : [{ label: words.mail, value: <bdi>{person.mail}</bdi> }]),
    ...(person.jobTitle === undefined ? [] : [{ label: words.jobTitle, value: person.jobTitle }]),
    ...(person.department === undefined
      ? []
      : [{ label: words.department, value: person.department }]),
    ...(user === undefined
      ? []
      : [
          {
            label: words.user,
            value: (
              <a href={at(`/admin/users/${userId ?? ''}`)}>
                <bdi>{user.name}</bdi>
              </a>
            ),
          },
        ]),
    {
      label: plan.state === 'preview' ? words.what : words.was,
      value: (
        <span class="badges">
          <What action={item.action} />
          {plan.state === 'preview' ? null : <Badge>{texts.states[item.state]}</Badge>}
        </span>
      ),
    },
    ...(item.changes.some(({ path }) => path === 'invitation')
      ? [{ label: words.invited, value: <Invited item={item} plan={plan} /> }]
      : []),
  ]
  return (
    <>
      <Facts items={facts} />
      {outcome === undefined ? null : <Note kind="warn">{outcome}</Note>}
      {notes.map((note) => (
        <Note>{note}</Note>
      ))}
    </>
  )
}

function Target({ item, back }: Pick<Props, 'item' | 'back'>) {
  return (
    <>
      <input type="hidden" name="at" value={String(item.position)} />
      <input type="hidden" name="back" value={back} />
    </>
  )
}

/** Whether somebody here is the same person. */
function LinkQuestion(props: Pick<Props, 'plan' | 'item' | 'back' | 'names'>) {
  const { plan, item, back, names } = props
  const { userId, chosen, action: what } = item
  if (userId === undefined || (what !== 'conflict' && what !== 'link')) return null
  if (what === 'conflict' && chosen.link === userId) return <Note kind="warn">{words.taken}</Note>
  const name = names.get(userId)?.name ?? ''
  return (
    <form method="post" action={at(`${SECTION}/${plan.id}/person`)} class="part">
      <Target item={item} back={back} />
      <h2 class="minor">{words.linkTitle(name)}</h2>
      <p class="soft">{words.linkText}</p>
      <div class="actions">
        {what === 'conflict' ? (
          <Submit name="do" value="link" icon="link">
            {words.linkButton}
          </Submit>
        ) : (
          <Submit look="quiet" name="do" value="unlink" icon="unlink">
            {words.unlinkButton}
          </Submit>
        )}
        <Submit look="danger" name="do" value="leave">
          {words.leaveOut}
        </Submit>
      </div>
    </form>
  )
}

/** What this person gets in place of what all get. */
function OwnChoice({ plan, item, own, choices, back }: Props) {
  const asks = item.action === 'conflict'
  if (item.action === 'skip' || item.action === 'reactivate' || asks) return null
  return (
    <form method="post" action={at(`${SECTION}/${plan.id}/person`)} class="part">
      <Target item={item} back={back} />
      <fieldset>
        <legend>{words.gets}</legend>
        {(['same', 'own'] as const).map((gets) => (
          <label class="tick">
            <input
              type="radio"
              name="gets"
              value={gets}
              checked={own.gets === gets}
              data-shows={gets}
            />
            <span>{gets === 'same' ? words.everybodys : words.own}</span>
          </label>
        ))}
      </fieldset>
      <div data-with="own">
        <fieldset>
          <legend>{texts.choose.groups}</legend>
          <GroupPool
            choices={choices}
            chosen={own.groups}
            search={own.groupSearch}
            swap={OWN_GROUPS}
          />
        </fieldset>
        <RoleField value={own.role} roles={choices.roles} />
      </div>
      <fieldset>
        <legend>{words.invite}</legend>
        {(['same', 'yes', 'no'] as const).map((invite) => (
          <label class="tick">
            <input type="radio" name="invite" value={invite} checked={own.invite === invite} />
            <span>{words.invites[invite]}</span>
          </label>
        ))}
      </fieldset>
      <div class="actions">
        <Submit name="do" value="save">
          {words.save}
        </Submit>
        <Submit look="danger" name="do" value="leave">
          {words.leaveOut}
        </Submit>
      </div>
    </form>
  )
}

function PersonPage(props: Props) {
  const { plan, item, faults } = props
  const { name } = personOf(item)
  return (
    <div data-dialog-body>
      <Head
        title={name}
        isName
        crumbs={[{ href: `${SECTION}/${plan.id}`, label: texts.history.of(peopleIn(plan)) }]}
      />
      {faults === undefined ? null : <Note kind="bad">{faults.text}</Note>}
      <Story {...props} />
      {plan.state === 'preview' ? (
        <>
          <LinkQuestion {...props} />
          <OwnChoice {...props} />
        </>
      ) : null}
      <AllChanges {...props} />
      <div class="actions end">
        <a class="button quiet" href={at(`${SECTION}/${plan.id}`)} data-close>
          {common.close}
        </a>
      </div>
    </div>
  )
}

async function personView(
  asked: Asked,
  plan: ImportPlan,
  item: PlanItem,
  given: { readonly own?: Own; readonly faults?: Faults; readonly back: string },
): Promise<View> {
  const { own = ownOf(plan, item), faults, back } = given
  const [names, groups, roles] = await Promise.all([
    namesIn(asked, [item]),
    groupsToChoose(asked, own.groups, own.groupSearch),
    asked.directory.roster.roleNames(MOST_ROLES),
  ])
  const choices = { ...groups, roles }
  return {
    title: personOf(item).name,
    section: SECTION,
    narrow: true,
    ...(faults === undefined ? {} : { status: 400 }),
    body: (
      <PersonPage
        plan={plan}
        item={item}
        names={names}
        own={own}
        choices={choices}
        back={back}
        faults={faults}
      />
    ),
  }
}

/** What a button makes of what is chosen for somebody: null leaves out, undefined is none of the buttons. */
function pressed(asked: Asked, item: PlanItem): PersonChoice | null | undefined {
  const { mappings: _, gone: __, link, ...chosen } = item.chosen
  const { userId } = item
  switch (asked.sent.text('do')) {
    case 'save':
      return choiceOf(readOwn(asked), link)
    case 'leave':
      return null
    case 'link':
      return { ...chosen, ...(userId === undefined ? {} : { link: userId }) }
    case 'unlink':
      return chosen
    default:
      return undefined
  }
}

const told = {
  save: texts.done.saved,
  leave: texts.done.leftOut,
  link: texts.done.linked,
  unlink: texts.done.unlinked,
} as const

async function decide(asked: Asked): Promise<Outcome> {
  const plan = await requireImport(asked)
  const item = await requireItem(asked, asked.sent.text('at'))
  const back = asked.sent.text('back')
  const chosen = pressed(asked, item)
  // Only user groups are looked for.
  if (chosen === undefined) return personView(asked, plan, item, { own: readOwn(asked), back })
  const { position } = item
  const { groups, ...others } = chosen ?? {}
  const wanted = chosen && { ...others, ...(groups === undefined ? {} : { groups: [...groups] }) }
  const body = { people: [{ position, chosen: wanted }] }
  const done = await attempt(() => changeImportedPeople.call(asked, { id: plan.id, body }))
  if ('faults' in done) {
    return personView(asked, plan, item, { own: readOwn(asked), faults: done.faults, back })
  }
  const what = (['save', 'leave', 'link', 'unlink'] as const).find(
    (each) => each === asked.sent.text('do'),
  )
  const text = told[what ?? 'save'](personOf(item).name)
  // Whoever goes through the conflicts goes on with the next one.
  const more = back === 'conflict' && done.made.actions.conflict > 0
  const place = { action: more ? ('conflict' as const) : undefined, state: undefined }
  const fields = { at: String(position), do: 'unlink' }
  return {
    to: hrefTo(asked, place, {}),
    done: {
      text,
      ...(what === 'link' ? { undo: { to: `${SECTION}/${plan.id}/person`, fields } } : {}),
    },
  }
}

/** One person of an import: what happens and why, and before it is started, what else shall happen. */
export const personPages: readonly Page[] = [
  page('/import/{id}/person', async (asked) => {
    const plan = await requireImport(asked)
    const item = await requireItem(asked, asked.query('at'))
    return personView(asked, plan, item, { back: asked.query('back') })
  }),
  action('/import/{id}/person', decide),
]
