import { expect, test } from 'vitest'
import { OptionError, readOptions } from './demo-options.ts'

test('without options there are 200 people and 12 groups', () => {
  expect(readOptions([])).toStrictEqual({
    users: 200,
    groups: 12,
    seed: 1,
    dialect: 'legacy',
    matching: 'userName',
    parallel: 8,
    port: null,
    once: false,
  })
})

test.each([
  ['100', 12],
  ['5000', 50],
  ['100000', 200],
])('%s people come with %i groups', (users, groups) => {
  expect(readOptions(['--users', users])).toMatchObject({ groups })
})

test('the flag stands for aadOptscim062020', () => {
  expect(readOptions(['--dialect', 'flag'])).toMatchObject({ dialect: 'aadOptscim062020' })
})

test('help wins over everything else', () => {
  expect(readOptions(['--users', '0', '--help'])).toBe('help')
})

test.each([
  [['--users', '0'], '--users is "0"; write a whole number from 1 to 1000000.'],
  [['--users', '2e3'], '--users is "2e3"; write a whole number from 1 to 1000000.'],
  [['--port', '70000'], '--port is "70000"; write a whole number from 1 to 65535.'],
  [['--dialect', 'new'], '--dialect is "new"; write legacy or flag.'],
  [['--matching', 'id'], '--matching is "id"; write userName or externalId or email.'],
  [['--verbose'], "Unknown option '--verbose'; --help lists the options."],
  [['now'], "Unexpected argument 'now'; --help lists the options."],
])('%j is refused with a sentence', (args, sentence) => {
  expect(() => readOptions(args)).toThrow(new OptionError(sentence))
})
