import type { Blocks, Filled, FilledLine } from './blocks.ts'
import {
  button,
  escape,
  footnote,
  heading,
  isolated,
  link,
  page,
  paragraph,
  steps,
} from './look.ts'

/** A label: what leads somewhere is only named in it. */
function label(pieces: readonly Filled[]): string {
  return pieces
    .map((piece) => (piece.kind === 'address' ? hostOf(piece.url) : inline(piece)))
    .join('')
}

const hostOf = (url: string) => escape(new URL(url).host)

function inline(piece: Filled): string {
  switch (piece.kind) {
    case 'text':
      return escape(piece.text)
    case 'value':
      return isolated(piece.text)
    case 'address':
      return link(piece.url, hostOf(piece.url))
    case 'strong':
      return `<strong>${piece.content.map(inline).join('')}</strong>`
    case 'link':
      return link(piece.url, label(piece.label))
  }
}

const lineHtml = (line: FilledLine) => line.map(inline).join('')

/** Room below a button, in pixels: a step has some of its own. */
const BELOW = { step: 4, paragraph: 20 } as const

/** A link with a line to itself. */
function buttonIn(line: FilledLine, place: keyof typeof BELOW): string | undefined {
  const [only] = line
  if (line.length !== 1 || only?.kind !== 'link') return undefined
  return button(only.url, label(only.label), BELOW[place])
}

/** The lines of a step. */
function stepHtml(lines: readonly FilledLine[]): string {
  let html = ''
  let follows = false
  for (const line of lines) {
    const own = buttonIn(line, 'step')
    html += own ?? `${follows ? '<br>' : ''}${lineHtml(line)}`
    follows = own === undefined
  }
  return html
}

/** The lines of a paragraph, with its buttons between. */
function paragraphHtml(lines: readonly FilledLine[]): string[] {
  const html: string[] = []
  let words: string[] = []
  const close = () => {
    if (words.length > 0) html.push(paragraph(words.join('<br>')))
    words = []
  }
  for (const line of lines) {
    const own = buttonIn(line, 'paragraph')
    if (own === undefined) words.push(lineHtml(line))
    else {
      close()
      html.push(own)
    }
  }
  close()
  return html
}

/** A mail as HTML; `language` is that of its words, where it is known. */
export function asHtml(
  { blocks, smallPrint }: Blocks,
  title: string,
  language: string | undefined,
): string {
  let headings = 0
  const content = blocks.flatMap((block) => {
    if (block.kind === 'paragraph') return paragraphHtml(block.lines)
    if (block.kind === 'steps') return [steps(block.steps.map(stepHtml))]
    headings += 1
    return [heading(lineHtml(block.content), headings === 1 ? 1 : 2)]
  })
  const small = smallPrint.map((lines) => lines.map(lineHtml).join('<br>')).join('<br><br>')
  return page(title, small === '' ? content : [...content, footnote(small)], language)
}
