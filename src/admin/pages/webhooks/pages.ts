import type { Page } from '../../console/asked.ts'
import { webhookDeedPages } from './deeds.tsx'
import { webhookDeliveryPages } from './delivery.tsx'
import { webhookFormPages } from './form.tsx'
import { webhookListPages } from './list.tsx'
import { webhookSecretPages } from './secret.tsx'
import { webhookPages as onePages } from './webhook.tsx'

/** Addresses that are told of events. */
export const webhookPages: readonly Page[] = [
  ...webhookListPages,
  // Before the pages of one: “new” is no id.
  ...webhookFormPages,
  ...webhookDeliveryPages,
  ...webhookSecretPages,
  ...webhookDeedPages,
  ...onePages,
]
