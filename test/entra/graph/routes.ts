import { getApplication, listApplications } from './applications.ts'
import { userDelta } from './delta.ts'
import { GraphFailure, malformed } from './failure.ts'
import { getGroup, listGroups, listMembers, listTransitiveMembers } from './groups.ts'
import { getByIds } from './objects.ts'
import type { Answer, GraphRequest } from './request.ts'
import { getServicePrincipal, listAssigned, listServicePrincipals } from './service-principals.ts'
import type { Context } from './state.ts'
import {
  countUsers,
  getDeletedItem,
  getManager,
  getMemberObjects,
  getUser,
  listAssignmentsOfUser,
  listDeletedUsers,
  listGroupsOfUser,
  listUsers,
} from './users.ts'

type Handler = (context: Context) => Answer

interface Route {
  readonly method: 'GET' | 'POST'
  /** As in `/users/{}/manager`. */
  readonly pattern: string
  readonly segments: readonly RegExp[]
  readonly handle: Handler
}

export interface Match {
  readonly pattern: string
  readonly handle: Handler
  readonly ids: readonly string[]
}

/** A segment of a pattern: any text stands where it says `{}`. */
function segmentPattern(segment: string): RegExp {
  const literal = segment.replaceAll(/[.$()]/gu, String.raw`\$&`).replace('{}', '(.+)')
  return new RegExp(`^${literal}$`, 'iu')
}

function route(method: Route['method'], pattern: string, handle: Handler): Route {
  const segments = pattern.split('/').filter(Boolean).map(segmentPattern)
  return { method, pattern, segments, handle }
}

const ROUTES: readonly Route[] = [
  route('GET', '/users', listUsers),
  route('GET', '/users/$count', countUsers),
  route('GET', '/users/delta', userDelta),
  route('GET', '/users/microsoft.graph.delta()', userDelta),
  route('GET', '/users/{}', getUser),
  route('GET', '/users/{}/manager', getManager),
  route('GET', '/users/{}/transitiveMemberOf', listGroupsOfUser),
  route('GET', '/users/{}/transitiveMemberOf/{}', listGroupsOfUser),
  route('GET', '/users/{}/appRoleAssignments', listAssignmentsOfUser),
  route('POST', '/users/{}/getMemberObjects', getMemberObjects),
  route('GET', '/groups', listGroups),
  route('GET', '/groups/{}', getGroup),
  route('GET', '/groups/{}/members', listMembers),
  route('GET', '/groups/{}/members/{}', listMembers),
  route('GET', '/groups/{}/transitiveMembers', listTransitiveMembers),
  route('GET', '/groups/{}/transitiveMembers/{}', listTransitiveMembers),
  route('GET', '/applications', listApplications),
  route('GET', "/applications(appId='{}')", getApplication('appId')),
  route('GET', '/applications/{}', getApplication('id')),
  route('GET', '/servicePrincipals', listServicePrincipals),
  route('GET', "/servicePrincipals(appId='{}')", getServicePrincipal('appId')),
  route('GET', "/servicePrincipals(appId='{}')/appRoleAssignedTo", listAssigned('appId')),
  route('GET', '/servicePrincipals/{}', getServicePrincipal('id')),
  route('GET', '/servicePrincipals/{}/appRoleAssignedTo', listAssigned('id')),
  route('GET', '/directory/deletedItems/microsoft.graph.user', listDeletedUsers),
  route('GET', '/directory/deletedItems/{}', getDeletedItem),
  route('POST', '/directoryObjects/getByIds', getByIds),
]

function matchSegments(route: Route, segments: readonly string[]): readonly string[] | undefined {
  if (route.segments.length !== segments.length) return undefined
  const ids: string[] = []
  for (const [index, pattern] of route.segments.entries()) {
    const found = pattern.exec(segments[index] ?? '')
    if (found === null) return undefined
    ids.push(...found.slice(1))
  }
  return ids
}

/**
 * What answers a request, or 400 for a path that does not exist and 405 for a method that it does
 * not take.
 */
export function findRoute({ method, segments }: GraphRequest): Match {
  let known = false
  for (const route of ROUTES) {
    const ids = matchSegments(route, segments)
    if (ids === undefined) continue
    if (route.method === method) return { pattern: route.pattern, handle: route.handle, ids }
    known = true
  }
  if (known) {
    const sentence = 'Specified HTTP method is not allowed for the request target.'
    throw new GraphFailure(405, 'Request_BadRequest', sentence)
  }
  throw malformed(`Resource not found for the segment '${segments.at(-1) ?? ''}'.`)
}
