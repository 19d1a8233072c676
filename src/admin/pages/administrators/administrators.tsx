import { displayName, userName, type User } from '../../../directory/user.ts'
import { administrators as texts } from '../../../texts/administrators.ts'
import { common } from '../../../texts/common.ts'
import { shell } from '../../../texts/shell.ts'
import { DoButton, FormEnd, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { SearchField } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Badge, Empty, Panel } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import { Region } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import {
  appointAdministrator,
  dismissAdministrator,
  listAdministrators,
} from '../../administrators.ts'
import { action, page, type Asked, type Page } from '../../console/asked.ts'
import { Problem } from '../../problems.ts'

const SECTION = '/admin/administrators'
const FOUND = 'found'
const MOST_FOUND = 20

type Administrator = Awaited<ReturnType<typeof listAdministrators.call>>['items'][number]

const nameOf = (one: { readonly displayName?: string | undefined; readonly userName: string }) =>
  one.displayName ?? one.userName

const nameOfUser = ({ attributes }: User) => displayName(attributes) || userName(attributes)

async function requireUser({ directory, id }: Asked): Promise<User> {
  const user = await directory.users.read(id)
  if (user) return user
  throw new Problem('notFound', shell.problems.nothingText)
}

function AdministratorTable(props: {
  readonly administrators: readonly Administrator[]
  readonly me: string
}) {
  const { administrators, me } = props
  return (
    <Table
      label={texts.title}
      rows={administrators}
      columns={[
        {
          label: texts.columns.name,
          cell: (one) => (
            <Who name={nameOf(one)} href={at(`/admin/users/${one.id}`)} detail={one.userName} />
          ),
        },
        {
          label: texts.columns.signsIn,
          when: 'less',
          cell: ({ linked }) => (linked ? texts.entra : texts.password),
        },
        {
          label: texts.columns.state,
          when: 'less',
          cell: ({ id, active }) => (
            <span class="badges">
              {active ? <Badge kind="good">{texts.active}</Badge> : <Badge>{texts.inactive}</Badge>}
              {id === me ? <Badge kind="info">{texts.you}</Badge> : null}
            </span>
          ),
        },
        {
          label: texts.remove,
          unseen: true,
          kind: 'end',
          cell: (one) => (
            <LinkButton
              href={`${SECTION}/${one.id}/remove`}
              look="danger"
              small
              dialog
              of={nameOf(one)}
            >
              {texts.remove}
            </LinkButton>
          ),
        },
      ]}
    />
  )
}

function Found(props: { readonly users: readonly User[]; readonly known: ReadonlySet<string> }) {
  return (
    <Table
      label={texts.find.results}
      rows={props.users}
      columns={[
        {
          label: texts.columns.name,
          cell: (user) => <Who name={nameOfUser(user)} detail={userName(user.attributes)} />,
        },
        {
          label: texts.find.choose,
          unseen: true,
          kind: 'end',
          cell: (user) =>
            props.known.has(user.id) ? (
              <Badge kind="good" icon="check">
                {texts.find.already}
              </Badge>
            ) : (
              <DoButton
                to={`${SECTION}/add`}
                fields={{ user: user.id }}
                small
                of={nameOfUser(user)}
              >
                {texts.find.choose}
              </DoButton>
            ),
        },
      ]}
    />
  )
}

const crumbs = [{ href: SECTION, label: texts.title }] as const

/** Who administers: the list, whom to add, whom to remove. */
export const administratorPages: readonly Page[] = [
  page('/administrators', async (asked) => {
    const { items } = await listAdministrators.call(asked)
    return {
      title: texts.title,
      section: SECTION,
      body: (
        <>
          <Head
            title={texts.title}
            about={texts.about}
            actions={
              <LinkButton href={`${SECTION}/add`} look="main" icon="plus">
                {texts.add}
              </LinkButton>
            }
          />
          <Panel bare>
            <AdministratorTable administrators={items} me={asked.me.signedIn.user.id} />
          </Panel>
        </>
      ),
    }
  }),

  page('/administrators/add', async (asked) => {
    const search = asked.query('search')
    const { items } =
      search === ''
        ? { items: [] }
        : await asked.directory.roster.list({ search, sort: 'name', count: MOST_FOUND })
    const users = items.map(({ user }) => user)
    const known = new Set(await asked.directory.administrators.list())
    return {
      title: texts.find.title,
      section: SECTION,
      narrow: true,
      body: (
        <>
          <Head title={texts.find.title} crumbs={crumbs} about={texts.find.about} />
          <Panel bare>
            <div class="toolbar">
              <form action={at(`${SECTION}/add`)} data-swap={FOUND} role="search">
                <SearchField value={search} label={texts.find.label} autofocus />
                <Submit look="quiet">{common.search}</Submit>
              </form>
            </div>
            <Region id={FOUND}>
              {users.length > 0 ? (
                <Found users={users} known={known} />
              ) : (
                <Empty
                  icon="search"
                  title={search === '' ? texts.find.start : texts.find.none}
                  text={search === '' ? texts.find.startText : texts.find.noneText(search)}
                />
              )}
            </Region>
          </Panel>
        </>
      ),
    }
  }),

  action('/administrators/add', async (asked) => {
    const made = await appointAdministrator.call(asked, {
      body: { userId: asked.sent.text('user') },
    })
    return { to: SECTION, done: { text: texts.done.added(nameOf(made)) } }
  }),

  page('/administrators/{id}/remove', async (asked) => {
    const user = await requireUser(asked)
    const name = nameOfUser(user)
    return {
      title: texts.confirm.title(name),
      section: SECTION,
      narrow: true,
      body: (
        <div data-dialog-body>
          <Head title={texts.confirm.title(name)} about={texts.confirm.text} />
          {user.id === asked.me.signedIn.user.id ? (
            <p class="is-bad">{texts.confirm.self}</p>
          ) : null}
          <form method="post" action={at(`${SECTION}/${user.id}/remove`)}>
            <FormEnd back={SECTION}>
              <Submit look="danger">{texts.confirm.button}</Submit>
            </FormEnd>
          </form>
        </div>
      ),
    }
  }),

  action('/administrators/{id}/remove', async (asked) => {
    const user = await requireUser(asked)
    await dismissAdministrator.call(asked, { id: user.id })
    return {
      to: SECTION,
      done: {
        text: texts.done.removed(nameOfUser(user)),
        undo: { to: `${SECTION}/add`, fields: { user: user.id } },
      },
    }
  }),
]
