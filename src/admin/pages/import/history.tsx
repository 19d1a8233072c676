import type { ImportOptions } from '../../../directory/plan.ts'
import type { Named } from '../../../directory/names.ts'
import { imports as texts } from '../../../texts/imports.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Badge, Empty, Panel } from '../../../ui/panel.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { page, type Asked, type Page } from '../../console/asked.ts'
import { actorId } from '../events/names.ts'
import { NotConnected } from './not-connected.tsx'
import { peopleIn, type ImportPlan } from './plan.ts'

const SECTION = '/admin/import'
const words = texts.history
const ROWS = 50

/** The page where Entra is not connected. */
export function NotConnectedPage() {
  return (
    <>
      <Head title={texts.title} about={texts.about} />
      <NotConnected />
    </>
  )
}

function State({ plan: { state, states } }: { readonly plan: ImportPlan }) {
  const left = states.changed + states.failed
  if (state === 'preview') return <Badge kind="info">{words.preview}</Badge>
  if (state === 'running') {
    return (
      <Badge kind="info" icon="refresh-cw">
        {words.running}
      </Badge>
    )
  }
  if (state === 'cancelled' && states.done + left === 0) return <Badge>{words.discarded}</Badge>
  return (
    <span class="badges">
      <Badge kind="good" icon="check">
        {words.done(states.done)}
      </Badge>
      {left > 0 ? <Badge kind="warn">{words.left(left)}</Badge> : null}
      {state === 'cancelled' ? <Badge>{words.stopped}</Badge> : null}
    </span>
  )
}

/** So many user groups are named in a row. */
const MOST_NAMED = 3

function Gets(props: {
  readonly options: ImportOptions
  readonly names: ReadonlyMap<string, Named>
}) {
  const { groups, role, rules } = props.options
  const named = groups.slice(0, MOST_NAMED)
  return (
    <span class="badges">
      {named.map((id) => (
        <Badge icon="layers">
          <bdi>{props.names.get(id)?.name ?? texts.preview.gone}</bdi>
        </Badge>
      ))}
      {groups.length > named.length ? (
        <span class="is-soft">{texts.choose.others(groups.length - named.length)}</span>
      ) : null}
      {role === undefined ? null : (
        <Badge icon="briefcase">
          <bdi>{role}</bdi>
        </Badge>
      )}
      {rules ? <Badge icon="list-checks">{words.byRules}</Badge> : null}
      {groups.length === 0 && role === undefined && !rules ? (
        <span class="is-soft">{words.nothing}</span>
      ) : null}
    </span>
  )
}

function History(props: {
  readonly plans: readonly ImportPlan[]
  readonly names: ReadonlyMap<string, Named>
}) {
  const { plans, names } = props
  return (
    <Table
      label={words.label}
      rows={plans}
      columns={[
        {
          label: words.columns.when,
          cell: (plan) => {
            const by = names.get(actorId(plan.actor) ?? '')
            return (
              <>
                <a class="name" href={at(`${SECTION}/${plan.id}`)}>
                  {words.of(peopleIn(plan))}
                </a>
                <small>
                  <Time at={plan.created} /> {by ? words.by(by.name) : null}
                </small>
              </>
            )
          },
        },
        {
          label: words.columns.gets,
          when: 'less',
          cell: (plan) => <Gets options={plan.options} names={names} />,
        },
        { label: words.columns.state, cell: (plan) => <State plan={plan} /> },
      ]}
    />
  )
}

async function listed(asked: Asked) {
  const { directory } = asked
  const before = asked.query('before')
  const args = before === '' ? [] : [before]
  const plans = (await directory.plans.list('import', ROWS + 1, ...args)) as ImportPlan[]
  const shown = plans.slice(0, ROWS)
  const ids = shown.flatMap(({ actor, options }) => [
    actorId(actor) ?? '',
    ...options.groups.slice(0, MOST_NAMED),
  ])
  const names = await directory.names.of([...new Set(ids.filter((id) => id !== ''))])
  const last = plans.length > ROWS ? shown.at(-1)?.id : undefined
  return { shown, names, last, isFirst: before === '' }
}

/** The imports so far, and the way to a new one. */
export const historyPages: readonly Page[] = [
  page('/import', async (asked) => {
    const { shown, names, last, isFirst } = await listed(asked)
    const connected = (await asked.connections.known(asked.organisation)) !== undefined
    if (!connected && shown.length === 0) {
      return { title: texts.title, section: SECTION, body: <NotConnectedPage /> }
    }
    return {
      title: texts.title,
      section: SECTION,
      body: (
        <>
          <Head
            title={texts.title}
            about={texts.about}
            actions={
              <LinkButton href={`${SECTION}/new`} look="main" icon="plus">
                {texts.new}
              </LinkButton>
            }
          />
          <Panel bare>
            {shown.length > 0 ? (
              <History plans={shown} names={names} />
            ) : (
              <Empty icon="import" title={words.empty} text={words.emptyText} />
            )}
          </Panel>
          <div class="pager">
            {isFirst ? null : <LinkButton href={SECTION}>{words.newer}</LinkButton>}
            {last === undefined ? null : (
              <LinkButton href={`${SECTION}?before=${last}`}>{words.older}</LinkButton>
            )}
          </div>
        </>
      ),
    }
  }),
]
