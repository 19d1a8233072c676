import type { EntraUser } from '../tenant.ts'
import { momentOf, numberOf } from './derive.ts'

/** One in `share` people, always the same ones. */
function isOneOf(user: EntraUser, share: number, trait: string): boolean {
  return numberOf(`${trait}${user.objectId}`) % share === 0
}

/** What stands before the @; a soft-deleted user keeps the former one. */
function localPart(user: EntraUser): string {
  const { userPrincipalName } = user.former ?? user
  return userPrincipalName.split('@')[0] ?? ''
}

export function mailNickname(user: EntraUser): string {
  return localPart(user).replace('#EXT#', '')
}

export function companyName(user: EntraUser): string | null {
  if (user.guest) return 'Fabrikam'
  return isOneOf(user, 3, 'company') ? null : 'Contoso'
}

export function otherMails(user: EntraUser): readonly string[] {
  if (user.guest) return user.mail === null ? [] : [user.mail]
  return isOneOf(user, 10, 'other') ? [`home.${numberOf(user.objectId)}@mail.example`] : []
}

/** The primary address first, and for some people the one from before their wedding. */
export function proxyAddresses(user: EntraUser): readonly string[] {
  if (user.mail === null || user.softDeleted) return []
  const primary = `SMTP:${user.mail}`
  if (!isOneOf(user, 5, 'alias')) return [primary]
  return [primary, `smtp:former.${numberOf(user.objectId)}@${user.mail.split('@')[1] ?? ''}`]
}

export function businessPhones(user: EntraUser): readonly string[] {
  return user.telephoneNumber === null ? [] : [user.telephoneNumber]
}

export function externalUserState(user: EntraUser): string | null {
  if (!user.guest) return null
  return isOneOf(user, 4, 'invited') ? 'PendingAcceptance' : 'Accepted'
}

/** Comes from an on-premises directory; Graph says null, not false, of everybody else. */
export function onPremisesSyncEnabled(user: EntraUser): boolean | null {
  return !user.guest && isOneOf(user, 3, 'premises') ? true : null
}

export function onPremisesImmutableId(user: EntraUser): string | null {
  if (onPremisesSyncEnabled(user) === null) return null
  return Buffer.from(user.objectId.replaceAll('-', ''), 'hex').toString('base64')
}

export function onPremisesSamAccountName(user: EntraUser): string | null {
  return onPremisesSyncEnabled(user) === null ? null : mailNickname(user).slice(0, 20)
}

export function employeeType(user: EntraUser): string | null {
  if (user.employeeId === null) return null
  return isOneOf(user, 6, 'contract') ? 'Contractor' : 'Employee'
}

export function employeeHireDate(user: EntraUser): string | null {
  return user.employeeId === null ? null : momentOf(`hired${user.objectId}`, 2015)
}

export function employeeOrgData(user: EntraUser): Readonly<Record<string, unknown>> | null {
  const { department, city } = user
  return department === null || city === null ? null : { division: department, costCenter: city }
}

export function createdDateTime(user: EntraUser): string {
  return momentOf(user.objectId, 2020)
}

export function lastPasswordChangeDateTime(user: EntraUser): string {
  return momentOf(`password${user.objectId}`, 2022)
}

export function deletedDateTime(user: EntraUser): string | null {
  return user.softDeleted ? momentOf(`deleted${user.objectId}`, 2026) : null
}
