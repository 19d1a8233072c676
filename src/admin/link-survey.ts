import type { Tell } from './background.ts'
import type { Caller } from './route.ts'
import { suggestLinks } from './suggestions.ts'

/** Users who are looked up at a time, */
const PART = 50
/** and in one survey: those of a larger company come in several. */
const MOST = 2_000
/** Suggestions of one user that are kept. */
const KEPT = 5

/** A user who is not linked, and whom of Entra that may be, the likeliest first. */
export type Suggested = Awaited<ReturnType<typeof suggestLinks.call>>['items'][number]

/** Users who are not linked, and who they may be, as it was when somebody looked. */
export interface LinkSurvey {
  /** Those who are settled meanwhile are taken out. */
  readonly found: Map<string, Suggested>
  /** The user after whom there are more; absent where all were looked at. */
  readonly next?: string
}

/** Looks up who the users are who are not linked, from one of them on. Throws EntraFailure, `notConnected`. */
export async function surveyLinks(caller: Caller, after: string, tell: Tell): Promise<LinkSurvey> {
  const { notLinked } = await caller.directory.roster.counts()
  const found = new Map<string, Suggested>()
  let looked = 0
  tell(looked, after === '' ? Math.min(notLinked, MOST) : undefined)
  for (let from = after; ; ) {
    const query = { limit: PART, ...(from === '' ? {} : { after: from }) }
    const { items, next } = await suggestLinks.call(caller, { query })
    for (const { suggestions, ...each } of items) {
      found.set(each.user.id, { ...each, suggestions: suggestions.slice(0, KEPT) })
    }
    looked += items.length
    tell(looked)
    if (next === undefined) return { found }
    if (looked >= MOST) return { found, next }
    from = next
  }
}
