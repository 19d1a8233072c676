import type { EntraUser } from '../../src/directory/entra-directory.ts'
import type { User } from '../../src/directory/user.ts'
import { cause, type TestApp } from './app.ts'
import { entraPerson } from './entra-directory.ts'

/** People of Entra of whom users here may be some: with long names, 4-byte characters, and from right to left. */
export const colleagues = {
  ada: entraPerson(1, 'ada.lovelace', {
    displayName: 'Ada Lovelace',
    givenName: 'Ada',
    surname: 'Lovelace',
    mobilePhone: '+44 20 7946 0001',
    department: 'Sales',
    jobTitle: 'Analyst',
  }),
  bob: entraPerson(2, 'robert.kowalski', {
    displayName: 'Robert Kowalski',
    department: 'Production',
    mobilePhone: '+48 22 555 0102',
  }),
  bobby: entraPerson(3, 'bob.kowalski', {
    displayName: 'Robert Kowalski',
    department: 'Purchasing',
    enabled: false,
  }),
  layla: entraPerson(4, 'layla.haddad', {
    displayName: 'ليلى حداد',
    department: 'التسويق',
    jobTitle: '𝔇esigner 🎨',
  }),
  wolf: entraPerson(5, 'wolfeschlegel', {
    displayName:
      'Hubert Blaine Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft senior',
    department: 'Research',
  }),
  mia: entraPerson(6, 'mia.nguyen', { displayName: 'Mia Nguyễn', jobTitle: 'Planner' }),
} satisfies Record<string, EntraUser>

/** A user whom somebody made here; with a password where that is said. */
export async function localUser(
  { directory }: Pick<TestApp, 'directory'>,
  userName: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<User> {
  const attributes = { userName, active: true, ...more } as User['attributes']
  const { user } = await directory.users.create({ attributes, origin: 'local' }, cause)
  return user
}

/** Users who are not linked: two certain, two possible, and one whom nobody at Entra is like. */
export async function unlinkedUsers(app: TestApp) {
  const { ada, bob, layla, wolf } = colleagues
  return {
    ada: await localUser(app, ada.userPrincipalName, {
      displayName: 'Ada Byron',
      title: 'Analyst',
      phoneNumbers: [{ type: 'mobile', value: '+44 20 7946 0999' }],
    }),
    wolf: await localUser(app, wolf.userPrincipalName, { displayName: wolf.displayName }),
    bob: await localUser(app, 'bkowalski', {
      displayName: bob.displayName,
      emails: [
        { type: 'work', value: bob.userPrincipalName, primary: true },
        { type: 'other', value: 'bob.kowalski@contoso.example' },
      ],
    }),
    layla: await localUser(app, 'layla', { displayName: layla.displayName }),
    scanner: await localUser(app, 'warehouse-scanner', { displayName: 'Warehouse scanner' }),
  }
}
