import type { Change, Event } from './event.ts'
import type { Departure } from './held.ts'
import type { MailKind, MailState } from './outbox.ts'
import type { Source } from './provenance.ts'
import type { GroupReference, Link, Origin } from './user.ts'

/** An event, without what it changed. */
export type Told = Pick<Event, 'sequence' | 'at' | 'actor' | 'door' | 'action'>

/** How something came about, as the record has it. */
export interface How {
  /** Of what it came; unknown where the record says it no more, or not so far back as is looked. */
  readonly source: Source | { readonly kind: 'unknown' }
  readonly event?: Told
}

/** Through what a user has a permission. */
export type Through =
  | { readonly kind: 'group'; readonly id: string; readonly displayName: string }
  | { readonly kind: 'role'; readonly value: string }

/** Why a user is as it is. Times are ISO-8601, UTC. */
export interface Why {
  readonly id: string
  readonly userName: string
  readonly origin: Origin
  readonly created: How & { readonly at: string }
  readonly active: How & {
    readonly now: boolean
    readonly since?: string
    /** What provisioning asked for that waits for an administrator. */
    readonly held?: Departure
  }
  readonly groups: readonly (How & GroupReference & { readonly since: string })[]
  readonly roles: readonly (How & { readonly value: string; readonly since?: string })[]
  /** What the user may do now: nothing while it is not active. */
  readonly permissions: readonly {
    readonly permission: string
    readonly through: readonly Through[]
  }[]
  readonly link?: How & Link
  /** What provisioning sent last. */
  readonly sent?: Told & { readonly changes: readonly Change[] }
  readonly signIn: {
    readonly possible: boolean
    /** In words, each that stands in the way, and what is known of it. */
    readonly reasons: readonly string[]
  }
}

/** Whether a user gets in, without what it takes to explain what the user may do then. */
export type Entry = Pick<Why, 'active' | 'signIn'>

export interface Provenance {
  /** Undefined for a user who is not there. */
  why(userId: string): Promise<Why | undefined>
  /** A part of the same, at a fraction of the cost. */
  entry(userId: string): Promise<Entry | undefined>
}

/** By what somebody can get in. */
export interface Ways {
  readonly active: boolean
  readonly linked: boolean
  readonly password: boolean
  /** Until when a link to choose a password can be used. */
  readonly linkUntil?: string
  /** The last mail with such a link. */
  readonly mail?: {
    readonly kind: MailKind
    readonly state: MailState
    readonly due: string
    readonly sent?: string
    readonly problem?: string
  }
}

function wordsOn({ state, due, sent, problem }: NonNullable<Ways['mail']>): string {
  const why = problem === undefined ? '.' : `: ${problem}`
  switch (state) {
    case 'kept':
      return 'The mail with a link to choose one is kept until an administrator sends it.'
    case 'waiting':
      return `The mail with a link to choose one waits to be sent at ${due}${why}`
    case 'sending':
      return 'The mail with a link to choose one is being sent.'
    case 'sent':
      return `The mail with a link to choose one was sent at ${sent ?? due}.`
    case 'failed':
      return `The mail with a link to choose one could not be sent${why}`
    case 'cancelled':
      return 'The mail with a link to choose one was cancelled.'
  }
}

/** Whether somebody can sign in, and everything that stands in the way. */
export function signInOf({ active, linked, password, linkUntil, mail }: Ways): Why['signIn'] {
  const reasons = active ? [] : ['The user is not active.']
  if (!linked && !password) {
    reasons.push('The user is no account of Entra, and has no password.')
    if (linkUntil !== undefined) {
      reasons.push(`A link to choose a password is valid until ${linkUntil}, and was not used yet.`)
    }
    if (mail) reasons.push(wordsOn(mail))
  }
  return { possible: reasons.length === 0, reasons }
}
