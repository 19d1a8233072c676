import {
  alwaysFollowed,
  followedByChoice,
  userNameOf,
} from '../../../directory/entra-attributes.ts'
import type { User } from '../../../directory/user.ts'
import { fold } from '../../../scim/protocol/compare.ts'
import { link } from '../../../texts/link.ts'

const { fields: labels } = link.pair

/** What of a person of Entra is compared. */
export interface Comparable {
  readonly userPrincipalName: string
  readonly displayName: string
  readonly mail?: string | undefined
  readonly mobilePhone?: string | undefined
  readonly department?: string | undefined
  readonly jobTitle?: string | undefined
  readonly enabled?: boolean | undefined
}

export type Name = keyof typeof labels

/** One field of a user beside the same of an account. */
export interface Row {
  readonly name: Name
  readonly label: string
  readonly user: string | boolean | undefined
  readonly person: string | boolean | undefined
  readonly same: boolean
  /** Whether Entra owns it of a linked user. */
  readonly owned: boolean
}

const followed = [...alwaysFollowed, ...Object.values(followedByChoice)]

/** Where each field stands at Entra. */
const fields: readonly (readonly [Name, keyof Comparable])[] = [
  ['displayName', 'displayName'],
  ['userName', 'userPrincipalName'],
  ['mail', 'mail'],
  ['mobile', 'mobilePhone'],
  ['department', 'department'],
  ['jobTitle', 'jobTitle'],
  ['enabled', 'enabled'],
]

const comparable = (value: string | boolean | undefined) =>
  typeof value === 'string' ? fold(value.trim()) : (value ?? '')

/** A user and an account, field by field; what neither has is left out. */
export function compare({ attributes }: Pick<User, 'attributes'>, person: Comparable): Row[] {
  return fields.flatMap(([name, field]) => {
    const read = followed.find((each) => each.field === field)?.read(attributes)
    const user = typeof read === 'string' || typeof read === 'boolean' ? read : undefined
    const given = name === 'userName' ? userNameOf(person) : person[field]
    if ((user ?? '') === '' && (given ?? '') === '') return []
    return [
      {
        name,
        label: labels[name],
        user,
        person: given,
        same: comparable(user) === comparable(given),
        owned: alwaysFollowed.some((each) => each.field === field),
      },
    ]
  })
}
