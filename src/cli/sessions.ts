import type { Command } from 'commander'
import { userName } from '../directory/user.ts'
import {
  jsonOption,
  organisationOption,
  parseId,
  type JsonOption,
  type OrganisationOption,
} from './arguments.ts'
import { causeOf, findByPrefix, withDirectory } from './open.ts'
import { json, minute, plain, table, type Terminal } from './terminal.ts'
import { requireUser } from './users.ts'

function list(terminal: Terminal, name: string, options: OrganisationOption & JsonOption) {
  return withDirectory(terminal, options.organisation, async ({ directory }) => {
    const user = await requireUser(directory, name)
    const sessions = (await directory.sessions.list(user.id)).map((session) => ({
      id: session.id,
      kind: session.kind,
      method: session.method,
      device: session.device,
      address: session.address,
      created: session.created,
      lastUsed: session.lastUsed,
      expires: session.expires,
    }))
    if (options.json) return terminal.write(json(sessions))
    if (sessions.length === 0) {
      terminal.write(`${plain(userName(user.attributes))} is signed in nowhere.\n`)
      return
    }
    const head = ['ID', 'KIND', 'BY', 'DEVICE', 'ADDRESS']
    terminal.write(
      table(
        [...head, 'SINCE (UTC)', 'LAST USED (UTC)', 'EXPIRES (UTC)'],
        sessions.map(({ id, kind, method, device, address, created, lastUsed, expires }) => [
          id,
          kind,
          method,
          device ?? '–',
          address ?? '–',
          minute(created),
          minute(lastUsed),
          minute(expires),
        ]),
      ),
    )
  })
}

function end(
  terminal: Terminal,
  name: string,
  id: string | undefined,
  { organisation }: OrganisationOption,
) {
  return withDirectory(terminal, organisation, async ({ directory }) => {
    const user = await requireUser(directory, name)
    const cause = causeOf(terminal)
    const known = plain(userName(user.attributes))
    if (id !== undefined) {
      const session = findByPrefix(await directory.sessions.list(user.id), id, 'session')
      await directory.sessions.end(session.id, cause)
      terminal.write(`Ended 1 session of ${known}.\n`)
      return
    }
    const ended = await directory.sessions.endAll(user.id, undefined, cause)
    terminal.write(
      ended === 0
        ? `Nothing to do: ${known} is signed in nowhere.\n`
        : `Ended ${ended} ${ended === 1 ? 'session' : 'sessions'} of ${known}.\n`,
    )
  })
}

export function addSessionCommands(program: Command, terminal: Terminal): void {
  const sessions = program.command('session').description('sessions: where users are signed in')

  sessions
    .command('list')
    .description('list where a user is signed in')
    .argument('<username>', 'the user name')
    .addOption(organisationOption())
    .addOption(jsonOption())
    .action((name: string, options: OrganisationOption & JsonOption) =>
      list(terminal, name, options),
    )

  sessions
    .command('end')
    .description('sign a user out everywhere, or in one place')
    .argument('<username>', 'the user name')
    .argument('[id]', 'the id of one session, or its first characters, at least 4', parseId)
    .addOption(organisationOption())
    .addHelpText(
      'after',
      `
The user can sign in again; deactivate the user to prevent that.

Examples:
  npm run cli -- session end adele@contoso.example
  npm run cli -- session end adele@contoso.example 019a2f41-7c3e`,
    )
    .action((name: string, id: string | undefined, options: OrganisationOption) =>
      end(terminal, name, id, options),
    )
}
