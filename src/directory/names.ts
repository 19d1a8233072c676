/** What something is called, or was called last where it is no more. */
export interface Named {
  readonly kind: 'user' | 'group'
  readonly name: string
  readonly gone: boolean
}

/** What ids stand for, for whoever has a list of them: a query for all of a kind, whatever their number. */
export interface Names {
  /** Users and user groups, those that were deleted included; what is neither is left out. */
  of(ids: readonly string[]): Promise<ReadonlyMap<string, Named>>
  /** What plans are; those that are no more are left out. */
  plans(ids: readonly string[]): Promise<ReadonlyMap<string, 'import' | 'sync'>>
}
