import type { KnownConnection } from '../../../directory/connection.ts'
import type { Event } from '../../../directory/event.ts'
import type { LogContact } from '../../../directory/provisioning-log.ts'
import type { Directory } from '../../../directory/store.ts'
import { tokenState, type Token } from '../../../directory/token.ts'
import type { Caller } from '../../route.ts'

/** So far back a sign-in with Entra is looked for, and among so many. */
const ENTRY_DAYS = 90
const MOST_ENTRIES = 200

/** Of the newest events so many are looked at again and again. */
const NEWEST = 100

const DAY = 24 * 60 * 60_000

/** How far connecting with Entra is. */
export interface Standing {
  readonly app: KnownConnection | undefined
  /** In force, newest last. */
  readonly tokens: readonly Token[]
  /** Whether a program signs in with OAuth 2.0 instead. */
  readonly programs: boolean
  /** When provisioning last came. ISO-8601, UTC. */
  readonly contact: string | undefined
  /** When it last made or changed a user. */
  readonly arrival: string | undefined
  /** When somebody last signed in with Entra. ISO-8601, UTC. */
  readonly entry: string | undefined
}

const isEntraEntry = ({ action, changes }: Event) =>
  action === 'session.opened' && changes.some(({ path, to }) => path === 'method' && to === 'entra')

/** When somebody last signed in with Entra, within a while. */
async function lastEntry({
  directory,
  now,
}: Pick<Caller, 'directory' | 'now'>): Promise<string | undefined> {
  const from = new Date(now().getTime() - ENTRY_DAYS * DAY).toISOString()
  const { items } = await directory.events.search(
    { actions: ['session.opened'], from },
    { limit: MOST_ENTRIES },
  )
  return items.find(isEntraEntry)?.at
}

/** The same among what happened just now, at no cost worth speaking of. */
export async function entryJustNow({ events }: Directory): Promise<string | undefined> {
  return (await events.latest({ limit: NEWEST })).find(isEntraEntry)?.at
}

/** When provisioning last made or changed a user; where no log is kept, as far as the record says it. */
async function lastArrival({ provisioningLog, events }: Directory): Promise<string | undefined> {
  const { lastUserWrite } = await provisioningLog.status()
  if (lastUserWrite) return lastUserWrite.at
  const { items } = await events.search({ actions: ['user.created'], door: 'scim' }, { limit: 1 })
  return items[0]?.at
}

/** The same among what happened just now. */
export async function arrivalJustNow({
  provisioningLog,
  events,
}: Directory): Promise<string | undefined> {
  const { lastUserWrite } = await provisioningLog.status()
  if (lastUserWrite) return lastUserWrite.at
  const newest = await events.latest({ limit: NEWEST })
  return newest.find(({ action, door }) => action === 'user.created' && door === 'scim')?.at
}

/** The tokens that are in force, newest last. */
export async function tokensInForce({ directory, now }: Caller): Promise<Token[]> {
  const time = now().toISOString()
  return (await directory.tokens.list()).filter((token) => tokenState(token, time) === 'active')
}

/** The latest of some times. */
const lastOf = (times: readonly (string | undefined)[]) =>
  times
    .filter((time) => time !== undefined)
    .sort()
    .at(-1)

export async function standingOf(caller: Caller): Promise<Standing> {
  const { directory, connections, organisation } = caller
  const [app, tokens, clients, { lastContact }, arrival, entry] = await Promise.all([
    connections.known(organisation),
    tokensInForce(caller),
    directory.clients.list(),
    directory.provisioningLog.status(),
    lastArrival(directory),
    lastEntry(caller),
  ])
  return {
    app,
    tokens,
    programs: clients.some(({ kind, revoked }) => kind === 'provisioning' && revoked === undefined),
    contact: lastOf([
      lastContact && lastContact.status < 400 ? lastContact.at : undefined,
      ...tokens.map(({ lastUsed }) => lastUsed),
    ]),
    arrival,
    entry,
  }
}

/**
 * When a token was last used: as it is written down now and then, or as provisioning last came, where no other token of
 * the same name can have been meant.
 */
export function lastUse(
  token: Token,
  tokens: readonly Token[],
  contact: LogContact | undefined,
): string | undefined {
  const only = tokens.filter(({ name }) => name === token.name).length === 1
  const mine = only && contact?.actor === `token:${token.name}` && contact.at >= token.created
  return lastOf([token.lastUsed, mine ? contact.at : undefined])
}
