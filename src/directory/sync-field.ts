/** What may follow Entra besides the name, e-mail, user name, mobile number and active of a linked user. */
export const syncFields = [
  'businessPhone',
  'jobTitle',
  'department',
  'employeeId',
  'companyName',
  'preferredLanguage',
] as const

export type SyncField = (typeof syncFields)[number]
