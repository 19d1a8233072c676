import { tolerances, type ToleranceId } from '../scim/protocol/tolerances.ts'
import type {
  LogEntry,
  LogFacts,
  LoggedRequest,
  LogKind,
  LogMember,
  LogSubject,
} from './provisioning-log.ts'
import {
  explanations,
  particulars,
  searches,
  words,
  wordings,
  type Explanation,
} from './provisioning-texts.ts'

/** Members and attributes that a sentence names. */
const NAMED = 3

/** A name or a value within a sentence, and the id of whom it stands for, where it stands for somebody. */
export interface NamedPart {
  readonly name: string
  readonly id?: string
}

/** Words, and the names and values between them. */
export type SentencePart = string | NamedPart

type Parts = readonly SentencePart[]

/** A text with what stands in braces replaced. */
function fill(text: string, values: Readonly<Record<string, Parts>>): Parts {
  return text.split(/\{(\w+)\}/).flatMap((piece, index): Parts => {
    if (index % 2 === 0) return piece === '' ? [] : [piece]
    return values[piece] ?? []
  })
}

function plain(parts: Parts): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.name)).join('')
}

/** Some of them in a row, and how many there are besides. */
function listed(names: readonly NamedPart[], all: number): Parts {
  const some = names.slice(0, NAMED)
  const left = all - some.length
  const row = (parts: readonly NamedPart[]): Parts =>
    parts.flatMap((part, index) => (index === 0 ? [part] : [', ', part]))
  if (left > 0) {
    return fill(left === 1 ? words.other : words.others, { some: row(some), count: [`${left}`] })
  }
  const last = some.at(-1)
  if (last === undefined) return [words.something]
  return some.length === 1
    ? [last]
    : fill(words.and, { first: row(some.slice(0, -1)), last: [last] })
}

/** The end of a path, which is what people call the attribute: `urn:…:User:manager` and `emails[…].value`. */
function attributeName(path: string): string {
  const [before = ''] = path.split('[')
  return before.slice(before.lastIndexOf(':') + 1)
}

function attributesIn({ attributes = [] }: LogFacts): Parts {
  const names = [...new Set(attributes.map(attributeName))].map((name) => ({ name }))
  return listed(names, names.length)
}

function membersIn({ members = [], memberCount = members.length }: LogFacts): Parts {
  const part = ({ id, name = id }: LogMember) => ({ name, id })
  return listed(members.map(part), memberCount)
}

function searchedIn({ filter = '', attribute, value = '' }: LogFacts): Parts {
  if (attribute === undefined) return fill(searches['filter'] ?? '', { filter: [{ name: filter }] })
  const text = searches[attribute.toLowerCase()] ?? searches['other'] ?? ''
  return fill(text, { attribute: [{ name: attribute }], value: [{ name: value }] })
}

/** Whom a request names, by the name of that time. */
function subjectPart({ id, name }: LogSubject): NamedPart | undefined {
  return name === undefined ? undefined : { name, ...(id === undefined ? {} : { id }) }
}

function foundIn({ facts: { total }, subject }: LogEntry): Parts {
  if (total === undefined || total === 0) return [words.none]
  return [total === 1 ? ((subject && subjectPart(subject)) ?? words.one) : String(total)]
}

function named({ subject }: LogEntry): Parts {
  const user = subject?.type !== 'Group'
  const part = subject && subjectPart(subject)
  if (part) return [part]
  if (subject?.id !== undefined) {
    const { id } = subject
    return fill(user ? words.userOf : words.groupOf, { id: [{ name: id, id }] })
  }
  return [user ? words.unknownUser : words.unknownGroup]
}

function wordingOf({ kind, tolerances: rules, facts }: LogEntry) {
  if (kind === 'create-user' && rules.includes('rehire')) return wordings['restore-user']
  if (kind === 'change-members' && facts.memberCount === 0) return wordings['empty-group']
  return wordings[kind]
}

/** What a request did, or tried to do, in words and names. */
export function sentencePartsOf(entry: LogEntry): readonly SentencePart[] {
  const { facts, failure, kind } = entry
  const wording = wordingOf(entry)
  const sentence = fill(failure === undefined ? wording.done : wording.tried, {
    user: named(entry),
    group: named(entry),
    members: membersIn(facts),
    attributes: attributesIn(facts),
    where: searchedIn(facts),
    found: foundIn(entry),
  })
  const alsoChanged =
    (facts.attributes ?? []).length > 0 && kind !== 'update-user' && kind !== 'update-group'
  const whole =
    alsoChanged && failure === undefined
      ? fill(words.alsoChanged, { sentence, attributes: attributesIn(facts) })
      : sentence
  return facts.held ? fill(words.held, { sentence: whole }) : whole
}

/** The same in plain text. */
export function sentenceOf(entry: LogEntry): string {
  return plain(sentencePartsOf(entry))
}

/** Whether a request of a kind only asks. */
export function asks(kind: LogKind): boolean {
  return kind === 'test' || kind === 'discover' || /^(find|list|read)-/.test(kind)
}

/** What came of a request, in a few words. */
export function outcomeOf({ failure, status, kind }: LogEntry): string {
  if (failure !== undefined) return explanations[failure].title
  if (status === 304) return words.unchanged
  return asks(kind) ? words.answered : words.succeeded
}

/** What is known about a refusal besides the refusal itself. */
export interface Particulars {
  /** Who has the name now that was asked for; null where nobody has it. */
  readonly holder?: { readonly id: string; readonly name: string } | null
  /** When and by whom what is not found was deleted here. */
  readonly deleted?: { readonly at: string; readonly actor: string }
}

/** Why a request was refused and what to do; undefined for one that was not. */
export function explanationOf(
  { failure, subject }: LogEntry,
  { holder, deleted }: Particulars = {},
): Explanation | undefined {
  if (failure === undefined) return undefined
  const known: string[] = []
  const tell = (text: string, values: Readonly<Record<string, string>>) => {
    const parts = Object.entries(values).map(([name, value]) => [name, [value]] as const)
    known.push(plain(fill(text, Object.fromEntries(parts))))
  }
  if (holder) tell(particulars.held, { name: holder.name, id: holder.id })
  if (holder === null) known.push(particulars.free)
  if (deleted) {
    const text = subject?.type === 'Group' ? particulars.deletedGroup : particulars.deletedUser
    tell(text, { day: deleted.at.slice(0, 10), actor: deleted.actor })
  }
  const explanation = explanations[failure]
  return { ...explanation, what: [explanation.what, ...known].join(' ') }
}

/** The rules that a request needed, each with what it does and where it is known from. */
export function explainTolerances(ids: readonly ToleranceId[]) {
  return ids.flatMap((id) => {
    // One that a later version does not have any more.
    const rule = Object.hasOwn(tolerances, id) ? tolerances[id] : undefined
    return rule ? [{ id, about: rule.about, source: rule.source }] : []
  })
}

/** A word of a shell command, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** How to send a request again. */
export interface CurlCommand {
  readonly command: string
  /** Whether it sends what was sent: nothing was taken out of it, or cut off. */
  readonly complete: boolean
}

/** A command for a shell that has the credentials in $ENTRANCE_TOKEN; `base` is the public URL of the door. */
export function curlOf({ method, path, request }: LoggedRequest, base: string): CurlCommand {
  const { headers, body } = request
  // Brackets in the address are no pattern.
  const parts = ['curl --globoff']
  if (method === 'HEAD') parts.push('--head')
  else if (method !== 'GET') parts.push(`--request ${quoted(method)}`)
  parts.push(`--header "Authorization: Bearer $ENTRANCE_TOKEN"`)
  for (const name of ['content-type', 'accept', 'if-match', 'if-none-match']) {
    const value = headers[name]
    if (value !== undefined) parts.push(`--header ${quoted(`${name}: ${value}`)}`)
  }
  const text = body?.text ?? ''
  if (text !== '') parts.push(`--data-raw ${quoted(text)}`)
  parts.push(quoted(`${base}${path}`))
  const redacted = text.includes('[redacted]') || path.includes(encodeURIComponent('[redacted]'))
  return {
    command: parts.join(' \\\n  '),
    complete: !redacted && (body === undefined || body.kept === 'whole'),
  }
}
