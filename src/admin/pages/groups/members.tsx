import type { Membership } from '../../../directory/group.ts'
import type { Extent } from '../../../directory/roster.ts'
import { common, countedExtent } from '../../../texts/common.ts'
import { groups as texts } from '../../../texts/groups.ts'
import { DoButton, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { SearchField } from '../../../ui/field.tsx'
import { Badge, Empty, Panel } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import { Region } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import type { Asked } from '../../console/asked.ts'
import { listUsers } from '../../user-list.ts'
import type { Givers } from './givers.ts'
import { wayOf } from './givers.ts'
import type { GroupDetail } from './group.tsx'
import { Pager, SECTION } from './list.tsx'

const FOUND = 'members'
const ON_PAGE = 50

type Listed = Awaited<ReturnType<typeof listUsers.call>>['items'][number]

/** How many members a group has. */
export const sizeOf = ({ memberCount, memberCountAtLeast }: GroupDetail): Extent =>
  memberCountAtLeast === undefined ? { total: memberCount ?? 0 } : { atLeast: memberCountAtLeast }

/** A page of the members of a group. */
export interface Members {
  readonly search: string
  readonly items: readonly Listed[]
  /** How each came into the group. */
  readonly ways: ReadonlyMap<string, Pick<Membership, 'via' | 'since'>>
  readonly sorted: boolean
  readonly first: string | undefined
  readonly next: string | undefined
  /** How many members are no users. */
  readonly others: number
}

export const nameOf = (one: {
  readonly displayName?: string | undefined
  readonly userName: string
}) => one.displayName ?? one.userName

/** The members that the address asks for. */
export async function readMembers(
  asked: Asked,
  { id, memberCount = 0 }: Pick<GroupDetail, 'id' | 'memberCount'>,
): Promise<Members> {
  const [search, after] = [asked.query('search'), asked.query('after')]
  const { items, next, total, sorted } = await listUsers.call(asked, {
    query: {
      group: id,
      ...(search === '' ? {} : { search }),
      ...(after === '' ? {} : { after }),
      count: ON_PAGE,
    },
  })
  const ids = items.map((user) => user.id)
  return {
    search,
    items,
    ways: await asked.directory.groups.membershipsFor(id, ids),
    sorted,
    first: after === '' ? undefined : asked.here({ after: '' }),
    next: next === undefined ? undefined : asked.here({ after: next }),
    others: search === '' && total !== undefined ? Math.max(memberCount - total, 0) : 0,
  }
}

function WayIn({ way, givers }: { readonly way: Membership['via']; readonly givers: Givers }) {
  const found = wayOf(way, givers)
  const { via } = texts
  switch (found.kind) {
    case 'scim':
    case 'hand':
    case 'import':
      return <span class="whole">{via[found.kind]}</span>
    case 'rule':
      return found.rule === undefined ? (
        <>{`${via.rule} (${via.gone})`}</>
      ) : (
        <>
          {`${via.rule} `}
          <a href={at(`/admin/rules/${found.rule.id}`)}>
            <bdi>{found.rule.name}</bdi>
          </a>
        </>
      )
    case 'mapping':
      return found.mapping === undefined ? (
        <>{`${via.mapping} (${via.gone})`}</>
      ) : (
        <>
          {`${via.mapping} `}
          <a href={at(`/admin/mappings/${found.mapping.id}`)}>
            <bdi>{found.mapping.entraName}</bdi>
          </a>
        </>
      )
  }
}

function MemberTable(props: {
  readonly group: GroupDetail
  readonly members: Members
  readonly givers: Givers
}) {
  const { group, members, givers } = props
  const { columns } = texts.members
  const isOurs = group.origin !== 'scim'
  return (
    <Table
      label={texts.members.title}
      rows={members.items}
      columns={[
        {
          label: columns.name,
          cell: (user) => (
            <Who
              name={nameOf(user)}
              href={at(`/admin/users/${user.id}`)}
              detail={user.active ? user.userName : `${user.userName} · ${texts.members.inactive}`}
            />
          ),
        },
        {
          label: columns.how,
          when: 'less',
          cell: ({ id }) => {
            const found = members.ways.get(id)
            return found === undefined ? null : <WayIn way={found.via} givers={givers} />
          },
        },
        {
          label: columns.since,
          when: 'least',
          cell: ({ id }) => {
            const found = members.ways.get(id)
            return found === undefined ? null : <Time at={found.since} />
          },
        },
        ...(isOurs
          ? [
              {
                label: texts.members.remove,
                unseen: true,
                kind: 'end' as const,
                cell: (user: Listed) => (
                  <DoButton
                    to={`${SECTION}/${group.id}/members/remove`}
                    fields={{ id: user.id }}
                    small
                    of={nameOf(user)}
                  >
                    {texts.members.remove}
                  </DoButton>
                ),
              },
            ]
          : []),
      ]}
    />
  )
}

function Nobody({ group, search }: { readonly group: GroupDetail; readonly search: string }) {
  const { members } = texts
  if (search !== '') {
    return <Empty icon="search" title={members.notFoundTitle} text={members.notFound(search)} />
  }
  if (group.origin === 'scim') {
    return <Empty icon="users" title={members.noneTitle} text={members.noneEntra} />
  }
  return (
    <Empty icon="users" title={members.noneTitle} text={members.noneHere}>
      <LinkButton href={`${SECTION}/${group.id}/members/add`} icon="user-plus">
        {members.add}
      </LinkButton>
    </Empty>
  )
}

/** Who is in a group: searched, page by page, and taken out again where that is done here. */
export function MembersPanel(props: {
  readonly group: GroupDetail
  readonly members: Members
  readonly givers: Givers
}) {
  const { group, members, givers } = props
  const { search, first, next, others, sorted } = members
  const notes = [
    ...(sorted ? [] : [texts.members.unsorted]),
    ...(others > 0 ? [texts.members.others(others)] : []),
  ]
  return (
    <Panel
      title={texts.members.title}
      bare
      actions={
        <>
          <Badge>{countedExtent(sizeOf(group), 'member', 'members')}</Badge>
          {group.origin === 'scim' ? null : (
            <LinkButton
              href={`${SECTION}/${group.id}/members/add`}
              look="main"
              icon="user-plus"
              small
            >
              {texts.members.add}
            </LinkButton>
          )}
        </>
      }
    >
      {group.memberCount === 0 ? null : (
        <div class="toolbar">
          <form action={at(`${SECTION}/${group.id}`)} data-swap={FOUND} role="search">
            <SearchField value={search} label={texts.members.label} />
            <Submit look="quiet">{common.search}</Submit>
          </form>
        </div>
      )}
      <Region id={FOUND}>
        {members.items.length === 0 && next === undefined ? (
          <Nobody group={group} search={search} />
        ) : (
          <MemberTable group={group} members={members} givers={givers} />
        )}
        {notes.length === 0 && first === undefined && next === undefined ? null : (
          <footer>
            <span>{notes.join(' ')}</span>
            <Pager first={first} next={next} />
          </footer>
        )}
      </Region>
    </Panel>
  )
}
