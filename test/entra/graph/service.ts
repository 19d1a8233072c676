import { randomUUID } from 'node:crypto'
import { answerBatch, type Step } from './batch.ts'
import type { Directory } from './directory.ts'
import { badRequest, failureBody, GraphFailure, malformed, type RequestIds } from './failure.ts'
import { readUrl, type Answer, type GraphRequest } from './request.ts'
import { findRoute } from './routes.ts'
import type { State } from './state.ts'
import type { Tokens } from './tokens.ts'
import type { Troubles } from './troubles.ts'

/** A request as it came in. */
export interface Arrival {
  readonly method: string
  /** `/v1.0/users?$top=5`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export interface Parts {
  readonly state: State
  readonly tokens: Tokens
  readonly troubles: Troubles
  /** The tenant as it is now. */
  readonly openDirectory: () => Directory
  readonly count: (path: string) => void
}

const JSON_TYPE =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8'
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu
const BATCH = '/$batch'

function idsOf(headers: Arrival['headers']): RequestIds {
  const requestId = randomUUID()
  const chosen = headers['client-request-id']
  return {
    requestId,
    clientRequestId: chosen !== undefined && UUID.test(chosen) ? chosen : requestId,
  }
}

function withHeaders(answer: Answer, ids: RequestIds): Answer {
  const headers = {
    'Content-Type': typeof answer.body === 'string' ? 'text/plain' : JSON_TYPE,
    'request-id': ids.requestId,
    'client-request-id': ids.clientRequestId,
    ...answer.headers,
  }
  return { ...answer, headers }
}

function refuse(failure: GraphFailure, ids: RequestIds): Answer {
  const { status, headers } = failure
  return withHeaders({ status, headers, body: failureBody(failure, ids) }, ids)
}

/** Answers, or tells the failure as Graph tells it. */
function guard(headers: Arrival['headers'], answer: () => Answer): Answer {
  const ids = idsOf(headers)
  try {
    return withHeaders(answer(), ids)
  } catch (error) {
    if (error instanceof GraphFailure) return refuse(error, ids)
    throw error
  }
}

function readJson(method: string, body: string): unknown {
  if (method === 'GET' || body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    throw malformed(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    )
  }
}

/** Answers what comes in below `/v1.0`, and the requests inside a batch. */
export function newService({ state, tokens, troubles, openDirectory, count }: Parts) {
  const perform = (
    step: Omit<GraphRequest, 'path' | 'segments' | 'options' | 'length'> & { readonly url: string },
  ): Answer => {
    const { method, url, headers, body } = step
    const request = { method, headers, body, ...readUrl(url) }
    const { pattern, handle, ids } = findRoute(request)
    count(pattern.replaceAll('{}', '{id}'))
    troubles.strike()
    return handle({ state, directory: openDirectory(), request, ids })
  }
  const performStep = (step: Step): Answer =>
    guard(step.headers, () => {
      if (!step.url.startsWith('/') || step.url.startsWith(BATCH)) {
        throw badRequest(`Not a url that a batch can have: ${step.url}`)
      }
      if (step.body !== undefined && step.headers['content-type'] === undefined) {
        throw badRequest('A request with a body needs the header Content-Type.')
      }
      return perform(step)
    })

  return (arrival: Arrival): Answer =>
    guard(arrival.headers, () => {
      const { method, headers } = arrival
      const [version = ''] = arrival.url.split(/[/?]/u).filter(Boolean)
      const url = arrival.url.slice(version.length + 1)
      tokens.check(headers['authorization'])
      if (version !== 'v1.0') throw malformed(`Invalid version: ${version}`)
      const body = readJson(method, arrival.body)
      if (method !== 'POST' || url !== BATCH) return perform({ method, url, headers, body })
      count(BATCH)
      return answerBatch(body, performStep, (failure) => refuse(failure, idsOf({})))
    })
}
