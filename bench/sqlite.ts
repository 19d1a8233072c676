import { constants, copyFileSync, existsSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { LOAD_CORE, SERVER_CORE, startChild } from './children.ts'
import type { Databases } from './databases.ts'
import { removeFile } from './load-sqlite.ts'
import type { LoadMessage } from './processes/load.ts'
import type { Measured } from './results.ts'
import { say, whole } from './screen.ts'

/** Databases in files of a folder; with `keep` what was loaded stays for the next run. */
export function sqliteDatabases(folder: string, keep: boolean, seconds: number): Databases {
  const file = join(folder, 'run.db')

  async function provide(users: number, groups: number) {
    const loader = startChild(LOAD_CORE, ['bench/processes/load.ts'])
    const ask = (message: LoadMessage) => loader.ask<{ hash: string }>(message)
    removeFile(file)
    try {
      const { hash } = await ask({ file })
      const kept = join(folder, `users-${users}-groups-${groups}-${hash}.db`)
      if (!existsSync(kept)) {
        say(`Loading ${whole(users)} users …`)
        const partial = `${kept}.partial`
        await ask({ file: partial, load: { users, groups } })
        renameSync(partial, kept)
      }
      if (keep) copyFileSync(kept, file, constants.COPYFILE_FICLONE)
      else renameSync(kept, file)
      return { url: `file:${file}`, bytes: statSync(file).size }
    } finally {
      await loader.stop()
    }
  }

  async function measureCeilings() {
    const inserts = startChild(SERVER_CORE, ['bench/processes/inserts.ts'])
    try {
      const measured = await inserts.ask<Measured>({ file: join(folder, 'inserts.db'), seconds })
      return [{ name: 'insert' as const, concurrency: 1, ...measured }]
    } finally {
      await inserts.stop()
    }
  }

  return {
    provide,
    measureCeilings,
    remove: async () => removeFile(file),
    stop: async () => {},
  }
}
