import Database from 'better-sqlite3'
import { vi } from 'vitest'
import type { TestApp } from './app.ts'

/** What SQLite was asked since. */
export interface Watched {
  forget(): void
  /** How it comes to the rows of each statement that was made since. */
  steps(app: TestApp): string[]
}

/** Watches the statements that are made from now on; servers keep theirs, so one that was asked before tells nothing. */
export function watchStatements(): Watched {
  const prepare = vi.spyOn(Database.prototype, 'prepare')
  return {
    forget: () => void prepare.mockClear(),
    steps({ database }) {
      const asked = prepare.mock.calls.map(([statement]) => statement)
      const view = new Database(database.url.slice('file:'.length), { readonly: true })
      const steps = asked.flatMap((statement) => {
        const values = Array.from(statement.matchAll(/\?/g), () => null)
        return view
          .prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${statement}`)
          .all(...values)
      })
      view.close()
      return steps.map(({ detail }) => detail)
    },
  }
}
