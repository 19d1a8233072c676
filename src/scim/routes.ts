import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Group } from '../directory/group.ts'
import type { Directory, Page, Query, Scope, Store } from '../directory/store.ts'
import type { User } from '../directory/user.ts'
import { addDiscovery, addServiceProviderConfig } from './discovery.ts'
import { groupResources } from './groups.ts'
import {
  answerEmpty,
  answerText,
  etag,
  exchangeOf,
  isKnown,
  readBody,
  tolerator,
  type ScimContext,
  type ScimEnv,
} from './http.ts'
import { quote, ScimError } from './protocol/error.ts'
import { projectText, type Projection } from './protocol/project.ts'
import { listResponse, projectionOf, queryOfBody, queryOfUrl, type ScimQuery } from './query.ts'
import { locationOf } from './render.ts'
import type { ResourceType } from './schema/attribute.ts'
import { userResources } from './users.ts'

/** What the routes of a resource type need; the rest is the same for all types. */
export interface Resources<T extends User | Group> {
  readonly type: ResourceType
  /** The status of a PATCH that asks for no attributes. */
  readonly patchAnswers: 200 | 204
  /** The whole resource as JSON text. */
  render(resource: T, base: string): string
  create(context: ScimContext, directory: Directory): Promise<T>
  read(directory: Directory, id: string, projection: Projection): Promise<T | undefined>
  list(directory: Directory, query: Query, projection: Projection): Promise<Page<T>>
  replace(context: ScimContext, directory: Directory, id: string): Promise<T>
  patch(context: ScimContext, directory: Directory, id: string): Promise<T>
  remove(context: ScimContext, directory: Directory, id: string): Promise<void>
  /** What a replace or patch gave back, with all that an answer needs. */
  whole(directory: Directory, written: T, projection: Projection): Promise<T>
}

/** Where the door is mounted; its public URL may have more in front. */
export const SCIM_PATH = '/scim/v2'

const MAX_BODY_BYTES = 1_048_576

export interface ScimDeps {
  readonly store: Store
  /** Lets provisioning clients in and sets their principal. */
  readonly guard: MiddlewareHandler
  /** The public URL of this door, without a slash at its end. */
  readonly base: string
  readonly localUsers: Scope['localUsers']
  /** Notes requests for the provisioning log; absent where none is kept. */
  readonly record?: MiddlewareHandler<ScimEnv> | undefined
}

/** The parameters of the URL; most requests have none. */
function parametersOf({ req }: ScimContext): URLSearchParams {
  const start = req.url.indexOf('?')
  return new URLSearchParams(start < 0 ? '' : req.url.slice(start))
}

function idOf(context: ScimContext): string {
  return context.req.param('id') ?? ''
}

/** Tells the provisioning log whom or what a request turned out to be about. */
function noteResource(context: ScimContext, resource: User | Group): void {
  const exchange = exchangeOf(context)
  if (exchange) exchange.resource = resource
}

function addResources<T extends User | Group>(
  app: Hono<ScimEnv>,
  { store, base, localUsers }: ScimDeps,
  resources: Resources<T>,
): void {
  const { type } = resources
  const directoryOf = (context: ScimContext): Directory =>
    store.for({ organisation: context.get('principal').organisation, localUsers, view: 'client' })

  const stateOf = (resource: T) => ({
    Location: locationOf(base, type, resource.id),
    ETag: etag(resource.version),
  })

  function show(
    context: ScimContext,
    status: 200 | 201,
    resource: T,
    projection: Projection,
  ): Response {
    noteResource(context, resource)
    const body = projectText(resources.render(resource, base), projection)
    return answerText(context, status, body, stateOf(resource))
  }

  const projected = (context: ScimContext) => projectionOf(type, parametersOf(context))

  const whole = (context: ScimContext, written: T, projection: Projection) =>
    resources.whole(directoryOf(context), written, projection)

  async function search(context: ScimContext, { query, projection }: ScimQuery) {
    const page = await resources.list(directoryOf(context), query, projection)
    const exchange = exchangeOf(context)
    if (exchange) {
      exchange.total = page.total
      const [only] = page.items
      if (page.total === 1 && only) exchange.resource = only
    }
    const items = page.items.map((item) => projectText(resources.render(item, base), projection))
    return answerText(context, 200, listResponse(page.total, query.startIndex, items))
  }

  app.get(type.endpoint, (context) =>
    search(context, queryOfUrl(type, parametersOf(context), tolerator(context))),
  )

  app.post(type.endpoint, async (context) => {
    const projection = projected(context)
    const created = await resources.create(context, directoryOf(context))
    return show(context, 201, created, projection)
  })

  app.post(`${type.endpoint}/.search`, async (context) =>
    search(context, queryOfBody(type, await readBody(context), tolerator(context))),
  )

  app.get(`${type.endpoint}/:id`, async (context) => {
    const projection = projected(context)
    const found = await resources.read(directoryOf(context), idOf(context), projection)
    if (!found) {
      throw new ScimError('notFound', `There is no ${type.name} ${quote(idOf(context))}.`)
    }
    noteResource(context, found)
    if (!isKnown(context, found.version)) return show(context, 200, found, projection)
    return answerEmpty(context, 304, { ETag: etag(found.version) })
  })

  app.put(`${type.endpoint}/:id`, async (context) => {
    const projection = projected(context)
    const replaced = await resources.replace(context, directoryOf(context), idOf(context))
    return show(context, 200, await whole(context, replaced, projection), projection)
  })

  app.patch(`${type.endpoint}/:id`, async (context) => {
    const projection = projected(context)
    const patched = await resources.patch(context, directoryOf(context), idOf(context))
    noteResource(context, patched)
    if (resources.patchAnswers === 204 && projection.kind === 'default') {
      return answerEmpty(context, 204, stateOf(patched))
    }
    return show(context, 200, await whole(context, patched, projection), projection)
  })

  app.delete(`${type.endpoint}/:id`, async (context) => {
    await resources.remove(context, directoryOf(context), idOf(context))
    return answerEmpty(context, 204)
  })
}

/** Paths this door knows, with the methods each takes; the order decides. */
const known: readonly (readonly [RegExp, string])[] = [
  [/^\/(Users|Groups)\/?$/, 'GET, POST'],
  [/^\/(Users|Groups)\/\.search\/?$/, 'POST'],
  [/^\/(Users|Groups)\/[^/]+\/?$/, 'GET, PUT, PATCH, DELETE'],
  [/^\/(ServiceProviderConfig|Schemas|ResourceTypes)(\/[^/]+)?\/?$/, 'GET'],
]

/** Endpoints of RFC 7644 that this server does not have (E-04, B-01, M-01). */
const unsupported = /^\/(Bulk|Me|\.search|)(\/|$)/

function refuse(context: ScimContext, path: string): never {
  const allowed = known.find(([pattern]) => pattern.test(path))?.[1]
  if (allowed === undefined) {
    throw new ScimError(unsupported.test(path) ? 'notImplemented' : 'notFound')
  }
  if (allowed.split(', ').includes(context.req.method)) throw new ScimError('notFound')
  throw new ScimError('methodNotAllowed', undefined, { Allow: allowed })
}

/** Refuses a body over the limit: by its announced length, or while it comes in when it announces none. */
function limitBody(): MiddlewareHandler {
  const whileReading = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => {
      throw new ScimError('tooLarge')
    },
  })
  return async function limitBody(context, next) {
    const announced = context.req.header('content-length')
    if (announced === undefined) return whileReading(context, next)
    if (Number(announced) > MAX_BODY_BYTES) throw new ScimError('tooLarge')
    return next()
  }
}

/** The SCIM door, to be mounted at SCIM_PATH by who answers what it throws with `renderError`. */
export function scimDoor(deps: ScimDeps): Hono<ScimEnv> {
  const app = new Hono<ScimEnv>({ strict: false })
  addServiceProviderConfig(app, deps.base)
  if (deps.record) app.use(deps.record)
  // Who calls is found out first: the body of a stranger is not read at all.
  app.use(deps.guard)
  app.on(['POST', 'PUT', 'PATCH'], '*', limitBody())
  addResources(app, deps, userResources)
  addResources(app, deps, groupResources)
  addDiscovery(app, deps.base)
  app.all('*', (context) => {
    return refuse(context, context.req.path.slice(SCIM_PATH.length) || '/')
  })
  return app
}
