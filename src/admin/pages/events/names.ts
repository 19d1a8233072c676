import type { Change, Event } from '../../../directory/event.ts'
import type { Named } from '../../../directory/names.ts'
import type { Directory } from '../../../directory/store.ts'

/** What the ids of some events stand for. */
export interface EventNames {
  /** Users and user groups. */
  readonly ids: ReadonlyMap<string, Named>
  /** Tokens, programs, rules, mappings and webhooks, as far as they are there. */
  readonly things: ReadonlyMap<string, string>
  readonly plans: ReadonlyMap<string, 'import' | 'sync'>
}

/** Of several values of a change so many are shown, and looked up. */
export const MOST_SHOWN = 10

const PERSON = 'user:'

/** An id of a user, of the form in which the record names who did something. */
export function actorId(actor: string): string | undefined {
  return actor.startsWith(PERSON) ? actor.slice(PERSON.length) : undefined
}

const isText = (value: unknown): value is string => typeof value === 'string'

/** The value of a complex attribute, or the value itself. */
const valueOf = (value: unknown) =>
  typeof value === 'object' && value !== null && 'value' in value ? value.value : value

/** The ids of users and user groups that a change names. */
function idsIn({ path, from, to }: Change): string[] {
  if (/(^|:)manager(\.value)?$/.test(path)) return [from, to].map(valueOf).filter(isText)
  if (!['members', 'groups', 'group'].includes(path)) return []
  return [from, to].flatMap((values) => [values].flat().filter(isText).slice(0, MOST_SHOWN))
}

/** Looks up what some events name: one query for people, and one for each other kind that there is among them. */
export async function namesFor(
  { names, tokens, clients, rules, mappings, webhooks }: Directory,
  events: readonly Event[],
): Promise<EventNames> {
  const about = (kind: string) => events.some(({ action }) => action.startsWith(`${kind}.`))
  const ids = events.flatMap(({ actor, resourceId, changes }) => [
    ...[actorId(actor)].filter(isText),
    resourceId,
    ...changes.flatMap(idsIn),
  ])
  const planIds = events.flatMap(({ action, resourceId }) =>
    action.startsWith('plan.') || action === 'mail.dispatched' ? [resourceId] : [],
  )
  const [found, plans, made] = await Promise.all([
    names.of(ids),
    planIds.length === 0 ? new Map() : names.plans(planIds),
    Promise.all([
      about('token') ? tokens.list() : [],
      about('client') ? clients.list() : [],
      about('rule') ? rules.list() : [],
      about('mapping') ? mappings.list() : [],
      about('webhook') ? webhooks.list() : [],
    ]),
  ])
  const things = made
    .flat()
    .map((each): [string, string] => [each.id, 'entraName' in each ? each.entraName : each.name])
  return { ids: found, things: new Map(things), plans }
}
