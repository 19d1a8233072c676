import { counted, number } from './common.ts'

export const overview = {
  title: 'Overview',
  start: { find: 'Find a user', import: 'Import people' },
  decisions: {
    title: 'Waits for you',
    none: 'Nothing waits for you.',
    linkRequests: (count: number, more: boolean) =>
      `${more ? 'More than ' : ''}${counted(count, 'account', 'accounts')} of Entra ${count === 1 ? 'asks' : 'ask'} to be let in`,
    linkRequestsText: 'Nobody is linked to them yet: say who they are, or turn them away.',
    held: (count: number) => `${counted(count, 'departure is', 'departures are')} held back`,
    heldText:
      'Entra wants more people switched off or deleted at once than usual. They stay until you say that it is right.',
    failed: (count: number, more: boolean) =>
      `${number(count)}${more ? ' or more' : ''} ${count === 1 ? 'mail' : 'mails'} could not be sent`,
    failedText: 'See why, and send them again.',
    webhooks: (count: number) => `${counted(count, 'webhook was', 'webhooks were')} given up`,
    webhooksText: 'Nobody answered there for three days.',
    kept: (count: number, more: boolean) =>
      `${number(count)}${more ? ' or more' : ''} ${count === 1 ? 'invitation waits' : 'invitations wait'} to be sent`,
    keptText: 'They were kept back when people were imported.',
    sync: 'A sync waits for your yes',
    syncText: 'It would change more people than usual.',
    open: 'Decide',
    look: 'Look',
  },
  firstSteps: {
    title: 'First steps',
    about: 'Three steps until people can work with the application.',
    connect: {
      title: 'Connect Microsoft Entra ID',
      text: 'People sign in with the accounts they have, and Entra says who comes and goes.',
      button: 'Connect Entra',
    },
    people: {
      title: 'Bring people in',
      text: 'Entra sends whom you assign to the application, or you import them from here.',
      button: 'Import',
    },
    access: {
      title: 'Say what they may do',
      text: 'Permissions come with user groups and roles.',
      button: 'User groups',
    },
  },
  people: {
    total: 'Users',
    active: 'Active',
    linked: 'Linked to Entra',
    local: 'Made here',
    never: 'Never signed in',
    inactive: 'Switched off',
  },
  chart: {
    title: 'Provisioning, last 24 hours',
    about: (requests: number, errors: number) =>
      requests === 0
        ? 'No requests.'
        : `${counted(requests, 'request', 'requests')}, ${errors === 0 ? 'none refused' : `${number(errors)} refused`}.`,
    hour: (hour: string, requests: number, errors: number) =>
      `${hour}: ${counted(requests, 'request', 'requests')}, ${number(errors)} refused`,
    open: 'Open the log',
  },
  health: {
    title: 'Is everything well?',
    provisioning: 'Provisioning',
    contact: 'Entra last called',
    neverCalled: 'Entra has not called yet.',
    silent: 'It usually calls every 40 minutes: look at Provisioning in the Entra admin center.',
    setUp: 'Set it up',
    token: 'Secret token',
    noToken: 'There is none: Entra cannot call.',
    tokenFor: (name: string, days: number) =>
      `“${name}” expires in ${counted(days, 'day', 'days')}`,
    tokenOver: (name: string) => `“${name}” has expired`,
    tokenLasts: (name: string) => `“${name}” does not expire`,
    otherCredential: 'Entra calls with another credential',
    rotate: 'Renew',
    graph: 'Microsoft Graph',
    notChecked: 'Connected',
    works: 'Answers, and may read what is needed',
    notConnected: 'Not connected: people cannot be imported, linked or synced.',
    connect: 'Connect',
    details: 'Details',
    secretOver: 'The credential of the app registration has expired',
    secretIn: (days: number) => `Works; the credential expires in ${counted(days, 'day', 'days')}`,
    mail: 'Mail',
    mailReady: 'A mail server is set up',
    noMail: 'No mail server is set up: invitations cannot be sent. Set SMTP_URL.',
    database: 'Database',
    databaseWell: (milliseconds: number) =>
      milliseconds < 1
        ? 'Answers within a millisecond'
        : `Answers in ${number(Math.round(milliseconds))} ms`,
    states: { good: 'Well', warn: 'Look at this', bad: 'Does not work', soft: 'Not known' },
  },
  events: {
    title: 'What happened',
    none: 'Nothing has happened yet',
    noneText: 'Every change is recorded here: who did what, when, and through which door.',
    all: 'All of the record',
  },
} as const
