import type { Command } from 'commander'
import { jsonOption, parseName, parseTenant, type JsonOption } from './arguments.ts'
import { causeOf, withStore } from './open.ts'
import { json, minute, plain, table, type Terminal } from './terminal.ts'

function create(terminal: Terminal, options: { readonly name: string; readonly tenant?: string }) {
  return withStore(terminal, async (store) => {
    const organisation = await store.organisations.create(
      { name: options.name, entraTenantId: options.tenant },
      causeOf(terminal),
    )
    terminal.write(`Made the organisation "${plain(organisation.name)}" (${organisation.id}).\n`)
  })
}

function list(terminal: Terminal, options: JsonOption) {
  return withStore(terminal, async (store) => {
    const organisations = await store.organisations.list()
    if (options.json) return terminal.write(json(organisations))
    terminal.write(
      table(
        ['NAME', 'ENTRA TENANT', 'CREATED (UTC)', 'ID'],
        organisations.map(({ id, name, entraTenantId, created }) => [
          name,
          entraTenantId ?? 'not set',
          minute(created),
          id,
        ]),
      ),
    )
  })
}

function setTenant(terminal: Terminal, name: string, tenant: string) {
  return withStore(terminal, async (store) => {
    const organisation = await store.organisations.setTenant(name, tenant, causeOf(terminal))
    terminal.write(
      `The Entra tenant of the organisation "${plain(organisation.name)}" is ${tenant}.\n`,
    )
  })
}

export function addOrganisationCommands(program: Command, terminal: Terminal): void {
  const organisations = program
    .command('organisation')
    .description('organisations: customers whose users and groups are kept apart')

  organisations
    .command('create')
    .description('make an organisation')
    .requiredOption('--name <name>', 'its name, unique', parseName)
    .option('--tenant <guid>', 'the id of its Entra tenant', parseTenant)
    .addHelpText(
      'after',
      `
Example:
  npm run cli -- organisation create --name "Contoso Ltd" --tenant 1b4e28ba-2fa1-4d2e-883f-0016d3cca427`,
    )
    .action((options: { name: string; tenant?: string }) => create(terminal, options))

  organisations
    .command('list')
    .description('list the organisations')
    .addOption(jsonOption())
    .action((options: JsonOption) => list(terminal, options))

  organisations
    .command('tenant')
    .description('say which Entra tenant the users of an organisation come from')
    .argument('<name>', 'the name of the organisation')
    .argument('<guid>', 'the Tenant ID on the overview page of Entra', parseTenant)
    .addHelpText(
      'after',
      `
With it, an externalId that is an Entra object id makes a user a linked one.

Example:
  npm run cli -- organisation tenant default 1b4e28ba-2fa1-4d2e-883f-0016d3cca427`,
    )
    .action((name: string, tenant: string) => setTenant(terminal, name, tenant))
}
