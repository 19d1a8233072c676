import type { Hono } from 'hono'
import { answer, answerText, type ScimContext, type ScimEnv } from './http.ts'
import { ScimError, quote } from './protocol/error.ts'
import { listResponse, MAX_RESULTS } from './query.ts'
import { allSchemas, resourceTypes } from './schema/registry.ts'
import type { Attribute, JsonObject, ResourceType, Schema } from './schema/attribute.ts'

const CORE = 'urn:ietf:params:scim:schemas:core:2.0'

/** What this server can do, and nothing else (RFC 7643 §5). */
function serviceProviderConfig(base: string): JsonObject {
  return {
    schemas: [`${CORE}:ServiceProviderConfig`],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MAX_RESULTS },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    pagination: {
      cursor: false,
      index: true,
      defaultPaginationMethod: 'index',
      maxPageSize: MAX_RESULTS,
    },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A provisioning token made by an administrator of this server.',
        specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
        primary: true,
      },
      {
        type: 'oauth2',
        name: 'OAuth 2.0 client credentials',
        description: 'An access token for the secret of a client, or for a federated identity.',
        specUri: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.4',
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  }
}

/** An attribute as `/Schemas` publishes it: every characteristic that applies, no null (D-24). */
function publish(attribute: Attribute): JsonObject {
  const plain = attribute.type !== 'complex' && attribute.type !== 'boolean'
  return {
    name: attribute.name,
    type: attribute.type,
    multiValued: attribute.multiValued,
    description: attribute.description,
    required: attribute.required,
    ...(attribute.canonicalValues ? { canonicalValues: [...attribute.canonicalValues] } : {}),
    ...(plain ? { caseExact: attribute.caseExact } : {}),
    mutability: attribute.mutability,
    returned: attribute.returned,
    ...(plain ? { uniqueness: attribute.uniqueness } : {}),
    ...(attribute.referenceTypes ? { referenceTypes: [...attribute.referenceTypes] } : {}),
    ...(attribute.subAttributes ? { subAttributes: attribute.subAttributes.map(publish) } : {}),
  }
}

function publishSchema(schema: Schema, base: string): JsonObject {
  return {
    schemas: [`${CORE}:Schema`],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.map(publish),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${schema.id}` },
  }
}

function publishType(type: ResourceType, base: string): JsonObject {
  return {
    schemas: [`${CORE}:ResourceType`],
    id: type.name,
    name: type.name,
    description: type.description,
    endpoint: type.endpoint,
    schema: type.schema.id,
    schemaExtensions: type.extensions.map(({ id }) => ({ schema: id, required: false })),
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${type.name}` },
  }
}

/** A filter on discovery would not be applied, so it is refused (RFC 7644 §4; D-31). */
function refuseFilter(context: ScimContext): void {
  if (new URL(context.req.url).searchParams.has('filter')) {
    throw new ScimError('forbidden', 'Discovery endpoints cannot be filtered.')
  }
}

function one(context: ScimContext, found: JsonObject | undefined, id: string): Response {
  if (!found) throw new ScimError('notFound', `There is no ${quote(id)}.`)
  return answer(context, 200, found)
}

/** Adds `/Schemas` and `/ResourceTypes`; all of it follows from the schema data (RFC 7644 §4). */
export function addDiscovery(app: Hono<ScimEnv>, base: string): void {
  const schemas = allSchemas.map((schema) => publishSchema(schema, base))
  const types = resourceTypes.map((type) => publishType(type, base))
  for (const [path, all] of [
    ['/Schemas', schemas],
    ['/ResourceTypes', types],
  ] as const) {
    const list = listResponse(
      all.length,
      1,
      all.map((each) => JSON.stringify(each)),
    )
    app.get(path, (context) => {
      refuseFilter(context)
      return answerText(context, 200, list)
    })
    app.get(`${path}/:id`, (context) => {
      refuseFilter(context)
      const id = context.req.param('id')
      const wanted = id.toLowerCase()
      return one(
        context,
        all.find((entry) => String(entry['id']).toLowerCase() === wanted),
        id,
      )
    })
  }
}

/** Adds `/ServiceProviderConfig`, which tells how to authenticate and so needs no token (D-04). */
export function addServiceProviderConfig(app: Hono<ScimEnv>, base: string): void {
  app.get('/ServiceProviderConfig', (context) => {
    refuseFilter(context)
    return answer(context, 200, serviceProviderConfig(base))
  })
}
