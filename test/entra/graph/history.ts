import type { EntraUser, Tenant } from '../tenant.ts'

/** Which users changed, and what they were before: undefined for those who did not exist. */
export type Changes = ReadonlyMap<string, EntraUser | undefined>

/** What happened to the users of a tenant, told by comparing one state with the next. */
export interface History {
  /** Takes in the tenant as it is now. */
  observe(tenant: Tenant): void
  /** Counts the changes that were seen. */
  readonly version: number
  /** Who changed after a version, in the order in which it was noticed. */
  since(version: number): Changes
}

/**
 * Keeps of each change only what is no longer so: users who did not change are the same objects.
 */
export function newHistory(): History {
  const log: Changes[] = []
  let last: Tenant | undefined
  const compare = (before: Tenant, after: Tenant): Changes => {
    const changes = new Map<string, EntraUser | undefined>()
    for (const [id, user] of after.users) {
      const former = before.users.get(id)
      if (former !== user) changes.set(id, former)
    }
    for (const [id, user] of before.users) if (!after.users.has(id)) changes.set(id, user)
    return changes
  }
  return {
    observe: (tenant) => {
      if (tenant === last) return
      if (last !== undefined) {
        const changes = compare(last, tenant)
        if (changes.size > 0) log.push(changes)
      }
      last = tenant
    },
    get version() {
      return log.length
    },
    since: (version) => {
      const all = new Map<string, EntraUser | undefined>()
      for (const changes of log.slice(version)) {
        for (const [id, before] of changes) if (!all.has(id)) all.set(id, before)
      }
      return all
    },
  }
}
