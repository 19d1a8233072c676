import { settings } from '../../src/config.ts'
import { code, generatedFrom, page, prose, table } from './markdown.ts'

const entries = Object.entries(settings)

/** A default that is a value is shown as one; a default that is explained is a text. */
function whenUnset(unset: string): string {
  return unset.includes(' ') ? prose(unset) : code(unset)
}

function section([name, { about, expects, unset, example, secret }]: (typeof entries)[number]) {
  return page(
    `## ${name}`,
    prose(about),
    [
      `- **Write:** ${prose(expects)}`,
      `- **When unset:** ${whenUnset(unset)}`,
      `- **Example:** ${code(`${name}=${example}`)}`,
      ...(secret
        ? ['- **A secret:** it is never shown or logged. Keep it out of files that others read.']
        : []),
    ].join('\n'),
  ).trimEnd()
}

export function configurationPage(): string {
  return page(
    '# Configuration',
    generatedFrom('src/config.ts'),
    'Entrance is configured by environment variables. None is needed to start: with an empty environment the server listens on `http://localhost:3000` and keeps everything in `data/entrance.db`. A variable that is set to nothing counts as unset, and variables that are not listed here are ignored.',
    'They are read once, at start. When something is wrong with them the server says so, every problem at once with what to write instead, and does not start. `npm run cli -- doctor` checks them without starting the server; the command line reads the same variables.',
    table(
      ['Variable', 'When unset', 'Write'],
      entries.map(([name, { expects, unset }]) => [
        `[${code(name)}](#${name.toLowerCase()})`,
        whenUnset(unset),
        prose(expects),
      ]),
    ),
    ...entries.map(section),
  )
}
