import type { Child } from 'hono/jsx'
import { usersTexts } from '../../../texts/users.ts'
import { at } from '../../../ui/base.ts'
import { Who } from '../../../ui/person.tsx'
import { Table, type Column } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import type { Asked } from '../../console/asked.ts'
import type { ColumnName } from './columns.ts'
import { hrefTo } from './filters.tsx'
import { oneOf, SECTION, type Row } from './listing.ts'
import { StateBadges } from './state.tsx'

const { columns: labels } = usersTexts

/** So many groups of a user are named. */
const NAMED = 2

const nameOf = ({ displayName, userName }: Pick<Row, 'displayName' | 'userName'>) =>
  displayName ?? userName

/** The first of some names, in two lines at most, and how many more there are. */
function Names({ names }: { readonly names: readonly string[] }) {
  const more = names.length - NAMED
  return (
    <>
      <span class="names" title={names.slice(0, NAMED).join(', ')}>
        {names.slice(0, NAMED).map((name, index) => (
          <>
            {index === 0 ? null : ', '}
            <bdi>{name}</bdi>
          </>
        ))}
      </span>
      {more > 0 ? <small>{usersTexts.andMore(more)}</small> : null}
    </>
  )
}

/** When, or that it never was. */
function Maybe({ time }: { readonly time: string | undefined }) {
  return time === undefined ? <span class="is-soft">{usersTexts.never}</span> : <Time at={time} />
}

const cells: Readonly<Record<ColumnName, (user: Row) => Child>> = {
  state: (user) => (
    <span class="badges">
      <StateBadges user={user} />
    </span>
  ),
  email: ({ email }) => email ?? '',
  title: ({ title }) => title ?? '',
  department: ({ department }) => department ?? '',
  origin: ({ origin }) => usersTexts.filters.origins[origin],
  groups: ({ groups }) => <Names names={groups.map(({ displayName }) => displayName)} />,
  roles: ({ roles }) => <Names names={roles} />,
  lastSignIn: ({ lastSignIn }) => <Maybe time={lastSignIn} />,
  created: ({ created }) => <Time at={created} as="day" />,
}

/** What the table can be sorted by, at its heading. */
function sortBy(asked: Asked, key: 'name' | 'created'): Pick<Column<Row>, 'sort'> {
  if (asked.query('filter') !== '') return {}
  const now = oneOf(asked, 'sort') ?? 'name'
  const next = now === key ? (`-${key}` as const) : key
  const sorted = now === key ? ('up' as const) : now === `-${key}` ? ('down' as const) : undefined
  return {
    sort: {
      href: hrefTo(asked, { sort: next === 'name' ? '' : next }),
      ...(sorted === undefined ? {} : { now: sorted }),
    },
  }
}

/** Whether there is nothing to be told of somebody but whose account it is. */
const isUsual = ({ active, held }: Row) => active && held === undefined

const narrow: Readonly<Partial<Record<ColumnName, 'less' | 'least'>>> = {
  state: 'less',
  roles: 'less',
  email: 'least',
  title: 'least',
  department: 'least',
  origin: 'least',
  groups: 'least',
  lastSignIn: 'least',
  created: 'least',
}

/** Users in rows, which can be ticked. */
export function UserTable(props: {
  readonly asked: Asked
  readonly users: readonly Row[]
  readonly columns: readonly ColumnName[]
}) {
  const { asked, users, columns } = props
  return (
    <Table
      label={usersTexts.title}
      rows={users}
      pick={{ id: ({ id }) => id, name: nameOf }}
      columns={[
        {
          label: labels.name,
          ...sortBy(asked, 'name'),
          cell: (user) => (
            <>
              <Who name={nameOf(user)} href={at(`${SECTION}/${user.id}`)} detail={user.userName} />
              {isUsual(user) || !columns.includes('state') ? null : (
                <span class="instead">{cells.state(user)}</span>
              )}
            </>
          ),
        },
        ...columns.map((name): Column<Row> => {
          const when = narrow[name]
          return {
            label: labels[name],
            cell: cells[name],
            ...(when === undefined ? {} : { when }),
            ...(name === 'created' ? sortBy(asked, 'created') : {}),
          }
        }),
      ]}
    />
  )
}
