import { DatabaseError, Pool, type ClientBase, type ClientConfig, type QueryConfig } from 'pg'

/** Connections at most of one pool. */
export const CONNECTIONS = 10
const CONNECT_MILLISECONDS = 5_000
const IDLE_MILLISECONDS = 30_000
/** After so long the server ends a statement, and a transaction in which nothing happens. */
const STATEMENT_MILLISECONDS = 30_000
/** After so long without an answer the connection is given up: a little later, so that the server speaks first. */
const QUERY_MILLISECONDS = 35_000

const NAMED_STATEMENTS = 300
const LONGEST_NAMED = 4_000

/**
 * Gives a statement that comes again a name of its own, under which the server keeps it prepared. Those that come once,
 * and those of no end of lengths, stay without: a connection never forgets a name.
 */
function statementNames(): (text: string) => string | undefined {
  const seen = new Map<string, number>()
  let named = 0
  return (text) => {
    if (text.length > LONGEST_NAMED) return undefined
    const known = seen.get(text)
    if (known !== undefined && known > 0) return `entrance_${known}`
    if (named === NAMED_STATEMENTS) return undefined
    if (known === undefined) {
      if (seen.size >= 10 * NAMED_STATEMENTS) return undefined
      seen.set(text, 0)
      return undefined
    }
    named += 1
    seen.set(text, named)
    return `entrance_${named}`
  }
}

/** No text of a database has U+0000, so a search for one finds nothing, as a search for this does. */
function withoutNull(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0')
    ? value.replaceAll('\0', '\uffff')
    : value
}

function isQuery(query: unknown): query is QueryConfig {
  return typeof query === 'object' && query !== null && 'text' in query && !('submit' in query)
}

/** Readies a new connection. */
function prepare(client: ClientBase, nameOf: (text: string) => string | undefined): void {
  // Without a listener, a connection that breaks would end the process. Who uses it is told by the query.
  client.on('error', () => {})
  const query = client.query.bind(client) as (...args: unknown[]) => unknown
  client.query = ((given: unknown, values: unknown, ...rest: unknown[]) => {
    if (!isQuery(given)) return query(given, values, ...rest)
    const name = given.name ?? nameOf(given.text)
    const searches = given.text.startsWith('select') && Array.isArray(values)
    return query(
      name === undefined ? given : { ...given, name },
      searches ? values.map(withoutNull) : values,
      ...rest,
    )
  }) as typeof client.query
}

/** How to connect to the database of a URL; what the URL says itself goes first. */
export function connectionOf(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: 'entrance',
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    statement_timeout: STATEMENT_MILLISECONDS,
    idle_in_transaction_session_timeout: STATEMENT_MILLISECONDS,
    query_timeout: QUERY_MILLISECONDS,
    keepAlive: true,
  }
}

/** Connections that are made when they are needed and replaced when they break. */
export function openPool(url: string): Pool {
  const pool = new Pool({
    ...connectionOf(url),
    max: CONNECTIONS,
    idleTimeoutMillis: IDLE_MILLISECONDS,
  })
  const nameOf = statementNames()
  pool.on('connect', (client) => prepare(client, nameOf))
  // Connections that break while nobody uses them have been taken out already.
  pool.on('error', () => {})
  return pool
}

/** Everything but what the statement itself is to blame for; classes of SQLSTATE, and codes of the operating system. */
const UNAVAILABLE = /^(08|28|3D|53|57P|58|25006|25P03|25P04|55P03|57014|40001|40P01|E(?!RR_)[A-Z]+)/
/** What the driver says in words only. */
const LOST =
  /^(Connection terminated|timeout exceeded|Query read timeout|Client (has encountered|was closed))/

/** Whether an error of the driver says that the database is away, full or too busy. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string') return UNAVAILABLE.test(error.code)
  return LOST.test(error.message)
}

/** Whether a connection is of no more use after an error: it is broken, or answers no more. */
export function isLost(error: unknown): boolean {
  return isAway(error) && !(error instanceof DatabaseError && error.severity === 'ERROR')
}
