import type { Child } from 'hono/jsx'
import { counted } from '../../../texts/common.ts'
import { sync as texts } from '../../../texts/sync.ts'
import { DoButton, LinkButton } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head, Tabs } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Empty, Facts, Panel } from '../../../ui/panel.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { page, type Page } from '../../console/asked.ts'
import { readSyncState } from '../../sync-state.ts'
import { Sentence } from '../events/in-words.tsx'
import type { EventNames } from '../events/names.ts'
import { actorPart } from '../events/sentence.ts'
import { ActionBadge, modeOf, namesIn, SECTION, StateBadge, todoOf, type Plan } from './parts.tsx'

type State = Awaited<ReturnType<typeof readSyncState.call>>

/** So many runs are listed. */
const LISTED = 25

export function SyncTabs({ current }: { readonly current: `/${string}` }) {
  return (
    <Tabs
      label={texts.tabs.label}
      tabs={[
        { href: SECTION, label: texts.tabs.overview },
        { href: `${SECTION}/settings`, label: texts.tabs.settings },
      ]}
      current={current}
    />
  )
}

/** What came of the last run, beside when it was. */
function Outcome({ state }: { readonly state: State }) {
  const { outcome, plan } = state
  if (outcome === 'problem') return <Badge kind="bad">{texts.standing.failed}</Badge>
  if (outcome === 'plan' && plan) {
    return <a href={at(`${SECTION}/${plan.id}`)}>{texts.standing.plan}</a>
  }
  return <span class="is-soft">{texts.standing.nothing}</span>
}

function Standing({ state, linked }: { readonly state: State; readonly linked: number }) {
  const { lastRun, due, every, compared } = state
  const words = texts.standing
  return (
    <Panel
      title={words.title}
      actions={
        <LinkButton href={`${SECTION}/settings`} icon="clock" small>
          {words.schedule}
        </LinkButton>
      }
    >
      <Facts
        items={[
          {
            label: words.linked,
            value: <a href={at('/admin/users?linked=true')}>{words.linkedCount(linked)}</a>,
          },
          {
            label: words.last,
            value:
              lastRun === undefined ? (
                <span class="is-soft">{words.never}</span>
              ) : (
                <>
                  <Time at={lastRun} />
                  {' · '}
                  <Outcome state={state} />
                </>
              ),
          },
          {
            label: words.next,
            value:
              due === undefined ? (
                <span class="is-soft">{words.byHand}</span>
              ) : (
                <>
                  <Time at={due} />
                  {every === undefined ? null : (
                    <span class="is-soft">{` · ${texts.settings.choice(every).toLowerCase()}`}</span>
                  )}
                </>
              ),
          },
          {
            label: words.compared,
            value:
              compared === undefined ? (
                <span class="is-soft">{words.never}</span>
              ) : (
                <Time at={compared} />
              ),
          },
        ]}
      />
    </Panel>
  )
}

/** What wants to be looked at now. */
function Pointer(props: {
  readonly kind?: 'warn'
  readonly text: string
  readonly href: `/${string}`
  readonly children?: Child
}) {
  return (
    <Note {...(props.kind === undefined ? {} : { kind: props.kind })}>
      <div class="actions">
        <span>{props.text}</span>
        <LinkButton href={props.href} small>
          {props.children}
        </LinkButton>
      </div>
    </Note>
  )
}

function Comes({ plan }: { readonly plan: Plan }) {
  if (todoOf(plan) === 0) return <span class="is-soft">{texts.nothing}</span>
  const shown = (['update', 'reactivate', 'deactivate', 'conflict'] as const).filter(
    (action) => plan.actions[action] > 0,
  )
  return (
    <span class="badges">
      {shown.map((action) => (
        <span class="badges">
          <ActionBadge action={action} />
          {counted(plan.actions[action], 'user', 'users')}
        </span>
      ))}
    </span>
  )
}

function History({
  plans,
  names,
}: {
  readonly plans: readonly Plan[]
  readonly names: EventNames
}) {
  const { columns } = texts.history
  return (
    <Table
      label={texts.history.title}
      rows={plans}
      columns={[
        {
          label: columns.when,
          cell: (plan) => (
            <a class="name" href={at(`${SECTION}/${plan.id}`)}>
              <Time at={plan.created} />
            </a>
          ),
        },
        { label: columns.about, when: 'less', cell: (plan) => modeOf(plan) },
        {
          label: columns.by,
          when: 'least',
          cell: ({ actor }) => <Sentence parts={[actorPart(actor, names)]} />,
        },
        { label: columns.changes, cell: (plan) => <Comes plan={plan} /> },
        { label: columns.state, cell: (plan) => <StateBadge plan={plan} /> },
      ]}
    />
  )
}

function Actions({ before }: { readonly before: boolean }) {
  return (
    <>
      {before ? (
        <DoButton to={SECTION} fields={{ mode: 'changes' }} icon="clock">
          {texts.start.changes}
        </DoButton>
      ) : null}
      <DoButton to={SECTION} fields={{ mode: 'full' }} look="main" icon="refresh-cw">
        {texts.start.full}
      </DoButton>
    </>
  )
}

/** How the sync stands, and the runs there were. */
export const syncOverviewPages: readonly Page[] = [
  page('/sync', async (asked) => {
    const { plans: all, roster, syncs } = asked.directory
    const [state, { linked }, plans, { link }] = await Promise.all([
      readSyncState.call(asked),
      roster.counts(),
      all.list('sync', LISTED),
      syncs.state(),
    ])
    const names = await namesIn(
      asked.directory,
      [],
      plans.map(({ actor }) => actor),
    )
    const working = asked.previews.find(asked.organisation)?.state === 'going'
    const running = plans.find((plan) => plan.state === 'running')
    const nobody = linked === 0 && plans.length === 0
    return {
      title: texts.title,
      section: SECTION,
      body: (
        <>
          <Head
            title={texts.title}
            about={texts.about}
            {...(linked === 0 ? {} : { actions: <Actions before={link !== undefined} /> })}
          />
          <SyncTabs current={SECTION} />
          {working ? (
            <Pointer text={texts.working} href={`${SECTION}/working`}>
              {texts.lookAtWorking}
            </Pointer>
          ) : null}
          {running ? (
            <Pointer text={texts.running} href={`${SECTION}/${running.id}`}>
              {texts.lookAtRunning}
            </Pointer>
          ) : null}
          {state.held && state.plan ? (
            <Pointer
              kind="warn"
              text={texts.held(state.plan.actions.deactivate)}
              href={`${SECTION}/${state.plan.id}`}
            >
              {texts.lookAtHeld}
            </Pointer>
          ) : null}
          {state.problem === undefined ? null : (
            <Note kind="bad">
              <strong>{texts.problem}</strong> {state.problem}
            </Note>
          )}
          {nobody ? (
            <Panel bare>
              <Empty icon="refresh-cw" title={texts.nobody} text={texts.nobodyText}>
                <LinkButton href="/admin/import" look="main" icon="import">
                  {texts.import}
                </LinkButton>
                <LinkButton href="/admin/link" icon="link">
                  {texts.link}
                </LinkButton>
              </Empty>
            </Panel>
          ) : (
            <>
              <Standing state={state} linked={linked} />
              <Panel title={texts.history.title} bare>
                {plans.length === 0 ? (
                  <Empty
                    icon="history"
                    title={texts.history.empty}
                    text={texts.history.emptyText}
                  />
                ) : (
                  <History plans={plans} names={names} />
                )}
              </Panel>
            </>
          )}
        </>
      ),
    }
  }),
]
