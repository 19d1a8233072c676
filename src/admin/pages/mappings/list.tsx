import type { Extent } from '../../../directory/roster.ts'
import type { GroupReference } from '../../../directory/user.ts'
import { extent } from '../../../texts/common.ts'
import { mappings as texts } from '../../../texts/mappings.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Badge, Empty, Panel } from '../../../ui/panel.tsx'
import { Table } from '../../../ui/table.tsx'
import { page, type Asked, type Page, type View } from '../../console/asked.ts'
import { listMappings } from '../../mappings.ts'
import { groupsOf } from '../giving/choices.ts'
import { Gives } from '../giving/fields.tsx'

export const SECTION = '/admin/mappings'
export const crumbs = [{ href: SECTION, label: texts.title }] as const

export type Listed = Awaited<ReturnType<typeof listMappings.call>>['items'][number]

/** How many memberships came of a mapping. */
export const extentOf = ({ memberships, membershipsAtLeast }: Listed): Extent =>
  membershipsAtLeast === undefined ? { total: memberships ?? 0 } : { atLeast: membershipsAtLeast }

function Mappings(props: {
  readonly mappings: readonly Listed[]
  readonly groups: ReadonlyMap<string, GroupReference>
}) {
  const { mappings, groups } = props
  const given = ({ group, role }: Listed) => {
    const found = group === undefined ? undefined : groups.get(group)
    return found === undefined && role === undefined ? (
      <Badge kind="warn" icon="triangle-alert">
        {texts.givesNothing}
      </Badge>
    ) : (
      <Gives groups={found === undefined ? [] : [found]} role={role} />
    )
  }
  return (
    <Table
      label={texts.title}
      rows={mappings}
      columns={[
        {
          label: texts.columns.entra,
          cell: (mapping) => (
            <>
              <a class="name" href={at(`${SECTION}/${mapping.id}`)}>
                <bdi>{mapping.entraName}</bdi>
              </a>
              <div class="is-soft">{mapping.nested ? texts.nested : texts.direct}</div>
              <div class="instead">{given(mapping)}</div>
            </>
          ),
        },
        {
          label: texts.columns.gives,
          when: 'less',
          cell: given,
        },
        {
          label: texts.columns.memberships,
          kind: 'number',
          when: 'less',
          cell: (mapping) => extent(extentOf(mapping)),
        },
        {
          label: texts.columns.actions,
          unseen: true,
          kind: 'end',
          cell: ({ id, entraName }) => (
            <LinkButton href={`${SECTION}/${id}/remove`} look="danger" small dialog of={entraName}>
              {texts.remove}
            </LinkButton>
          ),
        },
      ]}
    />
  )
}

/** Of all that gives user groups and roles, which does it when, and for how long. */
function Which() {
  const { title, columns, rows } = texts.which
  return (
    <Panel title={title} bare>
      <Table
        label={title}
        rows={rows}
        columns={[
          { label: columns.what, cell: ({ what }) => <strong class="whole">{what}</strong> },
          {
            label: columns.who,
            cell: ({ who, when, until }) => (
              <>
                {who}
                <div class="instead is-soft">{`${columns.when}: ${when}.`}</div>
                <div class="instead is-soft">{`${columns.until}: ${until}.`}</div>
              </>
            ),
          },
          { label: columns.when, cell: ({ when }) => when, when: 'less' },
          { label: columns.until, cell: ({ until }) => until, when: 'less' },
        ]}
      />
    </Panel>
  )
}

async function list(asked: Asked): Promise<View> {
  const { items } = await listMappings.call(asked)
  const ids = [...new Set(items.flatMap(({ group }) => group ?? []))]
  const found = await groupsOf(asked.directory, ids)
  const groups = new Map(found.map((group) => [group.id, group]))
  const none = items.length === 0
  const add = (
    <LinkButton href={`${SECTION}/new`} look="main" icon="plus">
      {texts.add}
    </LinkButton>
  )
  return {
    title: texts.title,
    section: SECTION,
    body: (
      <>
        <Head title={texts.title} about={texts.about} actions={none ? undefined : add} />
        <Panel bare>
          {none ? (
            <Empty icon="sliders-horizontal" title={texts.empty.title} text={texts.empty.text}>
              {add}
            </Empty>
          ) : (
            <Mappings mappings={items} groups={groups} />
          )}
        </Panel>
        <Which />
      </>
    ),
  }
}

/** The groups of Entra that are mapped. */
export const mappingListPages: readonly Page[] = [page('/mappings', list)]
