import { daysUntil } from '../../../directory/connection.ts'
import { EntraFailure } from '../../../directory/entra-directory.ts'
import { tokenState, type Token } from '../../../directory/token.ts'
import type { LogStatus } from '../../../directory/provisioning-log.ts'
import { overview } from '../../../texts/overview.ts'
import type { Tone } from '../../../ui/icon.tsx'
import type { Caller } from '../../route.ts'

const texts = overview.health

/** Entra calls about every 40 minutes; after three times that something is wrong. */
const SILENCE_MILLISECONDS = 2 * 60 * 60_000

/** So many days before something expires it is worth a look. */
const SOON_DAYS = 30

/** How one part of what Entrance needs does. */
export interface Health {
  readonly label: string
  readonly tone: Tone
  readonly text: string
  /** A time that belongs after the text. */
  readonly at?: string
  readonly more?: string
  readonly link?: { readonly href: `/${string}`; readonly label: string }
}

const isSilent = (last: string, now: Date) =>
  now.getTime() - Date.parse(last) > SILENCE_MILLISECONDS

/** When Entra last called, against how often it does. */
export function contactHealth({ lastContact }: LogStatus, now: Date): Health {
  const label = texts.provisioning
  if (!lastContact) {
    const link = { href: '/admin/connect', label: texts.setUp } as const
    return { label, tone: 'soft', text: texts.neverCalled, link }
  }
  const told = { label, text: texts.contact, at: lastContact.at }
  return isSilent(lastContact.at, now)
    ? { ...told, tone: 'warn', more: texts.silent }
    : { ...told, tone: 'good' }
}

/** The token that lasts longest of those that are in force, and until when. */
export function tokenHealth(
  tokens: readonly Token[],
  { lastContact }: LogStatus,
  now: Date,
): Health {
  const label = texts.token
  const link = { href: '/admin/connect/rotate', label: texts.rotate } as const
  const alive = tokens.filter((token) => tokenState(token, now.toISOString()) === 'active')
  const [lasting] = alive.filter(({ expires }) => expires === undefined)
  if (lasting) return { label, tone: 'good', text: texts.tokenLasts(lasting.name), link }
  const last = alive.toSorted((one, other) =>
    (other.expires ?? '').localeCompare(one.expires ?? ''),
  )[0]
  if (last?.expires === undefined) {
    const [over] = tokens.filter((token) => tokenState(token, now.toISOString()) === 'expired')
    // With a token of the environment, or as a client that gets tokens.
    if (lastContact && (!over || !isSilent(lastContact.at, now))) {
      const details = { href: '/admin/connect/tokens', label: texts.details } as const
      return { label, tone: 'good', text: texts.otherCredential, link: details }
    }
    return over
      ? { label, tone: 'bad', text: texts.tokenOver(over.name), link }
      : {
          label,
          tone: 'soft',
          text: texts.noToken,
          link: { href: '/admin/connect/provisioning', label: texts.setUp },
        }
  }
  const days = daysUntil(last.expires, now)
  const tone = days <= SOON_DAYS ? 'warn' : 'good'
  return { label, tone, text: texts.tokenFor(last.name, days), link }
}

/** Whether there is a connection to Graph, without asking Entra. */
export async function knownGraph({ connections, organisation, now }: Caller): Promise<Health> {
  const label = texts.graph
  const known = await connections.known(organisation)
  if (!known) {
    const link = { href: '/admin/connect', label: texts.connect } as const
    return { label, tone: 'soft', text: texts.notConnected, link }
  }
  return expiryHealth(known.expires, now()) ?? { label, tone: 'soft', text: texts.notChecked }
}

function expiryHealth(expires: string | undefined, now: Date): Health | undefined {
  if (expires === undefined) return undefined
  const label = texts.graph
  const link = { href: '/admin/connect', label: texts.rotate } as const
  const days = daysUntil(expires, now)
  if (days < 0) return { label, tone: 'bad', text: texts.secretOver, link }
  if (days <= SOON_DAYS) return { label, tone: 'warn', text: texts.secretIn(days), link }
  return undefined
}

/** The same, with what Entra says when it is asked. */
export async function askedGraph(caller: Caller): Promise<Health> {
  const label = texts.graph
  const link = { href: '/admin/connect', label: texts.details } as const
  try {
    const entra = await caller.connections.of(caller.organisation)
    if (!entra) return await knownGraph(caller)
    const checks = await entra.check()
    const wrong = checks.find(({ ok }) => !ok)
    if (wrong) return { label, tone: 'bad', text: wrong.problem ?? wrong.purpose, link }
    const expires = checks.find((each) => each.expires !== undefined)?.expires
    return expiryHealth(expires, caller.now()) ?? { label, tone: 'good', text: texts.works }
  } catch (error) {
    if (!(error instanceof EntraFailure)) throw error
    return { label, tone: 'bad', text: error.message, link }
  }
}

/** Whether mails can be sent. */
export function mailHealth({ mails }: Caller): Health {
  return mails.configured
    ? { label: texts.mail, tone: 'good', text: texts.mailReady }
    : { label: texts.mail, tone: 'warn', text: texts.noMail }
}

/** How long the database takes to answer; a page could not be made where it does not. */
export async function databaseHealth({ store }: Caller): Promise<Health> {
  const began = performance.now()
  await store.check()
  const text = texts.databaseWell(performance.now() - began)
  return { label: texts.database, tone: 'good', text }
}
