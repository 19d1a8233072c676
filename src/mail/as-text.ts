import type { Block, Blocks, Filled, FilledLine } from './blocks.ts'

/** Mail programs that show a text as it is show so many characters a line. */
const WIDTH = 76

/** An address as people write it. */
const shown = (url: string) => url.replace(/^mailto:/i, '')

/** What leads somewhere is only named in a label, by where it leads. */
function label(pieces: readonly Filled[]): string {
  return pieces
    .map((piece) => (piece.kind === 'address' ? new URL(piece.url).host : lineText([piece])))
    .join('')
}

/** A line without marks. */
export function lineText(line: FilledLine): string {
  const [only] = line
  if (line.length === 1 && only?.kind === 'strong') return lineText(only.content)
  return line
    .map((piece) => {
      switch (piece.kind) {
        case 'text':
        case 'value':
          return piece.text
        case 'address':
          return shown(piece.url)
        case 'strong':
          return `"${lineText(piece.content)}"`
        case 'link': {
          const [name, url] = [label(piece.label), shown(piece.url)]
          return name === url ? url : `${name} (${url})`
        }
      }
    })
    .join('')
}

/** The same in lines that are not too long; a word is never broken. */
function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    const longer = `${line} ${word}`
    if (line !== undefined && Array.from(longer).length <= WIDTH) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** The lines of a paragraph or a step. A link with a line to itself has its address in the next, so that it can be copied. */
function textLines(lines: readonly FilledLine[]): string[] {
  return lines.flatMap((line, index) => {
    const [only] = line
    if (line.length !== 1 || only?.kind !== 'link') return wrapped(lineText(line))
    const name = label(only.label)
    const url = shown(only.url)
    const above = lines[index - 1]
    const announced = name === url || (above && lineText(above).endsWith(':'))
    return announced ? [url] : [`${name}:`, url]
  })
}

function blockText(block: Block): string[] {
  if (block.kind === 'heading') return [lineText(block.content)]
  if (block.kind === 'paragraph') return [textLines(block.lines).join('\n')]
  return block.steps.map((step, index) => {
    const number = `${index + 1}. `
    const rest = ' '.repeat(number.length)
    return textLines(step)
      .map((line, position) => `${position === 0 ? number : rest}${line}`)
      .join('\n')
  })
}

/** A mail as a text, complete without the HTML. A heading that only says the subject once more is left out. */
export function asText({ blocks, smallPrint }: Blocks, subject: string): string {
  const texts = blocks.flatMap((block) => {
    return block.kind === 'heading' && lineText(block.content) === subject ? [] : blockText(block)
  })
  return `${[...texts, ...smallPrint.map((lines) => textLines(lines).join('\n'))].join('\n\n')}\n`
}
