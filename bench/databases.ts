import type { Ceiling } from './results.ts'

/** A loaded database. */
export interface Loaded {
  readonly url: string
  readonly bytes: number
}

/** Where the databases of a run come from. */
export interface Databases {
  /** The process of the database server, where there is one. */
  readonly pid?: number
  /** Its version, where it is not a part of Entrance. */
  readonly version?: string
  /** Loads a database, or copies the one that an earlier run has kept; it is the run's to change. */
  provide(users: number, groups: number): Promise<Loaded>
  /** Measures what the database does at best; one that `users` are loaded into has just been provided. */
  measureCeilings(users: number): Promise<Ceiling[]>
  /** Removes what was provided last. */
  remove(): Promise<void>
  stop(): Promise<void>
}
