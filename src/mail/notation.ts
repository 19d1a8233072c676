/*
 * How mails are written: lines of plain text with a few marks. docs/operations.md has the table. Whoever writes a mail
 * is not the one it is about: placeholders stand in what is read here, and values are put in their place much later, so
 * that no value is ever taken for a mark.
 */

export type Target =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'placeholder'; readonly name: string }

/** A piece of a line. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'placeholder'; readonly name: string }
  | { readonly kind: 'strong'; readonly content: readonly Piece[] }
  | { readonly kind: 'link'; readonly target: Target; readonly label: readonly Piece[] }

export interface Line {
  /** Counted from 1. */
  readonly number: number
  readonly content: readonly Piece[]
}

/** What stands or falls together: a line, or a step with all its lines. */
export interface Part {
  readonly kind: 'heading' | 'line' | 'step' | 'blank' | 'rule'
  /** None for what is blank, and for the rule above the small print. */
  readonly lines: readonly Line[]
  /** What stands in its place where a value is missing. */
  readonly instead: readonly Part[]
}

export interface Mistake {
  /** The line, counted from 1. */
  readonly line: number
  readonly detail: string
}

export interface Parsed {
  readonly parts: readonly Part[]
  readonly mistakes: readonly Mistake[]
}

const anyOf = (...marks: readonly RegExp[]) =>
  new RegExp(marks.map(({ source }) => source).join('|'), 'g')

/** A mark that stands for itself, and a placeholder. */
const PLAIN = [/\\([!-/:-@[-`{-~])/, /\{([^{}]*)\}/]
const STRONG = /\*\*(?=\S)((?:[^*\\]|\\.|\*(?!\*))+)(?<=\S)\*\*/
const LINK = /\[((?:[^\][\\]|\\.)+)\]\(([^()\s]*)\)/
const URL_ALONE = /(https?:\/\/[^\s<>"{}\\^`|]*[^\s<>"{}\\^`|.,;:!?)\]'*])/

const WORDS = anyOf(...PLAIN)
const ALL = anyOf(...PLAIN, STRONG, LINK, URL_ALONE)

const ADDRESS = /^(https?:\/\/|mailto:)[^\s<>"\\{}]+$/i

function targetOf(given: string): Target {
  const name = /^\{([^{}]*)\}$/.exec(given)?.[1]
  return name === undefined ? { kind: 'url', url: given } : { kind: 'placeholder', name }
}

/** Whether a link may lead there: to a page or an address, and nowhere that runs something. */
export function isAddress(url: string): boolean {
  return ADDRESS.test(url) && URL.canParse(url)
}

/** Adds a piece; texts that follow each other become one. */
function push(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1)
  if (piece.kind === 'text' && last?.kind === 'text') {
    pieces[pieces.length - 1] = { kind: 'text', text: `${last.text}${piece.text}` }
  } else if (piece.kind !== 'text' || piece.text !== '') {
    pieces.push(piece)
  }
}

/** The pieces of a text. */
function piecesOf(text: string, marks = ALL): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(marks)) {
    const [all, mark, name, strong, label, target, url] = match
    push(pieces, { kind: 'text', text: text.slice(end, match.index) })
    end = match.index + all.length
    if (mark !== undefined) push(pieces, { kind: 'text', text: mark })
    if (name !== undefined) push(pieces, { kind: 'placeholder', name })
    if (strong !== undefined) push(pieces, { kind: 'strong', content: piecesOf(strong, WORDS) })
    if (label !== undefined && target !== undefined) {
      push(pieces, { kind: 'link', target: targetOf(target), label: piecesOf(label, WORDS) })
    }
    if (url !== undefined) {
      const shown = { kind: 'text', text: url } as const
      push(pieces, { kind: 'link', target: { kind: 'url', url }, label: [shown] })
    }
  }
  push(pieces, { kind: 'text', text: text.slice(end) })
  return pieces
}

/** A placeholder, and where it stands: in the line itself, as where a link leads, or in what the link is called. */
export interface Name {
  readonly name: string
  readonly place: 'line' | 'target' | 'label'
}

/** The placeholders of a line. */
export function namesIn(pieces: readonly Piece[]): Name[] {
  return pieces.flatMap((piece) => {
    switch (piece.kind) {
      case 'text':
        return []
      case 'placeholder':
        return [{ name: piece.name, place: 'line' }]
      case 'strong':
        return namesIn(piece.content)
      case 'link': {
        const labels = namesIn(piece.label).map(({ name }): Name => ({ name, place: 'label' }))
        if (piece.target.kind === 'url') return labels
        return [{ name: piece.target.name, place: 'target' }, ...labels]
      }
    }
  })
}

function badLinksIn(line: Line): Mistake[] {
  return line.content.flatMap((piece) => {
    if (piece.kind !== 'link' || piece.target.kind !== 'url' || isAddress(piece.target.url)) {
      return []
    }
    const detail = 'A link leads to https://, http:// or mailto:, or to one placeholder alone.'
    return [{ line: line.number, detail }]
  })
}

interface Numbered {
  readonly number: number
  readonly text: string
}

/** A part that is being read. */
interface Draft extends Numbered {
  readonly kind: Part['kind']
  /** More lines of a step. */
  readonly more: Numbered[]
  readonly instead: Numbered[]
}

/** A line by how it begins. */
function draftOf({ number, text }: Numbered): Draft {
  const draft = (kind: Part['kind'], rest: string) => ({
    kind,
    number,
    text: rest,
    more: [],
    instead: [],
  })
  if (text.trim() === '') return draft('blank', '')
  if (/^---+\s*$/.test(text)) return draft('rule', '')
  const [, heading] = /^# +(\S.*)$/.exec(text) ?? []
  if (heading !== undefined) return draft('heading', heading)
  const [, step] = /^\d{1,2}\. +(\S.*)$/.exec(text) ?? []
  return step === undefined ? draft('line', text) : draft('step', step)
}

function draftsOf(lines: readonly Numbered[], mistakes: Mistake[]): Draft[] {
  const drafts: Draft[] = []
  for (const { number, text } of lines) {
    const above = drafts.at(-1)
    if (text.startsWith('|')) {
      if (above && above.text !== '') {
        above.instead.push({ number, text: text.replace(/^\| ?/, '') })
      } else {
        const detail = 'There is no line right above in whose place it could stand.'
        mistakes.push({ line: number, detail })
      }
    } else if (above?.kind === 'step' && above.instead.length === 0 && /^(\t| {2})/.test(text)) {
      above.more.push({ number, text })
    } else {
      drafts.push(draftOf({ number, text }))
    }
  }
  return drafts
}

function partsOf(given: readonly Numbered[], mistakes: Mistake[]): Part[] {
  return draftsOf(given, mistakes).map(({ kind, number, text, more, instead }) => {
    const written = text === '' ? [] : [{ number, text }, ...more]
    const lines = written.map((line) => {
      return { number: line.number, content: piecesOf(line.text.trim()) }
    })
    mistakes.push(...lines.flatMap(badLinksIn))
    return { kind, lines, instead: partsOf(instead, mistakes) }
  })
}

/** Reads what a mail says. What makes no sense is a mistake, and stands there as it was written. */
export function parseBody(body: string): Parsed {
  const mistakes: Mistake[] = []
  const lines = body.split('\n').map((text, index) => ({ number: index + 1, text }))
  const parts = partsOf(lines, mistakes)
  const rule = parts.findIndex(({ kind }) => kind === 'rule')
  for (const {
    kind,
    lines: [first],
  } of rule < 0 ? [] : parts.slice(rule)) {
    if (first && kind !== 'line') {
      mistakes.push({ line: first.number, detail: 'Below --- are plain lines only.' })
    }
  }
  return { parts, mistakes: mistakes.sort((one, other) => one.line - other.line) }
}

/** Reads a subject: a text with placeholders, and no other marks. */
export function parseSubject(subject: string): readonly Piece[] {
  return piecesOf(subject, WORDS)
}

/** What is left of parts where some values are missing. */
export function standing(parts: readonly Part[], has: (name: string) => boolean): Part[] {
  return parts.flatMap((part) => {
    const lines = part.lines.filter(({ content }) =>
      namesIn(content).every(({ name }) => has(name)),
    )
    if (lines.length === part.lines.length) return [part]
    if (part.instead.length > 0) return standing(part.instead, has)
    // A step is none without its first line.
    return lines[0] && lines[0] === part.lines[0] ? [{ ...part, lines }] : []
  })
}
