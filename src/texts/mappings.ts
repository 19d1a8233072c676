import { counted, countedExtent, type Extent } from './common.ts'

const memberships = (count: number) => counted(count, 'membership', 'memberships')
const ofMapping = (of: Extent) => countedExtent(of, 'membership', 'memberships')
const isNone = (of: Extent) => 'total' in of && of.total === 0

/** Groups of Entra that give something here. */
export const mappings = {
  title: 'Group mapping',
  about:
    'Members of a group of Entra get a user group here, a role, or both, for as long as they are in it. For groups that are not provisioned.',
  add: 'Map a group',
  columns: {
    entra: 'Group of Entra',
    gives: 'Gives',
    memberships: 'Memberships',
    actions: 'Actions',
  },
  nested: 'With the groups in it',
  direct: 'Direct members',
  givesNothing: 'Gives nothing any more',
  remove: 'Remove',
  empty: {
    title: 'No group is mapped yet',
    text: 'Choose a group of Entra, and what its members get here.',
  },
  which: {
    title: 'Which gives what, and when',
    columns: { what: 'What', who: 'Who gets it', when: 'When', until: 'Until' },
    rows: [
      {
        what: 'Provisioning',
        who: 'Members of groups that are assigned to the application at Entra; app roles as roles',
        when: 'As Entra sends it, about every 40 minutes',
        until: 'Entra takes it away. Such user groups cannot be filled here, nor by the others',
      },
      {
        what: 'Group mapping',
        who: 'Linked users who are in the group at Entra',
        when: 'With every sync, and with an import by rules',
        until: 'The first sync after they have left the group',
      },
      {
        what: 'Assignment rule',
        who: 'New users whom it is the first to match',
        when: 'Once: when provisioning or an import by rules makes them',
        until: 'Somebody takes it away',
      },
      {
        what: 'Import',
        who: 'The people who are chosen',
        when: 'Once: with the import',
        until: 'Somebody takes it away',
      },
    ],
  },
  find: {
    title: 'Map a group of Entra',
    about: 'Choose the group first.',
    tabs: { label: 'What to map', groups: 'Groups', appRoles: 'App roles' },
    label: 'Name of a group at Entra',
    choose: 'Choose',
    columns: { name: 'Name', about: 'Description' },
    results: 'Groups of Entra',
    none: 'No group found',
    noneText: (words: string) =>
      `Entra has no group whose name has a word that begins with “${words}”.`,
    empty: 'Entra has no groups.',
    notConnected: 'Entra is not connected',
    connect: 'Connect Entra',
    failed: 'Entra did not answer',
  },
  appRoles: {
    about:
      'App roles need no mapping: they arrive as roles, by provisioning and by sign-ins. To give a user group to new users with an app role, make a rule.',
    columns: { name: 'Name', value: 'Role here' },
    rule: 'Make a rule',
    none: 'The application has no app roles at Entra.',
    results: 'App roles of Entra',
    noValue: 'Without a value',
    ruleName: (name: string) => `App role ${name}`,
  },
  form: {
    title: (name: string) => `Map ${name}`,
    change: (name: string) => name,
    about: 'It holds from the next sync on.',
    provisioned: (name: string) =>
      `Provisioning fills a user group called “${name}” already. If it is the same group, give that one its permissions instead: a mapping is for groups that are not provisioned.`,
    nested: 'Members of groups in it count too',
    gives: 'Members get',
    givesAbout: 'User groups that Entra manages are not offered: provisioning fills them.',
    former: 'What came of it so far',
    formerAbout: (of: Extent) =>
      `${ofMapping(of)} came of it${isNone(of) ? ' yet' : ''}. If you change what it gives:`,
    take: 'Take away what it does not give any more',
    keep: 'Keep it, as if somebody had given it by hand',
    save: 'Save mapping',
    make: 'Map group',
  },
  confirm: {
    title: (name: string) => `Remove the mapping of ${name}?`,
    text: (of: Extent) =>
      isNone(of)
        ? 'No membership came of it yet.'
        : `${ofMapping(of)} came of it. They stay or go as you say:`,
    withRole: (role: string) => `The role ${role} that came of it stays or goes too.`,
    take: 'They go',
    keep: 'They stay, as if somebody had made them by hand',
    button: 'Remove mapping',
  },
  done: {
    made: (name: string) => `${name} is mapped. Its members get what it gives with the next sync.`,
    changed: (name: string) => `The mapping of ${name} is changed.`,
    removed: (name: string) => `The mapping of ${name} is removed.`,
    gone: (memberCount: number, roles: number) =>
      `${memberships(memberCount)} and ${counted(roles, 'role', 'roles')} went.`,
    kept: (memberCount: number) => `${memberships(memberCount)} stayed.`,
  },
} as const
