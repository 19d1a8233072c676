import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Tests that run on PostgreSQL too: those that go through the store and do not look at its files. */
const onBothEngines = [
  'test/admin/*.test.ts',
  'test/auth/*.test.ts',
  'test/db/filter-sql.test.ts',
  'test/entra/replay.test.ts',
  'test/mail/*.test.ts',
  'test/scim/*.test.ts',
]
const onPostgres = 'test/**/*postgres*.test.ts'

/** Of those, what has no store, and the programs of `examples/`, which do not see what is behind the server they ask. */
const onOneEngine = [
  'test/admin/background.test.ts',
  'test/admin/input-words.test.ts',
  'test/auth/application-server.test.ts',
  'test/auth/desktop-example.test.ts',
  'test/auth/device.test.ts',
  'test/mail/letter.test.ts',
  'test/mail/notation.test.ts',
]

/** Tests that wait for browsers, servers and tools more than they work. */
const waits = /\/test\/(browser\/|entra\/[^/]*kill|gates|start|db\/postgres-)/

/** Begins each project with the tests that wait: the others fill their pauses, and no worker is left with one at the end. */
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const projects = new Set(sorted.map(({ project }) => project))
    return [...projects].flatMap((each) => {
      const own = sorted.filter(({ project }) => project === each)
      const first = own.filter(({ moduleId }) => waits.test(moduleId))
      return [...first, ...own.filter((file) => !first.includes(file))]
    })
  }
}

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 20_000,
    pool: 'threads',
    // One more than cores, since tests also wait: for PostgreSQL, processes and pages.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: WaitingFirst },
    restoreMocks: true,
    // A worker loads the program once, and not for each file: that is a third of the time.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: ['test/**/*.test.ts'],
          exclude: [onPostgres],
          provide: { engine: 'sqlite' },
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: [...onBothEngines, onPostgres],
          exclude: onOneEngine,
          globalSetup: ['test/support/postgres-setup.ts'],
          provide: { engine: 'postgres' },
        },
      },
    ],
  },
})
