import type { Child } from 'hono/jsx'
import { mayHavePassword } from '../../../directory/account.ts'
import { mailAddress } from '../../../directory/mail-address.ts'
import { usersTexts } from '../../../texts/users.ts'
import { userTexts as texts } from '../../../texts/user.ts'
import { DoButton, LinkButton, Menu } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head, Tabs } from '../../../ui/head.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge } from '../../../ui/panel.tsx'
import { Avatar } from '../../../ui/person.tsx'
import type { Asked, View } from '../../console/asked.ts'
import { readUser } from '../../user-list.ts'
import { SECTION } from '../users/listing.ts'
import { StateBadges } from '../users/state.tsx'

/** A user as a page shows it. */
export type Person = Awaited<ReturnType<typeof readUser.call>>

export const personOf = (asked: Asked): Promise<Person> => readUser.call(asked, { id: asked.id })

export const nameOf = ({ displayName, userName }: Pick<Person, 'displayName' | 'userName'>) =>
  displayName ?? userName

const order = new Intl.Collator('en', { numeric: true })

/** The order in which people look for groups. */
export const byName = (one: { displayName: string }, other: { displayName: string }): number =>
  order.compare(one.displayName, other.displayName)

/** Where the user gets mail. */
export const mailOf = ({ attributes }: Person): string | undefined =>
  // As SCIM has them: written by the store.
  mailAddress(attributes as Parameters<typeof mailAddress>[0])

export const pathOf = ({ id }: Pick<Person, 'id'>): `/${string}` => `${SECTION}/${id}`

/** Whether the user is changed here, and signs in with a password. */
export const isOwn = (person: Person): boolean => mayHavePassword(person)

const tabs = ['overview', 'access', 'signIn', 'history', 'why'] as const
type Tab = (typeof tabs)[number]

const places: Readonly<Record<Tab, string>> = {
  overview: '',
  access: '/access',
  signIn: '/sign-in',
  history: '/history',
  why: '/why',
}

/** What can be done with the user, the usual beside the menu of all. */
function Actions({ person }: { readonly person: Person }) {
  const path = pathOf(person)
  const own = isOwn(person)
  const { actions } = texts
  return (
    <>
      {person.linked ? (
        <DoButton to="/admin/sync" fields={{ id: person.id }} icon="refresh-cw">
          {actions.sync}
        </DoButton>
      ) : null}
      {own ? (
        <LinkButton href={`${path}/edit`} icon="pencil">
          {actions.edit}
        </LinkButton>
      ) : null}
      <Menu label={actions.label} right>
        {person.active ? (
          <a href={at(`${path}/off`)} data-dialog>
            <Icon name="ban" />
            {actions.off}
          </a>
        ) : own ? (
          <DoButton to={`${path}/on`} look="main" icon="circle-check">
            {actions.on}
          </DoButton>
        ) : (
          <a href={at(`${path}/off`)} data-dialog>
            <Icon name="circle-check" />
            {actions.on}
          </a>
        )}
        <a href={at(`${path}/sign-out`)} data-dialog>
          <Icon name="log-out" />
          {actions.signOut}
        </a>
        {mailOf(person) === undefined ? null : (
          <DoButton to={`${path}/invite`} look="main" icon="mail">
            {actions.invite}
          </DoButton>
        )}
        {own ? (
          <DoButton to={`${path}/password-link`} look="main" icon="key-round">
            {actions.link}
          </DoButton>
        ) : null}
        {person.administrator ? (
          <a href={at(`/admin/administrators/${person.id}/remove`)} data-dialog>
            <Icon name="shield" />
            {actions.dismiss}
          </a>
        ) : (
          <DoButton
            to="/admin/administrators/add"
            fields={{ user: person.id }}
            look="main"
            icon="shield"
          >
            {actions.appoint}
          </DoButton>
        )}
        <hr />
        <a class="danger" href={at(`${path}/delete`)} data-dialog>
          <Icon name="trash-2" />
          {actions.remove}
        </a>
      </Menu>
    </>
  )
}

function PersonHead(props: { readonly person: Person; readonly isMe: boolean; readonly tab: Tab }) {
  const { person, isMe, tab } = props
  const { badges } = usersTexts
  const { held } = person
  return (
    <>
      <Head
        title={nameOf(person)}
        isName
        crumbs={[{ href: SECTION, label: usersTexts.title }]}
        about={nameOf(person) === person.userName ? undefined : <bdi>{person.userName}</bdi>}
        lead={<Avatar name={nameOf(person)} large />}
        badges={
          <>
            <StateBadges user={person} />
            {person.administrator ? (
              <Badge kind="info" icon="shield">
                {badges.administrator}
              </Badge>
            ) : null}
            {isMe ? <Badge kind="info">{badges.you}</Badge> : null}
          </>
        }
        actions={<Actions person={person} />}
      />
      {held === undefined ? null : (
        <Note kind="warn">
          <div class="actions">
            <span>{texts.held[held]}</span>
            <LinkButton href="/admin/held" small>
              {texts.held.decide}
            </LinkButton>
          </div>
        </Note>
      )}
      <Tabs
        label={texts.sections}
        current={`${pathOf(person)}${places[tab]}`}
        tabs={tabs.map((each) => ({
          href: `${pathOf(person)}${places[each]}`,
          label: texts.tabs[each],
        }))}
      />
    </>
  )
}

/** A part of the page of a user, below what all parts have. */
export function personView(
  asked: Asked,
  person: Person,
  tab: Tab,
  body: Child,
  more: Partial<Pick<View, 'status'>> = {},
): View {
  return {
    title: tab === 'overview' ? nameOf(person) : `${texts.tabs[tab]} · ${nameOf(person)}`,
    section: SECTION,
    ...more,
    body: (
      <>
        <PersonHead person={person} isMe={asked.me.signedIn.user.id === person.id} tab={tab} />
        {body}
      </>
    ),
  }
}
