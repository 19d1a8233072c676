import { counted } from './common.ts'

/** The page on which everybody sees who they are here. */
export const account = {
  title: 'My account',
  signOut: 'Sign out',
  console: 'Open the console',
  administrator: 'You administer this installation.',
  userName: 'User name',
  email: 'E-mail',
  groups: 'User groups',
  roles: 'Roles',
  none: 'none',
  more: (count: number) => `and ${count} more`,
  sessions: 'Where you are signed in',
  current: 'This browser',
  kinds: { browser: 'Unknown browser', client: 'Application' },
  methods: { entra: 'Microsoft Entra ID', password: 'password' },
  by: (method: string) => `by ${method}`,
  unknownPlace: 'unknown address',
  lastUsed: 'last used',
  since: 'since',
  end: 'Sign out',
  endOf: (device: string) => ` of ${device}`,
  endOthers: 'Sign out everywhere else',
  ended: 'Signed out there.',
  over: 'That session was over already.',
  endedOthers: (count: number) => `Signed out of ${counted(count, 'other place', 'other places')}.`,
} as const
