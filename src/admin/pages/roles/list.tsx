import { fold } from '../../../scim/protocol/compare.ts'
import { extent } from '../../../texts/common.ts'
import { roles as texts } from '../../../texts/roles.ts'
import { FormEnd, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Field } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Empty, Panel } from '../../../ui/panel.tsx'
import { Table } from '../../../ui/table.tsx'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import { grantPermission } from '../../permissions.ts'
import { listRoles } from '../../roles.ts'
import { FewPermissions } from '../permissions/panel.tsx'
import { Pager } from '../groups/list.tsx'

export const SECTION = '/admin/roles'
const ON_PAGE = 50

export const crumbs = [{ href: SECTION, label: texts.title }] as const

/** The page of a role. */
export function pathTo(value: string): `/${string}` {
  return `${SECTION}/role?value=${encodeURIComponent(value)}`
}

type Role = Awaited<ReturnType<typeof listRoles.call>>['items'][number]

function peopleWith({ users, usersAtLeast = 0 }: Role): string {
  if (users === 0) return texts.nobody
  return extent(users === undefined ? { atLeast: usersAtLeast } : { total: users })
}

/** What each of some roles may do, by the role as it is compared. */
async function permissionsOf({ directory }: Asked, roles: readonly Role[]) {
  const holders = roles.filter(({ hasPermissions }) => hasPermissions)
  const grants = await directory.permissions.among(
    holders.map(({ value }) => ({ kind: 'role', value })),
  )
  const found = new Map<string, string[]>()
  for (const { holder, permission } of grants) {
    if (holder.kind !== 'role') continue
    found.set(holder.value, [...(found.get(holder.value) ?? []), permission].sort())
  }
  return found
}

function Roles(props: {
  readonly roles: readonly Role[]
  readonly permissions: ReadonlyMap<string, readonly string[]>
}) {
  return (
    <Table
      label={texts.title}
      rows={props.roles}
      columns={[
        {
          label: texts.columns.name,
          cell: ({ value }) => (
            <a class="name" href={at(pathTo(value))}>
              <bdi>{value}</bdi>
            </a>
          ),
        },
        {
          label: texts.columns.users,
          kind: 'number',
          cell: (role) =>
            role.users === 0 ? <span class="is-soft">{peopleWith(role)}</span> : peopleWith(role),
        },
        {
          label: texts.columns.permissions,
          when: 'less',
          cell: ({ value }) => (
            <FewPermissions permissions={props.permissions.get(fold(value)) ?? []} />
          ),
        },
      ]}
    />
  )
}

async function list(asked: Asked): Promise<View> {
  const after = asked.query('after')
  const { items, next } = await listRoles.call(asked, { query: { after, count: ON_PAGE } })
  const permissions = await permissionsOf(asked, items)
  const first = after === '' ? undefined : asked.here({ after: '' })
  const toNext = next === undefined ? undefined : asked.here({ after: next })
  const none = items.length === 0
  const add = (
    <LinkButton href={`${SECTION}/new`} look="main" icon="plus" dialog>
      {texts.add}
    </LinkButton>
  )
  return {
    title: texts.title,
    section: SECTION,
    body: (
      <>
        <Head title={texts.title} about={texts.about} actions={none ? undefined : add} />
        <Panel
          bare
          {...(first === undefined && toNext === undefined
            ? {}
            : { footer: <Pager first={first} next={toNext} /> })}
        >
          {none ? (
            <Empty icon="briefcase" title={texts.empty.title} text={texts.empty.text}>
              {add}
            </Empty>
          ) : (
            <Roles roles={items} permissions={permissions} />
          )}
        </Panel>
      </>
    ),
  }
}

interface Typed {
  readonly role: string
  readonly permission: string
}

function makeView(typed: Typed = { role: '', permission: '' }, faults?: Faults): View {
  const { make } = texts
  const [role, permission] = [faults?.fields['holder/value'], faults?.fields['permission']]
  const known = role !== undefined || permission !== undefined
  return {
    title: make.title,
    section: SECTION,
    narrow: true,
    ...(faults ? { status: 400 } : {}),
    body: (
      <div data-dialog-body>
        <Head title={make.title} crumbs={crumbs} about={make.about} />
        {faults && !known ? <Note kind="bad">{faults.text}</Note> : null}
        <form method="post" action={at(`${SECTION}/new`)}>
          <Field
            name="role"
            label={make.name}
            value={typed.role}
            hint={make.hint}
            fault={role}
            autofocus
          />
          <Field
            name="permission"
            label={make.permission}
            value={typed.permission}
            hint={make.permissionHint}
            fault={permission}
          />
          <FormEnd back={SECTION}>
            <Submit>{make.button}</Submit>
          </FormEnd>
        </form>
      </div>
    ),
  }
}

/** All roles, and how one is made. */
export const roleListPages: readonly Page[] = [
  page('/roles', list),

  page('/roles/new', async () => makeView()),

  action('/roles/new', async (asked) => {
    const typed = { role: asked.sent.text('role'), permission: asked.sent.text('permission') }
    const { role: value, permission } = typed
    const outcome = await attempt(() =>
      grantPermission.call(asked, { body: { holder: { kind: 'role', value }, permission } }),
    )
    if ('faults' in outcome) return makeView(typed, outcome.faults)
    return { to: pathTo(value), done: { text: texts.make.done(value) } }
  }),
]
