import { DrizzleQueryError } from 'drizzle-orm'
import { DirectoryError } from '../directory/errors.ts'
import type { Engine } from './engine.ts'

/** What the driver threw, without what the query builder put around it. */
export function driverError(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? error.cause : error
}

/** A failure as the rest of the program may see it: without the values of the statement, which a log would show. */
function told(engine: Engine, error: unknown): unknown {
  const cause = driverError(error)
  if (engine.isUnavailable(error)) {
    return new DirectoryError('unavailable', 'The database is not available; retry shortly.', {
      cause,
    })
  }
  return error instanceof DrizzleQueryError
    ? new Error(`A statement failed: ${error.query}`, { cause })
    : error
}

type Method = (...args: unknown[]) => Promise<unknown>

/** The same methods, all of which answer with a promise; what they throw is told as `told` does. */
export function tellFailures<T extends object>(engine: Engine, methods: T): T {
  const telling = Object.entries<Method>({ ...methods } as Record<string, Method>).map(
    ([name, method]) => [
      name,
      async (...args: unknown[]) => {
        try {
          return await method(...args)
        } catch (error) {
          throw told(engine, error)
        }
      },
    ],
  )
  // The very names of T, each with a function of the same arguments and answer.
  return Object.fromEntries(telling) as T
}
