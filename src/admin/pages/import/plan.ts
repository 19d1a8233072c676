import type {
  ImportOptions,
  ItemState,
  Plan,
  PlanAction,
  PlanItem,
} from '../../../directory/plan.ts'
import type { Named } from '../../../directory/names.ts'
import type { Asked } from '../../console/asked.ts'
import { Problem } from '../../problems.ts'

/** An import, with what was chosen for it. */
export type ImportPlan = Plan & { readonly options: ImportOptions }

/** So many people are shown at a time. */
const ROWS = 50

/** The import of a page. Throws `notFound`. */
export async function requireImport({ directory, id }: Asked): Promise<ImportPlan> {
  const found = await directory.plans.read(id)
  // What was chosen for an import, as its kind says.
  if (found?.kind === 'import') return found as ImportPlan
  throw new Problem('notFound', 'There is no such import.')
}

/** How many people are in it. */
export function peopleIn({ actions }: Pick<Plan, 'actions'>): number {
  return Object.values(actions).reduce((sum, count) => sum + count, 0)
}

const actions = ['create', 'link', 'reactivate', 'skip', 'conflict'] as const
const states = ['done', 'changed', 'failed', 'planned'] as const

/** Which people of an import are shown, as the address says. */
export interface Shown {
  readonly action: PlanAction | undefined
  readonly state: ItemState | undefined
  readonly items: readonly PlanItem[]
  /** The position after which the next ones come; undefined at the end. */
  readonly next: number | undefined
  readonly isFirst: boolean
  /** What the ids of users and user groups in it are called. */
  readonly names: ReadonlyMap<string, Named>
}

/** The address of the same import with others of its people. */
export function hrefTo(
  { id }: Pick<Asked, 'id'>,
  { action, state }: Pick<Shown, 'action' | 'state'>,
  { after }: { readonly after?: number },
): `/${string}` {
  const query = new URLSearchParams({
    ...(action === undefined ? {} : { action }),
    ...(state === undefined ? {} : { state }),
    ...(after === undefined ? {} : { after: String(after) }),
  }).toString()
  return `/admin/import/${id}${query === '' ? '' : `?${query}`}`
}

const isText = (value: unknown): value is string => typeof value === 'string'

/** Users and user groups that a person of a plan has to do with. */
function idsIn({ userId, changes, chosen }: PlanItem): string[] {
  const groups = changes.filter(({ path }) => path === 'groups').flatMap(({ to }) => [to].flat())
  return [userId, ...groups, ...(chosen.groups ?? [])].filter(isText)
}

/** What the ids of people of a plan stand for: one query for all. */
export function namesIn({ directory }: Asked, items: readonly PlanItem[]) {
  return directory.names.of([...new Set(items.flatMap(idsIn))])
}

/** Some people of an import: those that the tiles were asked for, from a place on. */
export async function showItems(asked: Asked): Promise<Shown> {
  const action = actions.find((each) => each === asked.query('action'))
  const state = states.find((each) => each === asked.query('state'))
  const after = Number(/^\d{1,6}$/.exec(asked.query('after'))?.[0] ?? -1)
  // One more tells whether there are more.
  const found = await asked.directory.plans.items(asked.id, {
    after,
    limit: ROWS + 1,
    ...(action === undefined ? {} : { action }),
    ...(state === undefined ? {} : { state }),
  })
  const items = found.slice(0, ROWS)
  const next = found.length > ROWS ? items.at(-1)?.position : undefined
  return { action, state, items, next, isFirst: after < 0, names: await namesIn(asked, items) }
}

/** The person at the place of an import that a request names. Throws `notFound`. */
export async function requireItem(asked: Asked, place: string): Promise<PlanItem> {
  const position = Number(/^\d{1,6}$/.exec(place)?.[0] ?? -1)
  const [item] = await asked.directory.plans.items(asked.id, { after: position - 1, limit: 1 })
  if (item?.position === position) return item
  throw new Problem('notFound', 'There is nobody at this place of the import.')
}
