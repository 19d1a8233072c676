import { departments, titles } from './names.ts'
import { appRoles, makeGroupName, makeUser } from './make-tenant.ts'
import type { Random } from './random.ts'
import {
  type Change,
  type EntraUser,
  inScope,
  isActive,
  type Person,
  type Tenant,
} from './tenant.ts'

function otherThan<T>(random: Random, items: readonly T[], current: T): T {
  return random.pick(items.filter((item) => item !== current))
}

/** The user principal name with something put before the @. */
function withSuffix(user: EntraUser, suffix: string): string {
  const [local = '', domain = ''] = user.userPrincipalName.split(/(?=@)/u)
  return `${local}${suffix}${domain}`
}

function move(random: Random, user: EntraUser, managers: readonly EntraUser[]): Partial<Person> {
  const moves: (() => Partial<Person>)[] = [
    () => ({ department: otherThan(random, departments, user.department) }),
    () => ({ jobTitle: otherThan<string | null>(random, titles, user.jobTitle) }),
    () => ({ mobile: `+359 88 ${1_000_000 + random.below(9_000_000)}` }),
    () => ({ office: `Room ${random.below(900)} "${random.pick(titles)}"`, postalCode: '00-950' }),
    () => ({ manager: random.pick(managers).objectId }),
    () => ({ displayName: `${user.displayName} 💍`, surname: `${user.surname ?? ''}-Neu` }),
    () => ({
      jobTitle: otherThan<string | null>(random, titles, user.jobTitle),
      department: otherThan(random, departments, user.department),
      manager: random.pick(managers).objectId,
    }),
  ]
  return random.pick(moves)()
}

/**
 * What happens in a tenant between two cycles. Nobody is touched twice in a list, and those who
 * leave the scope were not touched by the list before, so that each change reaches the server alone.
 * A tenant of a few dozen users gets one or two of each kind.
 */
export function makeChanges(tenant: Tenant, random: Random, cycle: number): Change[] {
  const all = [...tenant.users.values()]
  const leads = new Set(all.map(({ manager }) => manager))
  const active = random.shuffle(all.filter(isActive))
  // Managers stay, so that a reference made in this list is good when it is sent.
  const managers = [
    ...active.filter(({ objectId }) => leads.has(objectId)).slice(0, 9),
    ...active.slice(0, 1),
  ]
  const reserved = new Set(managers.map(({ objectId }) => objectId))
  const pool = active.filter(({ objectId }) => !reserved.has(objectId))
  const settled = pool.filter(({ changedIn }) => changedIn < tenant.version || changedIn === 0)
  const changes: Change[] = []
  const used = new Set<string>()
  const share = (percent: number): number =>
    Math.max(1, Math.round((active.length * percent) / 100))
  const take = (from: readonly EntraUser[], count: number): EntraUser[] => {
    const taken = from.filter(({ objectId }) => !used.has(objectId)).slice(0, count)
    for (const { objectId } of taken) used.add(objectId)
    return taken
  }
  const update = (user: EntraUser, set: Partial<Person>): void => {
    changes.push({ kind: 'update', id: user.objectId, set })
  }
  if (managers.length === 0) return []

  // Comings and goings of accounts the server has met.
  const gone = all.filter((user) => user.wasActive && !user.purged && !isActive(user))
  const recycled = gone.filter(({ softDeleted }) => softDeleted)
  const unassigned = gone.filter(({ assigned, softDeleted }) => !assigned && !softDeleted)
  const newcomers = all.filter((user) => !user.wasActive && !user.assigned && !user.softDeleted)
  const blocked = all.filter((user) => inScope(user) && !user.accountEnabled)
  const purged: EntraUser[] = []
  // Those who come back get a manager who is there: the old one may have left in the meantime.
  const back = (kind: 'assign' | 'unblock' | 'restore', user: EntraUser): void => {
    const set = { manager: random.pick(managers).objectId, jobTitle: `Back in ${cycle}` }
    changes.push({ kind, id: user.objectId, set })
  }
  for (const user of take(recycled, Math.ceil(recycled.length / 2))) back('restore', user)
  purged.push(...take(recycled, recycled.length))
  const rehired = take(unassigned, Math.ceil(unassigned.length / 2))
  purged.push(...rehired)
  for (const user of take(unassigned, unassigned.length)) back('assign', user)
  for (const user of take(newcomers, 1)) back('assign', user)
  for (const user of take(blocked, share(1))) back('unblock', user)
  for (const { objectId } of purged) {
    changes.push({ kind: 'purge', id: objectId })
    for (const user of all) {
      if (user.manager !== objectId || !inScope(user)) continue
      used.add(user.objectId)
      update(user, { manager: null })
    }
  }

  for (const user of take(settled, share(2))) changes.push({ kind: 'unassign', id: user.objectId })
  for (const user of take(settled, share(1))) changes.push({ kind: 'block', id: user.objectId })
  for (const user of take(settled, share(2)))
    changes.push({ kind: 'soft-delete', id: user.objectId })

  // A takes the name that B gives up; served in this order A meets B's old name.
  const employees = pool.filter(({ guest }) => !guest)
  const [first, second] = take(employees, 2)
  if (first !== undefined && second !== undefined) {
    update(first, { userPrincipalName: second.userPrincipalName })
    update(second, { userPrincipalName: withSuffix(second, `.c${cycle}`) })
  }
  for (const user of take(employees, share(1))) {
    const userPrincipalName = withSuffix(user, `.married${cycle}`)
    update(user, { userPrincipalName, mail: userPrincipalName })
  }
  for (const user of take(employees, 1)) {
    const upper = user.userPrincipalName.toUpperCase()
    const lower = user.userPrincipalName.toLowerCase()
    update(user, { userPrincipalName: user.userPrincipalName === lower ? upper : lower })
  }
  for (const user of take(
    pool.filter(({ department }) => department !== null),
    share(1),
  )) {
    update(user, { department: null })
  }
  for (const user of take(pool, share(2))) {
    const roles = random.shuffle(appRoles).slice(0, random.below(3))
    update(user, { appRoles: user.appRoles.length > 0 && random.chance(0.5) ? [] : roles })
  }
  for (const user of take(pool, share(6))) update(user, move(random, user, managers))

  const hires = Array.from({ length: share(2) }, (_, index) =>
    makeUser(random, tenant.users.size + index + 1, random.pick(managers).objectId),
  )
  for (const old of rehired) {
    // The same person under a new object id, with at least what the old record had.
    hires.push({
      ...old,
      objectId: random.uuid(),
      manager: random.pick(managers).objectId,
      jobTitle: 'Rehired',
      assigned: true,
      accountEnabled: true,
      purged: false,
    })
  }
  for (const user of hires) changes.push({ kind: 'hire', user })

  const leaving = new Set(
    changes.flatMap((change) =>
      change.kind === 'unassign' || change.kind === 'block' || change.kind === 'soft-delete'
        ? [change.id]
        : [],
    ),
  )
  const joinable = active.map(({ objectId }) => objectId).filter((id) => !leaving.has(id))
  changes.push(...makeGroupChanges(tenant, random, cycle, joinable, hires))
  return changes
}

function makeGroupChanges(
  tenant: Tenant,
  random: Random,
  cycle: number,
  joinable: readonly string[],
  hires: readonly EntraUser[],
): Change[] {
  const changes: Change[] = []
  const [everybody, ...others] = tenant.groups.values()
  const shuffled = random.shuffle(others)
  const count = Math.max(1, Math.round(others.length / 10))
  for (const group of shuffled.slice(0, count)) {
    const displayName = `${group.displayName} (${cycle})`
    changes.push({ kind: 'rename-group', id: group.objectId, displayName })
  }
  const newcomers = hires.map(({ objectId }) => objectId)
  if (everybody !== undefined) {
    changes.push({ kind: 'add-members', id: everybody.objectId, members: newcomers })
  }
  for (const group of shuffled.slice(0, count * 5)) {
    const stay = joinable.filter((id) => group.members.has(id))
    const out = random.shuffle(stay).slice(0, Math.ceil(stay.length / 20))
    if (out.length > 0) changes.push({ kind: 'remove-members', id: group.objectId, members: out })
    const come = random.shuffle(joinable.filter((id) => !group.members.has(id))).slice(0, 30)
    const members = [...come.slice(0, Math.ceil(joinable.length / 50)), ...newcomers.slice(0, 1)]
    changes.push({ kind: 'add-members', id: group.objectId, members })
  }
  const doomed = shuffled[count * 5]
  if (doomed !== undefined) {
    // The name comes back at once as another group.
    changes.push({ kind: 'delete-group', id: doomed.objectId })
    const members = new Set(random.shuffle(joinable).slice(0, 5))
    const { displayName } = doomed
    changes.push({
      kind: 'create-group',
      group: { objectId: random.uuid(), displayName, members },
    })
  }
  changes.push({
    kind: 'create-group',
    group: {
      objectId: random.uuid(),
      displayName: `${makeGroupName(cycle)} – new in ${cycle}`,
      members: new Set(newcomers),
    },
  })
  return changes
}
