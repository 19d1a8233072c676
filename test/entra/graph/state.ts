import type { Certificate, Secret } from './application-kind.ts'
import type { Directory } from './directory.ts'
import type { History } from './history.ts'
import type { GraphRequest } from './request.ts'

/** What the parts of the stand-in share. */
export interface State {
  readonly origin: string
  readonly history: History
  readonly oddPages: boolean
  permissions: readonly string[]
  /** What the app registration has to prove who it is. */
  secrets: readonly Secret[]
  readonly certificates: readonly Certificate[]
  /** Changes when the delta tokens expire. */
  epoch: string
}

/** One request, and the directory as it is at that moment. */
export interface Context {
  readonly state: State
  readonly directory: Directory
  readonly request: GraphRequest
  /** What the path has where its pattern says `{}`. */
  readonly ids: readonly string[]
}

/** The address of something below the version. */
export function urlOf({ origin }: State, path: string): string {
  return `${origin}/v1.0${path}`
}
