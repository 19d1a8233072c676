/** An account of Entra that wants to be a user here; an administrator decides. */
export interface LinkRequest {
  readonly id: string
  /** Whether Entra's provisioning service asked for it, or the person, by signing in. */
  readonly asked: 'provisioning' | 'sign-in'
  /** The user of the same name, if there is one. */
  readonly userId?: string
  /** The name of that user, else of the account that asks. */
  readonly userName: string
  readonly externalId?: string
  readonly displayName?: string
  readonly firstAsked: string
  readonly lastAsked: string
}

/** Who wanted in at the sign-in: the account that Entra vouches for. */
export interface SignInRequest {
  readonly objectId: string
  /** The `preferred_username`, which only helps to find the user: it proves nothing. */
  readonly userName: string
  readonly displayName?: string
}

/** A user, and an account of Entra that is another person's. */
export interface NotTheSame {
  readonly userId: string
  readonly objectId: string
}
