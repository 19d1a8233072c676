import { counted, number } from './common.ts'

const mails = (count: number) => counted(count, 'mail', 'mails')

export const mailTexts = {
  title: 'Mails',
  about:
    'Invitations and links to choose a password: what was sent, what waits, and how they read.',
  tabs: { label: 'Mails', outbox: 'Outbox' },
  kinds: {
    invitation: 'Invitation',
    'password-invitation': 'Invitation with password',
    'password-reset': 'Forgotten password',
  },
  states: {
    kept: 'Kept',
    waiting: 'Waiting',
    sending: 'Being sent',
    sent: 'Sent',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
  filters: {
    label: 'State',
    all: 'All',
    plan: 'Of one import',
    everything: 'Show the mails of everything, not only of one import',
    user: (name: string) => `To ${name}`,
    everybody: (name: string) => `Show mails to everybody, not only to ${name}`,
    count: (label: string, count: number) => `${label} ${number(count)}`,
  },
  columns: { to: 'To', kind: 'Mail', state: 'State', when: 'When', actions: 'What can be done' },
  uncertain: 'It may have arrived all the same.',
  due: 'goes',
  tried: (times: number) => `tried ${times === 1 ? 'once' : `${number(times)} times`}`,
  send: 'Send',
  sendAgain: 'Send again',
  cancel: 'Stop',
  older: 'Older',
  newest: 'Newest',
  noServer: 'No mail server is set, so nothing is sent. Set SMTP_URL and MAIL_FROM for the server.',
  seeSettings: 'See settings',
  going: (count: number) => `${mails(count)} ${count === 1 ? 'is' : 'are'} being sent`,
  sendKept: (count: number) =>
    count === 1 ? 'Send the kept one' : `Send all ${number(count)} kept`,
  retryFailed: (count: number) =>
    count === 1 ? 'Send the failed one again' : `Send all ${number(count)} failed again`,
  all: {
    kept: {
      title: (count: number) =>
        `Send ${count === 1 ? 'the mail that is' : `the ${mails(count)} that are`} kept?`,
      text: 'They go out now, one after the other. Mails for a forgotten password are left: whoever needs one asks again.',
    },
    failed: {
      title: (count: number) =>
        `Send ${count === 1 ? 'the mail that failed' : `the ${mails(count)} that failed`} again?`,
      text: 'Mails that may have arrived all the same are left, and so are those for a forgotten password.',
    },
    button: 'Send them',
    nothing: 'There is nothing to send any more.',
  },
  stop: {
    title: (name: string) => `Stop the mail to ${name}?`,
    text: 'It is never sent. To invite them after all, open the user and send a new invitation.',
    button: 'Stop the mail',
    keep: 'Leave it',
  },
  done: {
    sent: (name: string) => `The mail to ${name} is on its way.`,
    waits: (name: string) => `The mail to ${name} goes out once there is a mail server.`,
    all: (count: number) =>
      count === 0
        ? 'There was nothing to send.'
        : `${mails(count)} ${count === 1 ? 'is' : 'are'} on the way.`,
    stopped: (name: string) => `The mail to ${name} is not sent.`,
    saved: 'These words are in force, also for mails that wait.',
    reset: 'The built-in words are in force again.',
    tested: (to: string) => `The mail server took a test mail to ${to}.`,
    refused: (to: string, why: string) => `The test mail to ${to} was not taken: ${why}`,
  },
  none: 'No mails yet',
  noneText:
    'When people are imported with an invitation, or get a link to choose a password, their mails stand here.',
  noMatch: 'No such mails',
  noMatchText: 'Choose another state to see more.',
  words: {
    about: {
      invitation: 'What people get who sign in with Microsoft Entra ID.',
      'password-invitation': 'What local users get: it has a link to choose a password.',
      'password-reset': 'What a local user gets who has forgotten the password.',
    },
    builtIn: 'Built-in words',
    own: 'Your words',
    subject: 'Subject',
    body: 'Text',
    bodyHint: {
      before:
        'One # makes a heading, ** bold, [words](address) a link or a button, 1. a step, and what follows',
      line: '---',
      after: 'is small print.',
    },
    save: 'Save',
    preview: 'Preview',
    test: 'Send a test to me',
    reset: 'Back to the built-in words',
    places: 'What you can put in',
    placesText:
      'In braces, as it stands here; the value comes in its place when the mail is written.',
    required: 'required',
    previewTitle: 'Preview',
    previewAbout: 'As somebody invented would get it. It follows what you type.',
    previewWithout: 'As somebody invented would get it. Choose Preview to see what you typed.',
    frame: 'The mail as it would arrive',
    plain: 'The same as plain text',
    broken: 'This cannot be sent yet',
    confirm: {
      title: (kind: string) => `Use the built-in words for “${kind}”?`,
      text: 'Your own words are gone then. Mails that wait get the built-in ones.',
      button: 'Use the built-in words',
    },
  },
} as const
