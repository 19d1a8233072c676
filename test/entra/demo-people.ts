import type { Person } from './authority/authority.ts'
import type { Colleagues } from './demo-colleagues.ts'
import { type EntraUser, isActive, type Tenant } from './tenant.ts'

/** Those whom the stand-in for Entra signs in. */
export type DemoPeople = {
  /** Gets in. Undefined in a tenant where nobody may. */
  known: Person | undefined
  /** Gets in since the import. Undefined where nobody was imported. */
  imported: Person | undefined
  /** Was here before, and gets in through Entra since the link. Undefined where nobody was linked. */
  linked: Person | undefined
  /** Has left: Entra turns the account away. Undefined where nobody has. */
  left: Person | undefined
  /** In Entra, and not provisioned. */
  unknown: Person
  /** Turned away by Entra. */
  unassigned: Person
  /** Everybody, those above first. */
  all: readonly Person[]
}

/** A name that everybody can type. */
const PLAIN = /^[A-Za-z '.-]+$/u

const strangers: readonly [unknown: Person, another: Person, unassigned: Person] = [
  {
    objectId: '0d300000-0000-4000-8000-000000000001',
    userPrincipalName: 'nora.newcomer@contoso.example',
    displayName: 'Nora Newcomer (not provisioned)',
  },
  {
    objectId: '0d300000-0000-4000-8000-000000000002',
    userPrincipalName: 'noah.newcomer@contoso.example',
    displayName: 'Noah Newcomer (not provisioned)',
  },
  {
    objectId: '0d300000-0000-4000-8000-000000000003',
    userPrincipalName: 'otto.outsider@contoso.example',
    displayName: 'Otto Outsider (not assigned)',
    problem: 50105,
  },
]

/** Somebody of the tenant as the stand-in signs them in. */
export function personOf({
  objectId,
  userPrincipalName,
  displayName,
  appRoles,
}: EntraUser): Person {
  return {
    objectId,
    userPrincipalName,
    displayName,
    appRoles: appRoles.map(({ value }) => value),
  }
}

/** `AADSTS50057`: the account is disabled. */
const DISABLED = 50057

/** The people of a tenant who may sign in, the colleagues who are in it beside them, and some whom it does not have. */
export function demoPeople(tenant: Tenant, colleagues?: Colleagues): DemoPeople {
  const members = [...tenant.users.values()].filter(isActive).map(personOf)
  const named = Map.groupBy(members, ({ displayName }) => displayName)
  const plain = [...named].find(([name, { length }]) => length === 1 && PLAIN.test(name))
  const known = plain?.[1][0] ?? members[0]
  const others = (colleagues?.all ?? []).map((colleague) => {
    const user = tenant.users.get(colleague.objectId) ?? colleague
    return { ...personOf(user), ...(user.accountEnabled ? {} : { problem: DISABLED }) }
  })
  const [unknown, another, unassigned] = strangers
  const first = known ? [known, unknown, another, unassigned] : [...strangers]
  const linkedId = colleagues?.linked[0]?.objectId
  return {
    known,
    imported: others[0],
    linked: others.find(({ objectId }) => objectId === linkedId),
    left: others.find(({ problem }) => problem === DISABLED),
    unknown,
    unassigned,
    all: [...first, ...members.filter((person) => person !== known), ...others],
  }
}
