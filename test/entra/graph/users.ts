import type { EntraUser } from '../tenant.ts'
import { isLive } from './assignments.ts'
import { badRequest, malformed, notFound } from './failure.ts'
import { odataType, render } from './kind.ts'
import { contextOf, listPage } from './list.ts'
import { relatedPage } from './objects.ts'
import { need } from './permissions.ts'
import { checkOptions, readNames, readQuery } from './query.ts'
import { isEventual, type Answer, type GraphRequest } from './request.ts'
import { assignmentKind } from './service-principal-kind.ts'
import { urlOf, type Context } from './state.ts'
import { userKind } from './user-kind.ts'

const LIST = '$select $filter $search $orderby $top $count'

/** The user of the path, or 404: what is in the recycle bin is not here. */
function userOf({ directory, ids: [id = ''] }: Context): EntraUser {
  const user = directory.user(id)
  if (user === undefined) throw notFound(id)
  return user
}

/** The names in `$expand=manager($select=…)`. */
function readExpand({ options }: GraphRequest): readonly string[] | undefined {
  const expand = options.get('$expand')
  if (expand === undefined) return undefined
  const found = /^manager(?:\(\$select=([^()]*)\))?$/u.exec(expand)
  if (found !== null) return readNames(userKind, found[1])
  throw malformed(`Parsing OData Select and Expand failed: '${expand}' cannot be expanded.`)
}

function showUser(
  { directory }: Context,
  user: EntraUser,
  names: readonly string[],
  expanded: readonly string[] | undefined,
): object {
  const shown = render(userKind, user, names)
  const manager = expanded === undefined ? undefined : directory.manager(user)
  if (expanded === undefined || manager === undefined) return shown
  const type = odataType(userKind)
  return { ...shown, manager: { '@odata.type': type, ...render(userKind, manager, expanded) } }
}

export function listUsers(context: Context): Answer {
  need(context, 'users')
  const expanded = readExpand(context.request)
  return listPage(context, {
    kind: userKind,
    items: context.directory.people(),
    where: isLive,
    allowed: `${LIST} $expand`,
    set: 'users',
    show: (user, names) => showUser(context, user, names, expanded),
  })
}

/** `GET /users/$count`: a bare number. */
export function countUsers(context: Context): Answer {
  const { directory, request } = context
  need(context, 'users')
  if (!isEventual(request)) throw badRequest('$count is not currently supported.')
  checkOptions(request, '$filter $search')
  const options = new Map([...request.options, ['$count', 'true'] as const])
  const { keep } = readQuery({ ...request, options }, userKind)
  const count = directory.people().filter((user) => isLive(user) && keep(user)).length
  return { status: 200, body: String(count) }
}

export function getUser(context: Context): Answer {
  const { state, request } = context
  need(context, 'users')
  checkOptions(request, '$select $expand')
  const expanded = readExpand(request)
  const names = readNames(userKind, request.options.get('$select'))
  const shown = showUser(context, userOf(context), names, expanded)
  const entity = { '@odata.context': `${contextOf(state, request, 'users')}/$entity` }
  return { status: 200, body: { ...entity, ...shown } }
}

export function getManager(context: Context): Answer {
  const { state, directory, request } = context
  need(context, 'users')
  checkOptions(request, '$select')
  const names = readNames(userKind, request.options.get('$select'))
  const manager = directory.manager(userOf(context))
  if (manager === undefined) throw notFound('manager')
  const entity = {
    '@odata.context': `${contextOf(state, request, 'directoryObjects')}/$entity`,
    '@odata.type': odataType(userKind),
  }
  return { status: 200, body: { ...entity, ...render(userKind, manager, names) } }
}

export function listGroupsOfUser(context: Context): Answer {
  need(context, 'users', 'groups')
  const groups = context.directory.groupsOf(userOf(context).objectId)
  const objects = groups.map((item) => ({ type: 'group', item }) as const)
  return relatedPage(context, objects, { cast: context.ids[1], transitive: true })
}

/** The ids of the groups that a user is in, also through other groups. */
export function getMemberObjects(context: Context): Answer {
  const { state, directory, request } = context
  need(context, 'users')
  const body = (request.body ?? {}) as { readonly securityEnabledOnly?: unknown }
  if (typeof body.securityEnabledOnly !== 'boolean') {
    throw badRequest("The parameter 'securityEnabledOnly' is missing or not a boolean.")
  }
  const groups = directory.groupsOf(userOf(context).objectId)
  return {
    status: 200,
    body: {
      '@odata.context': urlOf(state, '/$metadata#Collection(Edm.String)'),
      value: groups.map(({ objectId }) => objectId),
    },
  }
}

export function listAssignmentsOfUser(context: Context): Answer {
  need(context, 'userAssignments')
  return listPage(context, {
    kind: assignmentKind,
    items: context.directory.assignments().ofUser(userOf(context)),
    allowed: '$select $filter $top $count',
    set: 'appRoleAssignments',
  })
}

/** Users that were deleted less than a month ago and can be restored. */
export function listDeletedUsers(context: Context): Answer {
  need(context, 'users')
  return listPage(context, {
    kind: userKind,
    items: context.directory.people(),
    where: isRecycled,
    allowed: LIST,
    set: 'users',
  })
}

export function getDeletedItem(context: Context): Answer {
  const { state, directory, request, ids } = context
  const [id = ''] = ids
  need(context, 'users')
  checkOptions(request, '$select')
  const user = directory.tenant.users.get(id)
  if (user === undefined || !isRecycled(user)) throw notFound(id)
  const names = readNames(userKind, request.options.get('$select'))
  const entity = {
    '@odata.context': `${contextOf(state, request, 'directoryObjects')}/$entity`,
    '@odata.type': odataType(userKind),
  }
  return { status: 200, body: { ...entity, ...render(userKind, user, names) } }
}

function isRecycled({ softDeleted, purged }: EntraUser): boolean {
  return softDeleted && !purged
}
