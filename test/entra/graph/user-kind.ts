import type { EntraUser } from '../tenant.ts'
import type { Filtering, Kind, Property } from './kind.ts'
import * as of from './properties.ts'

type UserProperty = Property<EntraUser>

const EXACT: Filtering = { eq: 'always' }
const EXACT_OR_NULL: Filtering = { eq: 'always', nulls: true }
const NAMED: Filtering = { eq: 'always', startsWith: 'always', nulls: true }
const TEXT: Filtering = { ...NAMED, compare: 'always' }
const HIDDEN: Filtering = {
  eq: 'advanced',
  startsWith: 'advanced',
  compare: 'advanced',
  nulls: true,
}
const MOMENT: Filtering = { eq: 'always', compare: 'always' }
const ADDRESSES: Filtering = { eq: 'always', startsWith: 'always', endsWith: true }

function text(of: (user: EntraUser) => string | null, filter: Filtering): UserProperty {
  return { type: 'text', of, filter }
}

const properties: Readonly<Record<string, UserProperty>> = {
  businessPhones: { type: 'texts', of: of.businessPhones, filter: EXACT },
  displayName: { ...text((user) => user.displayName, NAMED), sort: 'always', words: true },
  givenName: text((user) => user.givenName, TEXT),
  jobTitle: text((user) => user.jobTitle, TEXT),
  mail: text((user) => user.mail, { ...TEXT, endsWith: true }),
  mobilePhone: text((user) => user.mobile, HIDDEN),
  officeLocation: text((user) => user.office, HIDDEN),
  preferredLanguage: text((user) => user.preferredLanguage, HIDDEN),
  surname: text((user) => user.surname, TEXT),
  userPrincipalName: {
    ...text((user) => user.userPrincipalName, ADDRESSES),
    sort: 'always',
  },
  id: text((user) => user.objectId, EXACT),
  accountEnabled: { type: 'boolean', of: (user) => user.accountEnabled, filter: EXACT },
  city: text((user) => user.city, TEXT),
  companyName: text(of.companyName, HIDDEN),
  country: text((user) => user.country, TEXT),
  createdDateTime: { type: 'date', of: of.createdDateTime, filter: MOMENT, sort: 'advanced' },
  deletedDateTime: { type: 'date', of: of.deletedDateTime, filter: MOMENT, sort: 'advanced' },
  department: text((user) => user.department, TEXT),
  employeeHireDate: { type: 'date', of: of.employeeHireDate, filter: HIDDEN },
  employeeId: text((user) => user.employeeId, NAMED),
  employeeOrgData: { type: 'other', of: of.employeeOrgData },
  employeeType: text(of.employeeType, HIDDEN),
  externalUserState: text(of.externalUserState, EXACT_OR_NULL),
  faxNumber: text((user) => user.fax, HIDDEN),
  lastPasswordChangeDateTime: { type: 'date', of: of.lastPasswordChangeDateTime },
  mailNickname: text(of.mailNickname, TEXT),
  onPremisesImmutableId: text(of.onPremisesImmutableId, HIDDEN),
  onPremisesSamAccountName: text(of.onPremisesSamAccountName, HIDDEN),
  onPremisesSyncEnabled: { type: 'boolean', of: of.onPremisesSyncEnabled, filter: EXACT_OR_NULL },
  otherMails: { type: 'texts', of: of.otherMails, filter: ADDRESSES },
  postalCode: text((user) => user.postalCode, HIDDEN),
  proxyAddresses: { type: 'texts', of: of.proxyAddresses, filter: ADDRESSES },
  state: text((user) => user.state, TEXT),
  streetAddress: text((user) => user.street, HIDDEN),
  usageLocation: text((user) => user.country, TEXT),
  userType: text((user) => (user.guest ? 'Guest' : 'Member'), EXACT_OR_NULL),
}

/** A user as Graph shows it, and how each property can be asked for. */
export const userKind: Kind<EntraUser> = {
  name: 'user',
  idOf: (user) => user.objectId,
  properties: new Map(Object.entries(properties)),
  byDefault: Object.keys(properties).slice(0, 11),
  elsewhere: new Set(
    'aboutMe birthday hireDate interests mailboxSettings mySite pastProjects preferredName responsibilities schools skills'.split(
      ' ',
    ),
  ),
}
