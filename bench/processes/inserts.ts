/** What SQLite does at best: inserts of the row of a user, each in a durable transaction of its own. */
import Database from 'better-sqlite3'
import { answerWith } from '../children.ts'
import { removeFile, sqliteTemplate } from '../load-sqlite.ts'
import { fillIn, VARIANTS } from '../people.ts'
import type { Measured } from '../results.ts'
import { summarise } from '../summary.ts'
import { makeTables, userRowOf } from '../template.ts'
import { peakMemory, processorClock } from '../usage.ts'

const WARM_UP = 50

async function insertFor(file: string, seconds: number): Promise<Measured> {
  const row = userRowOf(await sqliteTemplate(`${file}.template`))
  removeFile(file)
  await makeTables(`file:${file}`)
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
  const processors = processorClock(process.pid)
  const end = performance.now() + seconds * 1_000
  while (performance.now() < end) times.push(insertNext())
  // Making the row is no part of it.
  const elapsed = times.reduce((sum, time) => sum + time, 0)
  const used = processors(times.length)
  database.close()
  removeFile(file)
  const peak = peakMemory(process.pid)
  return {
    ...summarise(Float64Array.from(times), times.length, elapsed),
    errors: 0,
    problems: '',
    checked: 0,
    ...used,
    ...(peak === undefined ? {} : { peak }),
    memory: '',
  }
}

answerWith(({ file, seconds }: { file: string; seconds: number }) => insertFor(file, seconds))
