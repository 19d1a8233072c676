import { common } from '../../../texts/common.ts'
import { mappings as texts } from '../../../texts/mappings.ts'
import { LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { SearchField } from '../../../ui/field.tsx'
import { Head, Tabs } from '../../../ui/head.tsx'
import { Empty, Panel } from '../../../ui/panel.tsx'
import { Region } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import type { Asked, View } from '../../console/asked.ts'
import { listEntraAppRoles, searchEntraGroups } from '../../entra-people.ts'
import { toProblem, type ProblemCode } from '../../problems.ts'
import { Pager } from '../groups/list.tsx'
import { crumbs, SECTION } from './list.tsx'

const FOUND = 'found'
const NEW = `${SECTION}/new` as const
const APP_ROLES = `${SECTION}/app-roles` as const

type Groups = Awaited<ReturnType<typeof searchEntraGroups.call>>
type AppRoles = Awaited<ReturnType<typeof listEntraAppRoles.call>>['items']

/** What Entra answers, or what stands in the way: told where the answer would be. */
type Answer<T> = { readonly made: T } | { readonly connected: boolean; readonly text: string }

const away: readonly ProblemCode[] = [
  'notConnected',
  'entraCredentials',
  'entraForbidden',
  'entraUnavailable',
]

async function askEntra<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { made: await work() }
  } catch (error) {
    const { code, message } = toProblem(error)
    if (!away.includes(code)) throw error
    return { connected: code !== 'notConnected', text: message }
  }
}

function NoAnswer({ connected, text }: { readonly connected: boolean; readonly text: string }) {
  const { find } = texts
  return (
    <Empty icon="plug" title={connected ? find.failed : find.notConnected} text={text}>
      <LinkButton href="/admin/connect">{find.connect}</LinkButton>
    </Empty>
  )
}

function Frame(props: { readonly current: string; readonly about: string }) {
  const { find } = texts
  return (
    <>
      <Head title={find.title} crumbs={crumbs} about={props.about} />
      <Tabs
        label={find.tabs.label}
        current={props.current}
        tabs={[
          { href: NEW, label: find.tabs.groups },
          { href: APP_ROLES, label: find.tabs.appRoles },
        ]}
      />
    </>
  )
}

function Found({ groups }: { readonly groups: Groups['items'] }) {
  const { columns, choose, results } = texts.find
  return (
    <Table
      label={results}
      rows={groups}
      columns={[
        { label: columns.name, cell: ({ displayName }) => <strong>{displayName}</strong> },
        {
          label: columns.about,
          when: 'less',
          cell: ({ description }) =>
            description === undefined ? null : (
              <span class="is-soft">
                <bdi>{description}</bdi>
              </span>
            ),
        },
        {
          label: choose,
          unseen: true,
          kind: 'end',
          cell: ({ id, displayName }) => (
            <LinkButton
              href={`${NEW}?${new URLSearchParams({ entra: id, name: displayName }).toString()}`}
              small
              of={displayName}
            >
              {choose}
            </LinkButton>
          ),
        },
      ]}
    />
  )
}

function Results({ search, answer }: { readonly search: string; readonly answer: Answer<Groups> }) {
  const { find } = texts
  if ('text' in answer) return <NoAnswer {...answer} />
  const { items } = answer.made
  if (items.length > 0) return <Found groups={items} />
  const text = search === '' ? find.empty : find.noneText(search)
  return <Empty icon="search" title={find.none} text={text} />
}

/** The groups of Entra to choose from. */
export async function findView(asked: Asked): Promise<View> {
  const { find } = texts
  const [search, next] = [asked.query('search'), asked.query('next')]
  const answer = await askEntra(() =>
    searchEntraGroups.call(asked, { query: { search, ...(next === '' ? {} : { next }) } }),
  )
  const more = 'made' in answer ? answer.made.next : undefined
  const first = next === '' ? undefined : asked.here({ next: '' })
  const toNext = more === undefined ? undefined : asked.here({ next: more })
  return {
    title: find.title,
    section: SECTION,
    narrow: true,
    body: (
      <>
        <Frame current={NEW} about={find.about} />
        <Panel bare>
          <div class="toolbar">
            <form action={at(NEW)} data-swap={FOUND} role="search">
              <SearchField value={search} label={find.label} autofocus />
              <Submit look="quiet">{common.search}</Submit>
            </form>
          </div>
          <Region id={FOUND}>
            <Results search={search} answer={answer} />
            {first === undefined && toNext === undefined ? null : (
              <footer>
                <Pager first={first} next={toNext} />
              </footer>
            )}
          </Region>
        </Panel>
      </>
    ),
  }
}

function Roles({ roles }: { readonly roles: AppRoles }) {
  const { appRoles } = texts
  return (
    <Table
      label={appRoles.results}
      rows={roles}
      columns={[
        { label: appRoles.columns.name, cell: ({ displayName }) => <strong>{displayName}</strong> },
        {
          label: appRoles.columns.value,
          cell: ({ value }) =>
            value === '' ? (
              <span class="is-soft">{appRoles.noValue}</span>
            ) : (
              <a class="tag" href={at(`/admin/roles/role?value=${encodeURIComponent(value)}`)}>
                <bdi>{value}</bdi>
              </a>
            ),
        },
        {
          label: appRoles.rule,
          unseen: true,
          kind: 'end',
          cell: ({ value, displayName }) => {
            if (value === '') return null
            const name = appRoles.ruleName(displayName)
            const query = new URLSearchParams({ attribute: 'roles.value', value, name })
            return (
              <LinkButton href={`/admin/rules/new?${query.toString()}`} small of={displayName}>
                {appRoles.rule}
              </LinkButton>
            )
          },
        },
      ]}
    />
  )
}

/** The app roles of Entra, which arrive as roles, and what else can be given to who has one. */
export async function appRolesView(asked: Asked): Promise<View> {
  const { appRoles, find } = texts
  const answer = await askEntra(() => listEntraAppRoles.call(asked))
  return {
    title: find.title,
    section: SECTION,
    narrow: true,
    body: (
      <>
        <Frame current={APP_ROLES} about={appRoles.about} />
        <Panel bare>
          {'text' in answer ? (
            <NoAnswer {...answer} />
          ) : answer.made.items.length === 0 ? (
            <Empty icon="briefcase" title={appRoles.none} />
          ) : (
            <Roles roles={answer.made.items} />
          )}
        </Panel>
      </>
    ),
  }
}
