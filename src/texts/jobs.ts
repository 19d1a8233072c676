import { counted, number } from './common.ts'

const mails = (count: number) => counted(count, 'mail', 'mails')

export const jobs = {
  title: 'Jobs',
  about: 'What Entrance does in the background, and how it stands.',
  wake: 'Look for work now',
  woken: 'Everything that is due begins now.',
  now: 'Under way',
  idle: 'Nothing is under way just now.',
  regular: 'Always at work',
  stop: 'Stop',
  look: 'Look at it',
  open: 'Open',
  plans: {
    import: 'Import',
    sync: 'Sync',
    progress: (done: number, total: number) => `${number(done)} of ${number(total)}`,
    failed: (count: number) => `${number(count)} not done`,
    since: 'prepared',
  },
  working: { title: 'Sync', text: 'A preview is being worked out.' },
  departing: {
    title: 'Released departures',
    text: (count: number) => `${counted(count, 'user', 'users')} released, and being carried out.`,
  },
  sending: {
    title: 'Mails',
    text: (count: number) => `${mails(count)} ${count === 1 ? 'is' : 'are'} being sent.`,
  },
  sync: {
    title: 'Sync by itself',
    off: 'Only when an administrator starts it.',
    held: 'The last run waits for a decision.',
    failed: (problem: string) => `The last run failed. ${problem}`,
    last: 'Last run',
    never: 'Has not run yet.',
    run: 'Sync now',
    every: (minutes: number) =>
      minutes % 1_440 === 0
        ? `every ${counted(minutes / 1_440, 'day', 'days')}`
        : minutes % 60 === 0
          ? `every ${counted(minutes / 60, 'hour', 'hours')}`
          : `every ${number(minutes)} minutes`,
  },
  mails: {
    title: 'Mails',
    off: 'No mail server is set, so nothing is sent.',
    none: 'Nothing waits.',
    parts: {
      waiting: (count: number) => `${mails(count)} waiting for their time`,
      kept: (count: number) => `${number(count)} kept`,
      failed: (count: number) => `${number(count)} failed`,
    },
  },
  departures: {
    title: 'Held back',
    none: 'Nothing is held back.',
    waiting: (count: number) =>
      `${counted(count, 'user', 'users')} ${count === 1 ? 'waits' : 'wait'} for a decision.`,
  },
  webhooks: {
    title: 'Webhooks',
    none: 'There are none.',
    parts: {
      on: (count: number) => `${number(count)} on`,
      failing: (count: number) => `${number(count)} of them failing`,
      paused: (count: number) => `${number(count)} paused`,
      givenUp: (count: number) => `${number(count)} given up`,
    },
    last: 'last delivery',
  },
  log: {
    title: 'Provisioning log',
    off: 'Requests are not kept.',
    keeps: (entries: number, days: number) =>
      `About ${counted(entries, 'request', 'requests')} kept, for ${counted(days, 'day', 'days')} at most.`,
    oldest: 'The oldest is from',
    often: 'every 10 minutes',
  },
  joined: ' · ',
  moments: 'within seconds',
} as const
