import { expect, test } from 'vitest'
import { deviceOf } from '../../src/auth/device.ts'

const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'
const LIKE = 'AppleWebKit/537.36 (KHTML, like Gecko)'

test.each([
  ['Edge on Windows', `${WINDOWS} ${LIKE} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`],
  ['Chrome on Windows', `${WINDOWS} ${LIKE} Chrome/142.0.0.0 Safari/537.36`],
  ['Firefox on Windows', 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0'],
  [
    'Safari on macOS',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/26 Safari/605',
  ],
  [
    'Safari on iOS',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Safari/604.1',
  ],
  [
    'Chrome on Android',
    `Mozilla/5.0 (Linux; Android 16) ${LIKE} Chrome/142.0.0.0 Mobile Safari/537.36`,
  ],
  ['curl/8.9.1', 'curl/8.9.1'],
  [undefined, ' '],
  [undefined, undefined],
])('%s', (name, userAgent) => {
  expect(deviceOf(userAgent)).toBe(name)
})
