import type { GroupPage, GroupSize, ListedGroup } from '../../../directory/group.ts'
import { extent, common, number } from '../../../texts/common.ts'
import { groups as texts } from '../../../texts/groups.ts'
import { FormEnd, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Field, SearchField } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Empty, Panel } from '../../../ui/panel.tsx'
import { Region } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import { createGroup } from '../../group-edits.ts'
import { giversOf, readGivers, type Givers } from './givers.ts'

export const SECTION = '/admin/groups'
const FOUND = 'found'
const ON_PAGE = 50

export const crumbs = [{ href: SECTION, label: texts.title }] as const

/** Where the members of a group come from, in a few words. */
function From({ group, givers }: { readonly group: ListedGroup; readonly givers: Givers }) {
  const { rules, mappings } = giversOf(givers, group.id)
  return (
    <span class="badges">
      {group.origin === 'scim' ? (
        <Badge kind="info" icon="lock">
          {texts.from.entra}
        </Badge>
      ) : (
        <Badge>{texts.from.here}</Badge>
      )}
      {mappings.length === 0 ? null : <Badge icon="sliders-horizontal">{texts.from.mapping}</Badge>}
      {rules.length === 0 ? null : <Badge icon="list-checks">{texts.from.rule}</Badge>}
    </span>
  )
}

function Groups(props: {
  readonly found: GroupPage
  readonly sizes: ReadonlyMap<string, GroupSize>
  readonly givers: Givers
}) {
  const { found, sizes, givers } = props
  return (
    <Table
      label={texts.title}
      rows={found.items}
      columns={[
        {
          label: texts.columns.name,
          cell: (group) => (
            <>
              <a class="name" href={at(`${SECTION}/${group.id}`)}>
                <bdi>{group.displayName}</bdi>
              </a>
              <div class="instead">
                <From group={group} givers={givers} />
              </div>
            </>
          ),
        },
        {
          label: texts.columns.members,
          kind: 'number',
          cell: ({ id }) => extent(sizes.get(id)?.members ?? { total: 0 }),
        },
        {
          label: texts.columns.permissions,
          kind: 'number',
          when: 'less',
          cell: ({ id }) => {
            const permissions = sizes.get(id)?.permissions ?? 0
            return permissions === 0 ? (
              <span class="is-soft">{common.none}</span>
            ) : (
              number(permissions)
            )
          },
        },
        {
          label: texts.columns.from,
          when: 'less',
          cell: (group) => <From group={group} givers={givers} />,
        },
      ]}
    />
  )
}

const kinds = ['here', 'entra'] as const

const Add = () => (
  <LinkButton href={`${SECTION}/new`} look="main" icon="plus" dialog>
    {texts.add}
  </LinkButton>
)

function Nothing({ search, filled }: { readonly search: string; readonly filled: string }) {
  const { empty } = texts
  if (search === '' && filled === '') {
    return (
      <Empty icon="layers" title={empty.title} text={empty.text}>
        <Add />
      </Empty>
    )
  }
  const text = search === '' ? empty.noneFilled : empty.none(search)
  return <Empty icon="search" title={empty.noneTitle} text={text} />
}

function Search({ search, filled }: { readonly search: string; readonly filled: string }) {
  return (
    <div class="toolbar">
      <form action={at(SECTION)} data-swap={FOUND} role="search">
        <SearchField value={search} label={texts.search} />
        <select name="filled" aria-label={texts.filled.label}>
          <option value="">{`${texts.filled.label}: ${texts.filled.all}`}</option>
          {kinds.map((kind) => (
            <option value={kind} selected={kind === filled}>
              {texts.filled[kind]}
            </option>
          ))}
        </select>
        <Submit look="quiet">{common.search}</Submit>
      </form>
    </div>
  )
}

async function list(asked: Asked): Promise<View> {
  const search = asked.query('search')
  const after = asked.query('after')
  const filled = kinds.find((kind) => kind === asked.query('filled'))
  const [found, givers] = await Promise.all([
    asked.directory.groups.list({
      search,
      after,
      count: ON_PAGE,
      ...(filled === undefined ? {} : { filled }),
    }),
    readGivers(asked.directory),
  ])
  const sizes = await asked.directory.groups.sizes(found.items.map(({ id }) => id))
  const next = found.next === undefined ? undefined : asked.here({ after: found.next })
  const first = after === '' ? undefined : asked.here({ after: '' })
  const none = found.items.length === 0 && search === '' && after === '' && !filled
  return {
    title: texts.title,
    section: SECTION,
    body: (
      <>
        <Head title={texts.title} about={texts.about} actions={none ? undefined : <Add />} />
        <Panel bare>
          {none ? null : <Search search={search} filled={filled ?? ''} />}
          <Region id={FOUND}>
            {found.items.length === 0 ? (
              <Nothing search={search} filled={filled ?? ''} />
            ) : (
              <>
                <Groups found={found} sizes={sizes} givers={givers} />
                <footer>
                  <span>{texts.total(found.total)}</span>
                  <Pager first={first} next={next} />
                </footer>
              </>
            )}
          </Region>
        </Panel>
      </>
    ),
  }
}

/** The ways to the first and the next page, where there are any. */
export function Pager(props: {
  readonly first: string | undefined
  readonly next: string | undefined
}) {
  const { first, next } = props
  if (first === undefined && next === undefined) return null
  return (
    <span class="pager">
      {first === undefined ? null : (
        <a class="button quiet small" href={first}>
          {common.first}
        </a>
      )}
      {next === undefined ? null : (
        <a class="button quiet small" href={next}>
          {common.next}
          <Icon name="chevron-right" />
        </a>
      )}
    </span>
  )
}

function makeView(typed = '', faults?: Faults): View {
  const { make } = texts
  const fault = faults?.fields['displayName']
  return {
    title: make.title,
    section: SECTION,
    narrow: true,
    ...(faults ? { status: 400 } : {}),
    body: (
      <div data-dialog-body>
        <Head title={make.title} crumbs={crumbs} about={make.about} />
        {faults && fault === undefined ? <Note kind="bad">{faults.text}</Note> : null}
        <form method="post" action={at(`${SECTION}/new`)}>
          <Field
            name="name"
            label={make.name}
            value={typed}
            hint={make.hint}
            fault={fault}
            autofocus
          />
          <FormEnd back={SECTION}>
            <Submit>{make.button}</Submit>
          </FormEnd>
        </form>
      </div>
    ),
  }
}

/** All user groups, and how one is made. */
export const groupListPages: readonly Page[] = [
  page('/groups', list),

  page('/groups/new', async () => makeView()),

  action('/groups/new', async (asked) => {
    const displayName = asked.sent.text('name')
    const outcome = await attempt(() => createGroup.call(asked, { body: { displayName } }))
    if ('faults' in outcome) return makeView(displayName, outcome.faults)
    const { id } = outcome.made
    return { to: `${SECTION}/${id}`, done: { text: texts.make.done(displayName) } }
  }),
]
