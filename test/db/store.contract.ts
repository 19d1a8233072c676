import { describe, onTestFinished } from 'vitest'
import type { Directory, Scope, Store } from '../../src/directory/store.ts'
import { cause, testIds, testClock, type TestClock } from '../support/app.ts'
import { newDatabase } from '../support/database.ts'
import { describeConcurrency } from './contract/concurrency.ts'
import { describeGroups } from './contract/groups.ts'
import { describeTransactions } from './contract/transactions.ts'
import { describeUsers } from './contract/users.ts'
import { describeVendor } from './contract/vendor.ts'

/** A store with nothing in it, and what it takes its time and ids from. */
export interface OpenStore {
  readonly store: Store
  readonly clock: TestClock
  readonly directory: Directory
  /** The rows of an organisation that is made on the way. */
  organisation(name: string, localUsers?: Scope['localUsers']): Promise<Directory>
}

/** Opens an empty store for one test. */
export type Open = () => Promise<OpenStore>

/** What every engine promises (src/directory/store.ts), as tests on the engine of this run. */
export function describeStore(name: string): void {
  const open: Open = async () => {
    const clock = testClock()
    const database = await newDatabase()
    const store = await database.openStore({ now: clock.now, newId: testIds() })
    onTestFinished(() => store.close())
    return {
      store,
      clock,
      directory: store.for({ organisation: 'default', localUsers: 'visible' }),
      async organisation(title, localUsers = 'visible') {
        const { id } = await store.organisations.create(
          { name: title, entraTenantId: undefined },
          cause,
        )
        return store.for({ organisation: id, localUsers })
      },
    }
  }

  describe(`${name}:`, () => {
    describeUsers(open)
    describeGroups(open)
    describeVendor(open)
    describeTransactions(open)
    describeConcurrency(open)
  })
}
