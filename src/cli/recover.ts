import type { Command } from 'commander'
import { issueLink } from '../directory/one-time-link.ts'
import { organisationOption, type OrganisationOption } from './arguments.ts'
import { causeOf, withDirectory } from './open.ts'
import { minute, plain, type Terminal } from './terminal.ts'
import { requireUser } from './users.ts'

interface RecoverOptions extends OrganisationOption {
  readonly user?: string
}

/** Gives an operator who is locked out a way in, as an administrator. */
function recover(terminal: Terminal, options: RecoverOptions) {
  return withDirectory(terminal, options.organisation, async ({ directory, config }) => {
    const cause = causeOf(terminal)
    const userId =
      options.user === undefined ? undefined : (await requireUser(directory, options.user)).id
    const { url, expires } = await issueLink(
      directory,
      {
        purpose: 'recovery',
        ...(userId === undefined ? {} : { userId }),
        publicUrl: config.publicUrl,
        now: terminal.now(),
      },
      cause,
    )
    if (userId !== undefined) await directory.administrators.appoint(userId, cause)
    const what =
      userId === undefined
        ? 'Make a new administrator'
        : `Choose a new password for ${plain(options.user ?? '')}`
    terminal.write(`${what} with this link, once and until ${minute(expires)} UTC:\n\n${url}\n`)
  })
}

export function addRecoverCommand(program: Command, terminal: Terminal): void {
  program
    .command('recover')
    .description('make a link that lets an administrator in who is locked out')
    .option(
      '--user <name>',
      'a local account: a new password for it, and the rights of an administrator',
    )
    .addOption(organisationOption())
    .addHelpText(
      'after',
      `
The link is valid for 15 minutes and works once; that it was made is on record (see "events").
Without --user it makes a new administrator.

Examples:
  npm run cli -- recover
  npm run cli -- recover --user adele@contoso.example`,
    )
    .action((options: RecoverOptions) => recover(terminal, options))
}
