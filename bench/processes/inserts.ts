/** Ceiling (b): inserts of the row of a user, each in a durable transaction of its own. */
import Database from 'better-sqlite3'
import { openStore } from '../../src/db/open.ts'
import { answerWith } from '../children.ts'
import { makeTemplate, removeDatabase, userRowOf } from '../database.ts'
import { fillIn, VARIANTS } from '../people.ts'
import type { Measured } from '../results.ts'
import { cpuTime, peakMemory } from '../usage.ts'

const WARM_UP = 50

async function insertFor(file: string, seconds: number): Promise<Measured> {
  const row = userRowOf(await makeTemplate(`${file}.template`))
  removeDatabase(file)
  const store = await openStore(`file:${file}`, { now: () => new Date(), newId: () => 'unused' })
  await store.close()
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  const names = Object.keys(row)
  const insert = database.prepare(
    `INSERT INTO users (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
  )
  const times: number[] = []
  let serial = 0
  // The row is that of the first template, so the serial numbers are its.
  const insertNext = (): number => {
    serial += VARIANTS
    const values = Object.values(row).map((value) =>
      typeof value === 'string' ? fillIn(value, serial) : value,
    )
    const before = performance.now()
    insert.run(...values)
    return performance.now() - before
  }
  for (let count = 0; count < WARM_UP; count += 1) insertNext()
  const cpu = cpuTime(process.pid) ?? 0
  const end = performance.now() + seconds * 1_000
  while (performance.now() < end) times.push(insertNext())
  // Making the row is no part of it.
  const elapsed = times.reduce((sum, time) => sum + time, 0)
  const used = (cpuTime(process.pid) ?? 0) - cpu
  database.close()
  removeDatabase(file)
  times.sort((one, other) => one - other)
  const peak = peakMemory(process.pid)
  return {
    seconds: elapsed / 1_000,
    requests: times.length,
    rate: (times.length / elapsed) * 1_000,
    p50: times[Math.floor(times.length / 2)] ?? 0,
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
    slowest: times.at(-1) ?? 0,
    errors: 0,
    problems: '',
    checked: 0,
    cpu: used / times.length,
    ...(peak === undefined ? {} : { peak }),
    memory: '',
    generator: 0,
  }
}

answerWith(({ file, seconds }: { file: string; seconds: number }) => insertFor(file, seconds))
