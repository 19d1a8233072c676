import type { Change } from '../../../directory/event.ts'
import type { PlanItem, Plans } from '../../../directory/plan.ts'
import type { Directory } from '../../../directory/store.ts'
import { isObject } from '../../../scim/schema/attribute.ts'
import { sync as texts } from '../../../texts/sync.ts'
import { at } from '../../../ui/base.ts'
import { Badge, type BadgeKind } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import { Table, type Column } from '../../../ui/table.tsx'
import { Changes } from '../../../ui/timeline.tsx'
import type { Asked } from '../../console/asked.ts'
import type { readSync } from '../../syncs.ts'
import { actorId, type EventNames } from '../events/names.ts'
import { changesOf } from '../events/values.ts'

export const SECTION = '/admin/sync'

export type Plan = Awaited<ReturnType<typeof readSync.call>>
export type Item = PlanItem
type Action = Item['action']
type State = Item['state']

/** How many users of a plan something is to happen to. */
export function todoOf({ actions }: Pick<Plan, 'actions'>): number {
  const { skip: _, ...others } = actions
  return Object.values(others).reduce((sum, count) => sum + count, 0)
}

const totalOf = (plan: Pick<Plan, 'actions'>) => todoOf(plan) + plan.actions.skip

/** How many wait, or may be tried once more; of a plan that was stopped nobody counts those to whom nothing happens. */
export function openOf({ state, states, actions: planned }: Plan): number {
  if (state === 'finished') return states.failed
  const open = states.planned + states.failed
  return state === 'preview' ? open - planned.skip : open
}

/** What a plan is about, as its kind says. */
export function modeOf({ options, ...plan }: Plan): string {
  if (!('mode' in options)) return ''
  return options.mode === 'chosen' ? texts.modes.chosen(totalOf(plan)) : texts.modes[options.mode]
}

const kinds: Readonly<Partial<Record<Action, BadgeKind>>> = {
  create: 'good',
  link: 'info',
  update: 'info',
  deactivate: 'bad',
  reactivate: 'good',
  conflict: 'warn',
}

const resultKinds: Readonly<Partial<Record<State, BadgeKind>>> = {
  done: 'good',
  changed: 'warn',
  failed: 'bad',
}

export function ActionBadge({ action }: { readonly action: Action }) {
  const kind = kinds[action]
  return <Badge {...(kind === undefined ? {} : { kind })}>{texts.actions[action]}</Badge>
}

/** How a plan stands, in a word. */
export function StateBadge({ plan }: { readonly plan: Plan }) {
  const { state, held, states } = plan
  if (state === 'preview') {
    return held ? (
      <Badge kind="warn">{texts.states.held}</Badge>
    ) : (
      <Badge>{texts.states.preview}</Badge>
    )
  }
  if (state === 'running') return <Badge kind="info">{texts.states.running}</Badge>
  if (state === 'cancelled') return <Badge kind="warn">{texts.states.cancelled}</Badge>
  return states.failed + states.changed > 0 ? (
    <Badge kind="warn">{texts.states.left}</Badge>
  ) : (
    <Badge kind="good">{texts.states.finished}</Badge>
  )
}

const isText = (value: unknown): value is string => typeof value === 'string'

/** What the ids in plans and their people stand for: one query, whatever their number. */
export async function namesIn(
  { names }: Directory,
  items: readonly Item[],
  actors: readonly string[],
): Promise<EventNames> {
  const groups = items.flatMap(({ changes }) =>
    changes.flatMap(({ path, from, to }) =>
      path === 'groups' ? [from, to].flat().filter(isText) : [],
    ),
  )
  const people = actors.flatMap((actor) => actorId(actor) ?? [])
  const ids = [...new Set([...groups, ...people])]
  const found = ids.length === 0 ? new Map() : await names.of(ids)
  return { ids: found, things: new Map(), plans: new Map() }
}

function ResultBadge({ item: { action, state } }: { readonly item: Item }) {
  const kind = resultKinds[state]
  if (action === 'skip') return null
  return <Badge {...(kind === undefined ? {} : { kind })}>{texts.results[state]}</Badge>
}

/** What the word for what happens says already. */
const told: Readonly<Partial<Record<Action, readonly string[]>>> = {
  deactivate: ['active'],
  reactivate: ['active'],
  link: ['link', 'externalId'],
}

/** The parts of a name that comes as a whole, each by itself. */
function apart(change: Change): readonly Change[] {
  const { path, from, to } = change
  if (path !== 'name' || (!isObject(from) && !isObject(to))) return [change]
  const before = isObject(from) ? from : {}
  const after = isObject(to) ? to : {}
  const parts = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return parts.map((part) => {
    const [old, now] = [before[part], after[part]]
    return {
      path: `name.${part}`,
      ...(old === undefined ? {} : { from: old }),
      ...(now === undefined ? {} : { to: now }),
    }
  })
}

/** What changes about somebody, old and new, and what to look out for. */
function ItemChanges({ item, names }: { readonly item: Item; readonly names: EventNames }) {
  const changes = changesOf({ changes: item.changes.flatMap(apart) }, names, told[item.action])
  return (
    <div class="tight">
      {changes.length === 0 ? null : <Changes changes={changes} />}
      {item.notes.map((note) => (
        <small>{note}</small>
      ))}
      {item.outcome === undefined ? null : <small class="is-warn">{item.outcome}</small>}
    </div>
  )
}

/** People of a plan: who, what is to happen, what changes, and, once it was tried, what came of it. */
export function PlanItems(props: {
  readonly label: string
  readonly items: readonly Item[]
  readonly names: EventNames
  readonly results: boolean
}) {
  const result: Column<Item> = {
    label: texts.columns.result,
    when: 'less',
    cell: (item) => <ResultBadge item={item} />,
  }
  return (
    <Table
      label={props.label}
      rows={props.items}
      columns={[
        {
          label: texts.columns.user,
          cell: ({ person, userId }) => (
            <Who
              name={person.displayName || person.userPrincipalName}
              detail={person.userPrincipalName}
              {...(userId === undefined ? {} : { href: at(`/admin/users/${userId}`) })}
            />
          ),
        },
        {
          label: texts.columns.action,
          when: 'less',
          cell: ({ action }) => <ActionBadge action={action} />,
        },
        {
          label: texts.columns.changes,
          cell: (item) => (
            <>
              <div class="when-less">
                <span class="badges">
                  <ActionBadge action={item.action} />
                  {props.results ? <ResultBadge item={item} /> : null}
                </span>
              </div>
              <ItemChanges item={item} names={props.names} />
            </>
          ),
        },
        ...(props.results ? [result] : []),
      ]}
    />
  )
}

/** So many people of a plan stand on a page. */
const PAGE = 50

/** A page of the people of a plan, those after a position, and where the next begins if there is one. */
export async function itemsOf(
  { directory }: Asked,
  { id }: Pick<Plan, 'id'>,
  after: string,
  which: Pick<Parameters<Plans['items']>[1], 'state' | 'action' | 'but'> = {},
): Promise<{ readonly items: readonly Item[]; readonly next?: number }> {
  const start = /^\d{1,9}$/.test(after) ? Number(after) : -1
  // One more tells whether there are more.
  const found = await directory.plans.items(id, { after: start, limit: PAGE + 1, ...which })
  const items = found.slice(0, PAGE)
  const last = items.at(-1)
  return { items, ...(found.length > PAGE && last ? { next: last.position } : {}) }
}
