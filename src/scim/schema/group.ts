import { attribute, complex, type Schema } from './attribute.ts'
import { externalId, KEY_LENGTH } from './common.ts'

const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group'

export const groupSchema: Schema = {
  id: GROUP_SCHEMA,
  name: 'Group',
  description: 'Group',
  attributes: [
    attribute('displayName', 'Name of the group; unique in the organisation whatever its case.', {
      required: true,
      uniqueness: 'server',
      maxLength: KEY_LENGTH,
    }),
    externalId,
    complex(
      'members',
      'The members of the group.',
      [
        attribute('value', 'Id of the member.', {
          caseExact: true,
          mutability: 'immutable',
          maxLength: KEY_LENGTH,
        }),
        attribute('$ref', 'URI of the member.', {
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          caseExact: true,
          mutability: 'readOnly',
        }),
        attribute('type', 'Kind of the member.', {
          canonicalValues: ['User', 'Group'],
          mutability: 'immutable',
        }),
        attribute('display', 'Name of the member.', { mutability: 'readOnly' }),
      ],
      { multiValued: true },
    ),
  ],
}
