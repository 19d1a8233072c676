import { tolerances } from '../../src/scim/protocol/tolerances.ts'
import { code, generatedFrom, page, prose } from './markdown.ts'

export function tolerancesPage(): string {
  return page(
    '# Tolerances',
    generatedFrom('src/scim/protocol/tolerances.ts'),
    'Provisioning clients, Microsoft Entra ID first of all, deviate from the SCIM standard (RFC 7643, RFC 7644). Entrance is strict about everything else, and accepts exactly the deviations below: each is a named rule that says what is accepted and what the server makes of it, where the deviation is known from, and has a recorded conversation that is replayed by the tests.',
    'The log line of a request names, under `tolerances`, the rules that the request needed. A client that keeps to the standard needs none.',
    'To teach the server another deviation, add a row to the table in the source, the code that obeys it, and the recorded conversation `test/entra/conversations/<id>.json`.',
    ...Object.entries(tolerances).map(([id, { about, source }]) =>
      page(
        `## ${code(id)}`,
        prose(about),
        `*Known from:* ${prose(source)}  \n*Recorded in:* [${id}.json](../test/entra/conversations/${id}.json)`,
      ).trimEnd(),
    ),
  )
}
