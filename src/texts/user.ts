import { counted, number } from './common.ts'

const sessions = (count: number) => counted(count, 'session', 'sessions')

/** What becomes of so many sessions. */
const end = (count: number) => `${sessions(count)} ${count === 1 ? 'ends' : 'end'}`

/** The page of one user. */
export const userTexts = {
  sections: 'Parts of the page',
  tabs: {
    overview: 'Overview',
    access: 'Access',
    signIn: 'Sign-in',
    history: 'History',
    why: 'Why?',
  },
  actions: {
    label: 'Actions',
    edit: 'Edit profile',
    off: 'Switch off',
    on: 'Switch on',
    sync: 'Sync now',
    invite: 'Send invitation',
    link: 'Password link',
    signOut: 'Sign out everywhere',
    appoint: 'Make administrator',
    dismiss: 'Remove as administrator',
    remove: 'Delete user',
  },
  profile: {
    title: 'Profile',
    owners: {
      entra: 'Entra owns all of this: it is changed there, and comes here by provisioning or sync.',
      here: 'All of this is changed here.',
      kept: 'All of this is kept as it came.',
      own: 'Most of this is changed here; the rest is kept as it came.',
      several: 'What Entra owns is changed there, and comes here by provisioning or sync.',
    },
    field: 'Field',
    value: 'Value',
    owner: 'Changed in',
    entra: 'Microsoft Entra ID',
    here: 'Here',
    kept: 'Kept as it came',
    none: 'empty',
    fields: {
      userName: 'User name',
      displayName: 'Name',
      givenName: 'First name',
      familyName: 'Last name',
      email: 'E-mail',
      mobile: 'Mobile number',
      workPhone: 'Work phone',
      title: 'Job title',
      department: 'Department',
      company: 'Company',
      employeeNumber: 'Employee number',
      language: 'Language',
      active: 'Active',
    },
  },
  account: {
    title: 'Account',
    state: 'State',
    active: 'Active',
    inactive: 'Switched off',
    entry: 'Signs in',
    ways: {
      entra: 'with Microsoft Entra ID',
      password: 'with a password',
      shut: 'not yet',
      off: 'not while switched off',
    },
    origin: 'Origin',
    created: 'Created',
    changed: 'Last changed',
    lastSignIn: 'Last sign-in',
    sessions: 'Signed in now',
    sessionsNow: (count: number) => (count === 0 ? 'nowhere' : `in ${sessions(count)}`),
  },
  held: {
    deactivate:
      'Provisioning wants this user switched off. It is held back until somebody decides.',
    delete: 'Provisioning wants this user deleted. It is held back until somebody decides.',
    decide: 'Decide',
  },
  link: {
    title: 'Link to Entra',
    linked: 'This user is an account of Microsoft Entra ID and signs in there.',
    objectId: 'Object ID',
    tenantId: 'Tenant ID',
    unlink: 'Unlink',
    none: 'Not linked to an account of Entra.',
    noneOther: 'Not linked: Entra owns this user, but which account it is, is not known.',
    find: 'Link to an account',
    sent: 'Provisioning made this user. To unlink, take the application from the person in Entra.',
  },
  unlink: {
    title: (name: string) => `Unlink ${name}?`,
    about: (count: number) =>
      `The user stays, with all groups and roles, but does not follow Entra any more and cannot sign in there. ${
        count === 0 ? 'Nobody is signed in as this user now.' : `${end(count)} at once.`
      }`,
    reason: 'Why',
    reasons: {
      wrong: 'It is the wrong account',
      over: 'The account is right, but this user is to be a local one',
    },
    field: (label: string, value: string) => `${label} ${value}`,
    wrong: {
      profile: (values: readonly string[], empty: readonly string[]) => {
        if (values.length + empty.length === 0) return 'The profile is as it was before the link.'
        const emptied = empty.map((label) => `no ${label}`)
        return `Again as before the link: ${[...values, ...emptied].join(', ')}.`
      },
      suggested: 'The account is not suggested again.',
    },
    overHint: 'The profile stays as Entra had it last.',
    password: 'How the user gets in afterwards',
    none: 'Not yet: you can link the right account, or make a password link, later',
    mailed: 'Send a link to choose a password by e-mail',
    mailedTo: (address: string) => `To ${address}.`,
    mailedEither: (before: string, now: string) =>
      `To ${before} if it is the wrong account, else to ${now}.`,
    shown: 'Show me a link to choose a password',
    button: 'Unlink',
    done: (name: string) => `${name} is unlinked, and a local user now.`,
    doneMailed: (name: string) =>
      `${name} is unlinked, and a local user now. The mail is on its way.`,
  },
  access: {
    groups: 'User groups',
    roles: 'Roles',
    permissions: 'What this user may do',
    group: 'User group',
    role: 'Role',
    permission: 'Permission',
    rights: 'Permissions',
    through: 'Through',
    how: 'How it came',
    since: 'Since',
    add: 'Add to user groups',
    remove: 'Remove',
    removeFrom: (name: string) => `from ${name}`,
    entra: 'Managed by Entra',
    give: 'Give role',
    giveLabel: 'Role to give',
    take: 'Take away',
    noGroups: 'In no user group',
    noGroupsText: 'User groups decide what people may do in the application.',
    noRoles: 'No role',
    noPermissions: 'May do nothing in the application',
    noPermissionsInactive: 'A user who is switched off may do nothing.',
    noPermissionsText: 'None of the user groups and roles has a permission.',
    count: (count: number) => counted(count, 'permission', 'permissions'),
    change: 'Change',
    andMore: (count: number) => `and ${number(count)} more`,
    shown: (from: number, to: number, of: number) =>
      `${number(from)} to ${number(to)} of ${number(of)}`,
    before: 'Before',
    removed: (name: string, group: string) => `${name} was removed from ${group}.`,
    taken: (name: string, role: string) => `${name} lost the role ${role}.`,
    given: (name: string, role: string) => `${name} has the role ${role}.`,
  },
  join: {
    title: (name: string) => `Add ${name} to user groups`,
    about: 'Groups whose members come from Entra are not here: change them there.',
    search: 'Name of the group',
    add: 'Add',
    member: 'Member',
    none: 'No user group to add',
    noneText: 'There is none with such a name whose members are chosen here.',
    first: (count: number) => `The first ${number(count)}: type a part of the name to see others.`,
    label: 'User groups',
    done: (name: string, group: string) => `${name} was added to ${group}.`,
    ready: 'Done',
  },
  sources: {
    rule: (name: string) => `By the rule ${name}`,
    mapping: (name: string) => `By the mapping of ${name}`,
    import: 'By an import',
    sync: 'By a sync',
    scim: 'By provisioning',
    'sign-in': 'By a sign-in',
    hand: 'By hand',
    unknown: 'From before the record',
    gone: 'that is not here any more',
  },
  sessions: {
    title: 'Sessions',
    device: 'Where',
    methods: { entra: 'Microsoft Entra ID', password: 'Password' },
    kinds: { browser: 'Browser', client: 'Application' },
    address: 'From',
    since: 'Since',
    lastUsed: 'Last used',
    end: 'End',
    endOf: (device: string) => `the session ${device}`,
    endAll: 'Sign out everywhere',
    none: 'Signed in nowhere',
    unknown: 'Unknown',
    ended: 'The session has ended.',
    endedAll: (name: string, count: number) =>
      count === 0
        ? `${name} was signed in nowhere.`
        : `${name} is signed out: ${sessions(count)} ended.`,
  },
  mails: {
    title: 'Mails',
    kind: 'Mail',
    kinds: {
      invitation: 'Invitation',
      'password-invitation': 'Invitation with password link',
      'password-reset': 'Link for a new password',
    },
    to: 'To',
    state: 'State',
    states: {
      kept: 'Kept',
      waiting: 'Waiting',
      sending: 'Being sent',
      sent: 'Sent',
      failed: 'Failed',
      cancelled: 'Cancelled',
    },
    at: 'When',
    again: 'Send again',
    none: 'No mail yet',
    noneText: 'An invitation says where to get the application and how to sign in.',
    noAddress: 'This user has no e-mail address.',
    queued: 'The invitation is on its way.',
    waits: 'The invitation waits: there is no mail server yet. Set SMTP_URL to send mails.',
    sent: 'The mail is on its way.',
  },
  password: {
    title: 'Password',
    about:
      'A local user chooses the password with a link that works once. You pass it on yourself: it is shown once.',
    make: 'Make a password link',
  },
  history: {
    title: 'What happened to this user',
    about: 'Who joined or left a user group is told with the group; Access says since when.',
    none: 'Nothing yet',
    older: 'Older',
    latest: 'Latest changes',
    all: 'All changes',
  },
  edit: {
    title: (name: string) => `Edit ${name}`,
    save: 'Save',
    done: (name: string) => `${name} was saved.`,
    entra: 'Entra owns the profile of this user: change it there.',
  },
  off: {
    title: (name: string) => `Switch off ${name}?`,
    about: (count: number) =>
      `${
        count === 0 ? '' : `${end(count)} at once. `
      }The user cannot sign in and may do nothing until switched on again. Groups and roles stay.`,
    self: 'That is you: you are signed out at once, and another administrator has to let you back in.',
    button: 'Switch off',
    done: (name: string) => `${name} is switched off.`,
    on: (name: string) => `${name} is active again.`,
    entra:
      'Entra says whether this user is active: block or enable the sign-in there. It takes effect here with the next provisioning or sync.',
  },
  remove: {
    title: (name: string) => `Delete ${name}?`,
    about: (sessionCount: number, groupCount: number) =>
      `The account${
        groupCount === 0
          ? ' and its roles'
          : `, its roles and its place in ${counted(groupCount, 'user group', 'user groups')}`
      } go for good${sessionCount === 0 ? '' : `, and ${end(sessionCount)}`}. What is recorded stays in the record.`,
    rather: 'To keep the account and only shut the user out, switch it off instead.',
    returns: 'Imported users can be imported again.',
    self: 'That is you: you are signed out at once.',
    sent: 'Provisioning made this user and would make it again. Take the application from the person in Entra: Entra then switches the user off here.',
    cannot: (name: string) => `${name} cannot be deleted here`,
    button: 'Delete user',
    done: (name: string) => `${name} was deleted.`,
  },
  signOut: {
    title: (name: string) => `Sign out ${name} everywhere?`,
    about: (count: number) =>
      count === 0
        ? 'This user is signed in nowhere now.'
        : `${end(count)} at once, in browsers and in the application. The user can sign in again.`,
    self: 'That is you: you are signed out here too.',
    button: 'Sign out everywhere',
  },
} as const
