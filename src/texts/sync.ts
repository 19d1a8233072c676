import { counted, number } from './common.ts'

const users = (count: number) => counted(count, 'user', 'users')
const linked = (count: number) => counted(count, 'linked user', 'linked users')

const every = (minutes: number) => {
  if (minutes % 1_440 === 0)
    return minutes === 1_440 ? 'Every day' : `Every ${minutes / 1_440} days`
  if (minutes % 60 === 0) return minutes === 60 ? 'Every hour' : `Every ${minutes / 60} hours`
  return `Every ${minutes} minutes`
}

export const sync = {
  title: 'Sync',
  about:
    'Linked users follow Microsoft Entra ID. Look at what would change before anything does, or let it run by itself.',
  tabs: { label: 'Sync', overview: 'Runs', settings: 'Fields and schedule' },
  start: {
    full: 'Preview everybody',
    changes: 'Preview changes only',
    again: 'Try again',
  },
  nobody: 'Nobody is linked yet',
  nobodyText:
    'Import people from Entra, or link users who are here already; then they can follow Entra.',
  import: 'Import people',
  link: 'Link users',
  standing: {
    title: 'How it stands',
    linked: 'Linked users',
    linkedCount: (count: number) => users(count),
    last: 'Last run',
    never: 'Not yet',
    nothing: 'nothing had changed',
    plan: 'see what came of it',
    failed: 'came to nothing',
    next: 'Next run',
    byHand: 'Only when somebody starts one',
    compared: 'Everybody compared',
    schedule: 'Change the schedule',
  },
  problem: 'The last run came to nothing:',
  held: (off: number) =>
    `The last run would switch off ${users(off)}, so it waits for you. No other run begins meanwhile.`,
  lookAtHeld: 'Look at it',
  working: 'A preview is being worked out.',
  lookAtWorking: 'See how far it is',
  running: 'A sync is under way.',
  lookAtRunning: 'See how far it is',
  history: {
    title: 'Runs',
    empty: 'No run yet',
    emptyText:
      'A run shows up here once there was something to change, or somebody has looked at a preview.',
    columns: {
      when: 'When',
      about: 'About',
      by: 'By',
      changes: 'What it comes to',
      state: 'State',
    },
  },
  modes: {
    full: 'Everybody',
    changes: 'Those who changed',
    chosen: (count: number) => counted(count, 'chosen user', 'chosen users'),
  },
  states: {
    preview: 'Preview',
    held: 'Waits for you',
    running: 'Under way',
    cancelled: 'Stopped',
    finished: 'Done',
    left: 'Done in part',
  },
  nothing: 'Nothing to change',
  left: {
    title: 'Nobody to sync',
    none: 'None of the chosen users is linked, so there is nothing to sync.',
    some: (count: number) => `${users(count)} not linked: left out.`,
    busy: 'Another preview is being worked out. Start yours when it is done.',
  },
  workingOut: {
    title: 'Working out a preview',
    text: 'Each linked user is compared with the account at Entra. Nothing changes. You can leave this page; the preview is kept.',
    label: 'Users compared',
    progress: (done: number, total: number | undefined) =>
      total === undefined
        ? done === 0
          ? 'Asking Entra what has changed…'
          : `${users(done)} compared`
        : `${number(done)} of ${linked(total)} compared`,
    failed: 'The preview came to nothing',
    back: 'Back to sync',
  },
  plan: {
    titles: {
      preview: 'Preview',
      running: 'Sync under way',
      cancelled: 'Sync stopped',
      finished: 'Sync report',
    },
    made: 'Compared with Entra',
    by: 'by',
    run: (count: number) => `Sync ${users(count)}`,
    again: (count: number) => `Try ${users(count)} again`,
    goOn: 'Go on',
    stop: 'Stop',
    giveUp: 'Give it up',
    release: 'Release…',
    anew: 'New preview',
    progress: 'Users synced',
    progressText: (done: number, total: number) => `${number(done)} of ${users(total)}`,
    heldTitle: (off: number) => `This would switch off ${users(off)}.`,
    heldText:
      'That is more than a tenth of all linked users, or of those who were chosen, so nothing happens before you say that it is right. Is the assignment, or the licence, at Entra as it should be?',
    empty: 'Nothing to change',
    emptyText: 'Everybody is as Entra has them.',
    emptyFilter: 'Nobody here',
    emptyFilterText: 'Nobody in this run is of that kind.',
    notice: 'What was changed here since the preview is left alone, and told in the report.',
  },
  actions: {
    create: 'Make',
    link: 'Link',
    update: 'Change',
    deactivate: 'Switch off',
    reactivate: 'Switch on again',
    skip: 'Nothing to do',
    conflict: 'Decide first',
  },
  results: {
    planned: 'Not done',
    done: 'Done',
    changed: 'Left alone',
    failed: 'Failed',
  },
  counts: {
    all: 'All changes',
    update: 'To change',
    deactivate: 'To switch off',
    reactivate: 'To switch on again',
    skip: 'Nothing to do',
    done: 'Done',
    changed: 'Changed since: left alone',
    failed: 'Failed',
  },
  columns: { user: 'User', action: 'What happens', changes: 'What changes', result: 'Result' },
  list: 'Users of this run',
  gone: 'is no more',
  started: 'The sync is under way.',
  stopped: 'Stopped. What is done stays.',
  givenUp: 'Given up. The next run works it out anew.',
  released: 'Released. It can be started now.',
  confirmRun: {
    title: (off: number) => `Switch off ${users(off)}?`,
    text: (count: number, off: number) =>
      `${users(count)} ${count === 1 ? 'changes' : 'change'}. ${number(off)} of them ${off === 1 ? 'is' : 'are'} blocked at Entra, or gone, and cannot sign in any more. Whoever is switched off is signed out everywhere.`,
    back: 'Sync switches them on again when they are back at Entra.',
    button: (count: number) => `Sync ${users(count)}`,
  },
  confirmRelease: {
    title: (off: number) => `Is it right that ${users(off)} are switched off?`,
    text: 'When you release the run it can be started; nothing happens yet. Give it up when the change at Entra is a mistake: the next run works it out anew.',
    button: 'Release',
  },
  others: (count: number) => `and ${users(count)} more`,
  settings: {
    title: 'Fields and schedule',
    about:
      'Name, e-mail, user name, mobile number and whether the account may sign in always follow Entra.',
    schedule: 'By itself',
    scheduleAbout:
      'A run by itself compares those who changed, and everybody once a week. It starts at once unless it would switch off too many.',
    every: 'How often',
    off: 'Never: only when somebody starts it',
    choice: every,
    provisioned: 'Users whom provisioning looks after',
    left: 'Leave them to provisioning',
    leftHint: 'Recommended: two masters would take turns.',
    synced: 'Sync them too',
    syncedHint: 'What differs between provisioning and Entra changes back and forth.',
    fields: 'What follows',
    fieldsAbout:
      'A field that is empty at Entra becomes empty here. Everything else stays as it is.',
    columns: {
      field: 'At Entra',
      attribute: 'Here',
      entra: 'Entra has',
      user: 'Here it is',
      follows: 'Follows',
    },
    always: 'Always',
    follow: (field: string) => `${field} follows Entra`,
    would: 'would change',
    empty: 'empty',
    yes: 'yes',
    no: 'no',
    sample: 'The values are those of',
    other: 'Look at somebody else',
    search: 'Name or e-mail address of a linked user',
    noneFound: 'No linked user has such a name.',
    table: 'What follows Entra',
    noSample: 'Without a sample:',
    save: 'Save',
    done: 'Saved.',
    back: 'As it was.',
    names: {
      userPrincipalName: 'User principal name',
      displayName: 'Display name',
      givenName: 'First name',
      surname: 'Last name',
      mail: 'E-mail',
      mobilePhone: 'Mobile phone',
      enabled: 'Account enabled',
      businessPhone: 'Business phone',
      jobTitle: 'Job title',
      department: 'Department',
      employeeId: 'Employee ID',
      companyName: 'Company name',
      preferredLanguage: 'Preferred language',
    },
  },
} as const
