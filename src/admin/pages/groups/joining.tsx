import { displayName, userName, type User } from '../../../directory/user.ts'
import { common } from '../../../texts/common.ts'
import { groups as texts } from '../../../texts/groups.ts'
import { Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { SearchField } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Empty, Panel } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import { Region } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import { changeGroupMembers, readGroup } from '../../group-edits.ts'
import { readGivers, wayOf } from './givers.ts'
import { crumbs, SECTION } from './list.tsx'

const FOUND = 'found'
/** As many as an undo has room for. */
const MOST_FOUND = 20

const nameOf = ({ attributes }: User) => displayName(attributes) || userName(attributes)

/** The users whom a form names: one each, or all in one field. */
function idsIn({ sent }: Asked): string[] {
  return [...new Set([...sent.list('id'), ...sent.text('users').split(' ')])].filter(
    (id) => id !== '',
  )
}

async function nameFor({ directory }: Asked, id: string): Promise<string> {
  const user = await directory.users.read(id)
  return user ? nameOf(user) : id
}

function Found(props: { readonly users: readonly User[]; readonly inIt: ReadonlySet<string> }) {
  const { users, inIt } = props
  return (
    <Table
      label={texts.find.results}
      rows={users}
      pick={{
        id: ({ id }) => id,
        name: nameOf,
        can: ({ id }) => !inIt.has(id),
      }}
      columns={[
        {
          label: texts.members.columns.name,
          cell: (user) => <Who name={nameOf(user)} detail={userName(user.attributes)} />,
        },
        {
          label: texts.find.already,
          unseen: true,
          kind: 'end',
          cell: ({ id }) =>
            inIt.has(id) ? (
              <Badge kind="good" icon="check">
                {texts.find.already}
              </Badge>
            ) : null,
        },
      ]}
    />
  )
}

function Results(props: {
  readonly search: string
  readonly users: readonly User[]
  readonly inIt: ReadonlySet<string>
  readonly more: boolean
}) {
  const { search, users, inIt, more } = props
  const { find } = texts
  if (users.length === 0) {
    return (
      <Empty
        icon="search"
        title={search === '' ? find.start : find.none}
        text={search === '' ? find.startText : find.noneText(search)}
      />
    )
  }
  return (
    <>
      <Found users={users} inIt={inIt} />
      <div class="bulk" data-empty>
        <span class="with-script">
          <strong data-picked />
          {` ${common.selected}`}
        </span>
        <Submit>{find.button}</Submit>
      </div>
      {more ? <p class="inside is-soft">{find.more(users.length)}</p> : null}
    </>
  )
}

async function findView(asked: Asked, fault?: string): Promise<View> {
  const group = await readGroup.call(asked, { id: asked.id })
  const { directory } = asked
  const search = asked.query('search')
  const { items, next } =
    search === ''
      ? { items: [] }
      : await directory.roster.list({ search, sort: 'name', count: MOST_FOUND })
  const users = items.map(({ user }) => user)
  const inIt = await directory.groups.membershipsFor(
    group.id,
    users.map(({ id }) => id),
  )
  const title = texts.find.title(group.displayName)
  const path = `${SECTION}/${group.id}/members/add` as const
  const back = { href: `${SECTION}/${group.id}`, label: group.displayName } as const
  return {
    title,
    section: SECTION,
    narrow: true,
    ...(fault === undefined ? {} : { status: 400 }),
    body: (
      <>
        <Head title={title} crumbs={[...crumbs, back]} about={texts.find.about} />
        {fault === undefined ? null : <Note kind="bad">{fault}</Note>}
        <Panel bare>
          <div class="toolbar">
            <form action={at(path)} data-swap={FOUND} role="search">
              <SearchField value={search} label={texts.members.label} autofocus />
              <Submit look="quiet">{common.search}</Submit>
            </form>
          </div>
          <Region id={FOUND}>
            <form method="post" action={at(`${path}?search=${encodeURIComponent(search)}`)}>
              <Results
                search={search}
                users={users}
                inIt={new Set(inIt.keys())}
                more={next !== undefined}
              />
            </form>
          </Region>
        </Panel>
      </>
    ),
  }
}

/** What brings somebody back who is taken out, if a mapping does. */
async function mappingOf(asked: Asked, groupId: string, ids: readonly string[]) {
  const ways = await asked.directory.groups.membershipsFor(groupId, ids)
  const givers = await readGivers(asked.directory)
  for (const { via } of ways.values()) {
    const way = wayOf(via, givers)
    if (way.kind === 'mapping') return way.mapping
  }
  return undefined
}

/** How people come into a group and out of it. */
export const joiningPages: readonly Page[] = [
  page('/groups/{id}/members/add', (asked) => findView(asked)),

  action('/groups/{id}/members/add', async (asked) => {
    const group = await readGroup.call(asked, { id: asked.id })
    const ids = idsIn(asked)
    if (ids.length === 0) return findView(asked, texts.find.nobody)
    const inIt = await asked.directory.groups.membershipsFor(group.id, ids)
    const fresh = ids.filter((id) => !inIt.has(id))
    const name = group.displayName
    const to = `${SECTION}/${group.id}` as const
    if (fresh.length === 0) return { to, done: { text: texts.done.nobody(name) } }
    await changeGroupMembers.call(asked, { id: group.id, body: { add: fresh } })
    const who = await nameFor(asked, fresh[0] ?? '')
    return {
      to,
      done: {
        text: texts.done.added(fresh.length, name, who),
        undo: { to: `${to}/members/remove`, fields: { users: fresh.join(' ') } },
      },
    }
  }),

  action('/groups/{id}/members/remove', async (asked) => {
    const group = await readGroup.call(asked, { id: asked.id })
    const ids = idsIn(asked)
    const mapping = await mappingOf(asked, group.id, ids)
    await changeGroupMembers.call(asked, { id: group.id, body: { remove: ids } })
    const who =
      ids.length === 1 ? await nameFor(asked, ids[0] ?? '') : texts.done.several(ids.length)
    const to = `${SECTION}/${group.id}` as const
    return {
      to,
      done: {
        text: mapping
          ? texts.done.comesBack(who, group.displayName, mapping.entraName)
          : texts.done.removed(who, group.displayName),
        ...(mapping ? { kind: 'warn' } : {}),
        undo: { to: `${to}/members/add`, fields: { users: ids.join(' ') } },
      },
    }
  }),
]
