import { fold } from '../scim/protocol/compare.ts'
import { isObject, type Json, type JsonObject } from '../scim/schema/attribute.ts'
import { displayName, userName } from './user.ts'

/** Of a text so many characters are looked at, of a word as many kept: an index takes no longer ones. */
const LONGEST_TEXT = 500
const LONGEST_WORD = 100

/** So many words of a user are kept. */
const MOST_WORDS = 100

/** What ends a word wherever it stands, as in `Lovelace, Ada <ada@contoso.example>`. */
const BETWEEN = /[\s,;()<>"，；（）＜＞、]+/

/** What is no part of a word where it stands at an end of one, and what parts a word where it stands within. */
const AROUND = /^[^\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]+$/gu
const WITHIN = /[^\p{L}\p{N}\p{M}]+/u

/** The same of what is plain and ASCII, as most words are: it takes a fraction of the time. */
const PLAIN_AROUND = /^[^a-z0-9]+|[^a-z0-9]+$/g
const PLAIN_WITHIN = /[^a-z0-9]+/

const ASCII = /^[\x20-\x7e]*$/

/** Letters that differ from others by what Unicode does not take for a mark. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  þ: 'th',
}

/** The first so many characters of a text, none of them cut in two. */
function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text
  return Array.from(text.slice(0, 2 * longest))
    .slice(0, longest)
    .join('')
}

/** A text as people compare it: without regard to letter case, and to accents, which not everybody can type. */
function plain(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  return fold(text)
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[ßæœøđðħıłþ]/g, (letter) => PLAIN[letter] ?? letter)
    .normalize('NFC')
}

/** The words of some texts, once each, as they are typed. */
function typedIn(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => shortened(text, LONGEST_TEXT).split(BETWEEN)))
}

/** A word as it is searched for; empty for what has neither letters nor digits. */
function whole(typed: string): string {
  const word = plain(typed)
  return word.replace(ASCII.test(word) ? PLAIN_AROUND : AROUND, '')
}

/** A word with its parts: `jean-luc` with `jean` and `luc`. */
function withParts(word: string): string[] {
  const parts = word.split(ASCII.test(word) ? PLAIN_WITHIN : WITHIN)
  return parts.length === 1 ? parts : [word, ...parts]
}

/** Those of some words that none of the others begins with, sorted and shortened. */
function longestOf(words: readonly string[]): string[] {
  const sorted = [...new Set(words.map((word) => shortened(word, LONGEST_WORD)))].sort()
  return sorted.filter((word, index) => !sorted[index + 1]?.startsWith(word))
}

function wholeWordsOf(texts: readonly (Json | undefined)[]): string[] {
  const typed = typedIn(texts.filter((text) => typeof text === 'string'))
  return [...typed].map(whole).filter((word) => word !== '')
}

const isAddress = (word: string) => word.includes('@')

/**
 * The words by whose beginnings a user is found: as they are typed, and the parts of each. An address is one word, since
 * its parts are those of the name and of a domain that everybody has; where there is no name they are words too.
 */
export function wordsOf({ name, emails, ...attributes }: JsonObject): string[] {
  const { formatted, givenName, middleName, familyName } = isObject(name) ? name : {}
  const names = [displayName(attributes), formatted, givenName, middleName, familyName]
  const addresses = (Array.isArray(emails) ? emails : []).map((email) =>
    isObject(email) ? email['value'] : undefined,
  )
  const named = wholeWordsOf(names)
  const words = [...named, ...wholeWordsOf([userName(attributes), ...addresses])]
  const parted = words.flatMap((word) =>
    isAddress(word) && named.length > 0 ? [word] : withParts(word),
  )
  return longestOf(parted).slice(0, MOST_WORDS)
}

/** What is searched for: beginnings of words, each of which has to be there. */
export function termsOf(search: string): string[] {
  return longestOf(wholeWordsOf([search]))
}

/** What users are sorted by: the display name, else the user name. */
export function nameKey(attributes: JsonObject): string {
  const name = displayName(attributes).trim() || userName(attributes).trim()
  return shortened(plain(shortened(name, LONGEST_TEXT)), LONGEST_WORD)
}
