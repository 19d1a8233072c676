/** What rules and mappings give. */
export const giving = {
  groups: 'User groups',
  group: 'User group',
  noGroup: 'None',
  noGroups: 'There is no user group whose members are chosen here.',
  another: 'Another user group',
  anotherHint: 'Its name. Save or try to add it.',
  named: 'Its name, as it stands under User groups.',
  unknown: (name: string) => `No user group is called “${name}”.`,
  isEntras: (name: string) => `The members of “${name}” come from Entra: choose another.`,
  role: 'Role',
  roleHint: 'What people do, such as Sales. A new one is fine too.',
  nothing: 'Nothing',
} as const
