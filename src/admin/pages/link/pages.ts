import type { Page } from '../../console/asked.ts'
import { linkAskingPages } from './asking.tsx'
import { linkListPages } from './list.tsx'
import { linkManyPages } from './many.tsx'
import { linkPairPages } from './pair.tsx'

/** Who here is whom of Entra: the piles, two side by side, and many at once. */
export const linkPages: readonly Page[] = [
  ...linkListPages,
  ...linkPairPages,
  ...linkAskingPages,
  ...linkManyPages,
]
