import { counted } from './common.ts'

/** What user groups and roles let people do. */
export const permissions = {
  title: 'Permissions',
  ofGroup: 'What members may do in the application.',
  ofRole: 'What people with this role may do in the application.',
  none: 'None yet.',
  label: 'Add a permission',
  hint: 'As the application calls it, such as projects.read.',
  grant: 'Add',
  revoke: (permission: string) => `Take ${permission} away`,
  more: (count: number) => `and ${counted(count, 'more', 'more')}`,
  done: {
    granted: (permission: string, name: string) => `${name} has ${permission} now.`,
    revoked: (permission: string, name: string) => `${name} does not have ${permission} any more.`,
  },
} as const
