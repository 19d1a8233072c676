import type { EntraUser } from '../tenant.ts'
import { live } from './assignments.ts'
import { badRequest, GraphFailure, unsupported } from './failure.ts'
import { parseFilter, type Expression } from './filter-syntax.ts'
import { fold, type Value } from './kind.ts'
import { cutPage, seal, unseal, type Place } from './page.ts'
import { need } from './permissions.ts'
import { checkOptions, readNames } from './query.ts'
import type { Answer, GraphRequest } from './request.ts'
import { urlOf, type Context, type State } from './state.ts'
import { userKind } from './user-kind.ts'

/** What a round is about; it travels in the tokens. */
interface Round {
  readonly epoch: string
  readonly names: readonly string[]
  /** The only users that are tracked, or null for all. */
  readonly only: readonly string[] | null
  /** Changes after this version are told; null in the first round, which tells everything. */
  readonly since: number | null
  /** The version when the round began, and so where the next one takes up. */
  readonly until: number
}

/** A round, and where in it the page begins. */
interface Turn {
  readonly round: Round
  readonly place: Place | undefined
}

const PAGE = 200
const MOST_IDS = 50
const PATH = '/users/delta'
/** Graph writes the name of the function either way. */
const LONG_PATH = '/users/microsoft.graph.delta()'

/** 410: the client is to begin again. */
function gone(state: State): GraphFailure {
  const Location = urlOf(state, `${PATH}?$deltatoken=`)
  const sentence =
    'The sync state is not found, or too old. Start over with a full synchronisation.'
  return new GraphFailure(410, 'syncStateNotFound', sentence, { Location })
}

/** The ids in `id eq '…' or id eq '…'`, which is all that a filter may say. */
function idsIn(filter: string): string[] {
  const parsed = parseFilter(filter)
  const parts: readonly Expression[] = parsed.kind === 'or' ? parsed.parts : [parsed]
  if (parts.length > MOST_IDS) throw unsupported(`At most ${MOST_IDS} objects can be tracked.`)
  return parts.map((part) => {
    if (part.kind === 'compare' && part.path === 'id' && part.operator === 'eq') {
      if (part.literal.type === 'text' || part.literal.type === 'guid')
        return fold(part.literal.value)
    }
    throw unsupported('Only a filter by id is supported in a delta query.')
  })
}

/** Which properties are tracked. The id always comes, and `manager` is a relationship. */
function trackedNames(select: string | undefined): readonly string[] {
  const names = (select ?? userKind.byDefault.join()).split(',').map((name) => name.trim())
  const plain = names.filter((name) => name !== 'manager' && name !== 'id')
  if (plain.length > 0) readNames(userKind, plain.join())
  return ['id', ...plain, ...names.filter((name) => name === 'manager')]
}

function begin(state: State, { options }: GraphRequest, latest: boolean): Round {
  const filter = options.get('$filter')
  const { epoch, history } = state
  return {
    epoch,
    names: trackedNames(options.get('$select')),
    only: filter === undefined ? null : idsIn(filter),
    since: latest ? history.version : null,
    until: history.version,
  }
}

function readTurn(context: Context): Turn {
  const { state, request } = context
  const { options } = request
  const delta = options.get('$deltatoken')
  const skip = options.get('$skiptoken')
  if ((delta === undefined || delta === '' || delta === 'latest') && skip === undefined) {
    checkOptions(request, '$select $filter $deltatoken')
    return { round: begin(state, request, delta === 'latest'), place: undefined }
  }
  if (options.size > 1) throw badRequest('A state token does not go together with other options.')
  const sealed = unseal(skip ?? delta ?? '') as Partial<Turn> | null | undefined
  const round = sealed?.round
  if (round === undefined || round.epoch !== state.epoch) throw gone(state)
  if (skip !== undefined) return { round, place: sealed?.place }
  const next = { ...round, since: round.until, until: state.history.version }
  return { round: next, place: undefined }
}

function valueOf(user: EntraUser, name: string): Value {
  return userKind.properties.get(name)?.of(user) ?? null
}

function isSame(one: Value, other: Value): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}

function isEmpty(value: Value): boolean {
  return value === null || (Array.isArray(value) && value.length === 0)
}

function managerDelta(before: string | null, after: string | null): object[] {
  const type = { '@odata.type': '#microsoft.graph.user' }
  if (before === after) return after === null ? [] : [{ ...type, id: after }]
  return [
    ...(before === null ? [] : [{ ...type, id: before, '@removed': { reason: 'deleted' } }]),
    ...(after === null ? [] : [{ ...type, id: after }]),
  ]
}

/**
 * A user as a round tells it: what is set or was, or only what changed. Undefined if nothing did.
 */
function tell(
  { directory }: Context,
  { names, minimal }: { readonly names: readonly string[]; readonly minimal: boolean },
  user: EntraUser,
  before: EntraUser | undefined,
): object | undefined {
  const told: Record<string, unknown> = { id: user.objectId }
  let changed = before === undefined
  for (const name of names) {
    if (name === 'id') continue
    if (name === 'manager') {
      const now = directory.manager(user)?.objectId ?? null
      const same = before !== undefined && before.manager === user.manager
      if (!same) changed = true
      const links = managerDelta(same ? now : (before?.manager ?? null), now)
      if (links.length > 0 && !(same && minimal)) told['manager@delta'] = links
      continue
    }
    const value = valueOf(user, name)
    const former = before === undefined ? null : valueOf(before, name)
    const same = before !== undefined && isSame(value, former)
    if (!same) changed = true
    const everSet = !isEmpty(value) || !isEmpty(former)
    if (everSet && !(same && minimal)) told[name] = value
  }
  return changed ? told : undefined
}

function removed(id: string, reason: 'changed' | 'deleted'): object {
  return { id, '@removed': { reason } }
}

/** What became of a user who changed, or undefined if nothing that the client tracks. */
function tellChange(
  context: Context,
  how: { readonly names: readonly string[]; readonly minimal: boolean },
  id: string,
  before: EntraUser | undefined,
): object | undefined {
  const user = context.directory.tenant.users.get(id)
  const living = live(user)
  if (living !== undefined) return tell(context, how, living, live(before))
  if (user !== undefined && !user.purged) {
    return before?.softDeleted === true ? undefined : removed(id, 'changed')
  }
  return before === undefined || before.purged ? undefined : removed(id, 'deleted')
}

/** `GET /users/delta`: everybody at first, and then what changed since the link was handed out. */
export function userDelta(context: Context): Answer {
  const { state, directory, request } = context
  need(context, 'users')
  const { round, place } = readTurn(context)
  const { names, only, since } = round
  const minimal = /\breturn=minimal\b/u.test(request.headers['prefer'] ?? '')
  const how = { names, minimal: minimal && since !== null }
  const wanted = only === null ? undefined : new Set(only)
  const changes = since === null ? undefined : state.history.since(since)
  const tellOne = (id: string): object | undefined => {
    if (changes !== undefined) return tellChange(context, how, id, changes.get(id))
    const user = directory.tenant.users.get(id)
    const living = live(user)
    if (living !== undefined) return tell(context, how, living, undefined)
    const recycled = state.oddPages && user !== undefined && !user.purged
    return recycled ? removed(id, 'changed') : undefined
  }
  const isTold = (id: string): boolean =>
    (wanted === undefined || wanted.has(id)) && tellOne(id) !== undefined
  const items = changes === undefined ? [...directory.tenant.users.keys()] : [...changes.keys()]
  const page = cutPage({
    kind: { idOf: (id: string) => id },
    items,
    keep: isTold,
    size: PAGE,
    place,
    odd: state.oddPages,
  })
  const value = page.items.flatMap((id) => tellOne(id) ?? [])
  const [first] = value
  if (state.oddPages && first !== undefined) value.push(first)
  const token = seal({ round, place: page.next } satisfies Turn)
  const path = state.oddPages ? LONG_PATH : PATH
  const link =
    page.next === undefined
      ? { '@odata.deltaLink': urlOf(state, `${path}?$deltatoken=${token}`) }
      : { '@odata.nextLink': urlOf(state, `${path}?$skiptoken=${token}`) }
  const described = urlOf(state, `/$metadata#users(${names.join()})`)
  return {
    status: 200,
    headers: how.minimal ? { 'Preference-Applied': 'return=minimal' } : {},
    body: { '@odata.context': described, ...link, value },
  }
}
