import { readFileSync, realpathSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import Database from 'better-sqlite3'
import { canPin, LOAD_CORE, SERVER_CORE } from './children.ts'
import type { Machine } from './results.ts'

/** The type of the file system a folder is on, as far as Linux tells. */
function fileSystemOf(folder: string): string {
  try {
    const path = realpathSync(folder)
    const mounts = readFileSync('/proc/mounts', 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([, at = '']) => path === at || path.startsWith(at.endsWith('/') ? at : `${at}/`))
      .sort(([, one = ''], [, other = '']) => other.length - one.length)
    return mounts[0]?.[2] ?? 'unknown'
  } catch {
    return 'unknown'
  }
}

/** What the figures depend on; nothing that says whose machine it is. */
export function describeMachine(folder: string, postgres?: string): Machine {
  const database = new Database(':memory:')
  const sqlite = String(database.prepare('SELECT sqlite_version()').pluck().get())
  database.close()
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    system: `${type()} ${release().split('.').slice(0, 2).join('.')}`,
    node: process.versions.node,
    sqlite,
    ...(postgres === undefined ? {} : { postgres }),
    pinning: canPin
      ? `${postgres === undefined ? 'servers' : 'servers and PostgreSQL'} on core ${SERVER_CORE}, load generator on core ${LOAD_CORE}`
      : 'not pinned: taskset with two cores is not available',
    fileSystem: fileSystemOf(folder),
  }
}
