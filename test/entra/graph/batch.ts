import { isRecord } from '../mapping.ts'
import { badRequest, GraphFailure } from './failure.ts'
import type { Answer } from './request.ts'

/** One request of a batch. */
export interface Step {
  readonly id: string
  readonly method: string
  /** Below the version: `/users?$top=5`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly dependsOn: readonly string[]
}

const MOST_STEPS = 20

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function readStep(value: unknown): Step {
  const step = isRecord(value) ? value : {}
  const { id, method, url, headers, body, dependsOn } = step
  if (typeof id !== 'string' || typeof method !== 'string' || typeof url !== 'string') {
    throw badRequest('A request of the batch lacks its id, method or url.')
  }
  const named = Object.entries(isRecord(headers) ? headers : {})
  return {
    id,
    method: method.toUpperCase(),
    url,
    headers: Object.fromEntries(named.map(([name, text]) => [name.toLowerCase(), String(text)])),
    body,
    dependsOn: texts(dependsOn),
  }
}

/** The requests in an order in which each comes after those that it depends on. */
function inOrder(steps: readonly Step[]): Step[] {
  const ordered = new Set<Step>()
  const isReady = (step: Step): boolean =>
    step.dependsOn.every((id) => [...ordered].some((done) => done.id === id))
  while (ordered.size < steps.length) {
    const ready = steps.filter((step) => !ordered.has(step) && isReady(step))
    if (ready.length === 0) throw badRequest('A dependency of the batch is unknown or circular.')
    for (const step of ready) ordered.add(step)
  }
  return [...ordered]
}

function readSteps(body: unknown): Step[] {
  const requests: unknown = isRecord(body) ? body['requests'] : undefined
  if (!Array.isArray(requests) || requests.length === 0) {
    throw badRequest("The batch has no 'requests'.")
  }
  if (requests.length > MOST_STEPS) {
    const sentence = `Number of batch request steps exceeds the maximum value of ${MOST_STEPS}.`
    throw new GraphFailure(400, 'MaximumValueExceeded', sentence)
  }
  const steps = requests.map(readStep)
  if (new Set(steps.map(({ id }) => id)).size < steps.length) {
    throw badRequest('Two requests of the batch have the same id.')
  }
  return inOrder(steps)
}

/**
 * Answers `POST /$batch`. Each request succeeds or fails on its own, and fails with 424 if one that
 * it depends on did. The answers come in another order than the requests.
 */
export function answerBatch(
  body: unknown,
  perform: (step: Step) => Answer,
  fail: (failure: GraphFailure) => Answer,
): Answer {
  const done = new Map<string, Answer>()
  for (const step of readSteps(body)) {
    const hindered = step.dependsOn.some((id) => (done.get(id)?.status ?? 500) >= 400)
    const sentence = 'A request that this one depends on has failed.'
    const answer = hindered
      ? fail(new GraphFailure(424, 'FailedDependency', sentence))
      : perform(step)
    done.set(step.id, answer)
  }
  const responses = [...done].reverse().map(([id, answer]) => ({ id, ...answer }))
  return { status: 200, body: { responses } }
}
