/** A setting of the environment as it may be shown. */
export interface ShownSetting {
  readonly name: string
  /** What it is for; with Markdown in it. */
  readonly about: string
  /** As it was set; undefined where it is not, or where nobody is to see it. */
  readonly value?: string
  readonly isSet: boolean
  readonly secret: boolean
  /** What holds where it is not set, in words or as the value itself. */
  readonly unset: string
}

/** What is served, and how it was set up from outside. */
export interface Installation {
  readonly version: string
  /** Of Node. */
  readonly runtime: string
  readonly database: 'SQLite' | 'PostgreSQL'
  readonly settings: readonly ShownSetting[]
}
