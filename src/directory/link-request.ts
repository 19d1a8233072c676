/** An account of Entra that asks for a local account of the same user name; an administrator decides. */
export interface LinkRequest {
  readonly id: string
  readonly userId: string
  readonly userName: string
  readonly externalId?: string
  readonly displayName?: string
  readonly firstAsked: string
  readonly lastAsked: string
}
