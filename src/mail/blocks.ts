import { isAddress, standing, type Part, type Piece, type Target } from './notation.ts'

/** What a placeholder stands for; undefined where there is no such thing. */
export type Value =
  /** What others wrote, in one line. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'address'; readonly url: string }

/** By name; undefined for what is missing. */
export type Values = ReadonlyMap<string, Value | undefined>

/** A piece of a line with nothing left to fill in. */
export type Filled =
  | { readonly kind: 'text'; readonly text: string }
  /** Of others: it may be written from right to left among words that are not. */
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'address'; readonly url: string }
  | { readonly kind: 'strong'; readonly content: readonly Filled[] }
  | { readonly kind: 'link'; readonly url: string; readonly label: readonly Filled[] }

export type FilledLine = readonly Filled[]

export type Block =
  | { readonly kind: 'heading'; readonly content: FilledLine }
  | { readonly kind: 'paragraph'; readonly lines: readonly FilledLine[] }
  | { readonly kind: 'steps'; readonly steps: readonly (readonly FilledLine[])[] }

/** What a mail says, in the order in which it is read. */
export interface Blocks {
  readonly blocks: readonly Block[]
  /** Its paragraphs. */
  readonly smallPrint: readonly (readonly FilledLine[])[]
}

/** Takes the blank before a name that is not there with it, and at the end of a line a comma too. */
function leaveOut(pieces: Filled[], atEnd: boolean): void {
  const last = pieces.at(-1)
  if (last?.kind !== 'text') return
  const text = last.text.replace(atEnd ? /[,;:]?\s*$/ : /\s+$/, '')
  pieces[pieces.length - 1] = { kind: 'text', text }
}

function leadsTo(target: Target, values: Values): string | undefined {
  if (target.kind === 'url') return isAddress(target.url) ? target.url : undefined
  const value = values.get(target.name)
  return value?.kind === 'address' ? value.url : undefined
}

/** Puts values in the place of their names; a name that nobody knows stays as it was written. */
export function fill(pieces: readonly Piece[], values: Values): Filled[] {
  const filled: Filled[] = []
  for (const piece of pieces) {
    if (piece.kind === 'text') {
      // What begins with a name that is not there does not begin with the comma after it.
      const begins = filled.length === 0 && piece !== pieces[0]
      filled.push({ ...piece, text: begins ? piece.text.replace(/^[,;:!]?\s*/, '') : piece.text })
    } else if (piece.kind === 'strong') {
      const content = fill(piece.content, values)
      if (content.length === 0) leaveOut(filled, piece === pieces.at(-1))
      else filled.push({ kind: 'strong', content })
    } else if (piece.kind === 'link') {
      const url = leadsTo(piece.target, values)
      const label = fill(piece.label, values)
      filled.push(...(url === undefined ? label : [{ kind: 'link', url, label } as const]))
    } else {
      const value = values.get(piece.name)
      if (!value) filled.push({ kind: 'text', text: `{${piece.name}}` })
      else if (value.kind === 'address') filled.push(value)
      else if (value.text === '') leaveOut(filled, piece === pieces.at(-1))
      else filled.push({ kind: 'value', text: value.text })
    }
  }
  return filled.filter((piece) => piece.kind !== 'text' || piece.text !== '')
}

/** What parts say with these values: without the lines whose value is missing, or with what stands in their place. */
export function blocksOf(parts: readonly Part[], values: Values): Blocks {
  const blocks: Block[] = []
  const smallPrint: FilledLine[][] = []
  let small = false
  let paragraph: FilledLine[] | undefined
  let steps: FilledLine[][] | undefined
  const missing = (name: string) => values.has(name) && values.get(name) === undefined

  for (const { kind, lines } of standing(parts, (name) => !missing(name))) {
    const filled = lines
      .map(({ content }) => fill(content, values))
      .filter((line) => line.length > 0)
    if (kind === 'rule') small = true
    if (kind === 'blank' || kind === 'rule') paragraph = undefined
    if (filled.length === 0) continue
    if (kind === 'heading' && !small) {
      paragraph = steps = undefined
      for (const content of filled) blocks.push({ kind, content })
    } else if (kind === 'step' && !small) {
      paragraph = undefined
      if (!steps) blocks.push({ kind: 'steps', steps: (steps = []) })
      steps.push(filled)
    } else {
      steps = undefined
      if (!paragraph) {
        paragraph = []
        if (small) smallPrint.push(paragraph)
        else blocks.push({ kind: 'paragraph', lines: paragraph })
      }
      paragraph.push(...filled)
    }
  }
  return { blocks, smallPrint }
}
