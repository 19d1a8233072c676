import { counted, number } from './common.ts'

const users = (count: number) => counted(count, 'user', 'users')

/** So long, such as `an hour`, or after `the last` only `hour`. */
function span(minutes: number, article: 'with' | 'without' = 'with'): string {
  const [count, one, many] =
    minutes % 1_440 === 0
      ? ([minutes / 1_440, 'a day', 'days'] as const)
      : minutes % 60 === 0
        ? ([minutes / 60, 'an hour', 'hours'] as const)
        : ([minutes, 'a minute', 'minutes'] as const)
  if (count > 1) return `${number(count)} ${many}`
  return article === 'with' ? one : one.replace(/^an? /, '')
}

/** What becomes of so many, such as `9 users are switched off and 3 are deleted.` */
function fate(off: number, gone: number, verb: (count: number) => string): string {
  const parts = [
    ...(off > 0 ? [`${users(off)} ${verb(off)} switched off`] : []),
    ...(gone > 0 ? [`${users(gone)} ${verb(gone)} deleted`] : []),
  ]
  return parts.join(' and ')
}

const are = (count: number) => (count === 1 ? 'is' : 'are')

export const held = {
  title: 'Held back',
  about:
    'Provisioning wants more users gone than the brake lets through. Entra was told that it is done, but nothing changes for these people until you decide.',
  waiting: (off: number, gone: number) =>
    `Waiting for you: ${[
      ...(off > 0 ? [`${number(off)} to be switched off`] : []),
      ...(gone > 0 ? [`${number(gone)} to be deleted`] : []),
    ].join(', ')}.`,
  because: (limit: number, minutes: number) =>
    `The brake lets ${users(limit)} go within ${span(minutes)}.`,
  columns: { user: 'User', wants: 'Is to be', since: 'Since', by: 'Asked for by' },
  deactivate: 'Switched off',
  delete: 'Deleted',
  released: 'Being done',
  list: 'Users held back',
  empty: 'Nothing is held back',
  emptyText: (limit: number, minutes: number) =>
    `When provisioning wants to switch off or delete more than ${users(limit)} within ${span(minutes)}, the rest waits here for you.`,
  emptyOff: 'The brake is off: whatever provisioning asks for is done at once.',
  release: {
    all: 'Release all',
    selected: 'Release',
    title: (count: number) => `Release ${users(count)}?`,
    text: (off: number, gone: number) => `It is right: ${fate(off, gone, are)}.`,
    off: 'Who is switched off is signed out everywhere and cannot sign in, until Entra switches the user on again.',
    gone: 'Who is deleted loses all user groups, roles and sessions. It cannot be taken back.',
    button: (off: number, gone: number) =>
      [
        ...(off > 0 ? [`Switch ${number(off)} off`] : []),
        ...(gone > 0 ? [`delete ${number(gone)}`] : []),
      ]
        .join(', ')
        .replace(/^d/, 'D'),
    more: 'The count begins anew, so that what follows of the same change can go too.',
    done: (count: number) => `Released: ${users(count)}.`,
  },
  keep: {
    all: 'Keep all',
    selected: 'Keep',
    title: (count: number) => `Keep ${users(count)}?`,
    text: (count: number) =>
      `It is a mistake: ${users(count)} ${count === 1 ? 'stays' : 'stay'} as they are, with their sessions and rights.`,
    entra:
      'Mend the assignment at Entra first. If Entra still wants them off the next time it looks, they wait here again.',
    button: (count: number) => `Keep ${users(count)}`,
    done: (count: number) => `Kept: ${users(count)}. Nothing changed for them.`,
  },
  nobody: 'Nobody was chosen, or nobody of them is held back any more.',
  others: (count: number) => `and ${users(count)} more`,
  going: 'Being done',
  goingText: (count: number) => `${users(count)} to go`,
  brake: {
    title: 'The brake',
    change: 'Change',
    off: 'The brake is off: provisioning may switch off and delete as many users at once as it wants.',
    rule: (limit: number, minutes: number) =>
      `Provisioning may switch off or delete ${users(limit)} within ${span(minutes)}. What comes after that is held back.`,
    why: ({ users: least, percent }: { users: number; percent: number }) =>
      percent === 0
        ? 'The number is fixed.'
        : `That is ${users(least)}, or ${percent} % of those who were active, whichever is more.`,
    held: 'While somebody waits here, everything that follows is held back too.',
    gauge: 'Gone of those who may',
    departed: (departed: number, limit: number, minutes: number) =>
      `${number(departed)} of ${number(limit)} went in the last ${span(minutes, 'without')}`,
    settings: {
      title: 'The brake',
      about:
        'How many users provisioning may switch off or delete before you are asked. Who is held back already stays so.',
      users: 'Users in any case',
      usersHint: 'So many may always go. 0 leaves it to the percentage.',
      percent: 'Percent of those who are active',
      percentHint: 'The larger of the two counts. 100 switches the brake off.',
      minutes: 'Within how many minutes',
      minutesHint: '60 is an hour, 1440 a day.',
      faults: {
        users: 'A whole number from 0 to 1,000,000.',
        percent: 'A whole number from 0 to 100.',
        minutes: 'A whole number from 1 to 44,640, which is 31 days.',
      },
      planned:
        'Before a departure that you have planned, such as a part of the company that leaves, set the percentage to 100, and back afterwards.',
      done: 'The brake is changed.',
      back: 'The brake is as it was.',
    },
  },
} as const
