import type { Child } from 'hono/jsx'
import { displayName, userName, type User } from '../../../directory/user.ts'
import { bulkTexts as texts } from '../../../texts/bulk.ts'
import { common } from '../../../texts/common.ts'
import { usersTexts } from '../../../texts/users.ts'
import { LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Field, SearchField, Tick } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Empty, Panel } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import { Table } from '../../../ui/table.tsx'
import { action, type Asked, type Outcome, type Page, type View } from '../../console/asked.ts'
import { attempt } from '../../console/attempt.ts'
import { deedOf, judge, type DeedName, type Judged, type Target } from './bulk-deeds.ts'
import { ownGroups, rolesInUse } from './choices.ts'
import { backTo, SECTION } from './listing.ts'

const MOST = 200

/** Ids of more do not fit into what a browser keeps for the next page. */
const MOST_UNDONE = 75

/** What stands between ids in one field. */
const BETWEEN = '.'

type Deed = NonNullable<ReturnType<typeof deedOf>>

/** A deed with whom it is for. */
interface Asking {
  readonly asked: Asked
  readonly deed: Deed
  readonly users: readonly User[]
}

const nameOfUser = ({ attributes }: User) => displayName(attributes) || userName(attributes)
const crumbs = [{ href: SECTION, label: usersTexts.title }] as const

/** What a form carries on from one step to the next. */
function Carried({ asked, users, what }: Omit<Asking, 'deed'> & { readonly what: DeedName }) {
  return (
    <>
      <input type="hidden" name="what" value={what} />
      <input type="hidden" name="back" value={asked.sent.text('back')} />
      <input type="hidden" name="ids" value={users.map(({ id }) => id).join(BETWEEN)} />
    </>
  )
}

/** What leads on, beside the way back, which is all there is where nothing can be done. */
function Buttons(props: {
  readonly asked: Asked
  readonly back?: boolean
  readonly children?: Child
}) {
  return (
    <div class="actions end">
      <LinkButton href={backTo(props.asked)}>{props.back ? texts.back : common.cancel}</LinkButton>
      {props.children}
    </div>
  )
}

/** The form that asks for the user group. */
async function groupChoice({ asked, deed, users }: Asking, fault?: string): Promise<View> {
  const search = asked.sent.text('search')
  const { items } = await ownGroups(asked, search)
  const title = texts.choose[deed.name === 'join' ? 'join' : 'leave'](users.length)
  return {
    title,
    section: SECTION,
    narrow: true,
    ...(fault === undefined ? {} : { status: 400 }),
    body: (
      <>
        <Head title={title} crumbs={crumbs} about={texts.choose.groupHint} />
        <form method="post" action={at(`${SECTION}/bulk`)}>
          <Carried asked={asked} users={users} what={deed.name} />
          {fault === undefined ? null : <Note kind="bad">{fault}</Note>}
          <Panel bare>
            <div class="toolbar">
              <SearchField value={search} label={texts.choose.search} />
              <Submit look="quiet" name="again" value="yes">
                {common.search}
              </Submit>
            </div>
            {items.length === 0 ? (
              <Empty icon="layers" title={texts.choose.none} text={texts.choose.noneText} />
            ) : (
              <fieldset class="choices">
                <legend class="unseen">{texts.choose.group}</legend>
                {items.map(({ id, displayName: name }) => (
                  <Tick kind="radio" name="group" value={id} label={<bdi>{name}</bdi>} />
                ))}
              </fieldset>
            )}
          </Panel>
          <Buttons asked={asked}>
            <Submit>{texts.choose.next}</Submit>
          </Buttons>
        </form>
      </>
    ),
  }
}

/** The form that asks for the role. */
async function roleChoice({ asked, deed, users }: Asking, fault?: string): Promise<View> {
  const roles = await rolesInUse(asked)
  const title = texts.choose[deed.name === 'give' ? 'give' : 'take'](users.length)
  return {
    title,
    section: SECTION,
    narrow: true,
    ...(fault === undefined ? {} : { status: 400 }),
    body: (
      <>
        <Head title={title} crumbs={crumbs} />
        <form method="post" action={at(`${SECTION}/bulk`)}>
          <Carried asked={asked} users={users} what={deed.name} />
          <Panel>
            <Field
              name="role"
              label={texts.choose.role}
              hint={texts.choose.roleHint}
              fault={fault}
              value={asked.sent.text('role')}
              offers={roles}
              autofocus
            />
          </Panel>
          <Buttons asked={asked}>
            <Submit>{texts.choose.next}</Submit>
          </Buttons>
        </form>
      </>
    ),
  }
}

/** The user group or role that was chosen; undefined where none was. */
async function targetOf({ asked, deed }: Omit<Asking, 'users'>): Promise<Target | undefined> {
  const value = deed.needs === undefined ? '' : asked.sent.text(deed.needs)
  if (value === '') return undefined
  if (deed.needs === 'role') return { value, name: value }
  const group = await asked.directory.groups.read(value, false)
  return group && { value, name: displayName(group.attributes) }
}

/** The users who were ticked; those who are gone meanwhile are left out. */
async function chosenUsers({ sent, directory }: Asked): Promise<readonly User[] | undefined> {
  const ids = [...new Set([...sent.list('id'), ...sent.text('ids').split(BETWEEN)])]
  const known = ids.filter((id) => id !== '')
  if (known.length > MOST) return undefined
  const users = await directory.users.some(known)
  return known.flatMap((id) => users.get(id) ?? [])
}

function wordsOf(deed: Deed, count: number, target: Target | undefined, kind: 'title' | 'done') {
  return texts[kind][deed.name](count, target?.name ?? '')
}

function People(props: { readonly label: string; readonly users: readonly User[] }) {
  return (
    <Table
      label={props.label}
      rows={props.users}
      columns={[
        {
          label: texts.user,
          cell: (user) => <Who name={nameOfUser(user)} detail={userName(user.attributes)} />,
        },
      ]}
    />
  )
}

/** Those to whom nothing will happen, by the reason. */
function LeftOut({ left }: Pick<Judged, 'left'>) {
  return (
    <>
      {[...Map.groupBy(left, ({ why }) => why)].map(([why, them]) => (
        <Panel title={texts.left} about={why} bare>
          <People label={`${texts.left}: ${why}`} users={them.map(({ user }) => user)} />
        </Panel>
      ))}
    </>
  )
}

/** What will happen, with everybody it will happen to. */
function preview({ asked, deed, users }: Asking, target: Target | undefined): View {
  const { will, left } = judge(asked, deed, users, target?.value ?? '')
  const title = wordsOf(deed, will.length, target, 'title')
  const isMail = deed.name === 'invite' && !asked.mails.configured
  return {
    title: will.length === 0 ? texts.nothing : title,
    section: SECTION,
    narrow: true,
    body: (
      <>
        <Head
          title={will.length === 0 ? texts.nothing : title}
          crumbs={crumbs}
          about={will.length === 0 ? texts.nothingText : texts.about[deed.name]}
        />
        {isMail ? <Note kind="warn">{texts.noMail}</Note> : null}
        {will.length === 0 ? null : (
          <Panel title={texts.will} bare>
            <People label={texts.will} users={will} />
          </Panel>
        )}
        {left.length === 0 ? null : <LeftOut left={left} />}
        <form method="post" action={at(`${SECTION}/bulk/apply`)}>
          <Carried asked={asked} users={will} what={deed.name} />
          {deed.needs === undefined ? null : (
            <input type="hidden" name={deed.needs} value={target?.value ?? ''} />
          )}
          <Buttons asked={asked} back={will.length === 0}>
            {will.length === 0 ? null : (
              <Submit look={['off', 'leave', 'take'].includes(deed.name) ? 'danger' : 'main'}>
                {texts.buttons[deed.name]}
              </Submit>
            )}
          </Buttons>
        </form>
      </>
    ),
  }
}

/** Leads back to the list, where nothing was to be done. */
function nothing(asked: Asked, text: string): Outcome {
  return { to: backTo(asked), done: { text, kind: 'warn' } }
}

/** Reads whom it is for and what it is, or leads back. */
async function withUsers(
  asked: Asked,
  work: (asking: Asking) => Promise<Outcome>,
): Promise<Outcome> {
  const deed = deedOf(asked.sent.text('what'))
  const users = await chosenUsers(asked)
  if (!users) return nothing(asked, texts.tooMany(MOST))
  if (!deed || users.length === 0) return nothing(asked, texts.nobody)
  return work({ asked, deed, users })
}

/** What takes it back, where something does. */
function wayBack({ asked, deed }: Omit<Asking, 'users'>, did: readonly User[], target?: Target) {
  const ids = did.map(({ id }) => id).join(BETWEEN)
  const undoes = deed.undo !== undefined && did.length > 0 && did.length <= MOST_UNDONE
  const fields = {
    what: deed.undo ?? '',
    ids,
    back: asked.sent.text('back'),
    ...(deed.needs === undefined ? {} : { [deed.needs]: target?.value ?? '' }),
  }
  return undoes ? { undo: { to: `${SECTION}/bulk/apply`, fields } as const } : {}
}

/** What is done with the users who were ticked: whom it changes is shown before. */
export const bulkPages: readonly Page[] = [
  action('/users/bulk', (asked) =>
    withUsers(asked, async (asking) => {
      const { deed } = asking
      const target = await targetOf(asking)
      if (deed.needs === 'group' && (!target || asked.sent.has('again'))) {
        const isMissing = asked.sent.has('search') && !asked.sent.has('again')
        return groupChoice(asking, isMissing ? texts.choose.missingGroup : undefined)
      }
      if (deed.needs === 'role' && !target) {
        return roleChoice(asking, asked.sent.has('role') ? texts.choose.missingRole : undefined)
      }
      return preview(asking, target)
    }),
  ),

  action('/users/bulk/apply', (asked) =>
    withUsers(asked, async (asking) => {
      const { deed, users } = asking
      const target = await targetOf(asking)
      if (deed.needs !== undefined && !target) return nothing(asked, texts.reasons.gone)
      const value = target?.value ?? ''
      const did: User[] = []
      let reason = ''
      for (const user of judge(asked, deed, users, value).will) {
        const result = await attempt(() => deed.apply(asked, user, value))
        if ('made' in result) did.push(user)
        else reason = ` ${result.faults.text}`
      }
      const left = users.length - did.length
      return {
        to: backTo(asked),
        done: {
          text: `${wordsOf(deed, did.length, target, 'done')}${
            left === 0 ? '' : `${texts.leftAfter(left)}${reason}`
          }`,
          ...(left === 0 ? {} : { kind: 'warn' as const }),
          ...wayBack(asking, did, target),
        },
      }
    }),
  ),
]
