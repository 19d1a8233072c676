import type { z } from 'zod'

type Issue = Parameters<z.core.$ZodErrorMap>[0]

const number = new Intl.NumberFormat('en')

const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
}

/** So many of what is measured: characters of a text, entries of a list, or just the number. */
function measured(origin: string, count: number | bigint): string {
  const [one, many] = units[origin] ?? ['', '']
  return `${number.format(count)} ${count === 1 ? one : many}`.trim()
}

const kinds: Readonly<Record<string, string>> = {
  string: 'Is no text.',
  number: 'Is no number.',
  int: 'Is no whole number.',
  boolean: 'Is neither true nor false.',
  array: 'Is no list.',
  object: 'Is no object.',
  record: 'Is no object.',
}

const formats: Readonly<Record<string, string>> = {
  datetime: 'Is no time, such as 2026-03-02T08:00:00Z.',
  date: 'Is no day, such as 2026-03-02.',
}

/** What is wrong with a value, in plain words, where the schema itself does not say it; undefined for what is not known. */
export function inPlainWords(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'too_big':
      if (issue.inclusive === false) return `Less than ${measured(issue.origin, issue.maximum)}.`
      return `At most ${measured(issue.origin, issue.maximum)}.`
    case 'too_small':
      if (issue.minimum === 1 && issue.origin === 'string') return 'May not be empty.'
      if (issue.inclusive === false) return `More than ${measured(issue.origin, issue.minimum)}.`
      return `At least ${measured(issue.origin, issue.minimum)}.`
    case 'invalid_type':
      return issue.input === undefined ? 'Is missing.' : kinds[issue.expected]
    case 'invalid_value':
      if (issue.input === undefined) return 'Is missing.'
      return `Is none of what it may be: ${issue.values.map(String).join(', ')}.`
    case 'invalid_format':
      return formats[issue.format] ?? 'Does not have the form that it should have.'
    case 'invalid_union':
      return 'Has none of the forms that it may have.'
    case 'unrecognized_keys':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return undefined
  }
}
