import { z } from 'zod'
import { logKinds } from '../directory/provisioning-log.ts'
import { errorTable } from '../scim/protocol/error.ts'

const time = z.iso.datetime()
const count = z.int().nonnegative()
const string = z.string()

/** What a request was about. */
export const logKind = z.enum(logKinds)

const member = z.strictObject({ id: string, name: string.optional() })

const shape = {
  sequence: count,
  at: time,
  actor: string,
  requestId: string.meta({ description: 'What it did has the same in the record of changes.' }),
  method: string,
  path: string.meta({ description: 'Below the SCIM base URL, without what is secret.' }),
  status: z.int(),
  milliseconds: z.number().nonnegative(),
  kind: logKind,
  subject: z
    .strictObject({
      type: z.enum(['User', 'Group']),
      id: string.optional(),
      name: string.optional(),
    })
    .optional()
    .meta({ description: 'Whom it was about, by the name of that time.' }),
  failure: z
    .enum([...(Object.keys(errorTable) as [string, ...string[]]), 'localAccount'])
    .optional(),
  tolerances: z.array(string).meta({ description: 'The tolerance rules that it needed.' }),
  facts: z.strictObject({
    filter: string.optional(),
    attribute: string.optional(),
    value: string.optional(),
    total: count.optional(),
    members: z.array(member).optional().meta({ description: 'The first of them.' }),
    memberCount: count.optional(),
    attributes: z.array(string).optional(),
    wanted: string.optional(),
    held: z.literal(true).optional(),
  }),
  sentence: string.meta({ description: 'What it did, in words.' }),
  outcome: string.meta({ description: 'What came of it, in a few words.' }),
}

/** A request of a provisioning client. */
export const loggedRequest = z.strictObject(shape)

const message = z.strictObject({
  headers: z.record(string, string),
  body: z
    .strictObject({
      text: string.meta({ description: 'JSON in several lines, unless it was cut.' }),
      length: count.meta({ description: 'How long all of it was.' }),
      kept: z.enum(['whole', 'cut', 'unreadable', 'large']),
    })
    .optional(),
})

/** The same with all that is kept of it. */
export const wholeLoggedRequest = z.strictObject({
  ...shape,
  request: message,
  response: message,
  rules: z
    .array(z.strictObject({ id: string, about: string, source: string }))
    .meta({ description: 'What the tolerance rules do, and where they come from.' }),
  explanation: z
    .strictObject({
      title: string,
      what: string,
      why: string,
      fix: string,
      holder: z.strictObject({ id: string, name: string }).nullable().optional().meta({
        description: 'Who has the name now that was asked for; null where nobody has it.',
      }),
      deleted: z
        .strictObject({ at: time, actor: string })
        .optional()
        .meta({ description: 'When and by whom what is not found was deleted.' }),
    })
    .optional()
    .meta({ description: 'Why it was refused, and what to do.' }),
  curl: z.strictObject({
    command: string.meta({ description: 'Has the credentials in $ENTRANCE_TOKEN.' }),
    complete: z.boolean().meta({ description: 'Whether nothing was taken out of it or cut off.' }),
  }),
})

const contact = z.strictObject({ at: time, actor: string, kind: logKind, status: z.int() })

/** How provisioning does. */
export const provisioningStatus = z.strictObject({
  days: count.meta({ description: 'For how many days requests are kept; 0 where none are.' }),
  lastContact: contact.optional(),
  lastTest: contact.optional(),
  lastUserWrite: contact.optional(),
  lastGroupWrite: contact.optional(),
  hours: z
    .array(z.strictObject({ hour: time, requests: count, errors: count, dropped: count }))
    .meta({ description: 'The last 24 hours, the oldest first.' }),
  tolerances: z.array(z.strictObject({ id: string, about: string, requests: count })),
})
