import { z } from 'zod'
import { problemTable, type ProblemCode } from './problems.ts'
import type { Route } from './route.ts'
import { named } from './schemas.ts'

type JsonSchema = z.core.JSONSchema.BaseSchema

const COMPONENTS = '#/components/schemas/'

/** What can come of every request. */
const always: readonly ProblemCode[] = [
  'badRequest',
  'unauthenticated',
  'forbidden',
  'internal',
  'unavailable',
]
/** And of those that have a body. */
const ofBodies: readonly ProblemCode[] = ['tooLarge', 'unsupportedMediaType']

/** The part of a schema that stands inside a document which says once what dialect it is in. */
function inside(schema: JsonSchema): JsonSchema {
  const { $schema: _, $id: __, ...rest } = schema
  return rest
}

const jsonOf = (schema: JsonSchema) => ({ 'application/json': { schema } })

function parametersOf({ path, query }: Route) {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' })
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    return { name, in: 'path', required: true, schema: { type: 'string' } }
  })
  const inQuery = Object.entries(properties).map(([name, schema]) => {
    return { name, in: 'query', required: required.includes(name), schema }
  })
  return [...inPath, ...inQuery]
}

function problemsOf({ body, problems }: Route) {
  const codes = [...always, ...(body ? ofBodies : []), ...problems]
  const statuses = [...new Set(codes.map((code) => problemTable[code].status))].sort(
    (one, other) => one - other,
  )
  return statuses.map((status) => {
    const titles = codes
      .filter((code) => problemTable[code].status === status)
      .map((code) => problemTable[code].title)
    const content = {
      'application/problem+json': { schema: { $ref: `${COMPONENTS}Problem` } },
    }
    return [String(status), { description: [...new Set(titles)].join('; '), content }] as const
  })
}

function operationOf(route: Route) {
  const { operation, summary, status, answer } = route
  const body = route.body && inside(z.toJSONSchema(route.body, { io: 'input' }))
  const location = { Location: { required: true, schema: { type: 'string' } } }
  return {
    operationId: operation,
    summary,
    parameters: parametersOf(route),
    ...(body
      ? { requestBody: { required: (body.required ?? []).length > 0, content: jsonOf(body) } }
      : {}),
    responses: {
      [status]: {
        description: summary,
        ...(route.locates ? { headers: location } : {}),
        ...(answer
          ? { content: jsonOf({ $ref: `${COMPONENTS}${nameOf(answer, operation)}` }) }
          : {}),
      },
      ...Object.fromEntries(problemsOf(route)),
    },
  }
}

/** What a schema is called in the document: by its own name, or as the answer of the operation. */
function nameOf(answer: z.ZodType, operation: string): string {
  const found = Object.entries(named).find(([, schema]) => schema === answer)
  return found?.[0] ?? `${operation[0]?.toUpperCase()}${operation.slice(1)}Answer`
}

/** The schemas of all answers, and of the parts of them that have names. */
function componentsOf(routes: readonly Route[]) {
  const all = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(named)) all.add(schema, { id })
  for (const { operation, answer } of routes) {
    if (answer && !all.has(answer)) all.add(answer, { id: nameOf(answer, operation) })
  }
  const { schemas } = z.toJSONSchema(all, { uri: (id) => `${COMPONENTS}${id}` })
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, inside(schema)]))
}

/** The description of this door (OpenAPI 3.1), made of the routes themselves; `url` is where it is mounted. */
export function describeRoutes(routes: readonly Route[], url: string) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Entrance for administrators', version: '1' },
    servers: [{ url }],
    security: [{ session: [] }],
    paths,
    components: {
      schemas: componentsOf(routes),
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: url.startsWith('https:') ? '__Host-entrance' : 'entrance',
          description: 'The session of an administrator who signed in in this browser.',
        },
      },
    },
  }
}
