import { z } from 'zod'
import { syncFields } from '../directory/sync-field.ts'
import { memberships, provisioningToken, userGroupDetail } from './access-schemas.ts'
import { change, listedMapping, mapping, rule } from './assignment-schemas.ts'
import { mailKind, mailTemplate } from './mail-schemas.ts'
import { delivery, webhook } from './webhook-schemas.ts'
import { listedUser, wholeUser } from './user-schemas.ts'

const time = z.iso.datetime()
const count = z.int().nonnegative()
const string = z.string()

export const entraUser = z.strictObject({
  id: string.meta({ description: 'The object id.' }),
  userPrincipalName: string,
  displayName: string,
  givenName: string.optional(),
  surname: string.optional(),
  mail: string.optional(),
  mobilePhone: string.optional(),
  businessPhone: string.optional(),
  jobTitle: string.optional(),
  department: string.optional(),
  companyName: string.optional(),
  employeeId: string.optional(),
  onPremisesImmutableId: string.optional(),
  onPremisesSamAccountName: string.optional(),
  preferredLanguage: string.optional(),
  proxyAddresses: z.array(string),
  guest: z.boolean(),
  enabled: z.boolean().meta({ description: 'Whether the account may sign in at Entra.' }),
})

export const entraGroup = z.strictObject({
  id: string,
  displayName: string,
  description: string.optional(),
})

export const entraAppRole = z.strictObject({
  id: string,
  value: string.meta({ description: 'What the `roles` claim of Entra has, if anything.' }),
  displayName: string,
})

const judgement = z.strictObject({
  person: entraUser,
  standing: z.enum(['new', 'linked', 'match', 'conflict']),
  user: z.strictObject({ id: string, userName: string, active: z.boolean() }).optional(),
  why: string.optional(),
})

/** A part of the people of Entra, judged. */
export const judgements = z.strictObject({
  items: z.array(judgement),
  next: string.optional(),
})

/** Those of whom somebody has the address, judged, and the addresses that lead to nobody, or to several. */
export const foundPeople = z.strictObject({
  items: z.array(judgement),
  notFound: z.array(string).meta({ description: 'Addresses that nobody has.' }),
  ambiguous: z.array(string).meta({ description: 'Addresses that several have.' }),
})

const check = z.strictObject({
  what: string,
  purpose: string,
  ok: z.boolean(),
  problem: string.optional(),
  expires: time.optional().meta({ description: 'When it will not work any more, where known.' }),
})

const day = { description: 'When the credential expires, where that is known.' }
const days = { description: 'Whole days until then; negative when it is over.' }

/** How an organisation is connected to Entra. */
export const connection = z.strictObject({
  configured: z.boolean(),
  storable: z.boolean().meta({
    description: 'Whether a connection can be stored: whether the server has an ENCRYPTION_KEY.',
  }),
  from: z
    .enum(['environment', 'stored'])
    .optional()
    .meta({ description: 'Whether the environment of the server says it, or an administrator.' }),
  tenantId: string.optional(),
  clientId: string.optional(),
  cloud: z.enum(['global', 'us', 'china']).optional(),
  credential: z.enum(['secret', 'certificate', 'federated']).optional(),
  expires: time.optional().meta(day),
  expiresInDays: z.int().optional().meta(days),
  checks: z.array(check).optional(),
})

/** What came of trying a connection. */
export const trial = z.strictObject({
  ok: z.boolean(),
  checks: z.array(check),
  sample: string.optional().meta({ description: 'The name of somebody of the tenant.' }),
  expires: time.optional().meta(day),
  expiresInDays: z.int().optional().meta(days),
})

export const planAction = z.enum([
  'create',
  'link',
  'update',
  'deactivate',
  'reactivate',
  'skip',
  'conflict',
])
export const itemState = z.enum(['planned', 'done', 'changed', 'failed'])

export const invite = z.union([
  z
    .strictObject({ when: z.enum(['now', 'later', 'never']) })
    .meta({ description: 'Later is when an administrator says so.' }),
  z.strictObject({ when: z.literal('at'), at: time }),
])

const importOptions = z.strictObject({
  groups: z.array(string),
  role: string.optional(),
  invite,
  rules: z.boolean(),
})

export const syncOptions = z.strictObject({
  fields: z.array(z.enum(syncFields)).meta({
    description: 'What follows besides name, e-mail, user name, mobile number and active.',
  }),
  provisioned: z.enum(['left', 'synced']),
})

/** Minutes between two runs. Within a week Entra still knows what has changed. */
const SHORTEST_BETWEEN = 15
const LONGEST_BETWEEN = 7 * 24 * 60

export const syncSettings = syncOptions.extend({
  every: z.int().min(SHORTEST_BETWEEN).max(LONGEST_BETWEEN).exactOptional().meta({
    description: 'Minutes between runs that begin by themselves; absent for none.',
  }),
})

const syncRunOptions = syncOptions.extend({
  mode: z.enum(['full', 'changes', 'chosen']).meta({ description: 'Whom it is about.' }),
  why: string.optional().meta({ description: 'Why everybody, where that was not asked for.' }),
})

const chosen = z.strictObject({
  link: string.optional(),
  groups: z.array(string).optional(),
  role: string.nullable().optional(),
  invite: z.boolean().optional(),
  mappings: z.array(string).optional(),
  gone: z.array(string).optional(),
})

export const plan = z.strictObject({
  id: string,
  kind: z.enum(['import', 'sync']),
  options: z.union([importOptions, syncRunOptions]),
  advice: z.array(string).meta({ description: 'What to think about first.' }),
  held: z.boolean().meta({ description: 'Whether it has to be released before it starts.' }),
  state: z.enum(['preview', 'running', 'cancelled', 'finished']),
  created: time,
  actor: string,
  actions: z.record(planAction, count),
  states: z.record(itemState, count),
})

/** What came of planning an import. */
export const plannedImport = z.strictObject({
  plan,
  notFound: z.array(string).meta({ description: 'Ids and addresses that nobody has.' }),
  ambiguous: z.array(string).meta({ description: 'Addresses that several have.' }),
})

export const planItem = z.strictObject({
  position: count,
  person: entraUser,
  chosen: chosen.meta({ description: 'What was chosen for this person alone.' }),
  action: planAction,
  userId: string.optional(),
  changes: z.array(change),
  notes: z.array(string),
  state: itemState,
  outcome: string.optional(),
})

export const linkRequest = z.strictObject({
  id: string,
  asked: z.enum(['provisioning', 'sign-in']),
  userId: string.optional(),
  userName: string,
  externalId: string.optional(),
  displayName: string.optional(),
  firstAsked: time,
  lastAsked: time,
})

export const session = z.strictObject({
  id: string,
  userId: string,
  kind: z.enum(['browser', 'client']),
  method: z.enum(['entra', 'password']),
  created: time,
  lastUsed: time,
  expires: time,
  secretExpires: time.optional(),
  device: string.optional(),
  address: string.optional(),
})

export const userGroup = z.strictObject({
  id: string,
  displayName: string,
  origin: z.enum(['local', 'import', 'scim']),
})

export const mailState = z.enum(['kept', 'waiting', 'sending', 'sent', 'failed', 'cancelled'])

export const mail = z.strictObject({
  id: string,
  kind: mailKind,
  userId: string,
  to: string,
  state: mailState,
  created: time,
  due: time,
  attempts: count,
  planId: string.optional(),
  sent: time.optional(),
  uncertain: z
    .boolean()
    .optional()
    .meta({ description: 'Whether it may have arrived though it failed.' }),
  problem: string.optional(),
})

/** When provisioning is held. */
export const brakeSettings = z.strictObject({
  users: z.int().min(0).max(1_000_000).meta({
    description: 'So many users may be switched off or deleted within the window in any case,',
  }),
  percent: z.int().min(0).max(100).meta({
    description: 'and so many of a hundred who were active; more is held. 100 is no brake.',
  }),
  minutes: z
    .int()
    .min(1)
    .max(31 * 24 * 60)
    .meta({ description: 'The length of the window, a month at most.' }),
})

export const brake = brakeSettings.extend({
  on: z.boolean(),
  limit: count.meta({ description: 'How many may go within the window now.' }),
  departed: count.meta({ description: 'How many went in the window that ends now.' }),
  waiting: z
    .strictObject({ deactivate: count, delete: count })
    .meta({ description: 'How many are held.' }),
  released: count.meta({ description: 'How many were released and are about to be done.' }),
})

const detail = string

const problem = z.strictObject({
  type: string,
  title: string,
  status: z.int(),
  detail: string,
  requestId: string,
  errors: z
    .array(
      z.union([
        z.strictObject({ detail, pointer: string }),
        z.strictObject({ detail, parameter: string }),
      ]),
    )
    .optional(),
})

/** The parts of answers that have a name in the description of this door. */
export const named = {
  EntraUser: entraUser,
  EntraGroup: entraGroup,
  EntraAppRole: entraAppRole,
  Judgement: judgement,
  Judgements: judgements,
  FoundPeople: foundPeople,
  Check: check,
  Connection: connection,
  Trial: trial,
  Plan: plan,
  PlannedImport: plannedImport,
  PlanItem: planItem,
  SyncSettings: syncSettings,
  Change: change,
  Rule: rule,
  Mapping: mapping,
  ListedMapping: listedMapping,
  LinkRequest: linkRequest,
  Session: session,
  ListedUser: listedUser,
  User: wholeUser,
  UserGroup: userGroup,
  UserGroupDetail: userGroupDetail,
  Memberships: memberships,
  ProvisioningToken: provisioningToken,
  Mail: mail,
  MailTemplate: mailTemplate,
  Webhook: webhook,
  Delivery: delivery,
  Brake: brake,
  Problem: problem,
} as const
