import type { Pile as Sure } from '../../../directory/suggest.ts'
import type { Work } from '../../background.ts'
import type { Asked } from '../../console/asked.ts'
import { surveyLinks, type LinkSurvey, type Suggested } from '../../link-survey.ts'

export const SECTION = '/admin/link'

export const piles = ['asking', 'exact', 'possible', 'none'] as const

export type Pile = (typeof piles)[number]

export const hrefOf = (pile: Pile) => `${SECTION}?pile=${pile}` as const

/** The pile that a parameter names. */
export const pileIn = (given: string) => piles.find((each) => each === given)

/** Begins to look up who may be whom, from a user on, unless that goes on already. */
export function beginSurvey(asked: Asked, after = ''): Work<LinkSurvey> {
  return asked.surveys.begin(asked.organisation, (tell) => surveyLinks(asked, after, tell))
}

/** What was found when somebody last looked; undefined before that is known. */
export function foundIn(asked: Asked): LinkSurvey | undefined {
  const work = asked.surveys.find(asked.organisation)
  return work?.state === 'done' ? work.made : undefined
}

export type Counts = Readonly<Record<Sure, number>>

export function countsOf({ found }: LinkSurvey): Counts {
  const counts = { exact: 0, possible: 0, none: 0 }
  for (const { pile } of found.values()) counts[pile] += 1
  return counts
}

/**
 * The first of a pile after so many of them, as they are now: whoever was linked or removed meanwhile goes from what was
 * found.
 */
export async function pageOf(
  { directory }: Asked,
  { found }: LinkSurvey,
  pile: Sure,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<readonly Suggested[]> {
  for (;;) {
    const all = [...found.values()].filter((each) => each.pile === pile)
    const page = all.slice(from, from + count)
    const users = await directory.users.some(page.map(({ user }) => user.id))
    const settled = page.filter(
      ({ user }) => users.get(user.id)?.link !== undefined || !users.has(user.id),
    )
    if (settled.length === 0) return page
    for (const { user } of settled) found.delete(user.id)
  }
}

/** Takes a user out of what was found, and gives the one who comes next in the same pile. */
export function settle(
  { found }: LinkSurvey,
  userId: string,
): { readonly next: Suggested | undefined } {
  const next = nextOf({ found }, userId)
  found.delete(userId)
  return { next }
}

/** Who comes after somebody in the same pile. */
export function nextOf(
  { found }: Pick<LinkSurvey, 'found'>,
  userId: string,
): Suggested | undefined {
  const pile = found.get(userId)?.pile
  const all = [...found.values()].filter((each) => each.pile === pile)
  return all[all.findIndex(({ user }) => user.id === userId) + 1]
}
