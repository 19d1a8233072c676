import { Client } from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { SCAN_MILLISECONDS } from '../../src/db/scan-limit.ts'
import type { Directory } from '../../src/directory/store.ts'
import { testApp } from '../support/app.ts'

/*
 * That PostgreSQL sees that a query asks for no rows but those of an index that has only some. Which index it takes where
 * there are several depends on what is in the tables; here it may not read a table as a whole.
 */

/** The text of a query, in whichever way it is given. */
const textOf = (query: unknown) =>
  typeof query === 'string' ? query : String(Object(query)['text'] ?? '')

type Work = (directory: Directory) => Promise<unknown>

const rows: readonly (readonly [string, RegExp, Work, readonly string[]])[] = [
  [
    'how many memberships came of mappings',
    /members_/,
    (directory) => directory.mappings.memberships(['one', 'other']),
    ['members_mapped'],
  ],
  [
    'how many want to be linked',
    /link_requests_/,
    (directory) => directory.linkRequests.count(100),
    ['link_requests_open'],
  ],
]

test('PostgreSQL finds by an index of some rows what is counted of them', async () => {
  // Connections take it with them when they are made; with a time of its own for scans, a server makes new ones.
  const asked = vi.spyOn(Client.prototype, 'query')
  const { database, directory } = await testApp({ scanMilliseconds: SCAN_MILLISECONDS })
  const view = new Client(database.url)
  await view.connect()
  onTestFinished(() => view.end())
  await view.query('SET enable_seqscan = off; SET enable_bitmapscan = off')

  async function indexesFor(work: Work, telling: RegExp): Promise<string[]> {
    asked.mockClear()
    await work(directory)
    const texts = asked.mock.calls.map(([query]) => textOf(query))
    const used = new Set<string>()
    for (const text of texts.filter((each) => /^\s*select/i.test(each))) {
      const plan = await view.query<Record<string, string>>(`EXPLAIN (GENERIC_PLAN) ${text}`)
      for (const line of plan.rows.flatMap((row) => Object.values(row))) {
        const [, index] = /Index (?:Only )?Scan using (\w+)/.exec(line) ?? []
        if (index !== undefined && telling.test(index)) used.add(index)
      }
    }
    return [...used]
  }

  const found: [string, string[]][] = []
  for (const [name, telling, work] of rows) found.push([name, await indexesFor(work, telling)])
  expect(found).toStrictEqual(rows.map(([name, , , expected]) => [name, expected]))
})
