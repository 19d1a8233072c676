import { attribute, complex, type Attribute, type Schema } from './attribute.ts'
import { externalId, KEY_LENGTH } from './common.ts'

const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User'

/** A multi-valued attribute with the sub-attributes of RFC 7643 §2.4. */
function plural(
  name: string,
  description: string,
  what: string,
  types: readonly string[] = [],
  value: Partial<Attribute> = {},
): Attribute {
  return complex(
    name,
    description,
    [
      attribute('value', what, value),
      attribute('display', 'Text for people to read.'),
      attribute(
        'type',
        'What the value is for.',
        types.length > 0 ? { canonicalValues: types } : {},
      ),
      attribute('primary', 'Whether this is the preferred value; at most one is.', {
        type: 'boolean',
      }),
    ],
    { multiValued: true },
  )
}

export const userSchema: Schema = {
  id: USER_SCHEMA,
  name: 'User',
  description: 'User Account',
  attributes: [
    attribute(
      'userName',
      'Name the person signs in with; unique in the organisation whatever its case.',
      {
        required: true,
        uniqueness: 'server',
        maxLength: KEY_LENGTH,
      },
    ),
    externalId,
    complex('name', 'The parts of the person’s name.', [
      attribute('formatted', 'The full name, formatted for display.'),
      attribute('familyName', 'Family name.'),
      attribute('givenName', 'Given name.'),
      attribute('middleName', 'Middle names.'),
      attribute('honorificPrefix', 'Title before the name.'),
      attribute('honorificSuffix', 'Suffix after the name.'),
    ]),
    attribute('displayName', 'Name shown to other people.'),
    attribute('nickName', 'Casual way to address the person.'),
    attribute('profileUrl', 'Page about the person.', {
      type: 'reference',
      referenceTypes: ['external'],
      caseExact: true,
    }),
    attribute('title', 'Job title.'),
    attribute('userType', 'Relation to the organisation, such as Employee or Contractor.'),
    attribute('preferredLanguage', 'Preferred language, as in an Accept-Language header.'),
    attribute('locale', 'Locale for dates, numbers and currency.'),
    attribute('timezone', 'Time zone by its IANA name.'),
    attribute('active', 'Whether the person may use the application.', { type: 'boolean' }),
    plural('emails', 'E-mail addresses.', 'E-mail address.', ['work', 'home', 'other'], {
      maxLength: KEY_LENGTH,
    }),
    plural('phoneNumbers', 'Telephone numbers.', 'Telephone number.', [
      'work',
      'home',
      'mobile',
      'fax',
      'pager',
      'other',
    ]),
    plural('ims', 'Instant messaging addresses.', 'Instant messaging address.', [
      'aim',
      'gtalk',
      'icq',
      'xmpp',
      'msn',
      'skype',
      'qq',
      'yahoo',
      'other',
    ]),
    plural('photos', 'Pictures of the person.', 'URL of an image.', ['photo', 'thumbnail'], {
      type: 'reference',
      referenceTypes: ['external'],
      caseExact: true,
    }),
    complex(
      'addresses',
      'Postal addresses.',
      [
        attribute('formatted', 'The full address, formatted for display.'),
        attribute('streetAddress', 'Street and number.'),
        attribute('locality', 'City.'),
        attribute('region', 'State or region.'),
        attribute('postalCode', 'Postal code.'),
        attribute('country', 'Country.'),
        attribute('type', 'What the address is for.', {
          canonicalValues: ['work', 'home', 'other'],
        }),
        attribute('primary', 'Whether this is the preferred address; at most one is.', {
          type: 'boolean',
        }),
      ],
      { multiValued: true },
    ),
    complex(
      'groups',
      'User groups the person belongs to; changed through the Group resource.',
      [
        attribute('value', 'Id of the group.', { caseExact: true, mutability: 'readOnly' }),
        attribute('$ref', 'URI of the group.', {
          type: 'reference',
          referenceTypes: ['Group'],
          caseExact: true,
          mutability: 'readOnly',
        }),
        attribute('display', 'Name of the group.', { mutability: 'readOnly' }),
        attribute('type', 'How the person belongs to the group.', {
          canonicalValues: ['direct'],
          mutability: 'readOnly',
        }),
      ],
      { multiValued: true, mutability: 'readOnly' },
    ),
    plural('entitlements', 'Things the person is entitled to.', 'An entitlement.'),
    plural('roles', 'What the person does; Entra app roles arrive here.', 'A role.'),
    plural('x509Certificates', 'Certificates of the person.', 'A DER certificate in base64.', [], {
      type: 'binary',
      caseExact: true,
    }),
  ],
}
