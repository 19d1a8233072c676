import type { Door } from '../../../directory/event.ts'
import type { EventFilter } from '../../../directory/store.ts'
import { record as texts } from '../../../texts/record.ts'
import type { Asked } from '../../console/asked.ts'
import { readerOf } from '../../console/request.ts'
import { beginOf, dayIn, daysBefore, endOf, readDay } from './period.ts'

export type Kind = keyof typeof texts.kinds
export type When = keyof typeof texts.whens

/** Actions, or kinds of them, that people look for together. */
const kinds: Readonly<Record<Kind, readonly string[]>> = {
  people: ['user'],
  groups: ['group'],
  permissions: ['permission'],
  links: [
    'user.linked',
    'user.unlinked',
    'link.requested',
    'link.accepted',
    'link.dismissed',
    'link.reopened',
  ],
  plans: ['plan'],
  rules: ['rule', 'rules', 'mapping'],
  held: ['user.held', 'user.hold-dropped', 'user.hold-released', 'user.hold-discarded'],
  entries: ['session', 'code'],
  passwords: ['password', 'link.issued'],
  administrators: ['administrator'],
  mails: ['mail'],
  settings: ['setting', 'organisation'],
  tokens: ['token', 'client'],
  webhooks: ['webhook'],
}

export const doors: readonly Door[] = ['admin', 'scim', 'auth', 'cli']

/** What the address asks for; what is none of it is as if it were not there. */
export interface Wanted {
  readonly kind: Kind | undefined
  readonly who: string
  readonly door: Door | undefined
  readonly when: When | undefined
  /** Days of the calendar, or empty. */
  readonly from: string
  readonly to: string
  /** An id, or empty. */
  readonly resource: string
  readonly before: number | undefined
}

const isKind = (text: string): text is Kind => Object.hasOwn(texts.kinds, text)
const isWhen = (text: string): text is When => Object.hasOwn(texts.whens, text)

/** A text that every database takes. */
const plain = (text: string) => (/^[^\p{Cc}\p{Cs}]{1,512}$/u.test(text) ? text : '')

export function wantedOf({ query }: Asked): Wanted {
  const [kind, when] = [query('kind'), query('when')]
  const before = /^[1-9]\d{0,14}$/.test(query('before')) ? Number(query('before')) : undefined
  return {
    kind: isKind(kind) ? kind : undefined,
    who: plain(query('who')),
    door: doors.find((door) => door === query('door')),
    when: isWhen(when) ? when : undefined,
    from: readDay(query('from')),
    to: readDay(query('to')),
    resource: plain(query('resource')),
    before,
  }
}

/** The times that are asked for, as the reader's calendar has them. */
function periodOf({ when, from, to }: Wanted, { context, now }: Asked): EventFilter {
  const { zone } = readerOf(context, now())
  if (from !== '' || to !== '') {
    return {
      ...(from === '' ? {} : { from: beginOf(from, zone) }),
      ...(to === '' ? {} : { to: endOf(to, zone) }),
    }
  }
  switch (when) {
    case undefined:
      return {}
    case 'today':
      return { from: beginOf(dayIn(zone, now()), zone) }
    case 'week':
      return { from: daysBefore(now(), 7) }
    case 'month':
      return { from: daysBefore(now(), 30) }
  }
}

/** The events that are asked for. */
export function filterOf(wanted: Wanted, asked: Asked): EventFilter {
  const { kind, who, door, resource } = wanted
  return {
    ...periodOf(wanted, asked),
    ...(kind === undefined ? {} : { actions: kinds[kind] }),
    ...(who === '' ? {} : { actor: who }),
    ...(door === undefined ? {} : { door }),
    ...(resource === '' ? {} : { resourceId: resource }),
  }
}

/** Whether anything is left out. */
export function isFiltered({ kind, who, door, when, from, to, resource }: Wanted): boolean {
  const texts = [who, from, to, resource]
  return kind !== undefined || door !== undefined || when !== undefined || texts.some(Boolean)
}
