import type { Command } from 'commander'
import { issueLink } from '../directory/one-time-link.ts'
import { userName } from '../directory/user.ts'
import { organisationOption, type OrganisationOption } from './arguments.ts'
import { causeOf, withDirectory } from './open.ts'
import { minute, plain, type Terminal } from './terminal.ts'
import { requireUser } from './users.ts'

function link(terminal: Terminal, name: string, { organisation }: OrganisationOption) {
  return withDirectory(terminal, organisation, async ({ directory, config }) => {
    const user = await requireUser(directory, name)
    const { url, expires } = await issueLink(
      directory,
      {
        purpose: 'reset',
        userId: user.id,
        publicUrl: config.publicUrl,
        now: terminal.now(),
      },
      causeOf(terminal),
    )
    const known = plain(userName(user.attributes))
    terminal.write(
      `Let ${known} choose a new password with this link, once and until ${minute(expires)} UTC:\n\n${url}\n`,
    )
  })
}

export function addPasswordCommands(program: Command, terminal: Terminal): void {
  program
    .command('password')
    .description('passwords of local accounts')
    .command('link')
    .description('make a link with which a local user chooses a new password')
    .argument('<username>', 'the user name')
    .addOption(organisationOption())
    .addHelpText(
      'after',
      `
The link is valid for an hour and works once. Until it is used, the password that the user has stays.
Whom Entra owns has no password here.

Example:
  npm run cli -- password link adele@contoso.example`,
    )
    .action((name: string, options: OrganisationOption) => link(terminal, name, options))
}
