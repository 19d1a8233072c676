import type { Page } from '../../console/asked.ts'
import { logEntryPages } from './entry.tsx'
import { logListPages } from './list.tsx'

/** What Entra asked for, and what came of it. */
export const logPages: readonly Page[] = [
  // What has a name of its own comes before what an id stands for.
  ...logListPages,
  ...logEntryPages,
]
