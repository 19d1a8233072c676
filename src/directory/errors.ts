/** What the directory can refuse. A door turns each into its own error form. */
export type DirectoryErrorCode = 'notFound' | 'conflict' | 'localAccount' | 'versionMismatch'

export class DirectoryError extends Error {
  readonly code: DirectoryErrorCode

  constructor(code: DirectoryErrorCode, message: string) {
    super(message)
    this.name = 'DirectoryError'
    this.code = code
  }
}
