import type { Named } from '../../../directory/names.ts'
import type { PlanAction, PlanItem } from '../../../directory/plan.ts'
import { hasRole, rolesIn } from '../../../directory/roles.ts'
import { common } from '../../../texts/common.ts'
import { imports as texts } from '../../../texts/imports.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Badge, Empty, Panel, type BadgeKind } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import { Table, type Column } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import type { Asked } from '../../console/asked.ts'
import { changesOf } from '../events/values.ts'
import { hrefTo, type ImportPlan, type Shown } from './plan.ts'

const words = texts.preview

const kinds: Readonly<Record<PlanAction, BadgeKind | undefined>> = {
  create: 'good',
  link: 'info',
  update: 'info',
  deactivate: 'bad',
  reactivate: 'good',
  skip: undefined,
  conflict: 'warn',
}

export function What({ action }: Pick<PlanItem, 'action'>) {
  const kind = kinds[action]
  return <Badge {...(kind === undefined ? {} : { kind })}>{texts.actions[action]}</Badge>
}

/** What somebody is called, and by what told from others. */
export function personOf({ person }: PlanItem) {
  return {
    name: person.displayName || person.userPrincipalName,
    detail: person.userPrincipalName,
  }
}

/** When somebody is mailed, as the preview has it: an address at once, a time, or not before somebody says so. */
export function Invited({ item, plan }: { readonly item: PlanItem; readonly plan: ImportPlan }) {
  if (!item.changes.some(({ path }) => path === 'invitation')) return null
  const { invite } = plan.options
  if (invite.when === 'at') {
    return (
      <Badge icon="mail">
        {words.invited.at} <Time at={invite.at} as="minute" />
      </Badge>
    )
  }
  const { now, later } = words.invited
  return <Badge icon="mail">{invite.when === 'later' ? later : now}</Badge>
}

/** So many user groups are named in a row. */
const MOST_NAMED = 4

/** The user groups, the role and the invitation that somebody gets by it. */
export function Gets(props: {
  readonly item: PlanItem
  readonly plan: ImportPlan
  readonly names: ReadonlyMap<string, Named>
}) {
  const { item, plan, names } = props
  const groups = item.changes
    .filter(({ path, to }) => path === 'groups' && Array.isArray(to))
    .flatMap(({ to }) => [to].flat().filter((id) => typeof id === 'string'))
  const roles = item.changes
    .filter(({ path }) => path === 'roles')
    .flatMap(({ from, to }) => rolesIn(to).filter((role) => !hasRole(from, role)))
  const named = groups.slice(0, MOST_NAMED)
  if (item.action === 'reactivate') return <span class="is-soft">{words.keeps}</span>
  return (
    <span class="badges">
      {named.map((id) => (
        <Badge icon="layers">
          <bdi>{names.get(id)?.name ?? words.gone}</bdi>
        </Badge>
      ))}
      {groups.length > named.length ? (
        <span class="is-soft">{texts.choose.others(groups.length - named.length)}</span>
      ) : null}
      {roles.map((role) => (
        <Badge icon="briefcase">
          <bdi>{role}</bdi>
        </Badge>
      ))}
      <Invited item={item} plan={plan} />
    </span>
  )
}

/** What everybody knows of it already, or what stands in another column. */
const untold = [
  'groups',
  'roles',
  'invitation',
  'link',
  'rule',
  'mappings',
  'schemas',
  'externalId',
]

/** Why, and what to look out for; of a user who is linked or comes back, what becomes new. */
export function ToKnow({ item, names }: { readonly item: PlanItem } & Pick<Shown, 'names'>) {
  const fields =
    item.action === 'link'
      ? changesOf(item, { ids: names, things: new Map(), plans: new Map() }, untold)
      : []
  const user = item.userId === undefined ? undefined : names.get(item.userId)
  return (
    <>
      {user && item.action !== 'create' ? (
        <small>
          {texts.person.user} <a href={at(`/admin/users/${item.userId ?? ''}`)}>{user.name}</a>
        </small>
      ) : null}
      {item.notes.map((note) => (
        <small>{note}</small>
      ))}
      {fields.length > 0 ? (
        <small>{words.changedFields(fields.map(({ label }) => label))}</small>
      ) : null}
    </>
  )
}

export const whoColumn: Column<PlanItem> = {
  label: words.columns.person,
  cell: (item) => <Who {...personOf(item)} />,
}

/** Leads to all that is known of somebody of an import. */
export function detailsColumn({ id }: Pick<Asked, 'id'>): Column<PlanItem> {
  return {
    label: words.details,
    unseen: true,
    kind: 'end',
    cell: (item) => (
      <LinkButton href={`/admin/import/${id}/person?at=${item.position}`} small dialog>
        {words.details}
        <span class="unseen">{personOf(item).name}</span>
      </LinkButton>
    ),
  }
}

/** Some people of an import, and the way to the others. */
export function ItemPanel(props: {
  readonly asked: Asked
  readonly shown: Shown
  readonly label: string
  readonly columns: readonly Column<PlanItem>[]
}) {
  const { asked, shown, label, columns } = props
  return (
    <>
      <Panel bare>
        {shown.items.length > 0 ? (
          <Table label={label} rows={shown.items} columns={columns} />
        ) : (
          <Empty icon="users" title={words.filtered} text={words.filteredText} />
        )}
      </Panel>
      <div class="pager">
        {shown.isFirst ? null : (
          <LinkButton href={hrefTo(asked, shown, {})} small>
            {common.first}
          </LinkButton>
        )}
        {shown.next === undefined ? null : (
          <LinkButton href={hrefTo(asked, shown, { after: shown.next })} small>
            {words.more}
          </LinkButton>
        )}
      </div>
    </>
  )
}
