import { fold } from '../../../scim/protocol/compare.ts'
import { EntraFailure } from '../../../directory/entra-directory.ts'
import { extent } from '../../../texts/common.ts'
import { permissions as permissionTexts } from '../../../texts/permissions.ts'
import { roles as texts } from '../../../texts/roles.ts'
import { LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Badge, Empty, Panel } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import { Region } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import { Timeline, type Moment } from '../../../ui/timeline.tsx'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import { listEntraAppRoles } from '../../entra-people.ts'
import { Problem } from '../../problems.ts'
import { listUsers } from '../../user-list.ts'
import { describeEvents } from '../events/in-words.tsx'
import { readGivers, type Givers } from '../groups/givers.ts'
import { nameOf } from '../groups/members.tsx'
import { grantTo, permissionIn, revokeFrom } from '../permissions/granting.ts'
import { PermissionsPanel, SUGGESTED, type Wrong } from '../permissions/panel.tsx'
import { crumbs, pathTo, SECTION } from './list.tsx'

const SHOWN = 10
const EVENTS = 5
/** So many of the user groups of somebody are named. */
const GROUPS = 2
const AT_ENTRA = 'at-entra'

type People = Awaited<ReturnType<typeof listUsers.call>>
type Person = People['items'][number]

/** What Entra says of a role: the app role with this value, none, or nothing. */
type AtEntra = { readonly name: string } | 'none' | 'failed' | 'not asked'

async function lookAtEntra(asked: Asked, role: string): Promise<AtEntra> {
  if (asked.query('entra') === '') return 'not asked'
  try {
    const { items } = await listEntraAppRoles.call(asked)
    const found = items.find(({ value }) => value !== '' && fold(value) === fold(role))
    return found ? { name: found.displayName } : 'none'
  } catch (error) {
    if (error instanceof EntraFailure || error instanceof Problem) return 'failed'
    throw error
  }
}

function Groups({ groups }: Pick<Person, 'groups'>) {
  const more = groups.length - GROUPS
  return (
    <span class="badges">
      {groups.slice(0, GROUPS).map(({ id, displayName }) => (
        <a class="tag" href={at(`/admin/groups/${id}`)}>
          <bdi>{displayName}</bdi>
        </a>
      ))}
      {more > 0 ? <span class="is-soft">{texts.people.groups(more)}</span> : null}
    </span>
  )
}

function PeoplePanel({ role, people }: { readonly role: string; readonly people: People }) {
  const { columns, ...words } = texts.people
  const { items, total, atLeast = 0 } = people
  const all = `/admin/users?role=${encodeURIComponent(role)}` as const
  const count = extent(total === undefined ? { atLeast } : { total })
  const isAll = total !== undefined && total <= items.length
  return (
    <Panel
      title={words.title}
      bare
      {...(items.length === 0
        ? {}
        : {
            actions: (
              <LinkButton href={all} small>
                {isAll ? words.see : words.all(count)}
              </LinkButton>
            ),
          })}
    >
      {items.length === 0 ? (
        <Empty icon="users" title={words.noneTitle} text={words.none} />
      ) : (
        <Table
          label={words.title}
          rows={items}
          columns={[
            {
              label: columns.name,
              cell: (user) => (
                <Who
                  name={nameOf(user)}
                  href={at(`/admin/users/${user.id}`)}
                  detail={user.active ? user.userName : `${user.userName} · ${words.inactive}`}
                />
              ),
            },
            {
              label: columns.groups,
              when: 'less',
              cell: ({ groups }) => <Groups groups={groups} />,
            },
            {
              label: words.why,
              unseen: true,
              kind: 'end',
              cell: (user) => (
                <LinkButton href={`/admin/users/${user.id}/why`} small of={nameOf(user)}>
                  {words.why}
                </LinkButton>
              ),
            },
          ]}
        />
      )}
    </Panel>
  )
}

function AtEntraLine({ role, found }: { readonly role: string; readonly found: AtEntra }) {
  const { feeds } = texts
  if (found === 'not asked') {
    return (
      <form action={at(`${SECTION}/role`)} data-swap={AT_ENTRA}>
        <input type="hidden" name="value" value={role} />
        <input type="hidden" name="entra" value="yes" />
        <Submit look="quiet" small icon="search" name="look">
          {feeds.look}
        </Submit>
      </form>
    )
  }
  if (found === 'none' || found === 'failed') {
    return <p class="is-soft">{found === 'none' ? feeds.notFound : feeds.failed}</p>
  }
  return (
    <p>
      <Badge kind="info" icon="check">
        {feeds.found}
      </Badge>{' '}
      <strong>{found.name}</strong>
    </p>
  )
}

function FeedsPanel(props: {
  readonly role: string
  readonly givers: Givers
  readonly atEntra: AtEntra
}) {
  const { role, givers, atEntra } = props
  const { feeds } = texts
  const gives = (each: { readonly role?: string }) => fold(each.role ?? '') === fold(role)
  const lines = [
    ...givers.mappings.filter(gives).map(({ id, entraName }) => {
      const href = `/admin/mappings/${id}` as const
      return { icon: 'sliders-horizontal', label: feeds.mapping, name: entraName, href } as const
    }),
    ...givers.rules.filter(gives).map(({ id, name }) => {
      const href = `/admin/rules/${id}` as const
      return { icon: 'list-checks', label: feeds.rule, name, href } as const
    }),
  ]
  return (
    <Panel title={feeds.title} bare>
      {lines.length === 0 ? null : (
        <ul class="lines">
          {lines.map(({ icon, label, name, href }) => (
            <li>
              <Icon name={icon} tone="soft" />
              <span class="words">
                {`${label} `}
                <a class="name" href={at(href)}>
                  <bdi>{name}</bdi>
                </a>
              </span>
            </li>
          ))}
        </ul>
      )}
      <div class="inside">
        {lines.length === 0 ? <p>{feeds.none}</p> : null}
        <p class="is-soft">{feeds.also}</p>
        <Region id={AT_ENTRA}>
          <AtEntraLine role={role} found={atEntra} />
        </Region>
      </div>
    </Panel>
  )
}

function Events({ moments }: { readonly moments: readonly Moment[] }) {
  return (
    <Panel title={texts.events.title}>
      {moments.length === 0 ? (
        <p class="is-soft">{texts.events.none}</p>
      ) : (
        <Timeline moments={moments} />
      )}
    </Panel>
  )
}

/** A role as somebody has it, or as it was asked for. */
function spelled(role: string, { items }: People): string {
  const has = items.flatMap(({ roles }) => roles).find((each) => fold(each) === fold(role))
  return has ?? role
}

async function roleView(asked: Asked, value: string, wrong?: Wrong): Promise<View> {
  const { directory } = asked
  const [people, grants, known, givers, atEntra, events] = await Promise.all([
    listUsers.call(asked, { query: { role: value, count: SHOWN } }),
    directory.permissions.list({ kind: 'role', value }),
    directory.permissions.names(SUGGESTED),
    readGivers(directory),
    lookAtEntra(asked, value),
    directory.events.latest({ resourceId: `role:${fold(value)}`, limit: EVENTS }),
  ])
  const moments = await describeEvents(directory, events)
  const role = spelled(value, people)
  return {
    title: role,
    section: SECTION,
    ...(wrong ? { status: 400 } : {}),
    body: (
      <>
        <Head title={role} isName crumbs={crumbs} />
        <div class="columns wide-left">
          <div>
            <PeoplePanel role={role} people={people} />
          </div>
          <div>
            <PermissionsPanel
              about={permissionTexts.ofRole}
              path={`${SECTION}/permissions`}
              fields={{ role }}
              permissions={grants.map(({ permission }) => permission)}
              known={known}
              wrong={wrong}
            />
            <FeedsPanel role={role} givers={givers} atEntra={atEntra} />
            <Events moments={moments} />
          </div>
        </div>
      </>
    ),
  }
}

/** One role: who has it, what they may do, and where it comes from. */
export const rolePages: readonly Page[] = [
  page('/roles/role', async (asked) => {
    const value = asked.query('value')
    return value === '' ? { to: SECTION } : roleView(asked, value)
  }),

  action('/roles/permissions/grant', async (asked) => {
    const value = asked.sent.text('role')
    const wrong = await grantTo(asked, { kind: 'role', value })
    if (wrong) return value === '' ? { to: SECTION } : roleView(asked, value, wrong)
    const permission = permissionIn(asked)
    const fields = { role: value, permission }
    const text = permissionTexts.done.granted(permission, value)
    const undo = { to: `${SECTION}/permissions/revoke`, fields } as const
    return { to: pathTo(value), done: { text, undo } }
  }),

  action('/roles/permissions/revoke', async (asked) => {
    const value = asked.sent.text('role')
    await revokeFrom(asked, { kind: 'role', value })
    const permission = permissionIn(asked)
    const fields = { role: value, permission }
    const text = permissionTexts.done.revoked(permission, value)
    const undo = { to: `${SECTION}/permissions/grant`, fields } as const
    return { to: pathTo(value), done: { text, undo } }
  }),
]
