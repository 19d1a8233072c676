import type { LogFailure, LogKind } from './provisioning-log.ts'

/** Every text for people about the provisioning log, so that it can be had in other languages. */

/** What a request did, or tried to do; both begin where a sentence about the client goes on. */
export interface Wording {
  readonly done: string
  readonly tried: string
}

/**
 * In braces: `user` and `group` are names, `members` are some of them, `attributes` too, `where` is what a search looks
 * for and `found` what came of it.
 */
export const wordings: Readonly<Record<LogKind | 'restore-user' | 'empty-group', Wording>> = {
  test: { done: 'Test Connection of Entra', tried: 'Test Connection of Entra' },
  discover: { done: 'read what the server can do', tried: 'tried to read what the server can do' },
  'find-user': {
    done: 'looked for a user {where}: {found}',
    tried: 'tried to look for a user {where}',
  },
  'list-users': { done: 'listed the users: {found}', tried: 'tried to list the users' },
  'read-user': { done: 'read {user}', tried: 'tried to read {user}' },
  'create-user': { done: 'created {user}', tried: 'tried to create {user}' },
  'restore-user': { done: 'brought {user} back', tried: 'tried to create {user}' },
  'replace-user': { done: 'replaced {user}', tried: 'tried to replace {user}' },
  'update-user': {
    done: 'changed {attributes} of {user}',
    tried: 'tried to change {attributes} of {user}',
  },
  'switch-off-user': { done: 'switched {user} off', tried: 'tried to switch {user} off' },
  'switch-on-user': { done: 'switched {user} on', tried: 'tried to switch {user} on' },
  'delete-user': { done: 'deleted {user}', tried: 'tried to delete {user}' },
  'find-group': {
    done: 'looked for a group {where}: {found}',
    tried: 'tried to look for a group {where}',
  },
  'list-groups': { done: 'listed the groups: {found}', tried: 'tried to list the groups' },
  'read-group': { done: 'read the group {group}', tried: 'tried to read the group {group}' },
  'create-group': { done: 'created the group {group}', tried: 'tried to create the group {group}' },
  'replace-group': {
    done: 'replaced the group {group}',
    tried: 'tried to replace the group {group}',
  },
  'update-group': {
    done: 'changed {attributes} of the group {group}',
    tried: 'tried to change {attributes} of the group {group}',
  },
  'add-members': { done: 'added {members} to {group}', tried: 'tried to add {members} to {group}' },
  'remove-members': {
    done: 'took {members} out of {group}',
    tried: 'tried to take {members} out of {group}',
  },
  'change-members': {
    done: 'set the members of {group} to {members}',
    tried: 'tried to set the members of {group} to {members}',
  },
  'empty-group': {
    done: 'took everybody out of {group}',
    tried: 'tried to take everybody out of {group}',
  },
  'delete-group': { done: 'deleted the group {group}', tried: 'tried to delete the group {group}' },
  other: {
    done: 'asked for something that is not known here',
    tried: 'asked for something that is not known here',
  },
}

/** What a search looks for, by attribute in small letters; `other` has its name too, and `filter` is any filter. */
export const searches: Readonly<Record<string, string>> = {
  username: 'named {value}',
  displayname: 'named {value}',
  externalid: 'with the external id {value}',
  emails: 'with the address {value}',
  id: 'with the id {value}',
  other: 'whose {attribute} is {value}',
  filter: 'with {filter}',
}

export const words = {
  none: 'none',
  one: 'one',
  unknownUser: 'a user',
  unknownGroup: 'a group',
  userOf: 'the user {id}',
  groupOf: '{id}',
  something: 'nothing',
  and: '{first} and {last}',
  others: '{some} and {count} others',
  other: '{some} and 1 other',
  alsoChanged: '{sentence} and changed {attributes}',
  held: '{sentence}, which waits for an administrator',
  unchanged: 'Nothing new since the client last asked',
  succeeded: 'Done',
  answered: 'Answered',
} as const

export interface Explanation {
  /** The outcome in a few words. */
  readonly title: string
  readonly what: string
  /** Why Entra usually does that. */
  readonly why: string
  /** What to do, and where. */
  readonly fix: string
}

/** Each way in which a request is refused. */
export const explanations: Readonly<Record<LogFailure, Explanation>> = {
  invalidFilter: {
    title: 'The filter cannot be read',
    what: 'The filter of the search is no valid SCIM filter, or names an attribute that the schema does not have.',
    why: 'An attribute mapping of Entra that is used to match objects names a target attribute that does not exist.',
    fix: 'In Entra, under Provisioning, Mappings, look at the target attribute of every mapping that matches objects; docs/scim-support.md lists the attributes there are.',
  },
  tooMany: {
    title: 'That is too much at once',
    what: 'The request would read or change more than the server does at one time.',
    why: 'Entra searches by an attribute that no index has, in a large directory, or a group is sent with all of its members.',
    fix: 'In Entra, under Provisioning, Mappings, match users by userName, externalId or the work e-mail address, which are found at once.',
  },
  mutability: {
    title: 'The attribute cannot be changed',
    what: 'The request changes something that is only read.',
    why: 'An attribute mapping of Entra leads to an attribute that the server alone sets.',
    fix: 'In Entra, under Provisioning, Mappings, remove the mapping to the attribute that the answer names.',
  },
  invalidSyntax: {
    title: 'The message cannot be read',
    what: 'The body is no valid SCIM message.',
    why: 'Entra hardly ever sends one; a proxy in between or a client that somebody wrote does.',
    fix: 'Compare the request with the detail of the answer. If it came from Entra, look at what stands between Entra and this server.',
  },
  invalidPath: {
    title: 'The path cannot be read',
    what: 'A change names an attribute by a path that is not valid here.',
    why: 'The target attribute of a mapping was typed by hand and has a mistake in it.',
    fix: 'In Entra, under Provisioning, Mappings, Show advanced options, Edit attribute list, correct the name of the attribute.',
  },
  noTarget: {
    title: 'There is nothing to change at the path',
    what: 'A change selects a value that the user or the group does not have.',
    why: 'Entra wants to change a value, such as an address of a type, that was removed here or never arrived.',
    fix: 'In Entra, under Provisioning, Provision on demand, provision the user again. If it goes on, restart provisioning, which sends everything again.',
  },
  invalidValue: {
    title: 'A value is not valid',
    what: 'A value is missing, is of the wrong type or is too long; the detail of the answer names it.',
    why: 'The attribute is empty in Entra for this user, or an expression in a mapping yields something else than the schema has.',
    fix: 'Look at the attribute of the user in Entra, and at its mapping under Provisioning, Mappings; give the mapping a default value if it may be empty.',
  },
  unauthorized: {
    title: 'The credentials are not accepted',
    what: 'The request came with a token that is not valid, or no longer.',
    why: 'The secret token in Entra has expired, was revoked here or was copied incompletely.',
    fix: 'Make a new token under Connect Entra, Secret tokens, paste it into Entra under Provisioning, Admin Credentials, Secret Token, and press Test Connection.',
  },
  forbidden: {
    title: 'This is not permitted',
    what: 'The caller is known and may not do this.',
    why: 'The credentials of the server of the application were pasted into Entra, which are for other things than provisioning; or a search was made where there is nothing to search.',
    fix: 'Give Entra a provisioning token, or a client that was made for provisioning.',
  },
  notFound: {
    title: 'There is no such thing',
    what: 'The request names something by an id that is not here.',
    why: 'It was deleted here while Entra still remembers its id, or the Tenant URL in Entra has something too much at its end.',
    fix: 'In Entra, under Provisioning, restart provisioning: it forgets the ids it remembers and finds or makes everything again. Check too that the Tenant URL ends with /scim/v2.',
  },
  methodNotAllowed: {
    title: 'The method is not one of this path',
    what: 'The request asks for something that this address cannot do.',
    why: 'Entra does not; a client that somebody wrote does.',
    fix: 'Compare the method and the path with docs/scim-support.md.',
  },
  uniqueness: {
    title: 'The name is taken',
    what: 'There is another with this name already.',
    why: 'Two objects in Entra have the same value in the attribute that is the name here; or somebody made an account here before it came from Entra.',
    fix: 'Look at who has the name. If it is the same person, link the account under Link; if not, rename one of them, here or in Entra.',
  },
  localAccount: {
    title: 'The name is that of a local account',
    what: 'An account that was made here has this user name, and nobody has said that it belongs to the account of Entra. A link request was left.',
    why: 'The person had an account here before Entra provisioned it.',
    fix: 'Decide on it under Link. Once it is accepted, Entra finds the account in its next cycle.',
  },
  preconditionFailed: {
    title: 'It has changed meanwhile',
    what: 'The client wanted to change a version that is not the current one.',
    why: 'Something else changed it between reading and writing. Entra does not ask for versions; other clients do.',
    fix: 'Nothing has to be done: the client reads it again and tries once more.',
  },
  tooLarge: {
    title: 'The request is too large',
    what: 'The body is larger than 1 MiB.',
    why: 'A group is sent with all of its members at once, or a photo or another large value is mapped.',
    fix: 'In Entra, under Provisioning, Mappings, remove mappings of large values. Entra adds members of groups a few at a time; another client has to do the same.',
  },
  unsupportedMediaType: {
    title: 'The body is not JSON',
    what: 'The body was announced as something else than JSON in UTF-8.',
    why: 'Entra does not; a proxy in between or a client that somebody wrote does.',
    fix: 'Send the body as application/scim+json.',
  },
  tooManyRequests: {
    title: 'There were too many failed attempts',
    what: 'So many requests with bad credentials came from one address that those that follow are refused for a minute.',
    why: 'Entra goes on with a token that is not valid any more.',
    fix: 'Paste a valid token into Entra under Provisioning, Admin Credentials. Those with a valid token are never refused.',
  },
  internal: {
    title: 'The server failed',
    what: 'Something went wrong in the server that should not.',
    why: 'This is no mistake of Entra, which tries again in its next cycle.',
    fix: 'The log of the server has the cause, at the request id of this entry. Report it to whoever looks after the server.',
  },
  notImplemented: {
    title: 'The server does not do that',
    what: 'The request uses a part of SCIM that this server does not have, such as /Bulk or /Me.',
    why: 'Entra does not; another client does, without having read what the server can do.',
    fix: 'Switch the feature off in the client; docs/scim-support.md lists what there is.',
  },
  unavailable: {
    title: 'The database was not available',
    what: 'The request was fine; the database was away, full or too busy to carry it out.',
    why: 'This is no mistake of Entra, which tries again in its next cycle.',
    fix: 'Look at the database and at its disk; docs/operations.md, “Watch”, says what tells how the server does.',
  },
}

/** What is known besides about a refusal; each is a sentence at the end of what happened. */
export const particulars = {
  held: '{name} has it: {id}.',
  free: 'Nobody has it any more.',
  deletedUser: 'The user was deleted here on {day} by {actor}.',
  deletedGroup: 'The group was deleted here on {day} by {actor}.',
} as const
