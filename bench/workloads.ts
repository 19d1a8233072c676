import { isRecord, MANAGER } from '../test/entra/mapping.ts'
import { patchAddMembers, patchAttributes, patchManager } from '../test/entra/dialect.ts'
import { equals, withQuery } from '../test/entra/scim-client.ts'
import { ANY_STATUS, type Body, type Exchange, type Script } from './drive.ts'
import { factOf, groupIdOf, idOf } from './people.ts'
import type { CeilingName } from './results.ts'

/** Groups whose size is known, for adding members to; they come after the ordinary ones. */
export const SIZED_GROUPS = [
  { members: 0, groups: 1_000, fromUsers: 0 },
  { members: 1_000, groups: 50, fromUsers: 0 },
  { members: 100_000, groups: 1, fromUsers: 100_000 },
] as const

/** The serial number of the first group of a size. */
export function firstGroupOf(members: number, ordinary: number): number {
  let first = ordinary
  for (const sized of SIZED_GROUPS) {
    if (sized.members === members) return first
    first += sized.groups
  }
  throw new RangeError(`No groups of ${members} members are loaded.`)
}

/** A loaded server as the load generator knows it; what it did stays done from cell to cell. */
export interface World {
  readonly port: number
  readonly token: string
  readonly users: number
  /** The ordinary ones. */
  readonly groups: number
  /** The serial number of the next person to post. */
  nextPerson: number
  /** Counts the users a PATCH was sent for. */
  patched: number
  readonly inactive: Uint8Array
  /** Members added so far, by the size of the groups. */
  readonly added: Map<number, number>
}

export function newWorld(given: Pick<World, 'port' | 'token' | 'users' | 'groups'>): World {
  return {
    ...given,
    nextPerson: given.users,
    patched: 0,
    inactive: new Uint8Array(given.users),
    added: new Map(),
  }
}

export interface Workload {
  readonly about: string
  /** The ceilings its rate is compared with. */
  readonly ceilings: readonly CeilingName[]
  /** The smallest size it makes sense on. */
  readonly fromUsers?: number
  readonly script: (world: World) => Script
  readonly background?: (world: World) => Script
}

const MEDIA_TYPE = 'application/scim+json'
const DEPARTMENT = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department'
/** Coprime to every size, so that it comes by everybody before it comes by anybody again. */
const STRIDE = 7_919

function get(world: World, path: string): string {
  return `GET /scim/v2${path} HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nAuthorization: Bearer ${world.token}\r\nAccept: ${MEDIA_TYPE}\r\n\r\n`
}

function send(world: World, method: string, path: string, body: string): string {
  return `${method} /scim/v2${path} HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nAuthorization: Bearer ${world.token}\r\nAccept: ${MEDIA_TYPE}\r\nContent-Type: ${MEDIA_TYPE}; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

function somebody({ users }: World): number {
  return Math.floor(Math.random() * users)
}

/** The next one to be changed; two requests on their way never mean the same one. */
function nextSomebody(world: World): number {
  world.patched += 1
  return (world.patched * STRIDE) % world.users
}

function expectValue(what: string, actual: unknown, wanted: unknown): string | undefined {
  if (actual === wanted) return undefined
  return `${what} is ${JSON.stringify(actual)} instead of ${JSON.stringify(wanted)}`
}

function* getById(world: World): Script {
  for (;;) {
    const serial = somebody(world)
    yield {
      request: get(world, `/Users/${idOf(serial)}`),
      status: 200,
      check: (body) =>
        expectValue('id', body['id'], idOf(serial)) ??
        expectValue('userName', body['userName'], factOf(serial, 'userName')),
    }
  }
}

function expectFound(body: Body, id: string | undefined): string | undefined {
  const total = id === undefined ? 0 : 1
  const resources: unknown[] = Array.isArray(body['Resources']) ? body['Resources'] : []
  const [first] = resources
  return (
    expectValue('totalResults', body['totalResults'], total) ??
    expectValue('the id found', isRecord(first) ? first['id'] : undefined, id)
  )
}

function find(world: World, target: string, value: string, id: string | undefined): Exchange {
  return {
    request: get(world, withQuery('/Users', { filter: equals(target, value) })),
    status: 200,
    check: (body) => expectFound(body, id),
  }
}

function findBy(target: string, fact: 'userName' | 'externalId' | 'email') {
  return function* (world: World): Script {
    for (;;) {
      const serial = somebody(world)
      yield find(world, target, factOf(serial, fact), idOf(serial))
    }
  }
}

function* findNobody(world: World): Script {
  for (let tries = 0; ; tries += 1) {
    yield find(world, 'userName', `nobody.${somebody(world)}.${tries}@contoso.example`, undefined)
  }
}

const PAGE = 100

function listPage(startOf: (users: number) => number) {
  return function* (world: World): Script {
    const start = Math.max(1, startOf(world.users))
    const path = withQuery('/Users', { startIndex: String(start), count: String(PAGE) })
    for (;;) {
      yield {
        request: get(world, path),
        status: 200,
        check(body) {
          const total = Number(body['totalResults'])
          const resources: unknown[] = Array.isArray(body['Resources']) ? body['Resources'] : []
          const [first] = resources
          return (
            expectValue('totalResults is enough', total >= world.users, true) ??
            expectValue('itemsPerPage', resources.length, Math.min(PAGE, world.users)) ??
            expectValue('the first id', isRecord(first) ? first['id'] : undefined, idOf(start - 1))
          )
        },
      }
    }
  }
}

function post(world: World, serial: number, read = false): Exchange {
  return {
    request: send(world, 'POST', '/Users', factOf(serial, 'body')),
    status: 201,
    read,
    check: (body) => expectValue('userName', body['userName'], factOf(serial, 'userName')),
  }
}

function takePerson(world: World): number {
  world.nextPerson += 1
  return world.nextPerson - 1
}

function* postUsers(world: World): Script {
  for (;;) yield post(world, takePerson(world))
}

function patchUser(world: World, id: string, body: object, check: Exchange['check']): Exchange {
  return {
    request: send(world, 'PATCH', `/Users/${id}`, JSON.stringify(body)),
    status: 200,
    ...(check ? { check } : {}),
  }
}

function* patchActive(world: World): Script {
  for (;;) {
    const serial = nextSomebody(world)
    const value = world.inactive[serial] === 1
    world.inactive[serial] = value ? 0 : 1
    const body = patchAttributes('legacy', [{ target: 'active', value, had: true }])
    yield patchUser(world, idOf(serial), body, (answer) =>
      expectValue('active', answer['active'], value),
    )
  }
}

function* patchEnterprise(world: World): Script {
  for (;;) {
    const serial = nextSomebody(world)
    const value = `Department ${world.patched}`
    const body = patchAttributes('legacy', [{ target: DEPARTMENT, value, had: true }])
    yield patchUser(world, idOf(serial), body, (answer) => {
      const enterprise = answer[DEPARTMENT.slice(0, DEPARTMENT.lastIndexOf(':'))]
      const department = isRecord(enterprise) ? enterprise['department'] : undefined
      return expectValue('department', department, value)
    })
  }
}

function addMembers(world: World, group: string, ids: readonly string[]): Exchange {
  const body = JSON.stringify(patchAddMembers('legacy', ids))
  return { request: send(world, 'PATCH', `/Groups/${group}`, body), status: 204 }
}

/** Asks, as Entra does, whether somebody is a member. */
function isMember(world: World, group: string, id: string): Exchange {
  const filter = `${equals('id', group)} and ${equals('members.value', id)}`
  return {
    request: get(world, withQuery('/Groups', { excludedAttributes: 'members', filter })),
    status: 200,
    aside: true,
    check: (body) => expectFound(body, group),
  }
}

/** Adds one person at a time, to the groups of one size in turn; ends when everybody is in each of them. */
function addTo(members: number) {
  return function* (world: World): Script {
    const sized = SIZED_GROUPS.find((each) => each.members === members)
    const groups = sized?.groups ?? 1
    for (;;) {
      const turn = world.added.get(members) ?? 0
      const round = Math.floor(turn / groups)
      if (round >= world.users) return
      world.added.set(members, turn + 1)
      const group = groupIdOf(firstGroupOf(members, world.groups) + (turn % groups))
      const id = idOf((round * STRIDE) % world.users)
      yield addMembers(world, group, [id])
      if (turn % PAGE === 0) yield isMember(world, group, id)
    }
  }
}

const MEMBERS_TOGETHER = 4

/** What each person of an initial cycle costs: looked for, made, given a manager; now and then some join a group. */
function* initialCycle(world: World): Script {
  let made: string[] = []
  for (;;) {
    const serial = takePerson(world)
    yield find(world, 'userName', factOf(serial, 'userName'), undefined)
    const id = /"id":"([^"]+)"/.exec(yield post(world, serial, true))?.[1]
    if (id === undefined) continue
    const manager = idOf(somebody(world))
    yield patchUser(world, id, patchManager('legacy', manager, false), (answer) => {
      const enterprise = answer[MANAGER.slice(0, MANAGER.lastIndexOf(':'))]
      const actual = isRecord(enterprise) ? enterprise['manager'] : undefined
      return expectValue('manager', isRecord(actual) ? actual['value'] : undefined, manager)
    })
    made.push(id)
    if (made.length < MEMBERS_TOGETHER) continue
    yield addMembers(world, groupIdOf(serial % world.groups), made)
    made = []
  }
}

/** A filter that no index answers and nobody matches, over and over; being refused for its cost is an answer too. */
function* scan(world: World): Script {
  for (;;) {
    yield {
      request: get(world, withQuery('/Users', { filter: 'title co "no such title"' })),
      status: ANY_STATUS,
    }
  }
}

/** The name that the initial cycle has when it goes on for long, to see whether memory grows. */
export const SOAK = 'soak'

const READ: readonly CeilingName[] = ['get', 'select']
const WRITE: readonly CeilingName[] = ['post', 'insert']

/** In the order in which they run: what makes the rows of others longer comes last. */
export const workloads: Readonly<Record<string, Workload>> = {
  get: { about: 'GET by id', ceilings: READ, script: getById },
  'user-name': {
    about: '`userName eq`, hit',
    ceilings: READ,
    script: findBy('userName', 'userName'),
  },
  'user-name-miss': { about: '`userName eq`, miss', ceilings: READ, script: findNobody },
  'external-id': {
    about: '`externalId eq`',
    ceilings: READ,
    script: findBy('externalId', 'externalId'),
  },
  email: {
    about: '`emails[type eq "work"].value eq`',
    ceilings: READ,
    script: findBy('emails[type eq "work"].value', 'email'),
  },
  'list-start': { about: 'page of 100, first', ceilings: READ, script: listPage(() => 1) },
  'list-middle': {
    about: 'page of 100, middle',
    ceilings: READ,
    script: listPage((users) => Math.floor(users / 2)),
  },
  'list-end': {
    about: 'page of 100, last',
    ceilings: READ,
    script: listPage((users) => users - PAGE + 1),
  },
  'get-during-scan': {
    about: 'GET by id beside `title co`',
    ceilings: READ,
    script: getById,
    background: scan,
  },
  post: { about: 'POST', ceilings: WRITE, script: postUsers },
  'patch-active': { about: 'PATCH `active`', ceilings: WRITE, script: patchActive },
  'patch-enterprise': { about: 'PATCH `department`', ceilings: WRITE, script: patchEnterprise },
  'initial-cycle': { about: 'initial cycle of Entra', ceilings: WRITE, script: initialCycle },
  'member-0': { about: 'add a member to an empty group', ceilings: WRITE, script: addTo(0) },
  'member-1000': { about: 'add a member to 1,000', ceilings: WRITE, script: addTo(1_000) },
  'member-100000': {
    about: 'add a member to 100,000',
    ceilings: WRITE,
    fromUsers: 100_000,
    script: addTo(100_000),
  },
}

function* getFixed(world: World): Script {
  for (;;) {
    yield {
      request: get(world, `/Users/${idOf(somebody(world))}`),
      status: 200,
      check: (body) => expectValue('the type of id', typeof body['id'], 'string'),
    }
  }
}

/** What the bare servers are asked. */
export const ceilingScripts = { get: getFixed, post: postUsers }
