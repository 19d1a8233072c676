import {
  departments,
  groupNames,
  type Name,
  places,
  type Script,
  scripts,
  titles,
} from './names.ts'
import { makeRandom, type Random } from './random.ts'
import {
  type AppRole,
  type EntraGroup,
  type EntraUser,
  isActive,
  recycle,
  type Tenant,
} from './tenant.ts'

const DOMAIN = 'contoso.example'

export const appRoles: readonly AppRole[] = [
  { value: 'Admin', displayName: 'Administrator' },
  { value: 'Sales', displayName: 'Sales & "accounts"' },
  { value: 'Designer', displayName: 'Дизайнер' },
  { value: 'Site.Manager', displayName: 'Site manager \\ foreman' },
]

const longTitle = `Head of ${'very long titles – 責任者 & "more" '.repeat(120)}`

/** A local part that no other user has, because it ends in the serial number. */
function localPart(random: Random, given: Name, family: Name, serial: number): string {
  const plain = `${given[1]}.${family[1]}${serial}`
  const shape = random.below(20)
  if (shape === 0) return `${given[1]}+${family[1]}${serial}`
  if (shape === 1) return `${given[0]}.${family[0]}${serial}`.replaceAll(/[\s"&]/gu, '')
  if (shape <= 3) {
    return plain
      .replace(/^./u, (letter) => letter.toUpperCase())
      .replace(/\../u, (two) => two.toUpperCase())
  }
  return plain
}

function displayName(script: Script, given: string, family: string): string {
  return script.familyFirst ? `${family} ${given}` : `${given} ${family}`
}

function phone(random: Random): string {
  return `+${30 + random.below(60)} (0)${100 + random.below(900)} ${1000 + random.below(9000)}`
}

/** Now and then nothing, so that every optional attribute is sometimes absent. */
function maybe<T>(random: Random, value: T): T | null {
  return random.chance(0.85) ? value : null
}

/** A new person. `serial` makes the user principal name, mail and employee id unique. */
export function makeUser(random: Random, serial: number, manager: string | null): EntraUser {
  const script = random.pick(scripts)
  const given = random.pick(script.given)
  const family = random.pick(script.family)
  const place = random.pick(places)
  const guest = random.chance(0.05)
  const local = localPart(random, given, family, serial)
  const mail = guest ? `${given[1]}.${serial}@fabrikam.example` : `${local}@${DOMAIN}`
  return {
    objectId: random.uuid(),
    userPrincipalName: guest ? `${mail.replace('@', '_')}#EXT#@${DOMAIN}` : mail,
    displayName: displayName(script, given[0], family[0]),
    givenName: maybe(random, given[0]),
    surname: maybe(random, family[0]),
    mail: maybe(random, mail),
    jobTitle: maybe(random, random.chance(0.02) ? longTitle : random.pick(titles)),
    department: maybe(random, random.pick(departments)),
    employeeId: maybe(random, `E-${String(serial).padStart(6, '0')}`),
    mobile: maybe(random, phone(random)),
    telephoneNumber: maybe(random, phone(random)),
    fax: random.chance(0.2) ? phone(random) : null,
    office: maybe(random, place[5]),
    street: maybe(random, place[0]),
    city: maybe(random, place[1]),
    state: maybe(random, place[2]),
    postalCode: maybe(random, place[3]),
    country: maybe(random, place[4]),
    preferredLanguage: maybe(random, script.language),
    manager,
    appRoles: random.chance(0.6) ? random.shuffle(appRoles).slice(0, 1 + random.below(2)) : [],
    guest,
    accountEnabled: true,
    assigned: true,
    softDeleted: false,
    purged: false,
    former: null,
    wasActive: true,
    changedIn: 0,
  }
}

/** A group name that no other group has, given that serials are not reused. */
export function makeGroupName(serial: number): string {
  const name = groupNames[serial % groupNames.length] ?? ''
  return serial < groupNames.length ? name : `${name} ${serial}`
}

/**
 * A made-up tenant. `users` are in scope and enabled; for every 25 of them one more is blocked,
 * unassigned or in the recycle bin from the start. The first group has everybody, the second nobody.
 */
export function makeTenant(size: { seed: number; users: number; groups: number }): Tenant {
  const random = makeRandom(size.seed)
  const users: EntraUser[] = []
  const chiefs = Math.max(1, Math.ceil(size.users / 10))
  for (let serial = 1; serial <= size.users + Math.floor(size.users / 25); serial += 1) {
    const manager = random.chance(0.85) ? users[random.below(chiefs)] : undefined
    const user = makeUser(random, serial, manager?.objectId ?? null)
    const outside = serial - size.users
    if (outside <= 0) users.push(user)
    else if (outside % 3 === 1) users.push({ ...user, accountEnabled: false })
    else if (outside % 3 === 2) users.push({ ...user, assigned: false })
    else users.push(recycle(user))
  }
  const groups: EntraGroup[] = Array.from({ length: size.groups }, (_, serial) => {
    const count = 1 + random.below(Math.min(users.length, 500))
    const some = Array.from({ length: users.length > 0 ? count : 0 }, () => random.pick(users))
    const members = serial === 0 ? users : serial === 1 ? [] : some
    return {
      objectId: random.uuid(),
      displayName: makeGroupName(serial),
      members: new Set(members.map(({ objectId }) => objectId)),
    }
  })
  return {
    users: new Map(
      users.map((user) => [user.objectId, { ...user, wasActive: isActive(user) }] as const),
    ),
    groups: new Map(groups.map((group) => [group.objectId, group] as const)),
    version: 0,
  }
}
