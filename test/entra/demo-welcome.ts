import type { Administrator } from './administrator.ts'
import type { DemoPeople } from './demo-people.ts'

const LABEL_WIDTH = 10

function line(label: string, text: string): string {
  return `${label.padEnd(LABEL_WIDTH)}${text}`
}

/** What a newcomer can do now. */
export function demoWelcome(shown: {
  readonly origin: string
  /** The stand-in for Entra. */
  readonly authority: string
  /** The tenant URL. */
  readonly base: string
  readonly token: string
  readonly database: string
  readonly people: DemoPeople
  readonly admin: Pick<Administrator, 'userName' | 'password'>
  /** Where the mails are shown. */
  readonly mails: string
}): string {
  const { origin, authority, base, token, database, people, admin, mails } = shown
  const { known, imported, linked, left, unknown, unassigned } = people
  const outcomes = [
    ...(known ? [[known.displayName, 'gets in']] : []),
    ...(imported ? [[imported.displayName, 'gets in, since the import']] : []),
    ...(linked
      ? [[linked.displayName, 'gets in, since the link, and not with the old password']]
      : []),
    ...(left
      ? [[left.displayName, 'has left: Entra turns the account away, and Entrance would too']]
      : []),
    [unknown.displayName, 'is not known here yet, and leaves a request'],
    [unassigned.displayName, 'is turned away by Entra'],
  ]
  const width = Math.max(...outcomes.map(([name = '']) => name.length)) + 3
  return [
    line('Sign in', `${origin}/auth/sign-in`),
    line('', `Tick the box and connect. At ${authority}, which stands in for Entra,`),
    line('', 'be one of these, or search for anybody else:'),
    ...outcomes.map(([name = '', outcome]) => line('', `  ${name.padEnd(width)}${outcome}`)),
    line('Requests', `DATABASE_URL=${database} npm run cli -- link list`),
    line('Admin', `${admin.userName}   with the password   ${admin.password}`),
    line('', 'Leave the box empty at the sign-in.'),
    line('Mails', mails),
    line('', 'The invitations, which go no further.'),
    '',
    line('SCIM', base),
    line('Health', `${origin}/readyz`),
    line('Token', token),
    '',
    `curl -H 'Authorization: Bearer ${token}' '${base}/Users?count=2'`,
    '',
    'Entrance stays up. Ctrl-C ends it and removes its data.',
  ].join('\n')
}
