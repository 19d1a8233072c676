/** `npm run docs:generate` writes the generated pages of docs/; with --check it names those that are stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { configurationPage } from './pages/configuration.ts'
import { scimSupportPage } from './pages/scim-support.ts'
import { tolerancesPage } from './pages/tolerances.ts'

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const pages: readonly (readonly [string, string])[] = [
  ['docs/configuration.md', configurationPage()],
  ['docs/scim-support.md', await scimSupportPage()],
  ['docs/tolerances.md', tolerancesPage()],
]

const { values } = parseArgs({ options: { check: { type: 'boolean' } } })
const stale = pages.filter(([file, text]) => read(file) !== text)

if (values.check) {
  for (const [file] of stale) {
    console.error(`${file} is not what its source says; write it with: npm run docs:generate`)
  }
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  mkdirSync('docs', { recursive: true })
  for (const [file, text] of stale) {
    writeFileSync(file, text)
    console.log(`Wrote ${file}`)
  }
}
