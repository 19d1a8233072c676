import type { MailFacts, Placeholder, TemplateMistake } from '../directory/mail-desk.ts'
import type { MailKind } from '../directory/outbox.ts'
import type { MailTemplate } from '../directory/settings.ts'
import { displayName, userName } from '../directory/user.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { asHtml } from './as-html.ts'
import { asText, lineText } from './as-text.ts'
import { blocksOf, fill, type Value, type Values } from './blocks.ts'
import { builtIn } from './built-in.ts'
import type { Letter } from './delivery.ts'
import { namesIn, parseBody, parseSubject, standing, type Mistake, type Part } from './notation.ts'

/** Whoever gets a mail, under names as others wrote them. */
export interface Receiver {
  /** Empty where there is none. */
  readonly displayName: string
  readonly userName: string
}

/** A link that can be used once. */
export interface LinkInMail {
  readonly url: string
  /** ISO-8601, UTC. */
  readonly expires: string
}

/** How a user is spoken to. */
export function receiverOf(attributes: JsonObject): Receiver {
  return { displayName: displayName(attributes), userName: userName(attributes) }
}

/** Longer than any user name of Entra. */
const LONGEST_NAME = 120
const LONGEST_CONTACT = 200
const LONGEST_SUBJECT = 400

/**
 * A text of others as one short line that stays in its place: without line breaks, and without what turns the direction
 * of all that follows. Joiners stay, which some scripts need.
 */
function oneLine(text: string, longest: number): string {
  const line = text
    .toWellFormed()
    .replace(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  const characters = Array.from(line)
  if (characters.length <= longest) return line
  return `${characters.slice(0, longest - 1).join('')}…`
}

const moment = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
})

interface Known {
  readonly about: string
  /** Whether it is an address, which has no place in a subject. */
  readonly leads?: true
  valueIn(facts: MailFacts, receiver: Receiver, link: LinkInMail | undefined): Value | undefined
}

const text = (value: string, longest = LONGEST_NAME): Value => ({
  kind: 'text',
  text: oneLine(value, longest),
})

const address = (url: string): Value => ({ kind: 'address', url })

const always: Readonly<Record<string, Known>> = {
  name: {
    about:
      'What the user is called. Where that is not known, it is left out with the blank before it.',
    valueIn: (_, receiver) => text(receiver.displayName),
  },
  account: {
    about: 'The user name, with which the user signs in.',
    valueIn: (_, receiver) => text(receiver.userName),
  },
  application: {
    about: 'What the application is called: APPLICATION_NAME.',
    valueIn: ({ applicationName }) => text(applicationName),
  },
  contact: {
    about: 'Whom people ask: SUPPORT_CONTACT.',
    valueIn: ({ contact }) => text(contact, LONGEST_CONTACT),
  },
  download: {
    about:
      'Where the client is: CLIENT_DOWNLOAD_URL. Where that is not set, lines with it are left out.',
    leads: true,
    valueIn: ({ downloadUrl }) => (downloadUrl === undefined ? undefined : address(downloadUrl)),
  },
  'sign-in': {
    about: 'The address of the sign-in page.',
    leads: true,
    valueIn: ({ signInUrl }) => address(signInUrl),
  },
}

const withPassword: Readonly<Record<string, Known>> = {
  ...always,
  link: {
    about: 'The address where the user chooses a password, once.',
    leads: true,
    valueIn: (_facts, _receiver, link) => link && address(link.url),
  },
  expires: {
    about: 'Until when the link can be used, in UTC.',
    valueIn: (_facts, _receiver, link) =>
      link && { kind: 'text', text: `${moment.format(new Date(link.expires))} UTC` },
  },
}

/** By name: a map, since people may write any name. */
const knownIn: Readonly<Record<MailKind, ReadonlyMap<string, Known>>> = {
  invitation: new Map(Object.entries(always)),
  'password-invitation': new Map(Object.entries(withPassword)),
  'password-reset': new Map(Object.entries(withPassword)),
}

/** What a mail of the kind is of no use without. */
const requiredIn = (kind: MailKind) => (kind === 'invitation' ? [] : ['link'])

export function placeholdersOf(kind: MailKind): Placeholder[] {
  const required = requiredIn(kind)
  return [...knownIn[kind]].map(([name, { about }]) => {
    return { name, about, required: required.includes(name) }
  })
}

function unknown(name: string, kind: MailKind): string {
  const known = [...knownIn[kind].keys()].map((each) => `{${each}}`)
  return `There is no {${name}} in this mail, which knows ${known.join(', ')}. Write \\{ for a brace.`
}

/** What is wrong with the placeholders of parts and of what stands in their place. */
function wrongNames(kind: MailKind, parts: readonly Part[]): Mistake[] {
  return parts.flatMap(({ lines, instead }) => [
    ...lines.flatMap(({ number, content }) =>
      namesIn(content).flatMap(({ name, place }) => {
        const known = knownIn[kind].get(name)
        if (!known) return [{ line: number, detail: unknown(name, kind) }]
        if (place !== 'target' || known.leads) return []
        return [{ line: number, detail: `{${name}} is no address that a link could lead to.` }]
      }),
    ),
    ...wrongNames(kind, instead),
  ])
}

/** Whether a placeholder leads somewhere in what is left of a mail without the values that may be missing. */
function alwaysLeads(parts: readonly Part[], wanted: string): boolean {
  return [true, false].every((known) =>
    standing(parts, (name) => known || name !== 'download').some(({ lines }) =>
      lines.some(({ content }) =>
        namesIn(content).some(({ name, place }) => place !== 'label' && name === wanted),
      ),
    ),
  )
}

function mistakesInSubject(kind: MailKind, subject: string): string[] {
  if (subject.trim() === '') return ['Write a subject.']
  return namesIn(parseSubject(subject)).flatMap(({ name }) => {
    const known = knownIn[kind].get(name)
    if (!known) return [unknown(name, kind)]
    return known.leads ? [`{${name}} is an address, which has no place in a subject.`] : []
  })
}

function mistakesInBody(kind: MailKind, body: string): string[] {
  if (body.trim() === '') return ['Write what the mail says.']
  const { parts, mistakes } = parseBody(body)
  const all = [...mistakes, ...wrongNames(kind, parts)].sort((one, other) => one.line - other.line)
  const missing = requiredIn(kind).filter((name) => !alwaysLeads(parts, name))
  return [
    ...all.map(({ line, detail }) => `Line ${line}: ${detail}`),
    ...missing.map(
      (name) => `Write {${name}} where it is always seen: the mail is of no use without.`,
    ),
  ]
}

/** What keeps a mail of the kind from being sent; nothing for one that can be. */
export function mistakesIn(kind: MailKind, { subject, body }: MailTemplate): TemplateMistake[] {
  return [
    ...mistakesInSubject(kind, subject).map((detail) => ({ part: 'subject' as const, detail })),
    ...mistakesInBody(kind, body).map((detail) => ({ part: 'body' as const, detail })),
  ]
}

/** Writes a mail; without a template in the words that the program brings. */
export function writeLetter(
  kind: MailKind,
  given: {
    readonly template?: MailTemplate | undefined
    readonly facts: MailFacts
    readonly receiver: Receiver
    /** For a mail about a password. */
    readonly link?: LinkInMail | undefined
  },
): Letter {
  const { template = builtIn[kind], facts, receiver, link } = given
  const values: Values = new Map(
    [...knownIn[kind]].map(([name, { valueIn }]) => [name, valueIn(facts, receiver, link)]),
  )
  const subject = oneLine(lineText(fill(parseSubject(template.subject), values)), LONGEST_SUBJECT)
  const blocks = blocksOf(parseBody(template.body).parts, values)
  return {
    name: oneLine(receiver.displayName, LONGEST_NAME),
    subject,
    text: asText(blocks, subject),
    html: asHtml(blocks, subject, template === builtIn[kind] ? 'en' : undefined),
  }
}
