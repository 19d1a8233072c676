/** What the directory can refuse. A door turns each into its own error form. */
export type DirectoryErrorCode =
  | 'notFound'
  | 'conflict'
  | 'localAccount'
  | 'versionMismatch'
  /** Whoever wants in is not active. */
  | 'inactive'
  /** Entra owns the user, who therefore has no password here. */
  | 'entraAccount'
  | 'lastAdministrator'
  /** A query would read more than there is time for. */
  | 'tooMany'
  /** Nothing is wrong with what was asked; the database is away, full or too busy. `cause` says why. */
  | 'unavailable'

export class DirectoryError extends Error {
  readonly code: DirectoryErrorCode

  constructor(code: DirectoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DirectoryError'
    this.code = code
  }
}
