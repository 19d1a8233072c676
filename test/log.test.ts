import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createLog } from '../src/log.ts'
import { newTokenSecret } from '../src/directory/token.ts'

function recording(level: 'debug' | 'info' | 'warn' | 'error' = 'debug') {
  const lines: string[] = []
  const log = createLog({
    level,
    write: (line) => lines.push(line),
    now: () => new Date('2026-01-02T03:04:05.678Z'),
  })
  const logged = (): Record<string, unknown>[] =>
    lines.map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)))
  return { log, lines, logged }
}

describe('the log', () => {
  test('writes one JSON object a line', () => {
    const { log, lines } = recording()
    log.info('two\nlines', { requestId: 'r1', count: 2 })
    expect(lines).toEqual([
      '{"time":"2026-01-02T03:04:05.678Z","level":"info","message":"two\\nlines","requestId":"r1","count":2}\n',
    ])
  })

  test.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
  ] as const)('of level %s writes %s', (level, expected) => {
    const { log, logged } = recording(level)
    log.debug('a')
    log.info('a')
    log.warn('a')
    log.error('a')
    expect(logged().map((line) => line['level'])).toEqual(expected)
  })

  test('of a child has its fields on every line', () => {
    const { log, logged } = recording()
    log.child({ requestId: 'r1' }).child({ door: 'scim' }).warn('a', { status: 409 })
    expect(logged()).toMatchObject([{ requestId: 'r1', door: 'scim', status: 409, level: 'warn' }])
  })

  test('keeps its own fields from being replaced', () => {
    const { log, logged } = recording()
    log.info('mine', { message: 'yours', level: 'error', time: 'never' })
    expect(logged()).toEqual([{ time: '2026-01-02T03:04:05.678Z', level: 'info', message: 'mine' }])
  })

  test('shows an error with its stack and its cause', () => {
    const { log, logged } = recording()
    const error = new TypeError('outer', { cause: new Error('inner') })
    log.error('failed', { failure: error })
    expect(logged()).toMatchObject([
      {
        failure: {
          name: 'TypeError',
          message: 'outer',
          stack: expect.stringContaining('log.test.ts'),
          cause: { name: 'Error', message: 'inner' },
        },
      },
    ])
  })

  test.each([
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a date that is none', new Date('x'), null],
    ['a bigint', 12n, '12'],
    ['a set', new Set(['a']), ['a']],
    ['a map', new Map([['a', 1]]), [['a', 1]]],
  ])('writes %s', (_, value, expected) => {
    const { log, logged } = recording()
    log.info('a', { value })
    expect(logged()).toMatchObject([{ value: expected }])
  })

  test('ends with a value that contains itself', () => {
    const { log, lines } = recording()
    const loop: Record<string, unknown> = {}
    loop['self'] = loop
    log.info('a', loop)
    expect(lines.join()).toContain('[deeper]')
  })

  const own = newTokenSecret()
  test.each([
    ['an authorization header', { authorization: 'hidden' }],
    ['a key in another case', { Authorization: 'hidden', PASSWORD: 'hidden' }],
    ['cookies', { cookie: 'hidden', 'set-cookie': ['hidden'] }],
    ['a token', { token: 'hidden', accessToken: 'hidden', SCIM_TOKEN: 'hidden' }],
    ['a secret', { secret: { value: 'hidden' }, client_secret: 'hidden' }],
    ['an assertion', { assertion: 'hidden' }],
    ['a nested key', { request: [{ headers: { cookie: 'hidden' } }] }],
    ['a bearer token in a text', { text: 'sent "Authorization: bearer hidden" twice' }],
    ['an own secret in a text', { text: `curl -d ${own}` }],
    ['an own secret in an error', { failure: new Error(`no ${own} here`) }],
    ['an own secret in the cause of an error', { failure: new Error('x', { cause: own }) }],
  ])('hides %s', (_, fields) => {
    const { log, lines } = recording()
    log.child(fields).info('a', fields)
    expect(lines.join()).toContain('[redacted]')
    expect(lines.join()).not.toContain('hidden')
    expect(lines.join()).not.toContain(own)
  })

  test('hides a secret in the message', () => {
    const { log, lines } = recording()
    log.info(`made ${own}`)
    expect(lines.join()).toContain('made [redacted]')
  })

  test('keeps what only sounds like a secret', () => {
    const { log, logged } = recording()
    log.info('a', { tokenId: 't1', tokens: 3, actor: 'token:Entra' })
    expect(logged()).toMatchObject([{ tokenId: 't1', tokens: 3, actor: 'token:Entra' }])
  })
})
