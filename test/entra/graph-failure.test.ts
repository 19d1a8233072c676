import { expect, test } from 'vitest'
import { isPassing, toFailure } from '../../src/entra/graph-failure.ts'

test.each<[status: number, code: string | undefined, is: string, passing: boolean]>([
  [400, 'Request_BadRequest', 'refused', false],
  [400, 'resyncRequired', 'expired', false],
  [400, 'syncStateNotFound', 'expired', false],
  [401, 'InvalidAuthenticationToken', 'credentials', false],
  [403, 'Authorization_RequestDenied', 'forbidden', false],
  [404, 'Request_ResourceNotFound', 'notFound', false],
  [404, 'SyncStateNotFound', 'expired', false],
  [410, 'resyncRequired', 'expired', false],
  [410, undefined, 'expired', false],
  [429, 'TooManyRequests', 'unavailable', true],
  [500, undefined, 'unavailable', true],
  [501, 'NotImplemented', 'refused', false],
  [502, undefined, 'unavailable', true],
  [503, 'serviceNotAvailable', 'unavailable', true],
  [504, 'UnknownError', 'unavailable', true],
  [-1, 'TypeError', 'unavailable', true],
  // As long as that nobody waits twice.
  [-1, 'TimeoutError', 'unavailable', false],
])('an answer of %d %s is %s', (status, code, is, passing) => {
  const refusal = { status, code, message: 'In words' }
  expect(toFailure(refusal).code).toBe(is)
  expect(isPassing(refusal)).toBe(passing)
})

test('a failure says what Graph said, and by what Microsoft finds it again', () => {
  const refusal = { status: 400, code: 'BadRequest', message: 'No such thing.', requestId: '7' }
  expect(toFailure(refusal).message).toBe(
    'Microsoft Graph answered 400 BadRequest: No such thing. (request-id 7)',
  )
  expect(toFailure({ status: -1, code: 'TypeError', message: 'fetch failed' }).message).toBe(
    'Microsoft Graph cannot be reached: fetch failed',
  )
})
