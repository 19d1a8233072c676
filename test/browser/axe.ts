import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** As it is made for pages: half as long to read for a browser as what `axe-core` exports. */
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const EVERY_RULE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const RULES_OF_COLOURS = ['color-contrast', 'link-in-text-block']

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/**
 * What axe finds wrong with a page as it is seen now, in light and in dark: nothing. A page in dark differs by its
 * colours alone, and by the button for light in the frame, which one look with `everyRuleInDark` is enough for.
 */
export async function expectAccessible(
  page: Page,
  { everyRuleInDark = false }: { readonly everyRuleInDark?: boolean } = {},
): Promise<void> {
  const looks = [
    ['light', EVERY_RULE],
    ['dark', everyRuleInDark ? EVERY_RULE : RULES_OF_COLOURS],
  ] as const
  // It stays until another page is loaded.
  if (!(await page.evaluate(`'axe' in window`))) await page.evaluate(axe)
  for (const [colorScheme, rules] of looks) {
    await page.emulateMedia({ colorScheme })
    const violations = await page.evaluate(
      `axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] }).then((found) => found.violations)`,
    )
    const told = (violations as Violation[]).flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
    )
    expect(told, `${page.url()} in ${colorScheme}`).toEqual([])
  }
}
