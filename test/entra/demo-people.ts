import type { Person } from './authority/authority.ts'
import { type EntraUser, isActive, type Tenant } from './tenant.ts'

/** Those whom the stand-in for Entra signs in. */
export type DemoPeople = {
  /** Gets in. Undefined in a tenant where nobody may. */
  known: Person | undefined
  /** Gets in since the import. Undefined where nobody was imported. */
  imported: Person | undefined
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

function personOf({ objectId, userPrincipalName, displayName, appRoles }: EntraUser): Person {
  return {
    objectId,
    userPrincipalName,
    displayName,
    appRoles: appRoles.map(({ value }) => value),
  }
}

/** The people of a tenant who may sign in, those who were imported beside them, and some whom it does not have. */
export function demoPeople(tenant: Tenant, colleagues: readonly EntraUser[] = []): DemoPeople {
  const members = [...tenant.users.values()].filter(isActive).map(personOf)
  const named = Map.groupBy(members, ({ displayName }) => displayName)
  const plain = [...named].find(([name, { length }]) => length === 1 && PLAIN.test(name))
  const known = plain?.[1][0] ?? members[0]
  const others = colleagues.map(personOf)
  const [unknown, another, unassigned] = strangers
  const first = known ? [known, unknown, another, unassigned] : [...strangers]
  return {
    known,
    imported: others[0],
    unknown,
    unassigned,
    all: [...first, ...members.filter((person) => person !== known), ...others],
  }
}
