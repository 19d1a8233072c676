import { recycle, type EntraGroup, type EntraUser, type Tenant } from '../tenant.ts'

function idOf(prefix: string, number: number): string {
  return `${prefix.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`
}

function person(number: number, name: string, more: Partial<EntraUser> = {}): EntraUser {
  const [givenName = '', surname = ''] = name.split(' ')
  const address = `${givenName}.${surname}@contoso.example`.toLowerCase().replaceAll("'", '')
  return {
    objectId: idOf('a', number),
    userPrincipalName: address,
    displayName: name,
    givenName,
    surname,
    mail: address,
    jobTitle: 'Engineer',
    department: 'R&D',
    employeeId: `E-${1_000 + number}`,
    mobile: null,
    telephoneNumber: `+44 20 7946 000${number}`,
    fax: null,
    office: 'Building 3',
    street: '12 Quay Street',
    city: 'London',
    state: 'LND',
    postalCode: 'N1 1AA',
    country: 'GB',
    preferredLanguage: 'en-GB',
    manager: null,
    appRoles: [],
    guest: false,
    accountEnabled: true,
    assigned: true,
    softDeleted: false,
    purged: false,
    former: null,
    wasActive: true,
    changedIn: 0,
    ...more,
  }
}

const bertha = person(2, 'Bertha Hill', { jobTitle: 'Chief', department: null })
const sales = [{ value: 'Sales', displayName: 'Sales' }]

/** Seven people, one for each thing that makes a difference to Graph. */
export const people = {
  adele: person(1, 'Adele Vance', { manager: bertha.objectId, appRoles: sales }),
  bertha,
  siobhan: person(3, "Siobhán O'Brien", { department: 'Sales', mobile: '+353 1 000' }),
  guest: person(4, 'Gus Fabrikam', {
    guest: true,
    userPrincipalName: 'gus_fabrikam.example#EXT#@contoso.example',
    mail: 'gus@fabrikam.example',
    department: 'Sales',
  }),
  blocked: person(5, 'Boris Jean-Luc', { accountEnabled: false, mail: null, department: 'Sales' }),
  unassigned: person(6, 'Ursula Adams', { assigned: false, department: 'Finance' }),
  recycled: recycle(person(7, 'Rita Gone')),
}

const team: EntraGroup = {
  objectId: idOf('b', 1),
  displayName: 'Sales EMEA',
  members: new Set([people.siobhan.objectId, people.guest.objectId, people.recycled.objectId]),
}

/** `everybody` has `team` in it, and Adele; nobody is in `empty`. */
export const groups = {
  team,
  everybody: {
    objectId: idOf('b', 2),
    displayName: 'All staff',
    members: new Set([people.adele.objectId, team.objectId]),
  },
  empty: { objectId: idOf('b', 3), displayName: 'Nobody yet', members: new Set<string>() },
}

export function smallTenant(): Tenant {
  return {
    users: new Map(Object.values(people).map((user) => [user.objectId, user])),
    groups: new Map(Object.values(groups).map((group) => [group.objectId, group])),
    version: 0,
  }
}
