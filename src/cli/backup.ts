import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { shownDatabase, type Config } from '../config.ts'
import { requireConfig, withStore } from './open.ts'
import { Failure, type Terminal } from './terminal.ts'

/** Whether a database URL names a file that does not exist. Opening would make it. */
export function isMissing({ databaseUrl }: Config): boolean {
  return databaseUrl.startsWith('file:') && !existsSync(databaseUrl.slice('file:'.length))
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

async function backup(terminal: Terminal, target: string): Promise<void> {
  const config = requireConfig(terminal)
  const database = shownDatabase(config)
  // A copy of a database made on the way would look like a backup.
  if (isMissing(config)) {
    throw new Failure(`There is no database ${database} to copy. Check DATABASE_URL.`)
  }
  const file = resolve(target)
  if (existsSync(file)) {
    throw new Failure(`${file} exists; nothing was written. Name a file that does not exist.`)
  }
  if (!existsSync(dirname(file))) throw new Failure(`There is no folder ${dirname(file)}.`)
  await withStore(terminal, (store) => store.backup(file))
  terminal.write(`Copied ${database} to ${file} (${size(statSync(file).size)}).\n`)
}

export function addBackupCommand(program: Command, terminal: Terminal): void {
  program
    .command('backup')
    .description('write a consistent copy of the database, also while the server runs')
    .argument('<file>', 'the file to write; it must not exist')
    .addHelpText(
      'after',
      `
To restore it, stop the server, put the copy in the place of the database, delete the files beside
it that end in -wal and -shm, and start the server. The copy holds personal data: guard it like the
database.

Example:
  npm run cli -- backup /backup/entrance-2027-05-01.db`,
    )
    .action((file: string) => backup(terminal, file))
}
