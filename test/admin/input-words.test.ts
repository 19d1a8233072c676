import { expect, test } from 'vitest'
import { z } from 'zod'
import { checkBody, text } from '../../src/admin/input.ts'
import { Problem } from '../../src/admin/problems.ts'

/** What is said of a value. */
function saidOf(schema: z.ZodType, value: unknown): readonly string[] {
  try {
    checkBody(z.object({ value: schema }), { value })
  } catch (error) {
    if (error instanceof Problem) return error.mistakes.map(({ detail }) => detail)
    throw error
  }
  return []
}

const strings = z.array(z.string())

test.each<[string, z.ZodType, unknown, string]>([
  ['a text that is too long', text(200), 'x'.repeat(201), 'At most 200 characters.'],
  ['a text for one character', text(1), 'xx', 'At most 1 character.'],
  ['a text that is too short', z.string().min(8), 'x', 'At least 8 characters.'],
  ['an empty text', z.string().min(1), '', 'May not be empty.'],
  ['a text with words of its own', z.string().min(1, 'Say a role.'), '', 'Say a role.'],
  ['a list that is too long', strings.max(1_000), Array(1_001).fill('x'), 'At most 1,000 entries.'],
  ['an empty list', strings.min(1), [], 'At least 1 entry.'],
  ['a number that is too large', z.int().max(5), 6, 'At most 5.'],
  ['a number that is too small', z.int().min(1), 0, 'At least 1.'],
  ['a number on an open end', z.int().positive(), 0, 'More than 0.'],
  ['a number on the other open end', z.number().lt(3), 3, 'Less than 3.'],
  ['half a number', z.int(), 1.5, 'Is no whole number.'],
  ['a text for a number', z.int(), 'x', 'Is no number.'],
  ['a number for a text', z.string(), 3, 'Is no text.'],
  ['a text for yes or no', z.boolean(), 'x', 'Is neither true nor false.'],
  ['a text for a list', strings, 'x', 'Is no list.'],
  ['a text for an object', z.object({}), 'x', 'Is no object.'],
  ['a text for fields', z.record(z.string(), z.string()), 'x', 'Is no object.'],
  ['nothing', z.string(), undefined, 'Is missing.'],
  ['nothing of a few', z.enum(['a', 'b']), undefined, 'Is missing.'],
  ['none of a few', z.enum(['a', 'b']), 'c', 'Is none of what it may be: a, b.'],
  ['no time', z.iso.datetime(), 'x', 'Is no time, such as 2026-03-02T08:00:00Z.'],
  ['no day', z.iso.date(), 'x', 'Is no day, such as 2026-03-02.'],
  ['another form', z.string().regex(/a/), 'x', 'Does not have the form that it should have.'],
  ['neither', z.union([z.string(), z.null()]), 3, 'Has none of the forms that it may have.'],
])('%s is told of in plain words', (_, schema, value, words) => {
  expect(saidOf(schema, value)).toStrictEqual([words])
})
