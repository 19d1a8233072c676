import type { Page } from '../../console/asked.ts'
import { accessPages } from './access.tsx'
import { deedPages } from './deeds.tsx'
import { editPages } from './edit.tsx'
import { historyPages } from './history.tsx'
import { joinPages } from './join.tsx'
import { overviewPages } from './overview.tsx'
import { signInPages } from './sign-in.tsx'
import { unlinkPages } from './unlink.tsx'
import { whyPages } from './why.tsx'

/** The page of one user, in parts, and what is done there. */
export const userPages: readonly Page[] = [
  ...overviewPages,
  ...accessPages,
  ...joinPages,
  ...signInPages,
  ...historyPages,
  ...whyPages,
  ...editPages,
  ...deedPages,
  ...unlinkPages,
]
