import type { DirectoryObject } from './directory.ts'
import { badRequest, malformed } from './failure.ts'
import { groupKind } from './group-kind.ts'
import { odataType, render, type Kind, type Property, type Value } from './kind.ts'
import { listPage } from './list.ts'
import { may, need, type Area } from './permissions.ts'
import { checkOptions, readNames } from './query.ts'
import { isEventual, type Answer } from './request.ts'
import { servicePrincipalKind } from './service-principal-kind.ts'
import { urlOf, type Context, type State } from './state.ts'
import { userKind } from './user-kind.ts'

type Type = DirectoryObject['type']

const AREAS: Readonly<Record<Type, Area>> = {
  user: 'users',
  group: 'groups',
  servicePrincipal: 'applications',
}
const SETS: Readonly<Record<Type, string>> = {
  user: 'users',
  group: 'groups',
  servicePrincipal: 'servicePrincipals',
}
const MOST_IDS = 1_000

/** A kind as one of directory objects, which may be of another type. */
function lift<T>(
  kind: Kind<T>,
  itemOf: (object: DirectoryObject) => T | undefined,
): Kind<DirectoryObject> {
  const valueOf = (property: Property<T>, object: DirectoryObject): Value => {
    const item = itemOf(object)
    return item === undefined ? null : property.of(item)
  }
  const properties = [...kind.properties].map(
    ([name, property]) =>
      [name, { ...property, of: (object: DirectoryObject) => valueOf(property, object) }] as const,
  )
  return { ...kind, idOf: idOfObject, properties: new Map(properties) }
}

function idOfObject(object: DirectoryObject): string {
  return object.type === 'servicePrincipal' ? object.item.id : object.item.objectId
}

const KINDS: Readonly<Record<Type, Kind<DirectoryObject>>> = {
  user: lift(userKind, (object) => (object.type === 'user' ? object.item : undefined)),
  group: lift(groupKind, (object) => (object.type === 'group' ? object.item : undefined)),
  servicePrincipal: lift(servicePrincipalKind, (object) =>
    object.type === 'servicePrincipal' ? object.item : undefined,
  ),
}

/** Any directory object; each has some of the properties. */
const anyKind: Kind<DirectoryObject> = {
  name: 'directoryObject',
  idOf: idOfObject,
  properties: new Map([
    ...KINDS.servicePrincipal.properties,
    ...KINDS.group.properties,
    ...KINDS.user.properties,
  ]),
  byDefault: [],
  elsewhere: new Set(),
}

/**
 * An object of a mixed list. Of a type that the application may not read, only the type and the id
 * are told.
 */
function showObject(
  state: State,
  object: DirectoryObject,
  names: readonly string[],
): Record<string, unknown> {
  const kind = KINDS[object.type]
  const wanted = names.length === 0 ? kind.byDefault : names
  const shown = render(kind, object, wanted)
  if (!may(state, AREAS[object.type])) {
    for (const name of Object.keys(shown)) if (name !== 'id') shown[name] = null
  }
  return { '@odata.type': odataType(kind), ...shown }
}

function typeOf(cast: string): Type | undefined {
  const name = /^microsoft\.graph\.(\w+)$/iu.exec(cast)?.[1]
  const types: readonly Type[] = ['user', 'group', 'servicePrincipal']
  return types.find((type) => type.toLowerCase() === name?.toLowerCase())
}

/**
 * Objects that are related to another: all of them, or those of the type that the path is cast to.
 */
export function relatedPage(
  context: Context,
  objects: readonly DirectoryObject[],
  { cast, transitive }: { readonly cast: string | undefined; readonly transitive: boolean },
): Answer {
  const { state, request } = context
  const mixed = { items: objects, related: true, allowed: '$select $top $count' }
  if (cast === undefined) {
    const show = (object: DirectoryObject, names: readonly string[]): object =>
      showObject(state, object, names)
    return listPage(context, { ...mixed, kind: anyKind, set: 'directoryObjects', show })
  }
  if (transitive && (!isEventual(request) || request.options.get('$count') !== 'true')) {
    throw badRequest(
      'An OData cast of transitive relationships needs $count=true and ConsistencyLevel: eventual.',
    )
  }
  const type = typeOf(cast)
  // Nobody has a directory role or an administrative unit here.
  const none = /^microsoft\.graph\.(?:directoryRole|administrativeUnit|device|orgContact)$/iu
  if (type === undefined && !none.test(cast)) {
    throw malformed(`Resource not found for the segment '${cast}'.`)
  }
  const kind = type === undefined ? anyKind : KINDS[type]
  return listPage(context, {
    ...mixed,
    kind,
    where: (object) => object.type === type,
    allowed: `${mixed.allowed} $filter $search $orderby`,
    set: type === undefined ? 'directoryObjects' : SETS[type],
    show: (object, names) => {
      const { '@odata.type': _, ...shown } = showObject(state, object, names)
      return shown
    },
  })
}

/** `POST /directoryObjects/getByIds`: up to a thousand objects; ids of nothing are passed over. */
export function getByIds(context: Context): Answer {
  const { state, directory, request } = context
  need(context, 'everything')
  checkOptions(request, '$select')
  const body = (request.body ?? {}) as { readonly ids?: unknown; readonly types?: unknown }
  const { ids, types = ['directoryObject'] } = body
  const isText = (value: unknown): value is string => typeof value === 'string'
  if (!Array.isArray(ids) || !ids.every(isText) || !Array.isArray(types) || !types.every(isText)) {
    throw badRequest('Invalid value specified for property ids or types.')
  }
  if (ids.length > MOST_IDS) {
    throw badRequest(`Too many ids were specified: ${ids.length}. At most ${MOST_IDS} are allowed.`)
  }
  const names = request.options.has('$select')
    ? readNames(anyKind, request.options.get('$select'))
    : []
  const found = [...new Set(ids)]
    .map((id) => directory.object(id))
    .filter((object) => object !== undefined)
    .filter(({ type }) => types.includes('directoryObject') || types.includes(type))
  return {
    status: 200,
    body: {
      '@odata.context': urlOf(state, '/$metadata#directoryObjects'),
      value: found.map((object) => showObject(state, object, names)),
    },
  }
}
