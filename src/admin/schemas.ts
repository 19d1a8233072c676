import { z } from 'zod'
import { syncFields } from '../directory/sync-field.ts'

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

export const check = z.strictObject({
  what: string,
  purpose: string,
  ok: z.boolean(),
  problem: string.optional(),
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

const chosen = z.strictObject({
  link: string.optional(),
  groups: z.array(string).optional(),
  role: string.nullable().optional(),
  invite: z.boolean().optional(),
  mappings: z.array(string).optional(),
})

export const plan = z.strictObject({
  id: string,
  kind: z.enum(['import', 'sync']),
  options: z.union([importOptions, syncOptions]),
  held: z.boolean().meta({ description: 'Whether it has to be released before it starts.' }),
  state: z.enum(['preview', 'running', 'cancelled', 'finished']),
  created: time,
  actor: string,
  actions: z.record(planAction, count),
  states: z.record(itemState, count),
})

export const planItem = z.strictObject({
  position: count,
  person: entraUser,
  chosen: chosen.meta({ description: 'What was chosen for this person alone.' }),
  action: planAction,
  userId: string.optional(),
  changes: z.array(
    z.strictObject({
      path: string,
      from: z.unknown().optional(),
      to: z.unknown().optional(),
    }),
  ),
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
  kind: z.enum(['invitation', 'password-invitation', 'password-reset']),
  userId: string,
  to: string,
  state: mailState,
  created: time,
  due: time,
  attempts: count,
  planId: string.optional(),
  sent: time.optional(),
  problem: string.optional(),
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
  Judgement: judgement,
  Judgements: judgements,
  Check: check,
  Plan: plan,
  PlanItem: planItem,
  LinkRequest: linkRequest,
  Session: session,
  UserGroup: userGroup,
  Mail: mail,
  Problem: problem,
} as const
