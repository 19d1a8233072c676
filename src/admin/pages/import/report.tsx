import { number } from '../../../texts/common.ts'
import { imports as texts } from '../../../texts/imports.ts'
import { DoButton, LinkButton } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head, Steps } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Stats } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import type { PlanItem } from '../../../directory/plan.ts'
import type { Asked, View } from '../../console/asked.ts'
import { detailsColumn, Gets, ItemPanel, personOf } from './items.tsx'
import { hrefTo, peopleIn, type ImportPlan, type Shown } from './plan.ts'

const SECTION = '/admin/import'
const words = texts.report

interface Props {
  readonly asked: Asked
  readonly plan: ImportPlan
  readonly shown: Shown
  /** Whether invitations of it wait for somebody to say so. */
  readonly kept: boolean
  /** Whether it made invitations. */
  readonly invited: boolean
}

const tones = { done: 'good', changed: 'warn', failed: 'bad', planned: undefined } as const

function Came({ item: { state, action, outcome } }: { readonly item: PlanItem }) {
  if (state === 'done') {
    return <Badge {...(action === 'skip' ? {} : { kind: 'good' })}>{words.came[action]}</Badge>
  }
  const kind = tones[state]
  return (
    <>
      <Badge {...(kind === undefined ? {} : { kind })}>{texts.states[state]}</Badge>
      {outcome === undefined ? null : <small>{outcome}</small>}
      {state === 'planned' ? <small>{words.was(texts.actions[action])}</small> : null}
    </>
  )
}

/** What came of it as a whole, and what can be done about the rest. */
function Verdict({ plan, invited }: Pick<Props, 'plan' | 'invited'>) {
  const { done, changed, failed, planned } = plan.states
  const left = changed + failed
  if (plan.state === 'cancelled') {
    return <Note>{done + left === 0 ? words.discarded : words.stopped}</Note>
  }
  if (left > 0) return <Note kind="warn">{words.left(left)}</Note>
  if (planned > 0) return null
  return (
    <Note kind="good">
      {invited ? (
        <div class="actions">
          <span>{`${words.well} ${words.invited}`}</span>
          <LinkButton href="/admin/mails" icon="mail" small>
            {words.mails}
          </LinkButton>
        </div>
      ) : (
        words.well
      )}
    </Note>
  )
}

function Actions({ plan }: { readonly plan: ImportPlan }) {
  const { done, changed, failed, planned } = plan.states
  const left = changed + failed
  return (
    <>
      {plan.state === 'cancelled' && planned > 0 ? (
        <DoButton to={`${SECTION}/${plan.id}/start`}>
          {done + left === 0 ? words.startAfterAll : words.goOn}
        </DoButton>
      ) : null}
      {left > 0 ? (
        <DoButton to={`${SECTION}/${plan.id}/again`} look="main" icon="rotate-ccw">
          {words.again}
        </DoButton>
      ) : null}
      <LinkButton href={`${SECTION}/new`} icon="plus">
        {texts.new}
      </LinkButton>
      <LinkButton href="/admin/users">{words.to}</LinkButton>
    </>
  )
}

/** What came of it in numbers: by what was done where all of it was, else by what became of it. */
function Tiles({ asked, plan, shown }: Omit<Props, 'kept' | 'invited'>) {
  const all = { action: undefined, state: undefined }
  const people = peopleIn(plan)
  const byState = (['done', 'changed', 'failed', 'planned'] as const)
    .filter((state) => plan.states[state] > 0 || state === 'done')
    .map((state) => ({
      label: texts.tiles[state],
      value: number(plan.states[state]),
      href: hrefTo(asked, { ...all, state }, {}),
      current: shown.state === state,
    }))
  const byAction = (['create', 'link', 'reactivate', 'skip'] as const)
    .filter((action) => plan.actions[action] > 0)
    .map((action) => ({
      label: words.tiles[action],
      value: number(plan.actions[action]),
      href: hrefTo(asked, { ...all, action }, {}),
      current: shown.action === action,
    }))
  return (
    <Stats
      items={[
        {
          label: texts.tiles.all,
          value: number(people),
          href: hrefTo(asked, all, {}),
          current: shown.state === undefined && shown.action === undefined,
        },
        ...(plan.states.done === people ? byAction : byState),
      ]}
    />
  )
}

function Report({ asked, plan, shown, kept, invited }: Props) {
  return (
    <>
      <Head
        title={words.title(peopleIn(plan))}
        crumbs={[{ href: SECTION, label: texts.title }]}
        actions={<Actions plan={plan} />}
      />
      <Steps steps={texts.steps} current={plan.state === 'finished' ? 3 : 2} />
      <Verdict plan={plan} invited={invited && !kept} />
      {kept ? (
        <Note>
          <div class="actions">
            <span>{words.kept}</span>
            <DoButton to={`${SECTION}/${plan.id}/invite`} small icon="mail">
              {words.send}
            </DoButton>
          </div>
        </Note>
      ) : null}
      <Tiles asked={asked} plan={plan} shown={shown} />
      <ItemPanel
        asked={asked}
        shown={shown}
        label={words.label}
        columns={[
          {
            label: words.columns.person,
            cell: (item) => {
              const known = item.userId === undefined ? undefined : shown.names.get(item.userId)
              const isHere = item.state === 'done' && known !== undefined && !known.gone
              return (
                <Who
                  {...personOf(item)}
                  {...(isHere ? { href: at(`/admin/users/${item.userId ?? ''}`) } : {})}
                />
              )
            },
          },
          {
            label: texts.preview.columns.gets,
            when: 'least',
            cell: (item) => <Gets item={item} plan={plan} names={shown.names} />,
          },
          { label: words.columns.came, cell: (item) => <Came item={item} /> },
          detailsColumn(asked),
        ]}
      />
    </>
  )
}

/** What came of an import that is over. */
export async function reportView(asked: Asked, plan: ImportPlan, shown: Shown): Promise<View> {
  const { outbox } = asked.directory
  const [kept, invited] = await Promise.all([
    outbox.list({ state: 'kept', planId: plan.id, limit: 1 }),
    outbox.list({ planId: plan.id, limit: 1 }),
  ])
  return {
    title: words.title(peopleIn(plan)),
    section: SECTION,
    body: (
      <Report
        asked={asked}
        plan={plan}
        shown={shown}
        kept={kept.length > 0}
        invited={invited.length > 0}
      />
    ),
  }
}
