import {
  DrizzleQueryError,
  is,
  Param,
  Placeholder,
  sql,
  type AnyColumn,
  type SQL,
} from 'drizzle-orm'
import type { Db, Engine } from './engine.ts'

type Values = Readonly<Record<string, unknown>>

/** A statement that is called with the values of its placeholders and yields its rows. */
export type Statement<Row> = (values: Values) => Promise<Row[]>

/** What the query builder makes: text with values, among them placeholders. */
export interface Built {
  toSQL(): { sql: string; params: unknown[] }
}

/** Columns under the names they have in the program: rows of a statement come as the database names them. */
export function columns(fields: Readonly<Record<string, AnyColumn | SQL>>) {
  return Object.fromEntries(
    Object.entries(fields).map(([name, column]) => [name, sql`${column}`.as(name)]),
  )
}

const REMEMBERED = 500

const prepared = new WeakMap<Db, Map<string, unknown>>()

/** How a value of the statement is found among those of a call. */
function reader(param: unknown): (values: Values) => unknown {
  if (is(param, Placeholder)) return (values) => values[param.name]
  if (is(param, Param) && is(param.value, Placeholder)) {
    const { encoder, value } = param
    return (values) => encoder.mapToDriverValue(values[value.name])
  }
  return () => param
}

function make<Row>(engine: Engine, db: Db, built: Built): Statement<Row> {
  const { sql: text, params } = built.toSQL()
  const readers = params.map(reader)
  const run = engine.prepare(db, text)
  return async (values) => {
    const bound = readers.map((read) => read(values))
    try {
      // The caller says what the statement selects.
      return (await run(bound)) as Row[]
    } catch (error) {
      throw new DrizzleQueryError(text, bound, error instanceof Error ? error : undefined)
    }
  }
}

/**
 * A prepared statement of a connection, for the paths that every request takes: made by `build` when it is first asked
 * for under its name and kept as long as the connection. Its rows come as the driver gives them, so `build` selects
 * through `columns`, and booleans may be 0 and 1.
 */
export function statement<Row = never>(
  engine: Engine,
  db: Db,
  name: string,
  build: () => Built,
): Statement<Row> {
  let known = prepared.get(db)
  if (!known) {
    known = new Map()
    prepared.set(db, known)
  }
  let found = known.get(name)
  if (!found) {
    found = make(engine, db, build())
    known.set(name, found)
    const [oldest] = known.keys()
    // Filters come in any number of shapes.
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest)
  }
  // Stored by the lines above under this very name, or earlier by the same caller.
  return found as Statement<Row>
}
