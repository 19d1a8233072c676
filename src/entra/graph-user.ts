import { z } from 'zod'
import type { EntraGroup, EntraUser } from '../directory/entra-directory.ts'

/** What is asked for of a person: without it Graph gives eleven properties, and `accountEnabled` is not among them. */
export const USER_SELECT = [
  'id',
  'userPrincipalName',
  'displayName',
  'givenName',
  'surname',
  'mail',
  'mobilePhone',
  'businessPhones',
  'jobTitle',
  'department',
  'companyName',
  'employeeId',
  'onPremisesImmutableId',
  'onPremisesSamAccountName',
  'preferredLanguage',
  'proxyAddresses',
  'userType',
  'accountEnabled',
].join(',')

export const GROUP_SELECT = 'id,displayName,description'

const text = z.string().nullish()

const user = z.object({
  id: z.string().toLowerCase(),
  userPrincipalName: z.string(),
  displayName: text,
  givenName: text,
  surname: text,
  mail: text,
  mobilePhone: text,
  businessPhones: z.array(z.string()).nullish(),
  jobTitle: text,
  department: text,
  companyName: text,
  employeeId: text,
  onPremisesImmutableId: text,
  onPremisesSamAccountName: text,
  preferredLanguage: text,
  proxyAddresses: z.array(z.string()).nullish(),
  userType: text,
  accountEnabled: z.boolean().nullish(),
})

/** The properties that have a value. */
function present<Name extends string>(
  values: Readonly<Record<Name, string | null | undefined>>,
): Partial<Record<Name, string>> {
  const entries = Object.entries<string | null | undefined>(values)
  return Object.fromEntries(
    entries.filter(([, value]) => value !== null && value !== undefined && value !== ''),
  ) as Partial<Record<Name, string>>
}

/** A person as Graph answers; undefined for what is none, such as a contact in a group. */
export function toEntraUser(answer: unknown): EntraUser | undefined {
  const read = user.safeParse(answer)
  if (!read.success) return undefined
  const { id, userPrincipalName, displayName, userType, accountEnabled } = read.data
  const { givenName, surname, mail, mobilePhone, jobTitle, department } = read.data
  const { companyName, employeeId, preferredLanguage, businessPhones, proxyAddresses } = read.data
  const { onPremisesImmutableId, onPremisesSamAccountName } = read.data
  return {
    id,
    userPrincipalName,
    displayName: displayName || userPrincipalName,
    ...present({ givenName, surname, mail, mobilePhone, jobTitle, department }),
    ...present({ companyName, employeeId, preferredLanguage, businessPhone: businessPhones?.[0] }),
    ...present({ onPremisesImmutableId, onPremisesSamAccountName }),
    proxyAddresses: (proxyAddresses ?? []).flatMap(
      (address) => /^smtp:(.+)$/i.exec(address)?.[1] ?? [],
    ),
    guest: userType === 'Guest',
    enabled: accountEnabled === true,
  }
}

const group = z.object({ id: z.string().toLowerCase(), displayName: text, description: text })

export function toEntraGroup(answer: unknown): EntraGroup | undefined {
  const read = group.safeParse(answer)
  if (!read.success) return undefined
  const { id, displayName, description } = read.data
  return { id, displayName: displayName || id, ...present({ description }) }
}
