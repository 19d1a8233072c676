import type { Page } from '../../console/asked.ts'
import { syncConfirmPages } from './confirm.tsx'
import { syncOverviewPages } from './overview.tsx'
import { syncPlanPages } from './plan.tsx'
import { syncSettingsPages } from './settings.tsx'
import { workingPages } from './working.tsx'

/** Linked users follow Entra: how that stands, what would change, doing it, and what follows. */
export const syncPages: readonly Page[] = [
  ...syncOverviewPages,
  ...workingPages,
  ...syncSettingsPages,
  // What has a name of its own comes before what an id stands for.
  ...syncPlanPages,
  ...syncConfirmPages,
]
