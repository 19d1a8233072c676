export interface Person {
  /** A GUID. */
  readonly objectId: string
  readonly userPrincipalName: string
  readonly displayName: string
  /** The `roles` claim, when not empty. */
  readonly appRoles?: readonly string[]
  /** Asks for the approval of a second factor after the account was picked. */
  readonly mfa?: boolean
  /** Asks for consent the first time. */
  readonly consent?: boolean
  /** The sign-in ends with this error of Entra instead, such as 50105 or 53003. */
  readonly problem?: number
}

/** An opaque text that stands for the person in `login_hint` and `logout_hint`. */
export function hintOf({ objectId }: Person): string {
  return `O.${Buffer.from(objectId).toString('base64url')}`
}

/** Whether a hint, a user principal name or the opaque text, means this person. */
export function isHinted(person: Person, hint: string): boolean {
  return hint === hintOf(person) || hint.toLowerCase() === person.userPrincipalName.toLowerCase()
}
