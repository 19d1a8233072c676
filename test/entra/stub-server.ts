import { randomUUID } from 'node:crypto'
import { isRecord, readTarget, type Resource, type TargetValue, writeTarget } from './mapping.ts'
import type { Transport, WireAnswer, WireRequest } from './transport.ts'

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

type Kind = 'Users' | 'Groups'

/** Looks at each request first; what it returns is the answer, and undefined lets the request pass. */
export type Hook = (request: WireRequest) => WireAnswer | undefined

/** A SCIM server in memory, just able enough for the provisioning client's own tests. */
export type StubServer = {
  transport: Transport
  resources: Record<Kind, Map<string, Resource>>
  /** Every request that came in. */
  log: WireRequest[]
  setHook: (hook: Hook | null) => void
}

export function answer(status: number, body: unknown = null): WireAnswer {
  return {
    status,
    contentType: body === null ? null : 'application/scim+json',
    retryAfter: null,
    body: body === null ? '' : JSON.stringify(body),
  }
}

export function scimError(status: number, detail: string): WireAnswer {
  return answer(status, { schemas: [], status: String(status), detail })
}

function fold(value: unknown): string {
  return String(value).toLowerCase()
}

function clear(resource: Resource, name: string, keep: (element: Resource) => boolean): void {
  const list: unknown[] = Array.isArray(resource[name]) ? resource[name] : []
  resource[name] = list.filter(isRecord).filter(keep)
}

function setTarget(resource: Resource, target: string, value: unknown): void {
  if (target.endsWith(':manager')) {
    const inner = isRecord(resource[ENTERPRISE]) ? resource[ENTERPRISE] : {}
    const id = isRecord(value) ? value['value'] : value
    resource[ENTERPRISE] = { ...inner, manager: id === undefined ? undefined : { value: id } }
    return
  }
  const known = { True: true, False: false }[String(value)]
  const given = target === 'active' && known !== undefined ? known : value
  writeTarget(resource, target, given as TargetValue)
}

function applyOperation(resource: Resource, operation: Resource): void {
  const op = fold(operation['op'])
  const path = operation['path']
  const value = operation['value']
  if (typeof path !== 'string') {
    for (const [key, inner] of Object.entries(isRecord(value) ? value : {})) {
      setTarget(resource, key, inner)
    }
    return
  }
  if (!path.startsWith('members')) {
    setTarget(resource, path, op === 'remove' ? undefined : value)
    return
  }
  const one = /^members\[value eq "(.+)"\]$/u.exec(path)?.[1]
  const list: unknown[] = Array.isArray(value) ? value : []
  const ids = new Set([one, ...list.filter(isRecord).map((member) => member['value'])])
  clear(resource, 'members', (member) => !ids.has(member['value']))
  if (op === 'add' && Array.isArray(resource['members'])) {
    for (const id of ids) if (id !== undefined) resource['members'].push({ value: id })
  }
}

export function makeStubServer(): StubServer {
  const resources: StubServer['resources'] = { Users: new Map(), Groups: new Map() }
  const log: WireRequest[] = []
  let hook: Hook | null = null

  const render = (kind: Kind, resource: Resource): Resource => {
    if (kind === 'Groups') return resource
    const groups = [...resources.Groups.values()].filter((group) => {
      const members: unknown[] = Array.isArray(group['members']) ? group['members'] : []
      return members.some((member) => isRecord(member) && member['value'] === resource['id'])
    })
    return groups.length > 0
      ? { ...resource, groups: groups.map(({ id }) => ({ value: id })) }
      : resource
  }

  const list = (kind: Kind, query: URLSearchParams): WireAnswer => {
    let found = [...resources[kind].values()]
    for (const term of query.get('filter')?.split(/ and (?=\w+ eq)/u) ?? []) {
      const [, target = '', literal = '""'] = /^(.+) eq (".*")$/su.exec(term) ?? []
      const wanted: unknown = JSON.parse(literal)
      const path = target === 'manager' ? `${ENTERPRISE}:manager` : target
      found = found.filter((resource) => {
        const value = readTarget(resource, path)
        return fold(isRecord(value) ? value['value'] : value) === fold(wanted)
      })
    }
    const from = Number(query.get('startIndex') ?? 1) - 1
    const page = found.slice(from, from + Number(query.get('count') ?? 200))
    return answer(200, {
      totalResults: found.length,
      Resources: page.map((resource) => render(kind, resource)),
    })
  }

  /** As Entrance does it: the same person comes back, a stranger's inactive account gives the name up. */
  const create = (kind: Kind, body: Resource): WireAnswer => {
    const key = kind === 'Users' ? 'userName' : 'displayName'
    for (const other of resources[kind].values()) {
      if (fold(other[key]) !== fold(body[key])) continue
      if (kind === 'Groups' || other['active'] !== false) return scimError(409, `${key} is taken.`)
      if (other['externalId'] === body['externalId']) {
        Object.assign(other, body)
        return answer(201, other)
      }
      other[key] = `${String(other['id']).replaceAll('-', '')}${String(other[key])}`
    }
    const id = randomUUID()
    const resource = { ...body, id }
    resources[kind].set(id, resource)
    return answer(201, resource)
  }

  const leaveGroups = (id: unknown): void => {
    for (const group of resources.Groups.values()) {
      clear(group, 'members', (member) => member['value'] !== id)
    }
  }

  const change = (kind: Kind, resource: Resource, body: Resource): WireAnswer => {
    const next = structuredClone(resource)
    const operations: unknown[] = Array.isArray(body['Operations']) ? body['Operations'] : []
    for (const operation of operations.filter(isRecord)) applyOperation(next, operation)
    const renamed = /^[0-9a-f]{32}/u.test(String(next['userName'])) && next['active'] === false
    if (renamed) {
      next['userName'] = resource['userName']
      if (resource['emails'] !== undefined) next['emails'] = resource['emails']
    }
    for (const other of kind === 'Users' ? resources.Users.values() : []) {
      const same = fold(other['userName']) === fold(next['userName'])
      if (same && other !== resource) return scimError(409, 'userName is taken.')
    }
    resources[kind].set(String(resource['id']), next)
    const handed = resource['active'] === false && next['externalId'] !== resource['externalId']
    if (handed) leaveGroups(resource['id'])
    return kind === 'Users' ? answer(200, next) : answer(204)
  }

  const remove = (kind: Kind, id: string): WireAnswer => {
    resources[kind].delete(id)
    leaveGroups(id)
    return answer(204)
  }

  const handle = (request: WireRequest): WireAnswer => {
    const url = new URL(request.url)
    const [, kindText, id] = /\/(Users|Groups)(?:\/([^/]+))?$/u.exec(url.pathname) ?? []
    const kind: Kind = kindText === 'Groups' ? 'Groups' : 'Users'
    const body: unknown = request.body === null ? {} : JSON.parse(request.body)
    if (!isRecord(body)) return scimError(400, 'The body is not an object.')
    if (id === undefined) {
      return request.method === 'POST' ? create(kind, body) : list(kind, url.searchParams)
    }
    const resource = resources[kind].get(id)
    if (resource === undefined) return scimError(404, `There is no ${id}.`)
    if (request.method === 'PATCH') return change(kind, resource, body)
    if (request.method === 'DELETE') return remove(kind, id)
    return answer(200, render(kind, resource))
  }

  return {
    resources,
    log,
    setHook: (next) => {
      hook = next
    },
    transport: (request) => {
      log.push(request)
      return Promise.resolve().then(() => hook?.(request) ?? handle(request))
    },
  }
}
