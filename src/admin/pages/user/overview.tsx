import { usersTexts } from '../../../texts/users.ts'
import { userTexts as texts } from '../../../texts/user.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Facts, Panel } from '../../../ui/panel.tsx'
import { Time } from '../../../ui/time.tsx'
import { Timeline, type Moment } from '../../../ui/timeline.tsx'
import { page, type Page } from '../../console/asked.ts'
import { listSessions } from '../../users.ts'
import { describeEvents } from '../events/in-words.tsx'
import { byName, isOwn, pathOf, personOf, personView, type Person } from './frame.tsx'
import { ProfilePanel } from './profile.tsx'
import { Fixes, isTrouble, verdictOf, VerdictNote, type Verdict } from './verdict.tsx'

/** So many groups, and events, are seen here; the other parts of the page have all. */
const MOST_NAMES = 6
const LATEST = 5

function Names(props: {
  readonly names: readonly { readonly name: string; readonly href: `/${string}` }[]
  readonly all: `/${string}`
  readonly none: string
}) {
  const { names, all, none } = props
  if (names.length === 0) return <span class="is-soft">{none}</span>
  const more = names.length - MOST_NAMES
  return (
    <ul class="plain">
      {names.slice(0, MOST_NAMES).map(({ name, href }) => (
        <li>
          <a href={at(href)}>
            <bdi>{name}</bdi>
          </a>
        </li>
      ))}
      {more > 0 ? (
        <li>
          <a class="is-soft" href={at(all)}>
            {texts.access.andMore(more)}
          </a>
        </li>
      ) : null}
    </ul>
  )
}

function entryOf(verdict: Verdict, person: Person): string {
  const { ways } = texts.account
  if (verdict.kind === 'off' || verdict.kind === 'shut') return ways[verdict.kind]
  return person.linked ? ways.entra : ways.password
}

function AccountPanel(props: {
  readonly person: Person
  readonly sessions: number
  readonly verdict: Verdict
}) {
  const { person, sessions, verdict } = props
  const { account } = texts
  return (
    <Panel title={account.title}>
      <Facts
        items={[
          { label: account.state, value: person.active ? account.active : account.inactive },
          { label: account.entry, value: entryOf(verdict, person) },
          { label: account.origin, value: usersTexts.filters.origins[person.origin] },
          { label: account.created, value: <Time at={person.created} /> },
          { label: account.changed, value: <Time at={person.lastModified} /> },
          {
            label: account.lastSignIn,
            value:
              person.lastSignIn === undefined ? usersTexts.never : <Time at={person.lastSignIn} />,
          },
          {
            label: account.sessions,
            value: <a href={at(`${pathOf(person)}/sign-in`)}>{account.sessionsNow(sessions)}</a>,
          },
        ]}
      />
    </Panel>
  )
}

function AccessPanel({ person }: { readonly person: Person }) {
  const path: `/${string}` = `${pathOf(person)}/access`
  const { access } = texts
  return (
    <Panel
      title={texts.tabs.access}
      actions={
        <LinkButton href={path} small>
          {access.change}
        </LinkButton>
      }
    >
      <Facts
        items={[
          {
            label: access.groups,
            value: (
              <Names
                names={person.groups.toSorted(byName).map(({ id, displayName }) => ({
                  name: displayName,
                  href: `/admin/groups/${id}`,
                }))}
                all={path}
                none={access.noGroups}
              />
            ),
          },
          {
            label: access.roles,
            value: (
              <Names
                names={person.roles.map((role) => ({
                  name: role,
                  href: `/admin/roles/role?value=${encodeURIComponent(role)}`,
                }))}
                all={path}
                none={access.noRoles}
              />
            ),
          },
          {
            label: access.rights,
            value: <a href={at(path)}>{access.count(person.permissions.length)}</a>,
          },
        ]}
      />
    </Panel>
  )
}

function LinkPanel({ person }: { readonly person: Person }) {
  const { link: words } = texts
  const { link, origin } = person
  if (!link) {
    return (
      <Panel title={words.title}>
        <p>{isOwn(person) ? words.none : words.noneOther}</p>
        <LinkButton href={`/admin/link/users/${person.id}`} icon="link" small>
          {words.find}
        </LinkButton>
      </Panel>
    )
  }
  return (
    <Panel title={words.title}>
      <p>{words.linked}</p>
      <Facts
        items={[
          { label: words.objectId, value: <code>{link.objectId}</code> },
          { label: words.tenantId, value: <code>{link.tenantId}</code> },
        ]}
      />
      {origin === 'scim' ? (
        <p class="is-soft">{words.sent}</p>
      ) : (
        <LinkButton href={`${pathOf(person)}/unlink`} icon="unlink" look="danger" small dialog>
          {words.unlink}
        </LinkButton>
      )}
    </Panel>
  )
}

function LatestPanel(props: { readonly person: Person; readonly moments: readonly Moment[] }) {
  const { person, moments } = props
  const { history } = texts
  return (
    <Panel
      title={history.latest}
      actions={
        <LinkButton href={`${pathOf(person)}/history`} small>
          {history.all}
        </LinkButton>
      }
    >
      <Timeline moments={moments} />
    </Panel>
  )
}

/** Who a user is, at a glance. */
export const overviewPages: readonly Page[] = [
  page('/users/{id}', async (asked) => {
    const person = await personOf(asked)
    const { events } = asked.directory
    const [{ items: sessions }, latest, verdict] = await Promise.all([
      listSessions.call(asked, { id: person.id }),
      events.latest({ limit: LATEST, resourceId: person.id }),
      verdictOf(asked, person),
    ])
    const moments = await describeEvents(asked.directory, latest)
    return personView(
      asked,
      person,
      'overview',
      <>
        {isTrouble(verdict, person) ? (
          <VerdictNote verdict={verdict} person={person}>
            <Fixes verdict={verdict} person={person} />
          </VerdictNote>
        ) : null}
        <div class="columns wide-left">
          <div>
            <ProfilePanel person={person} />
            <LatestPanel person={person} moments={moments} />
          </div>
          <div>
            <AccessPanel person={person} />
            <LinkPanel person={person} />
            <AccountPanel person={person} sessions={sessions.length} verdict={verdict} />
          </div>
        </div>
      </>,
    )
  }),
]
