import { Command, CommanderError } from 'commander'
import { DirectoryError } from '../directory/errors.ts'
import { addBackupCommand } from './backup.ts'
import { addClientCommands } from './clients.ts'
import { addDoctorCommand } from './doctor.ts'
import { addEventsCommand } from './events.ts'
import { addLinkCommands } from './links.ts'
import { addMailCommands } from './mails.ts'
import { addOrganisationCommands } from './organisations.ts'
import { addPasswordCommands } from './passwords.ts'
import { addPermissionCommands } from './permissions.ts'
import { addRecoverCommand } from './recover.ts'
import { addSessionCommands } from './sessions.ts'
import { Failure, type Terminal } from './terminal.ts'
import { addTokenCommands } from './tokens.ts'

function makeProgram(terminal: Terminal): Command {
  const program = new Command('npm run cli --')
    .description('Manages an Entrance installation.')
    .exitOverride()
    .configureOutput({
      writeOut: terminal.write,
      writeErr: terminal.complain,
      outputError: (text, write) => write(text.replace(/^error: /, '')),
    })
    .showHelpAfterError('Add --help to see how it is used.')
    .addHelpText(
      'after',
      `
It reads the same environment variables as the server (docs/configuration.md), works while the
server runs, and exits with 0 when done, 1 when it failed, 2 when it was used wrongly.

Examples:
  npm run cli -- doctor
  npm run cli -- token create --name Entra --expires 180d
  npm run cli -- client create --name "SI server" --kind application
  npm run cli -- backup /backup/entrance.db`,
    )
  addTokenCommands(program, terminal)
  addClientCommands(program, terminal)
  addOrganisationCommands(program, terminal)
  addLinkCommands(program, terminal)
  addPermissionCommands(program, terminal)
  addSessionCommands(program, terminal)
  addPasswordCommands(program, terminal)
  addRecoverCommand(program, terminal)
  addMailCommands(program, terminal)
  addEventsCommand(program, terminal)
  addBackupCommand(program, terminal)
  addDoctorCommand(program, terminal)
  return program
}

function explain(error: unknown): string {
  if (error instanceof Failure || error instanceof DirectoryError) return error.message
  return `It failed: ${error instanceof Error ? error.message : String(error)}`
}

/** Runs one command; the exit code: 0 when done, 1 when it failed, 2 when it was used wrongly. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  try {
    await makeProgram(terminal).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has said already what was wrong, or has shown the help that was asked for.
    if (error instanceof CommanderError) return error.code === 'commander.helpDisplayed' ? 0 : 2
    terminal.complain(`${explain(error)}\n`)
    return 1
  }
}
