/** `npm run icons` takes the icons named below from Lucide into src/ui/icons.ts. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The set is large, and a few dozen of its drawings are needed: they are kept here, and not the package. */
const PACKAGE = 'lucide-static@1.62.0'

const NAMES = [
  'activity',
  'arrow-down',
  'arrow-left',
  'arrow-right',
  'arrow-up',
  'ban',
  'bell',
  'book-open',
  'briefcase',
  'calendar',
  'check',
  'chevron-down',
  'chevron-right',
  'circle-alert',
  'circle-check',
  'circle-help',
  'circle-pause',
  'clock',
  'columns-3',
  'copy',
  'database',
  'download',
  'ellipsis',
  'external-link',
  'eye',
  'file-text',
  'filter',
  'gauge',
  'history',
  'import',
  'info',
  'key-round',
  'layers',
  'link',
  'list-checks',
  'lock',
  'log-in',
  'log-out',
  'mail',
  'menu',
  'monitor',
  'moon',
  'pencil',
  'plug',
  'plus',
  'refresh-cw',
  'rotate-ccw',
  'scroll-text',
  'search',
  'settings',
  'shield',
  'sliders-horizontal',
  'smartphone',
  'sun',
  'terminal',
  'trash-2',
  'triangle-alert',
  'unlink',
  'upload',
  'user',
  'user-check',
  'user-plus',
  'user-x',
  'users',
  'users-round',
  'x',
]

function drawing(svg: string): string {
  return svg
    .replace(/^[\s\S]*?<svg[^>]*>/, '')
    .replace('</svg>', '')
    .replace(/\s*\n\s*/g, '')
    .replaceAll(' />', '/>')
}

const folder = mkdtempSync(join(tmpdir(), 'entrance-icons-'))
try {
  execFileSync('npm', ['pack', PACKAGE, '--silent'], { cwd: folder })
  execFileSync('tar', ['-xzf', `${PACKAGE.replace('@', '-')}.tgz`], { cwd: folder })
  writeFileSync(
    join(import.meta.dirname, '../src/ui/icons-licence.txt'),
    readFileSync(join(folder, 'package/LICENSE')),
  )
  const lines = NAMES.map((name) => {
    const svg = readFileSync(join(folder, 'package/icons', `${name}.svg`), 'utf8')
    return `  '${name}':\n    '${drawing(svg)}',`
  })
  writeFileSync(
    join(import.meta.dirname, '../src/ui/icons.ts'),
    `/*
 * Drawings of Lucide (https://lucide.dev), as ${PACKAGE} has them: \`npm run icons\` makes this file, and
 * icons-licence.txt beside it.
 */

/** What is in each icon, of 24 by 24 units. */
export const icons = {
${lines.join('\n')}
} as const

export type IconName = keyof typeof icons
`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
