import { asks } from '../../../directory/provisioning-words.ts'
import {
  groupWrites,
  logKinds,
  userWrites,
  type LogKind,
} from '../../../directory/provisioning-log.ts'
import { log as texts } from '../../../texts/log.ts'
import type { Asked } from '../../console/asked.ts'
import { readerOf } from '../../console/request.ts'
import type { listProvisioningRequests } from '../../provisioning-log.ts'
import { beginOf, dayIn, endOf, readDay } from '../record/period.ts'

export const SECTION = '/admin/log'

type Kind = keyof typeof texts.kinds
type When = keyof typeof texts.whens

type Query = NonNullable<NonNullable<Parameters<typeof listProvisioningRequests.call>[1]>['query']>

const LONGEST_WORDS = 200

const HOUR_MILLISECONDS = 3_600_000
const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS

const membershipKinds: readonly LogKind[] = ['add-members', 'remove-members', 'change-members']
const leaving: readonly LogKind[] = ['switch-off-user', 'delete-user']

/** Kinds of requests that people look for together. */
const kinds: Readonly<Record<Kind, readonly LogKind[]>> = {
  users: userWrites,
  leavers: leaving,
  groups: groupWrites,
  members: membershipKinds,
  reads: logKinds.filter((kind) => asks(kind) && kind !== 'test'),
  test: ['test'],
  other: ['other'],
}

/** What the address asks for; what is none of it is as if it were not there. */
export interface Wanted {
  readonly words: string
  readonly errors: boolean
  readonly kind: Kind | undefined
  readonly client: string
  readonly when: When | undefined
  /** Days of the calendar, or empty. */
  readonly from: string
  readonly to: string
  /** An id, or empty. */
  readonly resource: string
  readonly before: string
  readonly follow: boolean
}

const isKind = (text: string): text is Kind => Object.hasOwn(texts.kinds, text)
const isWhen = (text: string): text is When => Object.hasOwn(texts.whens, text)

/** A text that every database takes. */
const plain = (text: string) => (/^[^\p{Cc}\p{Cs}]{1,512}$/u.test(text) ? text : '')

/** The number of a request, or empty. */
export const readSequence = (text: string): string => (/^[1-9]\d{0,14}$/.test(text) ? text : '')

export function wantedOf({ query }: Asked): Wanted {
  const [kind, when] = [query('kind'), query('when')]
  return {
    words: query('search')
      .replaceAll(/\p{Cc}/gu, ' ')
      .slice(0, LONGEST_WORDS)
      .toWellFormed()
      .trim(),
    errors: query('errors') === 'yes',
    kind: isKind(kind) ? kind : undefined,
    client: plain(query('client')),
    when: isWhen(when) ? when : undefined,
    from: readDay(query('from')),
    to: readDay(query('to')),
    resource: plain(query('resource')),
    before: readSequence(query('before')),
    follow: query('follow') === 'yes',
  }
}

/** The times that are asked for, as the reader's calendar has them. */
function periodOf({ when, from, to }: Wanted, { context, now }: Asked): Query {
  const { zone } = readerOf(context, now())
  if (from !== '' || to !== '') {
    return {
      ...(from === '' ? {} : { from: beginOf(from, zone) }),
      ...(to === '' ? {} : { to: endOf(to, zone) }),
    }
  }
  const ago = (milliseconds: number) => new Date(now().getTime() - milliseconds).toISOString()
  switch (when) {
    case undefined:
      return {}
    case 'hour':
      return { from: ago(HOUR_MILLISECONDS) }
    case 'today':
      return { from: beginOf(dayIn(zone, now()), zone) }
    case 'week':
      return { from: ago(7 * DAY_MILLISECONDS) }
  }
}

/** The requests that are asked for, from the newest on. */
export function queryOf(wanted: Wanted, asked: Asked): Query {
  const { words, errors, kind, client, resource } = wanted
  return {
    ...periodOf(wanted, asked),
    ...(words === '' ? {} : { words }),
    ...(errors ? { errors: 'true' as const } : {}),
    ...(kind === undefined ? {} : { kind: [...kinds[kind]] }),
    ...(client === '' ? {} : { actor: client }),
    ...(resource === '' ? {} : { resource }),
  }
}

/** Whether anything is left out. */
export function isFiltered({ words, errors, kind, client, when, from, to, resource }: Wanted) {
  return (
    errors ||
    kind !== undefined ||
    when !== undefined ||
    [words, client, from, to, resource].some(Boolean)
  )
}
