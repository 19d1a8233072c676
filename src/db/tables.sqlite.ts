import { isNotNull, isNull, sql } from 'drizzle-orm'
import {
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'

/*
 * Every key and index of a row that belongs to an organisation starts with the organisation. Columns that end in _key
 * hold what TypeScript folded for comparison. Times are ISO-8601 UTC texts.
 */

export const organisations = sqliteTable(
  'organisations',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    entraTenantId: text('entra_tenant_id'),
    created: text('created').notNull(),
  },
  (table) => [
    uniqueIndex('organisations_name').on(table.name),
    /** A sign-in says its tenant, and that says the organisation. */
    uniqueIndex('organisations_tenant').on(table.entraTenantId),
  ],
)

export const users = sqliteTable(
  'users',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    version: integer('version').notNull(),
    created: text('created').notNull(),
    lastModified: text('last_modified').notNull(),
    origin: text('origin', { enum: ['local', 'import', 'scim'] }).notNull(),
    provisioned: integer('provisioned', { mode: 'boolean' }).notNull(),
    linkTenant: text('link_tenant'),
    linkObject: text('link_object'),
    /** What the provisioning client asked for and has not been done: it waits for an administrator, or was released. */
    held: text('held', { enum: ['deactivate', 'delete', 'deactivating', 'deleting'] }),
    userNameKey: text('user_name_key').notNull(),
    externalId: text('external_id'),
    /** The id of the manager, whom the text ends with. */
    manager: text('manager'),
    /** The SCIM attributes as the text that answers are made of. */
    resource: text('resource').notNull(),
    /** The same in comparable form, for filters. */
    search: text('search').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    uniqueIndex('users_user_name').on(table.organisation, table.userNameKey),
    uniqueIndex('users_link').on(table.organisation, table.linkTenant, table.linkObject),
    index('users_external_id').on(table.organisation, table.externalId, table.provisioned),
    // Narrow, so that counting and paging never touch the wide rows.
    index('users_provisioned').on(table.organisation, table.provisioned, table.id, table.held),
    index('users_held').on(table.organisation, table.held, table.id).where(isNotNull(table.held)),
  ],
)

/**
 * What lists of users go by, a row for each user: narrow, so that thousands are looked at in a moment, and so that a
 * sign-in writes no wide row.
 */
export const roster = sqliteTable(
  'roster',
  {
    organisation: text('organisation').notNull(),
    userId: text('user_id').notNull(),
    /** What lists are narrowed down by, a letter for each: roster-facets.ts. */
    facet: text('facet').notNull(),
    nameKey: text('name_key').notNull(),
    /** The words a user is found by, each after a space. */
    words: text('words').notNull(),
    lastSignIn: text('last_sign_in'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.userId] }),
    index('roster_name').on(table.organisation, table.facet, table.nameKey, table.userId),
    index('roster_created').on(table.organisation, table.facet, table.userId),
  ],
)

/** Values by which users are looked up: their e-mail addresses, their roles, and the words of a search. */
export const userValues = sqliteTable(
  'user_values',
  {
    organisation: text('organisation').notNull(),
    userId: text('user_id').notNull(),
    attribute: text('attribute', { enum: ['emails', 'roles', 'words'] }).notNull(),
    valueKey: text('value_key').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.organisation, table.attribute, table.valueKey, table.userId],
    }),
  ],
)

export const groups = sqliteTable(
  'groups',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    version: integer('version').notNull(),
    created: text('created').notNull(),
    lastModified: text('last_modified').notNull(),
    origin: text('origin', { enum: ['local', 'import', 'scim'] }).notNull(),
    displayName: text('display_name').notNull(),
    displayNameKey: text('display_name_key').notNull(),
    externalId: text('external_id'),
    resource: text('resource').notNull(),
    search: text('search').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    uniqueIndex('groups_display_name').on(table.organisation, table.displayNameKey),
    index('groups_external_id').on(table.organisation, table.externalId),
  ],
)

/** One row a membership; the member may be one that the directory does not know. */
export const members = sqliteTable(
  'members',
  {
    organisation: text('organisation').notNull(),
    groupId: text('group_id').notNull(),
    memberId: text('member_id').notNull(),
    type: text('type', { enum: ['User', 'Group'] }),
    /** How it came: `scim`, `hand`, or `import`, `rule` or `mapping` with a colon and the id of what did it. */
    via: text('via').notNull(),
    since: text('since').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.groupId, table.memberId] }),
    // Holds the group too: without statistics SQLite prefers any index that covers a query to one that fits it.
    uniqueIndex('members_member').on(table.organisation, table.memberId, table.groupId),
    /** Only those of mappings, which are counted by mapping. A query has to say the same words for it. */
    index('members_mapped')
      .on(table.organisation, table.via)
      .where(sql`${table.via} LIKE 'mapping:%'`),
  ],
)

/**
 * How many rows of a kind an organisation has, kept with each change: the sum over the parts. On PostgreSQL each
 * connection counts in a part of its own, so that nobody waits for it.
 */
export const tallies = sqliteTable(
  'tallies',
  {
    organisation: text('organisation').notNull(),
    kind: text('kind')
      .$type<
        | 'provisioned'
        | 'unprovisioned'
        | 'departing'
        | 'inactive'
        | 'groups'
        /** The users of a facet. */
        | `user ${string}`
      >()
      .notNull(),
    part: integer('part').notNull(),
    total: integer('total').notNull(),
    /** Counts how often the total changed. */
    changes: integer('changes').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.kind, table.part] })],
)

export const linkRequests = sqliteTable(
  'link_requests',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    /** Whose account is asked for, or an empty text: it is part of the key. */
    userId: text('user_id').notNull(),
    /** The asking externalId, or an empty text: it is part of the key. */
    externalId: text('external_id').notNull(),
    /** `suggestion` where nobody asked: an administrator said that they are not the same. */
    asked: text('asked', { enum: ['provisioning', 'sign-in', 'suggestion'] }).notNull(),
    userName: text('user_name').notNull(),
    displayName: text('display_name'),
    firstAsked: text('first_asked').notNull(),
    lastAsked: text('last_asked').notNull(),
    decided: text('decided', { enum: ['accepted', 'dismissed'] }),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    uniqueIndex('link_requests_asking').on(table.organisation, table.userId, table.externalId),
    /** Every page of the console says how many nobody has decided on. */
    index('link_requests_open').on(table.organisation, table.id).where(isNull(table.decided)),
  ],
)

export const tokens = sqliteTable(
  'tokens',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    hash: text('hash').notNull(),
    created: text('created').notNull(),
    expires: text('expires'),
    lastUsed: text('last_used'),
    revoked: text('revoked'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    /** The one index without an organisation: the token is what tells the organisation. */
    uniqueIndex('tokens_hash').on(table.hash),
  ],
)

/** Passwords of local accounts. Nobody whom Entra owns has a row. */
export const passwords = sqliteTable(
  'passwords',
  {
    organisation: text('organisation').notNull(),
    userId: text('user_id').notNull(),
    hash: text('hash').notNull(),
    changed: text('changed').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.userId] })],
)

export const oneTimeLinks = sqliteTable(
  'one_time_links',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    purpose: text('purpose', { enum: ['setup', 'invitation', 'reset', 'recovery'] }).notNull(),
    userId: text('user_id'),
    hash: text('hash').notNull(),
    created: text('created').notNull(),
    expires: text('expires').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    /** As of tokens: the link is what tells the organisation. */
    uniqueIndex('one_time_links_hash').on(table.hash),
    index('one_time_links_user').on(table.organisation, table.userId),
  ],
)

export const sessions = sqliteTable(
  'sessions',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    userId: text('user_id').notNull(),
    hash: text('hash').notNull(),
    kind: text('kind', { enum: ['browser', 'client'] }).notNull(),
    method: text('method', { enum: ['entra', 'password'] }).notNull(),
    created: text('created').notNull(),
    lastUsed: text('last_used').notNull(),
    expires: text('expires').notNull(),
    device: text('device'),
    address: text('address'),
    /** Until when the secret of a client is valid, which its refresh token renews. */
    secretExpires: text('secret_expires'),
    /** What Entra calls the session there (`sid`), and how it recognises the account (`login_hint`). */
    entraSession: text('entra_session'),
    loginHint: text('login_hint'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    /** As of tokens: the session is what tells the organisation. */
    uniqueIndex('sessions_hash').on(table.hash),
    index('sessions_user').on(table.organisation, table.userId),
    index('sessions_entra').on(table.organisation, table.entraSession),
  ],
)

/** Refresh tokens of clients, those that were used too: one that comes twice ends the session. */
export const refreshTokens = sqliteTable(
  'refresh_tokens',
  {
    organisation: text('organisation').notNull(),
    sessionId: text('session_id').notNull(),
    hash: text('hash').notNull(),
    used: text('used'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.sessionId, table.hash] }),
    /** As of tokens. */
    uniqueIndex('refresh_tokens_hash').on(table.hash),
  ],
)

/** Sign-ins at Entra that have begun, by the hash of their `state`. */
export const signIns = sqliteTable(
  'sign_ins',
  {
    hash: text('hash').primaryKey(),
    returnTo: text('return_to').notNull(),
    expires: text('expires').notNull(),
  },
  (table) => [index('sign_ins_expires').on(table.expires)],
)

/** Authorization codes of desktop clients; one that was used names its session, which ends when it comes again. */
export const authorizationCodes = sqliteTable(
  'authorization_codes',
  {
    organisation: text('organisation').notNull(),
    hash: text('hash').notNull(),
    userId: text('user_id').notNull(),
    method: text('method', { enum: ['entra', 'password'] }).notNull(),
    redirectUri: text('redirect_uri').notNull(),
    challenge: text('challenge').notNull(),
    expires: text('expires').notNull(),
    sessionId: text('session_id'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.hash] }),
    /** As of tokens. */
    uniqueIndex('authorization_codes_hash').on(table.hash),
    index('authorization_codes_user').on(table.organisation, table.userId),
  ],
)

/** Programs that call: Entra's provisioning service with OAuth 2.0, or the server of the application. */
export const clients = sqliteTable(
  'clients',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    kind: text('kind', { enum: ['provisioning', 'application'] }).notNull(),
    name: text('name').notNull(),
    created: text('created').notNull(),
    revoked: text('revoked'),
    /** The workload identity of Entra that may stand for it, by its object id; and what its assertions are made for. */
    subject: text('subject'),
    audience: text('audience'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    /** As of tokens: the client is what tells the organisation. */
    uniqueIndex('clients_id').on(table.id),
  ],
)

export const clientSecrets = sqliteTable(
  'client_secrets',
  {
    organisation: text('organisation').notNull(),
    clientId: text('client_id').notNull(),
    id: text('id').notNull(),
    hash: text('hash').notNull(),
    created: text('created').notNull(),
    expires: text('expires').notNull(),
    lastUsed: text('last_used'),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.clientId, table.id] })],
)

/** Access tokens that clients got for their secret or assertion. */
export const clientTokens = sqliteTable(
  'client_tokens',
  {
    organisation: text('organisation').notNull(),
    hash: text('hash').notNull(),
    clientId: text('client_id').notNull(),
    /** The secret it was given for; that of an assertion has none. */
    secretId: text('secret_id'),
    expires: text('expires').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.hash] }),
    /** As of tokens. */
    uniqueIndex('client_tokens_hash').on(table.hash),
    index('client_tokens_client').on(table.organisation, table.clientId),
  ],
)

/** What the members of a user group, or the users of a role, may do in the application. */
export const permissions = sqliteTable(
  'permissions',
  {
    organisation: text('organisation').notNull(),
    holder: text('holder', { enum: ['group', 'role'] }).notNull(),
    /** The id of the group, or the value of the role in comparable form. */
    holderKey: text('holder_key').notNull(),
    permission: text('permission').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.organisation, table.holder, table.holderKey, table.permission],
    }),
  ],
)

/** What an administrator wants to do to many people at once, to be looked at before it is done. */
export const plans = sqliteTable(
  'plans',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    kind: text('kind', { enum: ['import', 'sync'] }).notNull(),
    /** A draft is being worked out, and not a plan yet. */
    state: text('state', {
      enum: ['draft', 'preview', 'running', 'cancelled', 'finished'],
    }).notNull(),
    created: text('created').notNull(),
    actor: text('actor').notNull(),
    /** Whether somebody has to say that it is right first. */
    held: integer('held', { mode: 'boolean' }).notNull(),
    options: text('options').notNull(),
    /** Sentences, as JSON. */
    advice: text('advice').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.id] })],
)

/** One person of a plan. */
export const planItems = sqliteTable(
  'plan_items',
  {
    organisation: text('organisation').notNull(),
    planId: text('plan_id').notNull(),
    position: integer('position').notNull(),
    action: text('action', {
      enum: ['create', 'link', 'update', 'deactivate', 'reactivate', 'skip', 'conflict'],
    }).notNull(),
    state: text('state', { enum: ['planned', 'done', 'changed', 'failed'] }).notNull(),
    userId: text('user_id'),
    /** The person as Entra had them, the changes and notes, as JSON. */
    person: text('person').notNull(),
    /** What was chosen for this person alone, as JSON. */
    chosen: text('chosen').notNull(),
    changes: text('changes').notNull(),
    notes: text('notes').notNull(),
    outcome: text('outcome'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.planId, table.position] }),
    index('plan_items_state').on(table.organisation, table.planId, table.state, table.position),
  ],
)

/** Mails to users that wait to be sent, and what became of them. */
export const outbox = sqliteTable(
  'outbox',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    kind: text('kind', { enum: ['invitation', 'password-invitation', 'password-reset'] }).notNull(),
    userId: text('user_id').notNull(),
    address: text('address').notNull(),
    state: text('state', {
      enum: ['kept', 'waiting', 'sending', 'sent', 'failed', 'cancelled'],
    }).notNull(),
    /** The plan that it came of. */
    planId: text('plan_id'),
    created: text('created').notNull(),
    due: text('due').notNull(),
    attempts: integer('attempts').notNull(),
    sent: text('sent'),
    problem: text('problem'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    index('outbox_user').on(table.organisation, table.userId),
    /** Administrators look for those of one state among all that were ever sent. */
    index('outbox_state').on(table.organisation, table.state, table.id),
    /** Whoever sends them asks for those of all organisations. */
    index('outbox_due').on(table.state, table.due),
  ],
)

/** What administrators set, by name, as JSON; what is not set is as the program has it. */
export const settings = sqliteTable(
  'settings',
  {
    organisation: text('organisation').notNull(),
    name: text('name').notNull(),
    value: text('value').notNull(),
    changed: text('changed').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.name] })],
)

/** What new users get whom a filter matches, in order. */
export const assignmentRules = sqliteTable(
  'assignment_rules',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    position: integer('position').notNull(),
    name: text('name').notNull(),
    filter: text('filter').notNull(),
    /** Ids of user groups, as JSON. */
    groups: text('groups').notNull(),
    role: text('role'),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.id] })],
)

/** What members of a group of Entra get. */
export const groupMappings = sqliteTable(
  'group_mappings',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    entraGroup: text('entra_group').notNull(),
    /** What the group was called when it was chosen. */
    entraName: text('entra_name').notNull(),
    /** Whether members of groups within it count too. */
    nested: integer('nested', { mode: 'boolean' }).notNull(),
    /** A user group, by id. */
    groupId: text('group_id'),
    role: text('role'),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.id] })],
)

/** Users whom the provisioning client switched off or deleted lately, for the brake to count. */
export const departures = sqliteTable(
  'departures',
  {
    organisation: text('organisation').notNull(),
    userId: text('user_id').notNull(),
    at: text('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.userId] }),
    index('departures_at').on(table.organisation, table.at),
  ],
)

/** Where the sync of an organisation stands. */
export const syncStates = sqliteTable('sync_states', {
  organisation: text('organisation').primaryKey(),
  /** Where Entra goes on to say what has changed. */
  deltaLink: text('delta_link'),
  /** When all users were last compared. */
  compared: text('compared'),
  /** When it is to run by itself next. */
  due: text('due'),
  lastRun: text('last_run'),
  lastPlan: text('last_plan'),
  problem: text('problem'),
})

export const administrators = sqliteTable(
  'administrators',
  {
    organisation: text('organisation').notNull(),
    userId: text('user_id').notNull(),
    since: text('since').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.userId] })],
)

/** Failed attempts by what they are counted for: an account, or an address. */
export const attempts = sqliteTable(
  'attempts',
  {
    subject: text('subject').primaryKey(),
    failures: integer('failures').notNull(),
    /** When the next attempt is let through. */
    until: text('until').notNull(),
  },
  (table) => [index('attempts_until').on(table.until)],
)

export const events = sqliteTable(
  'events',
  {
    sequence: integer('sequence').primaryKey(),
    organisation: text('organisation').notNull(),
    at: text('at').notNull(),
    actor: text('actor').notNull(),
    door: text('door', { enum: ['scim', 'admin', 'auth', 'cli'] }).notNull(),
    requestId: text('request_id').notNull(),
    action: text('action').notNull(),
    resourceId: text('resource_id').notNull(),
    changes: text('changes').notNull(),
  },
  (table) => [
    index('events_sequence').on(table.organisation, table.sequence),
    index('events_resource').on(table.organisation, table.resourceId, table.sequence),
  ],
)

/** Addresses that are told of events, and how far they have been. */
export const webhooks = sqliteTable(
  'webhooks',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    url: text('url').notNull(),
    /** JSON: actions, or kinds of them; an empty array for all. */
    actions: text('actions').notNull(),
    created: text('created').notNull(),
    state: text('state', { enum: ['on', 'paused', 'given-up'] }).notNull(),
    /** The secrets that sign, sealed: the one in force, and the one before it for a while. */
    sealed: text('sealed').notNull(),
    sealedBefore: text('sealed_before'),
    bothUntil: text('both_until'),
    /** The number of the last event that it was told of. */
    position: integer('position').notNull(),
    /** Not before this time; empty for at once. */
    due: text('due').notNull(),
    attempts: integer('attempts').notNull(),
    failingSince: text('failing_since'),
    /** Who tells it of events just now, and since when at the latest that one has stopped. */
    holder: text('holder'),
    heldUntil: text('held_until'),
    lastAt: text('last_at'),
    lastStatus: integer('last_status'),
    lastMilliseconds: integer('last_milliseconds'),
    lastProblem: text('last_problem'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    uniqueIndex('webhooks_name').on(table.organisation, table.nameKey),
    /** Whoever delivers asks for those of all organisations. */
    index('webhooks_due').on(table.state, table.due),
  ],
)

/** The last tries at telling webhooks of events. */
export const webhookDeliveries = sqliteTable(
  'webhook_deliveries',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    webhookId: text('webhook_id').notNull(),
    at: text('at').notNull(),
    action: text('action').notNull(),
    sequence: integer('sequence'),
    attempt: integer('attempt').notNull(),
    milliseconds: integer('milliseconds').notNull(),
    status: integer('status'),
    problem: text('problem'),
    request: text('request').notNull(),
    response: text('response'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    index('webhook_deliveries_webhook').on(table.organisation, table.webhookId, table.id),
  ],
)

/** Requests of provisioning clients as they came and went, the provisioning log: kept for a while. */
export const scimRequests = sqliteTable(
  'scim_requests',
  {
    sequence: integer('sequence').primaryKey(),
    organisation: text('organisation').notNull(),
    at: text('at').notNull(),
    actor: text('actor').notNull(),
    requestId: text('request_id').notNull(),
    method: text('method').notNull(),
    path: text('path').notNull(),
    status: integer('status').notNull(),
    milliseconds: real('milliseconds').notNull(),
    kind: text('kind').notNull(),
    resourceType: text('resource_type', { enum: ['User', 'Group'] }),
    resourceId: text('resource_id'),
    /** What it was called then. */
    subject: text('subject'),
    failure: text('failure'),
    /** What the words of a search are looked for in. */
    search: text('search').notNull(),
    /** As JSON, and so are the headers. */
    tolerances: text('tolerances').notNull(),
    facts: text('facts').notNull(),
    requestHeaders: text('request_headers').notNull(),
    requestBody: text('request_body'),
    responseHeaders: text('response_headers').notNull(),
    responseBody: text('response_body'),
  },
  (table) => [
    index('scim_requests_sequence').on(table.organisation, table.sequence),
    index('scim_requests_at').on(table.organisation, table.at, table.sequence),
    index('scim_requests_failures')
      .on(table.organisation, table.sequence)
      .where(isNotNull(table.failure)),
    index('scim_requests_resource')
      .on(table.organisation, table.resourceId, table.sequence)
      .where(isNotNull(table.resourceId)),
  ],
)

/** Whom a request put into a group or took out of it. */
export const scimRequestMembers = sqliteTable(
  'scim_request_members',
  {
    organisation: text('organisation').notNull(),
    memberId: text('member_id').notNull(),
    sequence: integer('sequence').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.memberId, table.sequence] }),
    index('scim_request_members_sequence').on(table.organisation, table.sequence),
  ],
)

/** Requests of provisioning clients by hour: of all kinds, those that failed, those that were not kept, by tolerance rule. */
export const scimTallies = sqliteTable(
  'scim_tallies',
  {
    organisation: text('organisation').notNull(),
    hour: text('hour').notNull(),
    name: text('name').notNull(),
    total: integer('total').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.hour, table.name] })],
)

/** The last request of a kind that tells how provisioning does. */
export const scimContacts = sqliteTable(
  'scim_contacts',
  {
    organisation: text('organisation').notNull(),
    what: text('what', { enum: ['contact', 'test', 'user-write', 'group-write'] }).notNull(),
    at: text('at').notNull(),
    actor: text('actor').notNull(),
    kind: text('kind').notNull(),
    status: integer('status').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.what] })],
)
