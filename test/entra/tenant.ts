/** An app role that is assigned to a user. */
export type AppRole = { value: string; displayName: string }

/** What a person's record in the directory says; `null` is no value. */
export type Person = {
  userPrincipalName: string
  displayName: string
  givenName: string | null
  surname: string | null
  mail: string | null
  jobTitle: string | null
  department: string | null
  employeeId: string | null
  mobile: string | null
  telephoneNumber: string | null
  fax: string | null
  office: string | null
  street: string | null
  city: string | null
  state: string | null
  postalCode: string | null
  country: string | null
  preferredLanguage: string | null
  /** Object id of the manager. */
  manager: string | null
  appRoles: readonly AppRole[]
}

export type EntraUser = Person & {
  objectId: string
  guest: boolean
  accountEnabled: boolean
  /** Assigned to the enterprise application, directly or through a group. */
  assigned: boolean
  /** In the recycle bin; the user principal name is then a made-up one. */
  softDeleted: boolean
  /** Gone for good. The record stays so that what is left on a server can be judged. */
  purged: boolean
  /** What the recycle bin renamed. */
  former: Pick<Person, 'userPrincipalName' | 'mail'> | null
  /** Has been in scope and enabled at the end of a change list, so a server has met this user. */
  wasActive: boolean
  /** The last change list that touched the user; 0 for the first state. */
  changedIn: number
}

export type EntraGroup = {
  objectId: string
  displayName: string
  /** Object ids. Members who left the scope stay. */
  members: ReadonlySet<string>
}

export type Tenant = {
  users: ReadonlyMap<string, EntraUser>
  groups: ReadonlyMap<string, EntraGroup>
  /** The number of change lists applied. */
  version: number
}

/** One decision of an administrator of the tenant. */
export type Change =
  | { kind: 'hire'; user: EntraUser }
  | { kind: 'update'; id: string; set: Partial<Person> }
  | { kind: 'unassign' | 'block' | 'soft-delete' | 'purge'; id: string }
  | { kind: 'assign' | 'unblock' | 'restore'; id: string; set: Partial<Person> }
  | { kind: 'create-group'; group: EntraGroup }
  | { kind: 'rename-group'; id: string; displayName: string }
  | { kind: 'delete-group'; id: string }
  | { kind: 'add-members' | 'remove-members'; id: string; members: readonly string[] }

/** Whether the provisioning service looks after the user. */
export function inScope(user: EntraUser): boolean {
  return user.assigned && !user.softDeleted && !user.purged
}

/** What the default mapping says of `active`: in scope and not blocked. */
export function isActive(user: EntraUser): boolean {
  return inScope(user) && user.accountEnabled
}

/** A user in the recycle bin, renamed by Entra so that the name, and a mail that equals it, is free. */
export function recycle(user: EntraUser): EntraUser {
  const { objectId, userPrincipalName, mail } = user
  const renamed = `${objectId.replaceAll('-', '')}${userPrincipalName}`
  return {
    ...user,
    softDeleted: true,
    former: { userPrincipalName, mail },
    userPrincipalName: renamed,
    mail: mail === userPrincipalName ? renamed : mail,
  }
}

/** The user as before the recycle bin. */
export function unrecycle(user: EntraUser): EntraUser {
  return { ...user, ...user.former, softDeleted: false, former: null }
}

/** The user after a change, without the change's marks on the record. */
function changeUser(user: EntraUser, change: Change): EntraUser {
  switch (change.kind) {
    case 'update':
      return { ...user, ...change.set }
    case 'unassign':
      return { ...user, assigned: false }
    case 'assign':
      return { ...user, ...change.set, assigned: true }
    case 'block':
      return { ...user, accountEnabled: false }
    case 'unblock':
      return { ...user, ...change.set, accountEnabled: true }
    case 'soft-delete':
      return recycle(user)
    case 'restore':
      return { ...unrecycle(user), ...change.set }
    case 'purge':
      return { ...user, purged: true }
    case 'hire':
    case 'create-group':
    case 'rename-group':
    case 'delete-group':
    case 'add-members':
    case 'remove-members':
      return user
  }
}

function changeGroup(group: EntraGroup, change: Change): EntraGroup {
  switch (change.kind) {
    case 'rename-group':
      return { ...group, displayName: change.displayName }
    case 'add-members':
      return { ...group, members: new Set([...group.members, ...change.members]) }
    case 'remove-members': {
      const gone = new Set(change.members)
      return { ...group, members: new Set([...group.members].filter((id) => !gone.has(id))) }
    }
    case 'hire':
    case 'update':
    case 'unassign':
    case 'assign':
    case 'block':
    case 'unblock':
    case 'soft-delete':
    case 'restore':
    case 'purge':
    case 'create-group':
    case 'delete-group':
      return group
  }
}

/** The tenant after a list of changes. An unknown id is a mistake of the list and throws. */
export function applyChanges(tenant: Tenant, changes: readonly Change[]): Tenant {
  const users = new Map(tenant.users)
  const groups = new Map(tenant.groups)
  const version = tenant.version + 1
  const touched = new Set<string>()
  for (const change of changes) {
    if (change.kind === 'hire') {
      users.set(change.user.objectId, change.user)
      touched.add(change.user.objectId)
    } else if (change.kind === 'create-group') {
      groups.set(change.group.objectId, change.group)
    } else {
      const user = users.get(change.id)
      const group = groups.get(change.id)
      if (user !== undefined) {
        users.set(user.objectId, changeUser(user, change))
        touched.add(user.objectId)
      } else if (group === undefined) {
        throw new Error(`No user or group has the id ${change.id}.`)
      } else if (change.kind === 'delete-group') {
        groups.delete(group.objectId)
      } else {
        groups.set(group.objectId, changeGroup(group, change))
      }
    }
  }
  for (const id of touched) {
    const user = users.get(id)
    if (user === undefined) continue
    users.set(id, { ...user, changedIn: version, wasActive: user.wasActive || isActive(user) })
  }
  return { users, groups, version }
}

/** The object ids that a list of changes is about, as a delta query would name them. */
export function touchedBy(changes: readonly Change[]): { users: string[]; groups: string[] } {
  const users = new Set<string>()
  const groups = new Set<string>()
  for (const change of changes) {
    switch (change.kind) {
      case 'hire':
        users.add(change.user.objectId)
        break
      case 'create-group':
        groups.add(change.group.objectId)
        break
      case 'rename-group':
      case 'delete-group':
      case 'add-members':
      case 'remove-members':
        groups.add(change.id)
        break
      case 'update':
      case 'unassign':
      case 'assign':
      case 'block':
      case 'unblock':
      case 'soft-delete':
      case 'restore':
      case 'purge':
        users.add(change.id)
        break
    }
  }
  return { users: [...users], groups: [...groups] }
}
