import type { EntraGroup } from '../tenant.ts'
import { momentOf, numberOf } from './derive.ts'
import type { Filtering, Kind, Property } from './kind.ts'

type GroupProperty = Property<EntraGroup>

const EXACT: Filtering = { eq: 'always' }
const NAMED: Filtering = { eq: 'always', startsWith: 'always', nulls: true }

/** Every group is a plain security group. */
const properties: Readonly<Record<string, GroupProperty>> = {
  id: { type: 'text', of: (group) => group.objectId, filter: EXACT },
  deletedDateTime: { type: 'date', of: () => null },
  createdDateTime: { type: 'date', of: (group) => momentOf(group.objectId, 2020) },
  description: {
    type: 'text',
    of: (group) =>
      numberOf(group.objectId) % 3 === 0 ? null : `Everybody of ${group.displayName}`,
    filter: { ...NAMED, eq: 'advanced', startsWith: 'advanced' },
    words: true,
  },
  displayName: {
    type: 'text',
    of: (group) => group.displayName,
    filter: NAMED,
    sort: 'always',
    words: true,
  },
  groupTypes: { type: 'texts', of: () => [], filter: EXACT },
  isAssignableToRole: { type: 'boolean', of: () => null, filter: EXACT },
  mail: { type: 'text', of: () => null, filter: NAMED },
  mailEnabled: { type: 'boolean', of: () => false, filter: EXACT },
  mailNickname: {
    type: 'text',
    of: (group) => `${group.objectId.slice(0, 8)}-0`,
    filter: NAMED,
  },
  membershipRule: { type: 'text', of: () => null },
  onPremisesSyncEnabled: { type: 'boolean', of: () => null, filter: EXACT },
  proxyAddresses: { type: 'texts', of: () => [], filter: NAMED },
  securityEnabled: { type: 'boolean', of: () => true, filter: EXACT },
  visibility: { type: 'text', of: () => null },
}

/** A group as Graph shows it. */
export const groupKind: Kind<EntraGroup> = {
  name: 'group',
  idOf: (group) => group.objectId,
  properties: new Map(Object.entries(properties)),
  byDefault: Object.keys(properties),
  elsewhere: new Set(['allowExternalSenders', 'autoSubscribeNewMembers', 'unseenCount']),
}
