import type { Command } from 'commander'
import type { LinkRequest } from '../directory/link-request.ts'
import {
  jsonOption,
  organisationOption,
  parseId,
  type JsonOption,
  type OrganisationOption,
} from './arguments.ts'
import { causeOf, findByPrefix, withDirectory } from './open.ts'
import { json, minute, plain, table, type Terminal } from './terminal.ts'

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
        ['ID', 'LOCAL ACCOUNT', 'ASKED BY', 'EXTERNAL ID', 'FIRST (UTC)', 'LAST (UTC)'],
        requests.map((request) => [
          request.id,
          request.userName,
          request.displayName ?? '–',
          request.externalId ?? '–',
          minute(request.firstAsked),
          minute(request.lastAsked),
        ]),
      ),
    )
  })
}

type Decision = 'accept' | 'dismiss'

function outcome(decision: Decision, { userName }: LinkRequest): string {
  const name = plain(userName)
  return decision === 'accept'
    ? `Accepted: the account ${name} is open to provisioning, and Entra takes it over in its next cycle.\n`
    : `Dismissed: the account ${name} stays a local one.\n`
}

function decide(
  terminal: Terminal,
  decision: Decision,
  id: string,
  { organisation }: OrganisationOption,
) {
  return withDirectory(terminal, organisation, async ({ directory }) => {
    const request = findByPrefix(await directory.linkRequests.list(), id, 'link request')
    await directory.linkRequests[decision](request.id, causeOf(terminal))
    terminal.write(outcome(decision, request))
  })
}

export function addLinkCommands(program: Command, terminal: Terminal): void {
  const links = program
    .command('link')
    .description('link requests: Entra accounts that ask for a local account of their user name')

  links
    .command('list')
    .description('list the requests that wait for a decision')
    .addOption(organisationOption())
    .addOption(jsonOption())
    .action((options: OrganisationOption & JsonOption) => list(terminal, options))

  const deciding = (decision: Decision, description: string, note: string) =>
    links
      .command(decision)
      .description(description)
      .argument('<id>', 'the id of the request, or its first characters, at least 4', parseId)
      .addOption(organisationOption())
      .addHelpText(
        'after',
        `\n${note}\n\nExample:\n  npm run cli -- link ${decision} 019a2f41-7c3e`,
      )
      .action((id: string, options: OrganisationOption) => decide(terminal, decision, id, options))

  deciding(
    'accept',
    'hand the local account over to Entra',
    'Make sure that both are the same person: from then on Entra owns the account.',
  )
  deciding(
    'dismiss',
    'leave the local account as it is',
    'Entra keeps failing for this account until one of the two is renamed or the request is accepted.',
  )
}
