import { z } from 'zod'
import {
  logKinds,
  personName,
  type LogBody,
  type LogEntry,
  type LogFilter,
  type LoggedRequest,
  type LogMessage,
} from '../directory/provisioning-log.ts'
import {
  curlOf,
  explainTolerances,
  explanationOf,
  outcomeOf,
  sentenceOf,
  type Particulars,
} from '../directory/provisioning-words.ts'
import type { Directory } from '../directory/store.ts'
import { numberIn, text } from './input.ts'
import { Problem } from './problems.ts'
import {
  loggedRequest,
  logKind,
  provisioningStatus,
  wholeLoggedRequest,
} from './provisioning-schemas.ts'
import { route, type Route } from './route.ts'

const LARGEST_PAGE = 200
const SEQUENCE = /^[1-9]\d{0,14}$/

const sequence = z.string().regex(SEQUENCE, 'Is no number of a request.').transform(Number)

const page = z.strictObject({
  errors: z
    .literal('true')
    .exactOptional()
    .meta({ description: 'Only those that were refused or failed.' }),
  resource: text(512)
    .min(1)
    .exactOptional()
    .meta({ description: 'A user or a user group, by id; memberships included.' }),
  words: text(200)
    .min(1)
    .exactOptional()
    .meta({ description: 'Words, or parts of them, all of which names, ids or values have.' }),
  actor: text(512).min(1).exactOptional().meta({ description: 'The client, as `actor` has it.' }),
  kind: z
    .union([logKind, z.array(logKind).max(logKinds.length)])
    .exactOptional()
    .meta({ description: 'What they were about; more than once for one of several.' }),
  from: z.iso.datetime().exactOptional(),
  to: z.iso.datetime().exactOptional().meta({ description: 'Before this time.' }),
  before: sequence.exactOptional().meta({ description: 'The `next` of the part before.' }),
  after: sequence.exactOptional().meta({ description: 'Newer than the one of this `sequence`.' }),
  limit: numberIn(z.int().min(1).max(LARGEST_PAGE).default(50)),
})

function inWords(entry: LogEntry) {
  return { ...entry, sentence: sentenceOf(entry), outcome: outcomeOf(entry) }
}

/** JSON for people to read; a part of it stays as it is. */
function readable({ text: json, length, kept }: LogBody): LogBody {
  if (kept !== 'whole') return { text: json, length, kept }
  return { text: JSON.stringify(JSON.parse(json), undefined, 2), length, kept }
}

function shown({ headers, body }: LogMessage): LogMessage {
  return { headers, ...(body ? { body: readable(body) } : {}) }
}

/** Who has the name that was asked for. */
async function holderOf(
  { users, groups }: Directory,
  { subject, facts: { wanted } }: LogEntry,
): Promise<Particulars> {
  if (wanted === undefined) return {}
  const found = await (subject?.type === 'Group' ? groups : users).named(wanted)
  return { holder: found ? { id: found.id, name: personName(found.attributes) } : null }
}

/** When what is not there was deleted. */
async function deletionOf({ events }: Directory, { subject }: LogEntry): Promise<Particulars> {
  if (subject?.id === undefined) return {}
  const [last] = await events.latest({ resourceId: subject.id, limit: 1 })
  const deleted = last?.action === 'user.deleted' || last?.action === 'group.deleted'
  return last && deleted ? { deleted: { at: last.at, actor: last.actor } } : {}
}

/** What is known now about why a request was refused. */
async function particularsOf(directory: Directory, entry: LogEntry): Promise<Particulars> {
  const { failure } = entry
  if (failure === 'uniqueness' || failure === 'localAccount') return holderOf(directory, entry)
  return failure === 'notFound' ? deletionOf(directory, entry) : {}
}

async function whole(directory: Directory, scimUrl: string, logged: LoggedRequest) {
  const { request, response, ...entry } = logged
  const particulars = await particularsOf(directory, entry)
  const explanation = explanationOf(entry, particulars)
  return {
    ...inWords(entry),
    request: shown(request),
    response: shown(response),
    rules: explainTolerances(entry.tolerances),
    ...(explanation ? { explanation: { ...explanation, ...particulars } } : {}),
    curl: curlOf(logged, scimUrl),
  }
}

export const listProvisioningRequests = route({
  method: 'GET',
  path: '/provisioning-log',
  operation: 'listProvisioningRequests',
  summary:
    'Requests of provisioning clients, newest first; a part may have few of them, or none, and more may follow',
  query: page,
  status: 200,
  answer: z.strictObject({ items: z.array(loggedRequest), next: z.int().optional() }),
  async handle({ directory }, { query }) {
    const { errors, resource, kind, before, limit, from, to, ...rest } = query
    const filter: LogFilter = {
      ...rest,
      ...(errors === undefined ? {} : { errors: true }),
      ...(resource === undefined ? {} : { resourceId: resource }),
      ...(kind === undefined ? {} : { kinds: [kind].flat() }),
      // As times are kept: to the millisecond.
      ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
      ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
    }
    const { items, next } = await directory.provisioningLog.list(filter, {
      limit,
      ...(before === undefined ? {} : { before }),
    })
    return { items: items.map(inWords), ...(next === undefined ? {} : { next }) }
  },
})

export const readProvisioningRequest = route({
  method: 'GET',
  path: '/provisioning-log/{id}',
  operation: 'readProvisioningRequest',
  summary:
    'A request of a provisioning client with all that is kept, why it was refused, and a command that sends it again',
  status: 200,
  answer: wholeLoggedRequest,
  problems: ['notFound'],
  async handle({ directory, scimUrl }, { id }) {
    const found = SEQUENCE.test(id) ? await directory.provisioningLog.read(Number(id)) : undefined
    if (!found) throw new Problem('notFound', 'There is no such request, or no longer.')
    return whole(directory, scimUrl, found)
  },
})

export const readProvisioningStatus = route({
  method: 'GET',
  path: '/provisioning-status',
  operation: 'readProvisioningStatus',
  summary: 'When provisioning clients last came, and how the last 24 hours were',
  status: 200,
  answer: provisioningStatus,
  async handle({ directory, provisioningFeed: { days } }) {
    const { tolerances, ...status } = await directory.provisioningLog.status()
    const counts = new Map(tolerances.map(({ id, requests }) => [id, requests]))
    const rules = explainTolerances([...counts.keys()])
    return {
      days,
      ...status,
      tolerances: rules.map(({ id, about }) => ({ id, about, requests: counts.get(id) ?? 0 })),
    }
  },
})

/** What provisioning clients asked for, and what came of it. */
export const provisioningLogRoutes: readonly Route[] = [
  listProvisioningRequests,
  readProvisioningRequest,
  readProvisioningStatus,
]
