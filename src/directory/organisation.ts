/** One customer. A fresh installation has exactly one, named `default`. */
export interface Organisation {
  readonly id: string
  readonly name: string
  /** The Entra tenant whose object ids its users are linked to. */
  readonly entraTenantId?: string
  readonly created: string
}

export const DEFAULT_ORGANISATION = 'default'
