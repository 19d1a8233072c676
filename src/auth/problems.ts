/** What stands in the way of a sign-in at Entra, in words for the person in front of it. */
export interface Problem {
  readonly title: string
  /** What to do. `{contact}` is whom to ask. */
  readonly text: string
  /** Whether trying again can help. */
  readonly again: boolean
  /** Whether the operator has something to do, so that it is logged as a failure of the server. */
  readonly ours: boolean
}

const person = { again: true, ours: false }
const administrator = { again: false, ours: false }
const operator = { again: false, ours: true }

const factor: Problem = {
  ...person,
  title: 'Your second factor is missing',
  text: 'Your organisation asks for a second step, such as a code or a prompt on your phone. Sign in again and complete it. If you cannot, ask {contact}.',
}
const elsewhere: Problem = {
  ...person,
  title: 'This account does not belong here',
  text: 'Microsoft knows the account, but it is not one of your organisation. Pick your work account.',
}
const policy: Problem = {
  ...administrator,
  title: 'Your organisation does not allow this sign-in',
  text: 'A rule of your organisation keeps you out from this device or place (Conditional Access). Use a device that your organisation manages, or ask {contact}.',
}
const setUp: Problem = {
  ...operator,
  title: 'Signing in with Microsoft is not set up right',
  text: 'This is nothing you can mend. Tell {contact}, with the numbers below.',
}
const late: Problem = {
  ...person,
  title: 'That took too long',
  text: 'The sign-in was used already, or has expired. Start again.',
}
const cancelled: Problem = {
  ...person,
  title: 'You cancelled the sign-in',
  text: 'Nothing has happened. Start again when you like.',
}
const consent: Problem = {
  ...administrator,
  title: 'Your organisation has not approved this application',
  text: 'An administrator of Microsoft Entra ID has to consent to it first. Ask {contact}.',
}
export const away: Problem = {
  again: true,
  ours: true,
  title: 'Microsoft cannot be reached',
  text: 'Wait a moment and try again. If it lasts, tell {contact}.',
}

/** By the number of Entra's error, AADSTS…; Microsoft lists what they mean, not when they come. */
const byCode = new Map<number, Problem>([
  [50020, elsewhere],
  [50034, elsewhere],
  [51004, elsewhere],
  [
    50055,
    {
      ...person,
      title: 'Your password has expired',
      text: 'Choose a new one at Microsoft, then sign in again.',
    },
  ],
  [
    50057,
    { ...administrator, title: 'Your Microsoft account is disabled', text: 'Ask {contact}.' },
  ],
  [
    50053,
    {
      ...administrator,
      title: 'Your Microsoft account is locked',
      text: 'Wait a while, or ask {contact}.',
    },
  ],
  [50072, factor],
  [50074, factor],
  [50076, factor],
  [50078, factor],
  [50079, factor],
  [500121, factor],
  [
    50105,
    {
      ...administrator,
      title: 'You have not been given this application',
      text: 'Your account is right, but nobody has assigned this application to it in Microsoft Entra ID. Ask {contact}.',
    },
  ],
  [53000, policy],
  [53001, policy],
  [53002, policy],
  [53003, policy],
  [530003, policy],
  [65001, consent],
  [65004, cancelled],
  [90094, consent],
  [50147, late],
  [501481, late],
  [54005, late],
  [70008, late],
  [70000, late],
  [50011, setUp],
  [50194, setUp],
  [70002, setUp],
  [700011, setUp],
  [700016, setUp],
  [700025, setUp],
  [700027, setUp],
  [7000112, setUp],
  [7000215, setUp],
  [7000222, setUp],
  [90033, away],
])

/** By the error of OAuth 2.0 or MSAL, where the number says nothing. */
const byError = new Map<string, Problem>([
  ['access_denied', cancelled],
  ['consent_required', consent],
  ['interaction_required', factor],
  ['invalid_client', setUp],
  ['unauthorized_client', setUp],
  ['temporarily_unavailable', away],
  ['network_error', away],
  ['unreachable', away],
])

const unknown: Problem = {
  again: true,
  ours: true,
  title: 'Microsoft refused the sign-in',
  text: 'Try again. If it happens once more, tell {contact}, with the numbers below.',
}

export function problemOf(error: string, code: number | undefined): Problem {
  return (code === undefined ? undefined : byCode.get(code)) ?? byError.get(error) ?? unknown
}

/** The token that Entra answered with is not what it should be. */
export const unverified: Problem = {
  again: true,
  ours: true,
  title: 'Microsoft’s answer could not be checked',
  text: 'You are not signed in. Try again; if it happens once more, tell {contact}, with the number below.',
}

/** An answer of Entra that this browser did not ask for, or that comes a second time. */
export const stale: Problem = {
  ...person,
  title: 'This sign-in is not valid any more',
  text: 'It was used already, took too long, or was begun in another browser. Start again.',
}
