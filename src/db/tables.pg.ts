import { isNotNull, isNull, sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text as plainText,
  uniqueIndex,
} from 'drizzle-orm/pg-core'

/*
 * The tables of tables.sqlite.ts, with the same names and the same rows. Texts compare and sort by their bytes, as in
 * SQLite, whatever the collation of the database.
 */

const text = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' })

/** JSON for filters, which read it many times faster than a text; the order of its keys is not kept. */
const searchable = customType<{ data: string }>({
  dataType: () => 'jsonb',
  fromDriver: (parsed) => JSON.stringify(parsed),
})

type Origin = 'local' | 'import' | 'scim'

export const organisations = pgTable(
  'organisations',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    entraTenantId: text('entra_tenant_id'),
    created: text('created').notNull(),
  },
  (table) => [
    uniqueIndex('organisations_name').on(table.name),
    uniqueIndex('organisations_tenant').on(table.entraTenantId),
  ],
)

export const users = pgTable(
  'users',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    version: integer('version').notNull(),
    created: text('created').notNull(),
    lastModified: text('last_modified').notNull(),
    origin: text('origin').$type<Origin>().notNull(),
    provisioned: boolean('provisioned').notNull(),
    linkTenant: text('link_tenant'),
    linkObject: text('link_object'),
    held: text('held').$type<'deactivate' | 'delete' | 'deactivating' | 'deleting'>(),
    userNameKey: text('user_name_key').notNull(),
    externalId: text('external_id'),
    manager: text('manager'),
    resource: plainText('resource').notNull(),
    search: searchable('search').notNull(),
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

export const roster = pgTable(
  'roster',
  {
    organisation: text('organisation').notNull(),
    userId: text('user_id').notNull(),
    facet: text('facet').notNull(),
    nameKey: text('name_key').notNull(),
    words: text('words').notNull(),
    lastSignIn: text('last_sign_in'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.userId] }),
    index('roster_name').on(table.organisation, table.facet, table.nameKey, table.userId),
    index('roster_created').on(table.organisation, table.facet, table.userId),
  ],
)

export const userValues = pgTable(
  'user_values',
  {
    organisation: text('organisation').notNull(),
    userId: text('user_id').notNull(),
    attribute: text('attribute').$type<'emails' | 'roles' | 'words'>().notNull(),
    valueKey: text('value_key').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.organisation, table.attribute, table.valueKey, table.userId],
    }),
  ],
)

export const groups = pgTable(
  'groups',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    version: integer('version').notNull(),
    created: text('created').notNull(),
    lastModified: text('last_modified').notNull(),
    origin: text('origin').$type<Origin>().notNull(),
    displayName: text('display_name').notNull(),
    displayNameKey: text('display_name_key').notNull(),
    externalId: text('external_id'),
    resource: plainText('resource').notNull(),
    search: searchable('search').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    uniqueIndex('groups_display_name').on(table.organisation, table.displayNameKey),
    index('groups_external_id').on(table.organisation, table.externalId),
  ],
)

export const members = pgTable(
  'members',
  {
    organisation: text('organisation').notNull(),
    groupId: text('group_id').notNull(),
    memberId: text('member_id').notNull(),
    type: text('type').$type<'User' | 'Group'>(),
    via: text('via').notNull(),
    since: text('since').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.groupId, table.memberId] }),
    uniqueIndex('members_member').on(table.organisation, table.memberId, table.groupId),
    index('members_mapped')
      .on(table.organisation, table.via)
      .where(sql`${table.via} LIKE 'mapping:%'`),
  ],
)

export const tallies = pgTable(
  'tallies',
  {
    organisation: text('organisation').notNull(),
    kind: text('kind')
      .$type<
        'provisioned' | 'unprovisioned' | 'departing' | 'inactive' | 'groups' | `user ${string}`
      >()
      .notNull(),
    part: integer('part').notNull(),
    total: integer('total').notNull(),
    changes: integer('changes').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.kind, table.part] })],
)

export const linkRequests = pgTable(
  'link_requests',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    userId: text('user_id').notNull(),
    externalId: text('external_id').notNull(),
    asked: text('asked').$type<'provisioning' | 'sign-in' | 'suggestion'>().notNull(),
    userName: text('user_name').notNull(),
    displayName: text('display_name'),
    firstAsked: text('first_asked').notNull(),
    lastAsked: text('last_asked').notNull(),
    decided: text('decided').$type<'accepted' | 'dismissed'>(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    uniqueIndex('link_requests_asking').on(table.organisation, table.userId, table.externalId),
    index('link_requests_open').on(table.organisation, table.id).where(isNull(table.decided)),
  ],
)

export const tokens = pgTable(
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
    uniqueIndex('tokens_hash').on(table.hash),
  ],
)

export const passwords = pgTable(
  'passwords',
  {
    organisation: text('organisation').notNull(),
    userId: text('user_id').notNull(),
    hash: text('hash').notNull(),
    changed: text('changed').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.userId] })],
)

export const oneTimeLinks = pgTable(
  'one_time_links',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    purpose: text('purpose').$type<'setup' | 'invitation' | 'reset' | 'recovery'>().notNull(),
    userId: text('user_id'),
    hash: text('hash').notNull(),
    created: text('created').notNull(),
    expires: text('expires').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    uniqueIndex('one_time_links_hash').on(table.hash),
    index('one_time_links_user').on(table.organisation, table.userId),
  ],
)

export const sessions = pgTable(
  'sessions',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    userId: text('user_id').notNull(),
    hash: text('hash').notNull(),
    kind: text('kind').$type<'browser' | 'client'>().notNull(),
    method: text('method').$type<'entra' | 'password'>().notNull(),
    created: text('created').notNull(),
    lastUsed: text('last_used').notNull(),
    expires: text('expires').notNull(),
    device: text('device'),
    address: text('address'),
    secretExpires: text('secret_expires'),
    entraSession: text('entra_session'),
    loginHint: text('login_hint'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    uniqueIndex('sessions_hash').on(table.hash),
    index('sessions_user').on(table.organisation, table.userId),
    index('sessions_entra').on(table.organisation, table.entraSession),
  ],
)

export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    organisation: text('organisation').notNull(),
    sessionId: text('session_id').notNull(),
    hash: text('hash').notNull(),
    used: text('used'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.sessionId, table.hash] }),
    uniqueIndex('refresh_tokens_hash').on(table.hash),
  ],
)
export const signIns = pgTable(
  'sign_ins',
  {
    hash: text('hash').primaryKey(),
    returnTo: text('return_to').notNull(),
    expires: text('expires').notNull(),
  },
  (table) => [index('sign_ins_expires').on(table.expires)],
)
export const authorizationCodes = pgTable(
  'authorization_codes',
  {
    organisation: text('organisation').notNull(),
    hash: text('hash').notNull(),
    userId: text('user_id').notNull(),
    method: text('method').$type<'entra' | 'password'>().notNull(),
    redirectUri: text('redirect_uri').notNull(),
    challenge: text('challenge').notNull(),
    expires: text('expires').notNull(),
    sessionId: text('session_id'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.hash] }),
    uniqueIndex('authorization_codes_hash').on(table.hash),
    index('authorization_codes_user').on(table.organisation, table.userId),
  ],
)
export const clients = pgTable(
  'clients',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    kind: text('kind').$type<'provisioning' | 'application'>().notNull(),
    name: text('name').notNull(),
    created: text('created').notNull(),
    revoked: text('revoked'),
    subject: text('subject'),
    audience: text('audience'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    uniqueIndex('clients_id').on(table.id),
  ],
)

export const clientSecrets = pgTable(
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
export const clientTokens = pgTable(
  'client_tokens',
  {
    organisation: text('organisation').notNull(),
    hash: text('hash').notNull(),
    clientId: text('client_id').notNull(),
    secretId: text('secret_id'),
    expires: text('expires').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.hash] }),
    uniqueIndex('client_tokens_hash').on(table.hash),
    index('client_tokens_client').on(table.organisation, table.clientId),
  ],
)
export const permissions = pgTable(
  'permissions',
  {
    organisation: text('organisation').notNull(),
    holder: text('holder').$type<'group' | 'role'>().notNull(),
    holderKey: text('holder_key').notNull(),
    permission: text('permission').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.organisation, table.holder, table.holderKey, table.permission],
    }),
  ],
)

export const plans = pgTable(
  'plans',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    kind: text('kind').$type<'import' | 'sync'>().notNull(),
    state: text('state')
      .$type<'draft' | 'preview' | 'running' | 'cancelled' | 'finished'>()
      .notNull(),
    created: text('created').notNull(),
    actor: text('actor').notNull(),
    held: boolean('held').notNull(),
    options: plainText('options').notNull(),
    advice: plainText('advice').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.id] })],
)

export const planItems = pgTable(
  'plan_items',
  {
    organisation: text('organisation').notNull(),
    planId: text('plan_id').notNull(),
    position: integer('position').notNull(),
    action: text('action')
      .$type<'create' | 'link' | 'update' | 'deactivate' | 'reactivate' | 'skip' | 'conflict'>()
      .notNull(),
    state: text('state').$type<'planned' | 'done' | 'changed' | 'failed'>().notNull(),
    userId: text('user_id'),
    person: plainText('person').notNull(),
    chosen: plainText('chosen').notNull(),
    changes: plainText('changes').notNull(),
    notes: plainText('notes').notNull(),
    outcome: text('outcome'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.planId, table.position] }),
    index('plan_items_state').on(table.organisation, table.planId, table.state, table.position),
  ],
)

export const outbox = pgTable(
  'outbox',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    kind: text('kind').$type<'invitation' | 'password-invitation' | 'password-reset'>().notNull(),
    userId: text('user_id').notNull(),
    address: text('address').notNull(),
    state: text('state')
      .$type<'kept' | 'waiting' | 'sending' | 'sent' | 'failed' | 'cancelled'>()
      .notNull(),
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
    index('outbox_due').on(table.state, table.due),
  ],
)

export const settings = pgTable(
  'settings',
  {
    organisation: text('organisation').notNull(),
    name: text('name').notNull(),
    value: plainText('value').notNull(),
    changed: text('changed').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.name] })],
)

export const assignmentRules = pgTable(
  'assignment_rules',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    position: integer('position').notNull(),
    name: text('name').notNull(),
    filter: plainText('filter').notNull(),
    groups: plainText('groups').notNull(),
    role: text('role'),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.id] })],
)

export const groupMappings = pgTable(
  'group_mappings',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    entraGroup: text('entra_group').notNull(),
    entraName: text('entra_name').notNull(),
    nested: boolean('nested').notNull(),
    groupId: text('group_id'),
    role: text('role'),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.id] })],
)

export const departures = pgTable(
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

export const syncStates = pgTable('sync_states', {
  organisation: text('organisation').primaryKey(),
  deltaLink: text('delta_link'),
  compared: text('compared'),
  due: text('due'),
  lastRun: text('last_run'),
  lastPlan: text('last_plan'),
  problem: text('problem'),
})

export const administrators = pgTable(
  'administrators',
  {
    organisation: text('organisation').notNull(),
    userId: text('user_id').notNull(),
    since: text('since').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.userId] })],
)

export const attempts = pgTable(
  'attempts',
  {
    subject: text('subject').primaryKey(),
    failures: integer('failures').notNull(),
    until: text('until').notNull(),
  },
  (table) => [index('attempts_until').on(table.until)],
)

export const events = pgTable(
  'events',
  {
    sequence: bigserial('sequence', { mode: 'number' }).primaryKey(),
    organisation: text('organisation').notNull(),
    at: text('at').notNull(),
    actor: text('actor').notNull(),
    door: text('door').$type<'scim' | 'admin' | 'auth' | 'cli'>().notNull(),
    requestId: text('request_id').notNull(),
    action: text('action').notNull(),
    resourceId: text('resource_id').notNull(),
    changes: plainText('changes').notNull(),
  },
  (table) => [
    index('events_sequence').on(table.organisation, table.sequence),
    index('events_resource').on(table.organisation, table.resourceId, table.sequence),
  ],
)

/** Addresses that are told of events, and how far they have been. */
export const webhooks = pgTable(
  'webhooks',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    url: text('url').notNull(),
    actions: text('actions').notNull(),
    created: text('created').notNull(),
    state: text('state').$type<'on' | 'paused' | 'given-up'>().notNull(),
    sealed: text('sealed').notNull(),
    sealedBefore: text('sealed_before'),
    bothUntil: text('both_until'),
    position: bigint('position', { mode: 'number' }).notNull(),
    due: text('due').notNull(),
    attempts: integer('attempts').notNull(),
    failingSince: text('failing_since'),
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
    index('webhooks_due').on(table.state, table.due),
  ],
)

/** The last tries at telling webhooks of events. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    organisation: text('organisation').notNull(),
    id: text('id').notNull(),
    webhookId: text('webhook_id').notNull(),
    at: text('at').notNull(),
    action: text('action').notNull(),
    sequence: bigint('sequence', { mode: 'number' }),
    attempt: integer('attempt').notNull(),
    milliseconds: integer('milliseconds').notNull(),
    status: integer('status'),
    problem: text('problem'),
    request: plainText('request').notNull(),
    response: plainText('response'),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    index('webhook_deliveries_webhook').on(table.organisation, table.webhookId, table.id),
  ],
)

/** Requests of provisioning clients as they came and went, the provisioning log: kept for a while. */
export const scimRequests = pgTable(
  'scim_requests',
  {
    sequence: bigserial('sequence', { mode: 'number' }).primaryKey(),
    organisation: text('organisation').notNull(),
    at: text('at').notNull(),
    actor: text('actor').notNull(),
    requestId: text('request_id').notNull(),
    method: text('method').notNull(),
    path: plainText('path').notNull(),
    status: integer('status').notNull(),
    milliseconds: doublePrecision('milliseconds').notNull(),
    kind: text('kind').notNull(),
    resourceType: text('resource_type').$type<'User' | 'Group'>(),
    resourceId: text('resource_id'),
    /** What it was called then. */
    subject: text('subject'),
    failure: text('failure'),
    /** What the words of a search are looked for in. */
    search: plainText('search').notNull(),
    /** As JSON, and so are the headers. */
    tolerances: plainText('tolerances').notNull(),
    facts: plainText('facts').notNull(),
    requestHeaders: plainText('request_headers').notNull(),
    requestBody: plainText('request_body'),
    responseHeaders: plainText('response_headers').notNull(),
    responseBody: plainText('response_body'),
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
export const scimRequestMembers = pgTable(
  'scim_request_members',
  {
    organisation: text('organisation').notNull(),
    memberId: text('member_id').notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.memberId, table.sequence] }),
    index('scim_request_members_sequence').on(table.organisation, table.sequence),
  ],
)

/** Requests of provisioning clients by hour: of all kinds, those that failed, those that were not kept, by tolerance rule. */
export const scimTallies = pgTable(
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
export const scimContacts = pgTable(
  'scim_contacts',
  {
    organisation: text('organisation').notNull(),
    what: text('what').$type<'contact' | 'test' | 'user-write' | 'group-write'>().notNull(),
    at: text('at').notNull(),
    actor: text('actor').notNull(),
    kind: text('kind').notNull(),
    status: integer('status').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.what] })],
)
