import type { Command } from 'commander'
import {
  jsonOption,
  organisationOption,
  parseId,
  type JsonOption,
  type OrganisationOption,
} from './arguments.ts'
import { causeOf, findByPrefix, withDirectory } from './open.ts'
import { Failure, json, minute, plain, table, type Terminal } from './terminal.ts'
import { requireUser } from './users.ts'

function list(terminal: Terminal, options: OrganisationOption & JsonOption) {
  return withDirectory(terminal, options.organisation, async ({ directory }) => {
    const requests = await directory.linkRequests.list()
    if (options.json) return terminal.write(json(requests))
    if (requests.length === 0) {
      terminal.write('No link request waits for a decision.\n')
      return
    }
    terminal.write(
      table(
        ['ID', 'ASKED AT', 'USER NAME', 'USER HERE', 'NAME', 'OBJECT ID', 'LAST (UTC)'],
        requests.map((request) => [
          request.id,
          request.asked,
          request.userName,
          request.userId === undefined ? 'none' : 'yes',
          request.displayName ?? '–',
          request.externalId ?? '–',
          minute(request.lastAsked),
        ]),
      ),
    )
  })
}

type Decision = 'accept' | 'dismiss'

interface DecideOptions extends OrganisationOption {
  /** The name of the user to link, where it is not the one of the same name. */
  readonly user?: string
}

function decide(
  terminal: Terminal,
  decision: Decision,
  id: string,
  { organisation, user: name }: DecideOptions,
) {
  return withDirectory(terminal, organisation, async ({ directory }) => {
    const request = findByPrefix(await directory.linkRequests.list(), id, 'link request')
    const cause = causeOf(terminal)
    const shown = plain(name ?? request.userName)
    if (decision === 'dismiss') {
      await directory.linkRequests.dismiss(request.id, cause)
      terminal.write(`Dismissed: ${shown} stays as it is.\n`)
      return
    }
    const user = name === undefined ? undefined : await requireUser(directory, name)
    if (request.userId === undefined && !user) {
      throw new Failure('Nobody here has this user name: say with --user whose account it is.')
    }
    await directory.linkRequests.accept(request.id, user?.id, cause)
    terminal.write(`Accepted: Entra owns the account ${shown} from now on.\n`)
  })
}

export function addLinkCommands(program: Command, terminal: Terminal): void {
  const links = program
    .command('link')
    .description('link requests: Entra accounts that want to be a user here')

  links
    .command('list')
    .description('list the requests that wait for a decision')
    .addOption(organisationOption())
    .addOption(jsonOption())
    .action((options: OrganisationOption & JsonOption) => list(terminal, options))

  const deciding = (decision: Decision, description: string, note: string, example = '') =>
    links
      .command(decision)
      .description(description)
      .argument('<id>', 'the id of the request, or its first characters, at least 4', parseId)
      .addOption(organisationOption())
      .addHelpText(
        'after',
        `\n${note}\n\nExample:\n  npm run cli -- link ${decision} 019a2f41-7c3e${example}`,
      )
      .action((id: string, options: DecideOptions) => decide(terminal, decision, id, options))

  deciding(
    'accept',
    'link the user to the account that asks',
    'Make sure that both are the same person: from then on Entra owns the account, and its password is gone.',
    ' --user adele',
  ).option('--user <name>', 'whose account it is, where it is not the user of the same name')
  deciding(
    'dismiss',
    'leave everything as it is',
    'Entra keeps failing for this account until one of the two is renamed or the request is accepted.',
  )
}
