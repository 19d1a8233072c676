import type { JsonObject } from '../scim/schema/attribute.ts'
import { userName } from '../directory/user.ts'
import type { Letter } from './delivery.ts'
import { button, escape, footnote, isolated, link, page, paragraph, steps } from './look.ts'

/** What all invitations of an installation have in common. */
export interface InvitationSettings {
  readonly applicationName: string
  /** Where the client is; undefined where people get it in another way. */
  readonly downloadUrl: string | undefined
  readonly signInUrl: string
  /** Whom people ask. */
  readonly contact: string
}

/** Whoever is invited, under names as others wrote them. */
export interface Invited {
  /** Empty where there is none. */
  readonly displayName: string
  readonly userName: string
}

/** Longer than any user name of Entra. */
const LONGEST_NAME = 120

/**
 * A name as one short line that stays in its place: without line breaks, and without what turns the direction of all
 * that follows. Joiners stay, which some scripts need.
 */
function oneLine(name: string): string {
  const line = name
    .toWellFormed()
    .replace(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  const characters = Array.from(line)
  if (characters.length <= LONGEST_NAME) return line
  return `${characters.slice(0, LONGEST_NAME - 1).join('')}…`
}

interface Facts extends InvitationSettings {
  readonly name: string
  readonly account: string
}

const greeting = (name: string) => (name === '' ? 'Hello,' : `Hello ${name},`)

function textOf({ name, account, applicationName, downloadUrl, signInUrl, contact }: Facts) {
  const client =
    downloadUrl === undefined
      ? `Ask ${contact} for the client, unless it is on your computer already.`
      : `Download the client and install it:\n   ${downloadUrl}`
  return `${greeting(name)}

You can now work with ${applicationName}. You sign in with the Microsoft account that you
have already; there is no new password.

1. ${client}

2. Start it, tick "Connect via Microsoft Entra ID" and choose "Connect".

3. Pick your Microsoft account:
   ${account}

In a browser you sign in the same way, at
${signInUrl}

Does something not work? Ask ${contact}.

This mail was sent because you were given access. Nobody will ask you for
your password in a mail.
`
}

function htmlOf(facts: Facts, title: string): string {
  const { name, account, applicationName, downloadUrl, signInUrl, contact } = facts
  const client =
    downloadUrl === undefined
      ? `Ask ${isolated(contact)} for the client, unless it is on your computer already.`
      : `Download the client and install it.${button(downloadUrl, `Download from ${escape(new URL(downloadUrl).host)}`)}`
  return page(title, [
    paragraph(greeting(name === '' ? '' : isolated(name))),
    paragraph(
      `You can now work with ${isolated(applicationName)}. You sign in with the Microsoft account that you have already; there is no new password.`,
    ),
    steps([
      client,
      'Start it, tick <strong>Connect via Microsoft Entra ID</strong> and choose <strong>Connect</strong>.',
      `Pick your Microsoft account:<br><strong>${isolated(account)}</strong>`,
    ]),
    paragraph(
      `In a browser you sign in the same way, at ${link(signInUrl, escape(new URL(signInUrl).host))}.`,
    ),
    paragraph(`Does something not work? Ask ${isolated(contact)}.`),
    footnote(
      'This mail was sent because you were given access. Nobody will ask you for your password in a mail.',
    ),
  ])
}

/** How a user is spoken to. */
export function invitedOf(attributes: JsonObject): Invited {
  const { displayName } = attributes
  return {
    displayName: typeof displayName === 'string' ? displayName : '',
    userName: userName(attributes),
  }
}

/** The mail that tells a person where to get the client and how to sign in. */
export function writeInvitation(settings: InvitationSettings, invited: Invited): Letter {
  const name = oneLine(invited.displayName)
  const applicationName = oneLine(settings.applicationName)
  const facts = { ...settings, applicationName, name, account: oneLine(invited.userName) }
  const subject = `Your access to ${applicationName}`
  return { name, subject, text: textOf(facts), html: htmlOf(facts, subject) }
}
