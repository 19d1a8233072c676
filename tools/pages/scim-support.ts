import { Hono } from 'hono'
import { z } from 'zod'
import type { Store } from '../../src/directory/store.ts'
import { renderError, type ScimEnv } from '../../src/scim/http.ts'
import { errorTable } from '../../src/scim/protocol/error.ts'
import { SCIM_PATH, scimDoor } from '../../src/scim/routes.ts'
import type { Attribute, Schema } from '../../src/scim/schema/attribute.ts'
import { commonAttributes } from '../../src/scim/schema/common.ts'
import { resourceTypes } from '../../src/scim/schema/registry.ts'
import { code, generatedFrom, page, prose, table } from './markdown.ts'

/** The door itself, so that the page says what it answers. Nothing asked here reaches the store. */
const door = new Hono<ScimEnv>().route(
  SCIM_PATH,
  scimDoor({
    store: {} as Store,
    guard: async (context, next) => {
      context.set('principal', { organisation: 'docs', actor: 'docs' })
      await next()
    },
    base: SCIM_PATH,
    localUsers: 'hidden',
  }),
)
door.onError(renderError)

const supported = z.object({ supported: z.boolean() })
const providerConfig = z.object({
  patch: supported,
  bulk: supported,
  filter: z.object({ supported: z.boolean(), maxResults: z.number() }),
  changePassword: supported,
  sort: supported,
  etag: supported,
  pagination: z.object({ cursor: z.boolean(), index: z.boolean(), maxPageSize: z.number() }),
  authenticationSchemes: z.array(z.object({ name: z.string() })),
})

async function featureTable(): Promise<string> {
  const response = await door.request(`${SCIM_PATH}/ServiceProviderConfig`)
  const config = providerConfig.parse(await response.json())
  const answer = (yes: boolean, more = '') => (yes ? `yes${more}` : 'no')
  return table(
    ['Feature', 'Supported'],
    [
      ['PATCH (RFC 7644 §3.5.2)', answer(config.patch.supported)],
      [
        'Filter (RFC 7644 §3.4.2.2)',
        answer(config.filter.supported, `, at most ${config.filter.maxResults} results a page`),
      ],
      [
        'Pagination by index (RFC 7644 §3.4.2.4)',
        answer(config.pagination.index, `, at most ${config.pagination.maxPageSize} a page`),
      ],
      ['Pagination by cursor (RFC 9865)', answer(config.pagination.cursor)],
      ['ETag, If-Match, If-None-Match (RFC 7644 §3.14)', answer(config.etag.supported)],
      ['Sorting (RFC 7644 §3.4.2.3)', answer(config.sort.supported)],
      ['Bulk (RFC 7644 §3.7)', answer(config.bulk.supported)],
      ['Change of password', answer(config.changePassword.supported)],
      ['Authentication', config.authenticationSchemes.map(({ name }) => name).join(', ')],
    ],
  )
}

/** Asks each path with a method that no one has; the refusal lists those that there are. */
async function endpointTable(): Promise<string> {
  const resources = resourceTypes.flatMap(({ endpoint, name }) => [
    [endpoint, `Find and create ${name} resources`],
    [`${endpoint}/.search`, 'Find them with the query in the body'],
    [`${endpoint}/{id}`, `One ${name} resource`],
  ])
  const discovery = [
    ['/ServiceProviderConfig', 'What the server can do; needs no token'],
    ['/ResourceTypes', 'The kinds of resources'],
    ['/Schemas', 'Their attributes'],
  ]
  const rows = [...resources, ...discovery].map(async ([path = '', what = '']) => {
    const response = await door.request(`${SCIM_PATH}${path}`, { method: 'PURGE' })
    return [code(path), response.headers.get('Allow') ?? 'none', what]
  })
  return table(['Path', 'Methods', 'For'], await Promise.all(rows))
}

function errorRows(): string {
  return table(
    ['Status', 'scimType', 'When nothing more is known, `detail` says'],
    Object.values(errorTable).map((row) => [
      String(row.status),
      'scimType' in row ? code(row.scimType) : '',
      row.detail,
    ]),
  )
}

function attributeRow(attribute: Attribute, parent?: string): string[] {
  const { name, multiValued, required, mutability, returned, uniqueness, description } = attribute
  const values = attribute.canonicalValues?.map(code).join(', ')
  return [
    code(parent === undefined ? name : `${parent}.${name}`),
    attribute.type,
    multiValued ? 'yes' : '',
    required ? 'yes' : '',
    mutability,
    returned,
    uniqueness,
    `${prose(description)}${values === undefined ? '' : ` Usual values: ${values}.`}`,
  ]
}

function attributeTable(attributes: readonly Attribute[]): string {
  return table(
    [
      'Attribute',
      'Type',
      'Multi-valued',
      'Required',
      'Mutability',
      'Returned',
      'Uniqueness',
      'About',
    ],
    attributes.flatMap((attribute) => [
      attributeRow(attribute),
      ...(attribute.subAttributes ?? []).map((sub) => attributeRow(sub, attribute.name)),
    ]),
  )
}

function schemaSection(schema: Schema, title: string): string {
  return page(`## ${title}`, code(schema.id), attributeTable(schema.attributes)).trimEnd()
}

export async function scimSupportPage(): Promise<string> {
  const common = commonAttributes.filter(
    ({ name }) =>
      !resourceTypes.some(({ schema }) => schema.attributes.some((a) => a.name === name)),
  )
  return page(
    '# SCIM support',
    generatedFrom('src/scim/schema/registry.ts', 'src/scim/routes.ts'),
    `Entrance is a SCIM 2.0 service provider (RFC 7643, RFC 7644). Its base URL, the Tenant URL of Entra, is \`PUBLIC_URL\` followed by ${code(SCIM_PATH)}. Every message is \`application/scim+json\`; bodies may also come as \`application/json\`. What is accepted beyond the standard stands in [tolerances.md](tolerances.md).`,
    '## Endpoints',
    await endpointTable(),
    '## Features',
    await featureTable(),
    '## Errors',
    'A failure is answered with an Error message (RFC 7644 §3.12) whose `detail` says what to mend.',
    errorRows(),
    '## Attributes of every resource',
    attributeTable(common),
    ...resourceTypes.flatMap(({ name, schema, extensions }) => [
      schemaSection(schema, name),
      ...extensions.map((extension) =>
        schemaSection(extension, `${name}: ${extension.description}`),
      ),
    ]),
  )
}
