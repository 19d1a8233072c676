import { attribute, complex } from './attribute.ts'

/** The longest value that stands in an index: PostgreSQL refuses index rows over about 2,700 bytes. */
export const KEY_LENGTH = 512

const id = attribute('id', 'Identifier given by this server; never changes, never reused.', {
  caseExact: true,
  mutability: 'readOnly',
  returned: 'always',
  uniqueness: 'server',
})

export const externalId = attribute(
  'externalId',
  'Identifier given by the provisioning client. Map it from the Entra objectId.',
  { caseExact: true, maxLength: KEY_LENGTH },
)

const schemas = attribute('schemas', 'URIs of the schemas whose attributes are present.', {
  type: 'reference',
  referenceTypes: ['uri'],
  multiValued: true,
  required: true,
  caseExact: true,
  mutability: 'readOnly',
  returned: 'always',
})

const meta = complex(
  'meta',
  'Facts about the resource, kept by the server.',
  [
    attribute('resourceType', 'Name of the resource type.', {
      caseExact: true,
      mutability: 'readOnly',
    }),
    attribute('created', 'When the resource was created.', {
      type: 'dateTime',
      mutability: 'readOnly',
    }),
    attribute('lastModified', 'When the resource last changed.', {
      type: 'dateTime',
      mutability: 'readOnly',
    }),
    attribute('location', 'URI of the resource.', {
      type: 'reference',
      referenceTypes: ['uri'],
      caseExact: true,
      mutability: 'readOnly',
    }),
    attribute('version', 'Version of the resource, equal to its ETag.', {
      caseExact: true,
      mutability: 'readOnly',
    }),
  ],
  { mutability: 'readOnly' },
)

/** The attributes that every resource has without belonging to a schema (RFC 7643 §3.1). */
export const commonAttributes = [schemas, id, externalId, meta] as const
