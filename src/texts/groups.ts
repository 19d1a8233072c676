import { counted, number } from './common.ts'

const members = (count: number) => counted(count, 'member', 'members')

/** How many there are, as far as they are counted. */
export function extent(of: { readonly total: number } | { readonly atLeast: number }): string {
  return 'total' in of ? number(of.total) : `${number(of.atLeast)}+`
}

export const groups = {
  title: 'User groups',
  about: 'A user group lets its members do something in the application.',
  add: 'New user group',
  search: 'Name of a user group',
  filled: { label: 'Members come from', all: 'All', here: 'Chosen here', entra: 'Entra' },
  columns: {
    name: 'Name',
    members: 'Members',
    permissions: 'Permissions',
    from: 'Members come from',
  },
  noPermission: 'none',
  from: {
    entra: 'Entra',
    here: 'Chosen here',
    mapping: 'Mapping',
    rule: 'Rule',
  },
  total: (count: number) => counted(count, 'user group', 'user groups'),
  empty: {
    title: 'No user groups yet',
    text: 'Make one here, or let Entra provision its groups: they show up by themselves.',
    noneTitle: 'No user group found',
    none: (words: string) => `No user group has “${words}” in its name.`,
    noneFilled: 'No user group is of this kind.',
  },
  make: {
    title: 'New user group',
    about: 'Its members are chosen here, by a rule or by a mapping.',
    name: 'Name',
    hint: 'As administrators will see it, such as Sales.',
    button: 'Make user group',
    done: (name: string) => `${name} is here. Add people, and say what they may do.`,
  },
  rename: {
    button: 'Rename',
    title: (name: string) => `Rename ${name}`,
    text: 'Members, permissions, rules and mappings stay as they are.',
    name: 'New name',
    save: 'Rename',
    done: (was: string, name: string) => `${was} is called ${name} now.`,
  },
  remove: {
    button: 'Delete',
    title: (name: string) => `Delete ${name}?`,
    nobody: 'Nobody is in it.',
    leave: (count: number) =>
      `${members(count)} ${count === 1 ? 'leaves it and stays a user' : 'leave it and stay users'}.`,
    lose: 'They lose these permissions, unless another user group or a role gives them the same:',
    nothing: 'It gives no permission, so nobody loses one.',
    rules: (count: number) =>
      count === 1 ? 'This rule does not give it any more:' : 'These rules do not give it any more:',
    mappings: (count: number) =>
      count === 1
        ? 'This mapping does not give it any more:'
        : 'These mappings do not give it any more:',
    final: 'This cannot be undone.',
    confirm: 'Delete user group',
    done: (name: string) => `${name} is deleted.`,
  },
  entra: {
    badge: 'Managed by Entra',
    text: 'Provisioning fills this user group: it is renamed, filled and deleted at Entra, in the group that is assigned to the application. What its members may do is said here.',
  },
  members: {
    title: 'Members',
    label: 'Name, user name or e-mail address',
    columns: { name: 'Name', how: 'In it by', since: 'Since' },
    add: 'Add people',
    remove: 'Remove',
    noneTitle: 'Nobody is in it yet',
    noneHere: 'Add people, or let a rule or a mapping do it.',
    noneEntra: 'Assign people to the group at Entra: they come with the next provisioning cycle.',
    notFoundTitle: 'Nobody found',
    notFound: (words: string) =>
      `No member has a name or an address with a word that begins with “${words}”.`,
    unsorted: 'Too many to be sorted: those who came first stand first.',
    others: (count: number) =>
      `${counted(count, 'more member is', 'more members are')} no user here: a group within it, or somebody who was not provisioned yet.`,
    inactive: 'Switched off',
  },
  via: {
    scim: 'Provisioning',
    hand: 'By hand',
    import: 'Import',
    rule: 'Rule',
    mapping: 'Mapping',
    gone: 'deleted since',
  },
  find: {
    title: (name: string) => `Add people to ${name}`,
    about: 'Tick everybody who is to be in it.',
    start: 'Whom do you look for?',
    startText: 'Type the beginning of a name or an e-mail address.',
    none: 'Nobody found',
    noneText: (words: string) => `No user has a name or an address that begins with “${words}”.`,
    more: (count: number) => `The first ${count}: type more to see others.`,
    already: 'In it',
    button: 'Add to user group',
    results: 'Users found',
    nobody: 'Tick somebody first.',
  },
  feeds: {
    title: 'Where members come from',
    scim: 'Provisioning by Entra',
    hand: 'By hand',
    import: 'Imports',
    rule: 'Rule',
    mapping: 'Mapping',
    firstOnly: (count: number) => `Of the first ${number(count)} members.`,
    none: 'No rule and no mapping gives it.',
    deletedRule: 'A rule that was deleted',
    deletedMapping: 'A mapping that was removed',
  },
  facts: {
    title: 'About',
    origin: 'Made',
    origins: { local: 'here', import: 'by an import', scim: 'by provisioning' },
    created: 'Since',
    modified: 'Last changed',
    id: 'Id',
  },
  events: { title: 'Recent events', none: 'Nothing has happened yet.', all: 'See all' },
  done: {
    added: (count: number, name: string, who: string) =>
      `${count === 1 ? who : counted(count, 'person', 'people')} ${count === 1 ? 'is' : 'are'} in ${name} now.`,
    several: (count: number) => counted(count, 'person', 'people'),
    nobody: (name: string) => `They are in ${name} already.`,
    removed: (who: string, name: string) => `Taken out of ${name}: ${who}.`,
    comesBack: (who: string, name: string, mapping: string) =>
      `Taken out of ${name}: ${who}. The mapping of ${mapping} brings them back with the next sync, as long as they are in that group at Entra.`,
  },
} as const
