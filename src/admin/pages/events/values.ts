import { number } from '../../../texts/common.ts'
import { events as texts } from '../../../texts/events.ts'
import type { Change } from '../../../ui/timeline.tsx'
import { MOST_SHOWN, type EventNames } from './names.ts'

/** Of a value so much is shown. */
const LONGEST = 200

/** Paths that say of what a change came; the sentence tells it, or nobody needs it. */
const untold: readonly string[] = [
  'by',
  'plan',
  'via',
  'revoked',
  'schemas',
  'mail',
  'mails',
  'state',
]

/** An extension as a whole, such as `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User`. */
const extension = /^urn:.+:\d+\.\d+:[A-Za-z]+$/

const labels: Readonly<Record<string, string>> = texts.attributes
const words: Readonly<Record<string, string>> = texts.values

/** A change as events, previews and the API have it. */
interface Changed {
  readonly path: string
  readonly from?: unknown
  readonly to?: unknown
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The name of an attribute: what people call it, else the end of its path as words. */
function labelOf(path: string): string {
  const name = path.slice(path.lastIndexOf(':') + 1)
  const known = Object.hasOwn(labels, name) ? labels[name] : undefined
  if (known !== undefined) return known
  const spaced = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('.', ' ')
    .toLowerCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

/** A text that is not too long to be shown, cut between two characters where it is. */
function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${Array.from(text).slice(0, LONGEST).join('')}…`
}

function wordsOf(value: unknown, { ids }: EventNames): string {
  if (typeof value === 'boolean') return value ? texts.values.yes : texts.values.no
  if (typeof value === 'number') return number(value)
  if (typeof value === 'string') {
    const named = ids.get(value)
    if (named) return named.name
    return shortened((Object.hasOwn(words, value) ? words[value] : undefined) ?? value)
  }
  return ''
}

function inWords(value: unknown, names: EventNames): string | undefined {
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value)) {
    const all = value.map((each) => inWords(each, names) ?? '').filter((each) => each !== '')
    const left = all.length - MOST_SHOWN
    const shown = all.slice(0, MOST_SHOWN).join(texts.comma)
    return left > 0 ? `${shown}${texts.and}${texts.others(left)}` : shown
  }
  if (!isObject(value)) return wordsOf(value, names)
  const main = value['displayName'] ?? value['name'] ?? value['value'] ?? value['display']
  if (main !== undefined) return inWords(main, names)
  const parts = Object.entries(value).map(([name, part]) => `${name} ${inWords(part, names) ?? ''}`)
  return shortened(parts.join(texts.comma))
}

/** A name, or an extension, that changed as a whole, part by part; anything else as it is. */
function partsOf(change: Changed): readonly Changed[] {
  const { path, from, to } = change
  const isWhole = path === 'name' || extension.test(path)
  if (!isWhole || !(isObject(from) || isObject(to))) return [change]
  const before = isObject(from) ? from : {}
  const after = isObject(to) ? to : {}
  const between = path === 'name' ? '.' : ':'
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]))
    .map((part) => ({ path: `${path}${between}${part}`, from: before[part], to: after[part] }))
}

/** What came of the people of a plan. */
function statesIn(value: unknown): string {
  const counts = isObject(value) ? value : {}
  const told = Object.entries(texts.states).flatMap(([state, words]) => {
    const count = counts[state]
    return typeof count === 'number' && count > 0 ? [words(count)] : []
  })
  return told.length === 0 ? texts.nothingDone : told.join(texts.comma)
}

/** What an event changed, in words; `but` are paths that its sentence tells already. */
export function changesOf(
  { changes }: { readonly changes: readonly Changed[] },
  names: EventNames,
  but: readonly string[] = [],
): Change[] {
  const shown = changes.filter(({ path }) => !untold.includes(path) && !but.includes(path))
  return shown.flatMap(partsOf).map(({ path, from, to }) => {
    const label = labelOf(path)
    // How many ended is all that is to be said of them.
    if (path === 'sessions' || path === 'tokens') return { label, new: inWords(from, names) }
    if (path === 'states') return { label, new: statesIn(to) }
    if (path === 'password' && from !== undefined) {
      return { label, old: texts.values.set, new: texts.values.removed }
    }
    return { label, old: inWords(from, names), new: inWords(to, names) }
  })
}
