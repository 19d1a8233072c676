import type { Page } from '../console/asked.ts'
import { overviewPages } from './overview/overview.tsx'
import { groupChangePages } from './groups/changes.tsx'
import { groupPages } from './groups/group.tsx'
import { joiningPages } from './groups/joining.tsx'
import { groupListPages } from './groups/list.tsx'
import { ruleChangePages } from './rules/changes.ts'
import { ruleEditPages } from './rules/edit.ts'
import { ruleListPages } from './rules/list.tsx'
import { mappingEditPages } from './mappings/edit.tsx'
import { mappingListPages } from './mappings/list.tsx'
import { roleListPages } from './roles/list.tsx'
import { rolePages } from './roles/role.tsx'
import { importPages } from './import/import.tsx'
import { administratorPages } from './administrators/administrators.tsx'
import { userPages } from './user/pages.ts'
import { usersPages } from './users/pages.ts'
import { recordPages } from './record/record.tsx'
import { outboxPages } from './mails/outbox.tsx'
import { wordsPages } from './mails/words.tsx'
import { heldPages } from './held/held.tsx'
import { webhookPages } from './webhooks/pages.ts'
import { jobPages } from './jobs/jobs.tsx'
import { linkPages } from './link/pages.ts'
import { syncPages } from './sync/pages.ts'
import { connectOverview } from './connect/overview.tsx'
import { appPages } from './connect/app.tsx'
import { provisioningPages } from './connect/provisioning.tsx'
import { arrivalPages } from './connect/arrivals.tsx'
import { tokenPages } from './connect/tokens.tsx'
import { rotationPages } from './connect/rotation.tsx'
import { scriptPages } from './connect/scripts.ts'
import { settingsPages } from './settings/settings.tsx'
import { logPages } from './log/pages.ts'

/** Every page of the console, and what its forms do. */
export const pages: readonly Page[] = [
  ...overviewPages,
  ...administratorPages,
  ...groupListPages,
  ...groupPages,
  ...joiningPages,
  ...groupChangePages,
  ...roleListPages,
  ...rolePages,
  ...ruleListPages,
  ...ruleChangePages,
  ...ruleEditPages,
  ...mappingListPages,
  ...mappingEditPages,
  ...usersPages,
  ...importPages,
  ...userPages,
  ...recordPages,
  ...outboxPages,
  ...wordsPages,
  ...heldPages,
  ...webhookPages,
  ...jobPages,
  ...linkPages,
  ...syncPages,
  ...connectOverview,
  ...appPages,
  ...provisioningPages,
  ...arrivalPages,
  ...tokenPages,
  ...rotationPages,
  ...scriptPages,
  ...settingsPages,
  ...logPages,
]
