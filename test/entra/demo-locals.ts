import { passwordsOf } from '../../src/auth/passwords.ts'
import { newId } from '../../src/directory/id.ts'
import { issueLink } from '../../src/directory/one-time-link.ts'
import type { Directory, Store } from '../../src/directory/store.ts'
import { hashSecret } from '../../src/directory/token.ts'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import type { Colleagues } from './demo-colleagues.ts'
import { withStore } from './entrance-import.ts'

/** How sure `GET /link-suggestions` is to be of somebody. */
export type Pile = 'exact' | 'possible' | 'none'

/** Somebody who was in the application before anybody came from Entra. */
export type LocalUser = {
  id: string
  userName: string
  /** Where there is one. */
  password: string | undefined
  pile: Pile
  /** Whose account of Entra it may be. */
  objectId: string | undefined
}

/** Accounts that are nobody's in particular. */
const SHARED = ['Reception', 'Print room', 'Warehouse scanner', 'Site tablet', 'Training room']
/** Hashing takes its time: so many have a password, every fifth. */
const PASSWORD_EVERY = 5
const PUBLIC_URL = 'http://localhost'
const cause = { actor: 'test', door: 'cli', requestId: newId() } as const
const passwords = passwordsOf()

type Sketch = Omit<LocalUser, 'id'> & { attributes: JsonObject }

function sketches({ linked, alike }: Colleagues): Sketch[] {
  const exact = linked.map(({ userPrincipalName, displayName, objectId }) => ({
    userName: userPrincipalName,
    pile: 'exact' as const,
    objectId,
    attributes: { displayName },
  }))
  const possible = alike.map(({ displayName, mail, objectId }, index) => ({
    userName: `planner-${index + 1}`,
    pile: 'possible' as const,
    objectId,
    attributes: { displayName, emails: [{ type: 'work', value: String(mail), primary: true }] },
  }))
  const none = SHARED.map((displayName) => ({
    userName: displayName.toLowerCase().replaceAll(' ', '-'),
    pile: 'none' as const,
    objectId: undefined,
    attributes: { displayName },
  }))
  return [...exact, ...possible, ...none].map(({ attributes, ...each }, index) => ({
    ...each,
    password: index % PASSWORD_EVERY === 0 ? `open sesame, number ${index + 1}` : undefined,
    attributes: { ...attributes, userName: each.userName, active: true },
  }))
}

/** Chooses a password with a one-time link, as its owner does. */
async function choosePassword(
  store: Store,
  directory: Directory,
  userId: string,
  password: string,
): Promise<void> {
  const link = { purpose: 'invitation', userId, publicUrl: PUBLIC_URL, now: new Date() } as const
  const { url } = await issueLink(directory, link, cause)
  const held = await store.findLink(hashSecret(url.split('/').at(-1) ?? ''))
  await directory.accounts.choosePassword(String(held?.id), await passwords.hash(password), cause)
}

/** Makes the local users in the database of a folder, before Entrance starts. */
export function makeLocalUsers(folder: string, colleagues: Colleagues): Promise<LocalUser[]> {
  return withStore(folder, (store, directory) =>
    Promise.all(
      sketches(colleagues).map(async ({ attributes, ...sketch }) => {
        const { user } = await directory.users.create({ attributes, origin: 'local' }, cause)
        if (sketch.password !== undefined) {
          await choosePassword(store, directory, user.id, sketch.password)
        }
        return { ...sketch, id: user.id }
      }),
    ),
  )
}

/** Which of these user names have a password in the database of a folder. */
export function passwordHolders(folder: string, userNames: readonly string[]): Promise<string[]> {
  return withStore(folder, async (store) => {
    const holders = await Promise.all(userNames.map((name) => store.passwordHolders(name)))
    return userNames.filter((_, index) => holders[index]?.length !== 0)
  })
}
