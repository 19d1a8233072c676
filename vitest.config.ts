import { defineConfig } from 'vitest/config'

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

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 20_000,
    pool: 'threads',
    // One core would be left alone, of two.
    maxWorkers: '100%',
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
          globalSetup: ['test/support/postgres-setup.ts'],
          provide: { engine: 'postgres' },
        },
      },
    ],
  },
})
