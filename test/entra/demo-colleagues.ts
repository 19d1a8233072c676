import { makeUser } from './make-tenant.ts'
import { makeRandom } from './random.ts'
import type { EntraUser } from './tenant.ts'

/** Serial numbers that no tenant of the demo gets to. */
const FIRST_SERIAL = 9_000_001
const IMPORTED = 60
const LINKED = 25
const ALIKE = 10

/** People who are in Entra, and whom nobody has assigned to the application: provisioning leaves them out. */
export type Colleagues = {
  /** Those to import. */
  imported: readonly EntraUser[]
  /** Somebody here has exactly their user name. */
  linked: readonly EntraUser[]
  /** Somebody here has their e-mail address, and another user name. */
  alike: readonly EntraUser[]
  all: readonly EntraUser[]
}

/** A name that is easy to type and that nobody else has. */
export function named(givenName: string, surname: string) {
  const address = `${givenName}.${surname}@contoso.example`.toLowerCase()
  const displayName = `${givenName} ${surname}`
  return {
    userPrincipalName: address,
    displayName,
    givenName,
    surname,
    mail: address,
    mobile: '+44 (0)100 2000',
    preferredLanguage: 'en-US',
    guest: false,
  } satisfies Partial<EntraUser>
}

const gettingIn = named('Ina', 'Imported')
const renamed = named('Mia', 'Maiden')
const leaving = named('Leo', 'Leaver')
const local = named('Lina', 'Linked')

/** Makes them up. */
export function makeColleagues(seed: number): Colleagues {
  // Another sequence than that of the tenant: the same would give some of them the same object ids.
  const random = makeRandom(seed + FIRST_SERIAL)
  let serial = FIRST_SERIAL
  const next = (): EntraUser => {
    const user = makeUser(random, serial, null)
    serial += 1
    return { ...user, assigned: false }
  }
  const member = (): EntraUser => {
    for (;;) {
      const user = next()
      if (!user.guest && user.mail !== null) return user
    }
  }
  const first = [gettingIn, renamed, leaving].map((name) => ({ ...next(), ...name }))
  const imported = [...first, ...Array.from({ length: IMPORTED - first.length }, next)]
  const linked = [{ ...next(), ...local }, ...Array.from({ length: LINKED - 1 }, member)]
  const alike = Array.from({ length: ALIKE }, member)
  return { imported, linked, alike, all: [...imported, ...linked, ...alike] }
}
