import { z } from 'zod'

const time = z.iso.datetime()
const string = z.string()
const count = z.int().nonnegative()

const result = {
  at: time.meta({ description: 'When it was begun.' }),
  milliseconds: count,
  status: z.int().optional().meta({ description: 'What the receiver answered, if it did.' }),
  problem: string.optional().meta({ description: 'Why it failed; absent where it was taken.' }),
}

/** An address that is told of events, without its secret. */
export const webhook = z.strictObject({
  id: string,
  name: string,
  url: string,
  actions: z.array(string).meta({
    description: 'Actions such as `user.created`, or kinds such as `user`; empty for everything.',
  }),
  created: time,
  state: z.enum(['on', 'paused', 'given-up']).meta({
    description: '`given-up` is stopped because its receiver failed for three days, or is gone.',
  }),
  attempts: count.meta({ description: 'Tries in a row that failed.' }),
  failingSince: time.optional(),
  due: time.optional().meta({ description: 'When it is tried again.' }),
  last: z.strictObject(result).optional(),
  bothUntil: time.optional().meta({ description: 'Until when the old secret signs too.' }),
})

/** A try at telling a webhook of an event. */
export const delivery = z.strictObject({
  id: string,
  webhookId: string,
  action: string,
  sequence: z.int().optional().meta({ description: 'The number of the event; absent for a test.' }),
  attempt: z.int().positive(),
  ...result,
})

/** The same with what went out and what came back. */
export const wholeDelivery = delivery.extend({
  request: string.meta({ description: 'Without its signatures.' }),
  response: string.optional(),
})
