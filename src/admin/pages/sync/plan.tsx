import { common, number } from '../../../texts/common.ts'
import { sync as texts } from '../../../texts/sync.ts'
import { DoButton, LinkButton } from '../../../ui/action.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Empty, Panel, Stats } from '../../../ui/panel.tsx'
import { Live, Progress } from '../../../ui/progress.tsx'
import { Time } from '../../../ui/time.tsx'
import { action, page, type Asked, type Page } from '../../console/asked.ts'
import { live } from '../../console/live.ts'
import { cancelSync, readSync, releaseSync, startSync } from '../../syncs.ts'
import { Sentence } from '../events/in-words.tsx'
import type { EventNames } from '../events/names.ts'
import { actorPart } from '../events/sentence.ts'
import {
  itemsOf,
  modeOf,
  namesIn,
  openOf,
  PlanItems,
  SECTION,
  StateBadge,
  todoOf,
  type Item,
  type Plan,
} from './parts.tsx'

const words = texts.plan

const crumbs = [{ href: SECTION, label: texts.title }] as const

const actions = ['update', 'reactivate', 'deactivate'] as const
const results = ['done', 'changed', 'failed'] as const

/** Whom of a plan the page shows. */
type Shown = 'all' | 'skip' | (typeof actions)[number] | (typeof results)[number]

function shownOf(asked: Asked): Shown {
  const wanted = asked.query('show')
  return (['skip', ...actions, ...results] as const).find((each) => each === wanted) ?? 'all'
}

function filterOf(shown: Shown) {
  const result = results.find((each) => each === shown)
  if (result !== undefined) return { state: result, but: 'skip' as const }
  const kind = actions.find((each) => each === shown)
  if (kind !== undefined) return { action: kind }
  return shown === 'skip' ? { action: shown } : { but: 'skip' as const }
}

/** Whether anything of a plan was tried. */
const isTried = ({ state }: Plan) => state !== 'preview'

/** Whether somebody was left as they are, though something was to happen. */
const leavesSome = ({ state, states }: Plan) =>
  state === 'finished' && states.failed + states.changed > 0

/** How many were settled, of those of whom something is to be settled. */
function settledOf({ states, actions: planned }: Plan) {
  const total = states.planned + states.done + states.changed + states.failed
  return { done: Math.max(0, total - states.planned), total: Math.max(total, planned.skip) }
}

function Counts({ plan, shown }: { readonly plan: Plan; readonly shown: Shown }) {
  const { actions: planned, states } = plan
  const here = `${SECTION}/${plan.id}` as const
  const done = Math.max(0, states.done - planned.skip)
  const counted: readonly (readonly [Shown, string, number])[] = isTried(plan)
    ? [
        ['all', texts.counts.all, todoOf(plan)],
        ['done', texts.counts.done, done],
        ['changed', texts.counts.changed, states.changed],
        ['failed', texts.counts.failed, states.failed],
      ]
    : [
        ['all', texts.counts.all, todoOf(plan)],
        ...actions.map((each) => [each, texts.counts[each], planned[each]] as const),
        ['skip', texts.counts.skip, planned.skip],
      ]
  return (
    <Stats
      items={counted
        .filter(([which, , count]) => which === 'all' || count > 0)
        .map(([which, label, count]) => ({
          label,
          value: number(count),
          href: which === 'all' ? here : (`${here}?show=${which}` as const),
          current: which === shown,
        }))}
    />
  )
}

function Going({ plan }: { readonly plan: Plan }) {
  const { done, total } = settledOf(plan)
  return (
    <Progress
      label={words.progress}
      done={done}
      total={total}
      text={words.progressText(done, total)}
    />
  )
}

/** What can be done with a plan as it stands. */
function Buttons({ plan }: { readonly plan: Plan }) {
  const here = `${SECTION}/${plan.id}` as const
  const open = openOf(plan)
  if (plan.state === 'running') {
    return (
      <DoButton to={`${here}/stop`} look="danger" icon="x">
        {words.stop}
      </DoButton>
    )
  }
  if (plan.held) return null
  const anew = (
    <DoButton to={SECTION} icon="refresh-cw" {...(open === 0 ? { look: 'main' as const } : {})}>
      {words.anew}
    </DoButton>
  )
  if (open === 0) return anew
  const label = {
    preview: words.run(open),
    finished: words.again(open),
    cancelled: words.goOn,
  }[plan.state]
  return (
    <>
      {anew}
      {plan.actions.deactivate > 0 && plan.state !== 'finished' ? (
        <LinkButton href={`${here}/start`} look="main" icon="refresh-cw" dialog>
          {label}
        </LinkButton>
      ) : (
        <DoButton to={`${here}/start`} look="main" icon="refresh-cw">
          {label}
        </DoButton>
      )}
    </>
  )
}

/** That a plan is held, why, and the two ways on. */
function HeldNote({ plan }: { readonly plan: Plan }) {
  const here = `${SECTION}/${plan.id}` as const
  return (
    <Note kind="warn">
      <p>
        <strong>{words.heldTitle(plan.actions.deactivate)}</strong> {words.heldText}
      </p>
      <div class="actions">
        <DoButton to={`${here}/stop`} small>
          {words.giveUp}
        </DoButton>
        <LinkButton href={`${here}/release`} look="danger" small dialog>
          {words.release}
        </LinkButton>
      </div>
    </Note>
  )
}

function Nobody({ shown }: { readonly shown: Shown }) {
  return shown === 'all' ? (
    <Empty icon="circle-check" title={words.empty} text={words.emptyText} />
  ) : (
    <Empty icon="users" title={words.emptyFilter} text={words.emptyFilterText} />
  )
}

function Body(props: {
  readonly plan: Plan
  readonly items: readonly Item[]
  readonly names: EventNames
  readonly shown: Shown
  readonly first: string | undefined
  readonly next: string | undefined
}) {
  const { plan, items, names, shown, first, next } = props
  const why = 'why' in plan.options ? plan.options.why : undefined
  return (
    <>
      <Head
        title={words.titles[plan.state]}
        crumbs={crumbs}
        {...(plan.held || leavesSome(plan) ? { badges: <StateBadge plan={plan} /> } : {})}
        about={
          <>
            {modeOf(plan)}
            {'. '}
            {words.made} <Time at={plan.created} /> {words.by}{' '}
            <Sentence parts={[actorPart(plan.actor, names)]} />
            {'. '}
            {why}
          </>
        }
        actions={<Buttons plan={plan} />}
      />
      {plan.held && plan.state === 'preview' ? <HeldNote plan={plan} /> : null}
      {plan.advice.map((each) => (
        <Note kind="warn">{each}</Note>
      ))}
      {plan.state === 'running' ? (
        <Panel>
          <Live from={`${SECTION}/${plan.id}/live`}>
            <Going plan={plan} />
          </Live>
        </Panel>
      ) : null}
      <Counts plan={plan} shown={shown} />
      <Panel bare>
        {items.length === 0 ? (
          <Nobody shown={shown} />
        ) : (
          <PlanItems label={texts.list} items={items} names={names} results={isTried(plan)} />
        )}
        {first === undefined && next === undefined ? null : (
          <footer>
            <span class="pager">
              {first === undefined ? null : (
                <a class="button quiet small" href={first}>
                  {common.first}
                </a>
              )}
              {next === undefined ? null : (
                <a class="button quiet small" href={next}>
                  {common.next}
                </a>
              )}
            </span>
          </footer>
        )}
      </Panel>
      {plan.state === 'preview' && todoOf(plan) > 0 ? <p class="hint">{words.notice}</p> : null}
    </>
  )
}

/** One run of sync: what it would do, doing it, and what came of it. */
export const syncPlanPages: readonly Page[] = [
  page('/sync/{id}', async (asked) => {
    const plan = await readSync.call(asked, { id: asked.id })
    const shown = shownOf(asked)
    const after = asked.query('after')
    const { items, next } = await itemsOf(asked, plan, after, filterOf(shown))
    const names = await namesIn(asked.directory, items, [plan.actor])
    return {
      title: words.titles[plan.state],
      section: SECTION,
      ...(plan.state === 'running' ? { refresh: 3 } : {}),
      body: (
        <Body
          plan={plan}
          items={items}
          names={names}
          shown={shown}
          first={after === '' ? undefined : asked.here({ after: '' })}
          next={next === undefined ? undefined : asked.here({ after: String(next) })}
        />
      ),
    }
  }),

  live('/sync/{id}/live', async (asked) => {
    const plan = await readSync.call(asked, { id: asked.id })
    return { part: <Going plan={plan} />, goesOn: plan.state === 'running' }
  }),

  action('/sync/{id}/start', async (asked) => {
    await startSync.call(asked, { id: asked.id })
    return { to: `${SECTION}/${asked.id}`, done: { text: texts.started } }
  }),

  action('/sync/{id}/stop', async (asked) => {
    const before = await readSync.call(asked, { id: asked.id })
    await cancelSync.call(asked, { id: asked.id })
    const text = before.state === 'running' ? texts.stopped : texts.givenUp
    return { to: `${SECTION}/${asked.id}`, done: { text, kind: 'warn' } }
  }),

  action('/sync/{id}/release', async (asked) => {
    await releaseSync.call(asked, { id: asked.id })
    return { to: `${SECTION}/${asked.id}`, done: { text: texts.released } }
  }),
]
