import { userTexts } from '../../../texts/user.ts'
import { DoButton, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Badge, Empty, Panel } from '../../../ui/panel.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { action, page, type Asked, type Page } from '../../console/asked.ts'
import { attempt } from '../../console/attempt.ts'
import { changeUserGroups } from '../../user-edits.ts'
import { changeUserRoles } from '../../user-roles.ts'
import { explainUser } from '../../why.ts'
import { displayName } from '../../../directory/user.ts'
import { rolesInUse } from '../users/choices.ts'
import { byName, nameOf, pathOf, personOf, personView, type Person } from './frame.tsx'
import { actorsOf, HowWords, type ActorNames } from './how.tsx'
import { PartFooter, partOf, type Part } from './parts.tsx'

const { access: texts } = userTexts

type Why = Awaited<ReturnType<typeof explainUser.call>>

const placeOf = (person: Person): `/${string}` => `${pathOf(person)}/access`

export function roleHref(role: string): `/${string}` {
  return `/admin/roles/role?value=${encodeURIComponent(role)}`
}

function GroupsPanel(props: {
  readonly person: Person
  readonly part: Part<Why['groups'][number]>
  readonly actors: ActorNames
}) {
  const { person, part, actors } = props
  const path = pathOf(person)
  return (
    <Panel
      title={texts.groups}
      bare
      actions={
        <LinkButton href={`${path}/join`} icon="plus" small>
          {texts.add}
        </LinkButton>
      }
    >
      {part.of === 0 ? (
        <Empty icon="layers" title={texts.noGroups} text={texts.noGroupsText} />
      ) : (
        <Table
          label={texts.groups}
          rows={part.items}
          columns={[
            {
              label: texts.group,
              cell: (group) => (
                <a class="name" href={at(`/admin/groups/${group.id}`)}>
                  <bdi>{group.displayName}</bdi>
                </a>
              ),
            },
            {
              label: texts.how,
              when: 'less',
              cell: (group) => <HowWords how={group} actors={actors} />,
            },
            { label: texts.since, when: 'less', cell: ({ since }) => <Time at={since} /> },
            {
              label: texts.remove,
              unseen: true,
              kind: 'end',
              cell: (group) =>
                group.source.kind === 'scim' ? (
                  <Badge icon="lock">{texts.entra}</Badge>
                ) : (
                  <DoButton
                    to={`${path}/leave`}
                    fields={{ group: group.id }}
                    small
                    of={texts.removeFrom(group.displayName)}
                  >
                    {texts.remove}
                  </DoButton>
                ),
            },
          ]}
        />
      )}
      <PartFooter path={placeOf(person)} name="groups" part={part} />
    </Panel>
  )
}

function GiveRole({
  person,
  roles,
}: {
  readonly person: Person
  readonly roles: readonly string[]
}) {
  return (
    <form class="toolbar" method="post" action={at(`${pathOf(person)}/give`)}>
      <div class="search plain">
        <input
          type="text"
          name="role"
          required
          aria-label={texts.giveLabel}
          placeholder={texts.giveLabel}
          autocomplete="off"
          list="roles-in-use"
        />
      </div>
      <datalist id="roles-in-use">
        {roles.map((role) => (
          <option value={role} />
        ))}
      </datalist>
      <Submit look="quiet">{texts.give}</Submit>
    </form>
  )
}

function RolesPanel(props: {
  readonly person: Person
  readonly why: Why
  readonly actors: ActorNames
  readonly roles: readonly string[]
}) {
  const { person, why, actors, roles } = props
  return (
    <Panel title={texts.roles} bare>
      <GiveRole person={person} roles={roles} />
      {why.roles.length === 0 ? (
        <p class="inside is-soft">{texts.noRoles}</p>
      ) : (
        <Table
          label={texts.roles}
          rows={why.roles}
          columns={[
            {
              label: texts.role,
              cell: ({ value }) => (
                <a class="name" href={at(roleHref(value))}>
                  <bdi>{value}</bdi>
                </a>
              ),
            },
            {
              label: texts.how,
              when: 'less',
              cell: (role) => <HowWords how={role} actors={actors} />,
            },
            {
              label: texts.since,
              when: 'less',
              cell: ({ since }) => (since === undefined ? null : <Time at={since} />),
            },
            {
              label: texts.take,
              unseen: true,
              kind: 'end',
              cell: ({ value }) => (
                <DoButton to={`${pathOf(person)}/take`} fields={{ role: value }} small of={value}>
                  {texts.take}
                </DoButton>
              ),
            },
          ]}
        />
      )}
    </Panel>
  )
}

type Permission = Why['permissions'][number]

/** Through what somebody has a permission. */
export function Through({ through }: Pick<Permission, 'through'>) {
  return (
    <>
      {through.map((each, index) => (
        <>
          {index === 0 ? null : ', '}
          {each.kind === 'group' ? (
            <a href={at(`/admin/groups/${each.id}`)}>
              <bdi>{each.displayName}</bdi>
            </a>
          ) : (
            <a href={at(roleHref(each.value))}>
              {texts.role} <bdi>{each.value}</bdi>
            </a>
          )}
        </>
      ))}
    </>
  )
}

function PermissionsPanel(props: { readonly person: Person; readonly part: Part<Permission> }) {
  const { person, part } = props
  return (
    <Panel title={texts.permissions} bare>
      {part.of === 0 ? (
        <Empty
          icon="key-round"
          title={texts.noPermissions}
          text={person.active ? texts.noPermissionsText : texts.noPermissionsInactive}
        />
      ) : (
        <Table
          label={texts.permissions}
          rows={part.items}
          columns={[
            { label: texts.permission, cell: ({ permission }) => <code>{permission}</code> },
            { label: texts.through, cell: ({ through }) => <Through through={through} /> },
          ]}
        />
      )}
      <PartFooter path={placeOf(person)} name="permissions" part={part} />
    </Panel>
  )
}

/** The groups, roles and permissions of a user, and where they come from. */
async function accessView(asked: Asked) {
  const [person, why, roles] = await Promise.all([
    personOf(asked),
    explainUser.call(asked, { id: asked.id }),
    rolesInUse(asked),
  ])
  const groups = partOf(asked, 'groups', why.groups.toSorted(byName))
  const actors = await actorsOf(asked.directory, [...groups.items, ...why.roles])
  return personView(
    asked,
    person,
    'access',
    <>
      <RolesPanel person={person} why={why} actors={actors} roles={roles} />
      <GroupsPanel person={person} part={groups} actors={actors} />
      <PermissionsPanel person={person} part={partOf(asked, 'permissions', why.permissions)} />
    </>,
  )
}

async function groupName({ directory }: Asked, id: string): Promise<string> {
  const group = await directory.groups.read(id, false)
  return group ? displayName(group.attributes) : id
}

/** What a user has: shown, and changed one by one. */
export const accessPages: readonly Page[] = [
  page('/users/{id}/access', accessView),

  action('/users/{id}/leave', async (asked) => {
    const group = asked.sent.text('group')
    const name = await groupName(asked, group)
    const person = await personOf(asked)
    const result = await attempt(() =>
      changeUserGroups.call(asked, { id: asked.id, body: { leave: [group] } }),
    )
    if ('faults' in result) {
      return { to: placeOf(person), done: { text: result.faults.text, kind: 'bad' } }
    }
    return {
      to: placeOf(person),
      done: {
        text: texts.removed(nameOf(person), name),
        undo: { to: `${pathOf(person)}/join`, fields: { group } },
      },
    }
  }),

  action('/users/{id}/give', async (asked) => {
    const role = asked.sent.text('role')
    const person = await personOf(asked)
    const result = await attempt(() =>
      changeUserRoles.call(asked, { id: asked.id, body: { give: [role] } }),
    )
    if ('faults' in result) {
      const [text = result.faults.text] = Object.values(result.faults.fields)
      return { to: placeOf(person), done: { text, kind: 'bad' } }
    }
    const undo = { to: `${pathOf(person)}/take` as const, fields: { role } }
    const isNew = !result.made.roles.every((each) => person.roles.includes(each))
    return {
      to: placeOf(person),
      done: { text: texts.given(nameOf(person), role), ...(isNew ? { undo } : {}) },
    }
  }),

  action('/users/{id}/take', async (asked) => {
    const role = asked.sent.text('role')
    const person = await personOf(asked)
    await changeUserRoles.call(asked, { id: asked.id, body: { take: [role] } })
    return {
      to: placeOf(person),
      done: {
        text: texts.taken(nameOf(person), role),
        undo: { to: `${pathOf(person)}/give`, fields: { role } },
      },
    }
  }),
]
