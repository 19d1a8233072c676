/**
 * The deviations from RFC 7643 and RFC 7644 that are accepted because real clients send them. Each row has one recorded
 * conversation, `test/entra/conversations/<id>.json`, and docs/tolerances.md is generated from this table. A request's
 * log line names the rules that it needed.
 */
interface Tolerance {
  /** What is sent, and what the server makes of it. */
  readonly about: string
  /** Who sends it, and where that is known from. */
  readonly source: string
}

export const tolerances = {
  'op-case': {
    about: '`op` in any letter case (`Add`, `Replace`, `Remove`) counts as its lower-case form.',
    source: 'Entra without the aadOptscim062020 flag; Microsoft Learn, SCIM sample requests',
  },
  'boolean-string': {
    about:
      'The strings "True" and "False", in any letter case, count as JSON booleans wherever the schema has a boolean: in a body, in a PATCH value, in a path filter and in a query filter.',
    source: 'Entra without the flag; SCIM Validator sends roles[].primary this way',
  },
  'empty-operations': {
    about: 'A PATCH whose `Operations` is an empty array succeeds and changes nothing.',
    source: 'SCIM Validator; scimmy issues 59 and 90, SCIMReferenceCode issue 112',
  },
  'flat-key': {
    about:
      'A key of a body or of a path-less PATCH value may be a path: `name.givenName`, `urn:…:User:department`, `emails[type eq "work"].value`.',
    source: 'Entra with the aadOptscim062020 flag; elimity scim issue 112',
  },
  'create-missing-element': {
    about:
      'add or replace on `emails[type eq "work"].value` where no element matches creates one from the equality terms of the filter.',
    source: 'Entra in both dialects; SCIM-SDK issue 416, scim-patch issues 42 and 176',
  },
  'empty-string-clears': {
    about:
      'A value of "" means no value: a PATCH with it removes the attribute, unless it is required. Entra cannot send null.',
    source: 'Logic Apps validation template, SCIM_Null_Update; Entra expressions that yield ""',
  },
  'manager-string': {
    about: 'A manager given as a bare string is the id of the manager.',
    source: 'Entra reference attribute mapping; SCIM-SDK issue 686',
  },
  'manager-cleared': {
    about: 'A manager of "" or {"value":""} removes the manager.',
    source: 'SCIM Validator, Remove Manager',
  },
  'single-value-array': {
    about:
      'An array of one for a single-valued attribute is unwrapped: `[{"value":"x"}]` gives x, and one object gives that object.',
    source: 'Older Entra connectors; azure-docs issue 42220, manager sample of 2018',
  },
  'unprefixed-extension': {
    about:
      'The name of an enterprise attribute without its URN (`manager`, `department`) is understood when the core schema has no such name.',
    source: 'Microsoft Learn sample of 2018, Add manager',
  },
  'null-subattribute': {
    about:
      'Null sub-attributes of an element, such as `{"$ref":null,"value":"…"}`, count as absent.',
    source: 'Entra group membership; SCIM-SDK issues 149 and 167',
  },
  'remove-listed-values': {
    about:
      'remove with a path and a `value` array removes only the listed values; without a value it removes all.',
    source: 'Entra without the flag, group members; authentik issue 23798',
  },
  'role-json-text': {
    about: 'A role whose value is JSON text is read as the role object in that text.',
    source: 'Entra, SingleAppRoleAssignment and AppRoleAssignmentsComplex; azure-docs issue 50772',
  },
  'role-display-name': {
    about: '`displayName` of a role counts as its `display`.',
    source: 'Entra, AppRoleAssignmentsComplex on POST',
  },
  'unknown-schema-urn': {
    about: 'A URN in `schemas` that the server does not know is ignored.',
    source:
      'Entra on groups: http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
  },
  'unannounced-extension': {
    about:
      'Extension attributes are accepted whether or not `schemas` lists their URN; `schemas` of the answer lists what is there.',
    source: 'Entra never announces custom extensions; entra.md §1.8',
  },
  'custom-extension': {
    about:
      'Attributes under a URN that no schema describes are kept as sent and can be filtered on: strings, numbers, booleans and arrays of those or of flat objects.',
    source:
      'Entra custom attribute mappings, urn:ietf:params:scim:schemas:extension:contoso:2.0:User',
  },
  'unknown-attribute': {
    about: 'An attribute that no schema has and that stands under no URN is dropped.',
    source: 'Entra mappings edited by hand; a 400 would keep the person in retry for ever',
  },
  'read-only-ignored': {
    about:
      'A PATCH of a read-only attribute (`id`, `meta`, `groups`, `schemas`) is ignored; RFC 7644 §3.5.2 asks for an error.',
    source: 'Okta sends `id` beside `displayName` in group push; Entra and others echo `meta`',
  },
  'password-ignored': {
    about:
      'A `password` is dropped unread: people who are provisioned sign in at Entra and have no password here.',
    source: 'Okta sends a random placeholder on create',
  },
  'filter-unquoted': {
    about: 'A filter value without quotation marks counts as a string.',
    source: 'Microsoft Learn, one filter sample; SCIMReferenceCode issue 28',
  },
  'filter-value-path-sub': {
    about: '`emails[type eq "work"].value eq "x"` means `emails[type eq "work" and value eq "x"]`.',
    source: 'Entra, matching on a work e-mail address',
  },
  'filter-double-encoding': {
    about:
      'A filter value that still has percent escapes after decoding also matches its decoded form.',
    source: 'SCIM Validator seen through some proxies; Fleet',
  },
  'external-id-case': {
    about: 'An externalId that is a GUID is found in any letter case; any other is case-exact.',
    source: 'SCIM Validator, filter in another case on the joining property externalId',
  },
  'soft-delete-rename': {
    about:
      'When Entra deactivates a person and prefixes the user name with 32 hex digits, the user name and e-mail address stay as they were.',
    source: 'Entra recycle bin renames the userPrincipalName to <object id><old name>',
  },
  rehire: {
    about:
      'POST of a person who was deactivated before, with the same externalId or with none to tell apart, reactivates that user: 201 with the id the user had. An externalId that is an object id finds the person under another user name too.',
    source: 'Entra after un-assign and re-assign with broken links',
  },
  'retire-inactive': {
    about:
      'POST or rename onto the user name of an inactive user with another externalId succeeds; the inactive user keeps its history under `<its id><user name>`.',
    source: 'Entra when an account is purged after un-assignment and its name is given to another',
  },
} as const satisfies Record<string, Tolerance>

export type ToleranceId = keyof typeof tolerances

/** Told which rules a request needed; a request's own collection, never shared. */
export type Tolerated = (id: ToleranceId) => void
