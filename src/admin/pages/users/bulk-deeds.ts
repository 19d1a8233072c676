import { mayHavePassword } from '../../../directory/account.ts'
import { mailAddress } from '../../../directory/mail-address.ts'
import { hasRole } from '../../../directory/roles.ts'
import { isActive, type User } from '../../../directory/user.ts'
import { bulkTexts } from '../../../texts/bulk.ts'
import type { Asked } from '../../console/asked.ts'
import { inviteUser } from '../../mails.ts'
import { activateUser, changeUserGroups, deactivateUser } from '../../user-edits.ts'
import { changeUserRoles } from '../../user-roles.ts'
import { signUserOut } from '../../users.ts'

const { reasons } = bulkTexts

/** What can be done with several users. */
export const deeds = ['join', 'leave', 'give', 'take', 'off', 'on', 'invite', 'signOut'] as const

export type DeedName = (typeof deeds)[number]

/** The buttons that are seen at once, and those in the menu beside them. */
export const bulkButtons = ['join', 'give', 'off'] as const
export const hiddenButtons = ['leave', 'take', 'on', 'invite', 'signOut'] as const

/** The user group or the role that it is about, where it is about one. */
export interface Target {
  /** The id of the group, or the role itself. */
  readonly value: string
  readonly name: string
}

interface Deed {
  /** What has to be chosen first. */
  readonly needs?: 'group' | 'role'
  /** Why it leaves a user as it is; undefined for one that is changed. */
  stands(asked: Asked, user: User, value: string): string | undefined
  apply(asked: Asked, user: User, value: string): Promise<unknown>
  /** What takes it back. */
  readonly undo?: DeedName
}

const isMember = ({ groups }: User, group: string) => groups.some(({ id }) => id === group)
const hasIt = ({ attributes }: User, role: string) => hasRole(attributes['roles'], role)
const isMe = ({ me }: Asked, { id }: User) => me.signedIn.user.id === id

const table: Readonly<Record<DeedName, Deed>> = {
  join: {
    needs: 'group',
    stands: (_, user, group) => (isMember(user, group) ? reasons.member : undefined),
    apply: (asked, { id }, group) => changeUserGroups.call(asked, { id, body: { join: [group] } }),
    undo: 'leave',
  },
  leave: {
    needs: 'group',
    stands: (_, user, group) => (isMember(user, group) ? undefined : reasons.noMember),
    apply: (asked, { id }, group) => changeUserGroups.call(asked, { id, body: { leave: [group] } }),
    undo: 'join',
  },
  give: {
    needs: 'role',
    stands: (_, user, role) => (hasIt(user, role) ? reasons.has : undefined),
    apply: (asked, { id }, role) => changeUserRoles.call(asked, { id, body: { give: [role] } }),
    undo: 'take',
  },
  take: {
    needs: 'role',
    stands: (_, user, role) => (hasIt(user, role) ? undefined : reasons.hasNot),
    apply: (asked, { id }, role) => changeUserRoles.call(asked, { id, body: { take: [role] } }),
    undo: 'give',
  },
  off: {
    stands(asked, user) {
      if (!mayHavePassword(user)) return reasons.entra
      if (!isActive(user.attributes)) return reasons.off
      return isMe(asked, user) ? reasons.you : undefined
    },
    apply: (asked, { id }) => deactivateUser.call(asked, { id }),
    undo: 'on',
  },
  on: {
    stands(_, user) {
      if (!mayHavePassword(user)) return reasons.entra
      return isActive(user.attributes) ? reasons.on : undefined
    },
    apply: (asked, { id }) => activateUser.call(asked, { id }),
    undo: 'off',
  },
  invite: {
    stands(_, { attributes }) {
      if (mailAddress(attributes) === undefined) return reasons.noAddress
      return isActive(attributes) ? undefined : reasons.inactive
    },
    apply: (asked, { id }) => inviteUser.call(asked, { id }),
  },
  signOut: {
    stands: (asked, user) => (isMe(asked, user) ? reasons.you : undefined),
    apply: (asked, { id }) => signUserOut.call(asked, { id }),
  },
}

export function deedOf(name: string): (Deed & { readonly name: DeedName }) | undefined {
  const found = deeds.find((each) => each === name)
  return found && { name: found, ...table[found] }
}

/** Who is changed by it, and who is left as it is and why. */
export interface Judged {
  readonly will: readonly User[]
  readonly left: readonly { readonly user: User; readonly why: string }[]
}

export function judge(asked: Asked, deed: Deed, users: readonly User[], value: string): Judged {
  const will: User[] = []
  const left: { user: User; why: string }[] = []
  for (const user of users) {
    const why = deed.stands(asked, user, value)
    if (why === undefined) will.push(user)
    else left.push({ user, why })
  }
  return { will, left }
}
