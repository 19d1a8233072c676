import type { Command } from 'commander'
import { DEFAULT_ORGANISATION } from '../directory/organisation.ts'
import { hashSecret, newTokenSecret, tokenState } from '../directory/token.ts'
import { SCIM_PATH } from '../scim/routes.ts'
import {
  jsonOption,
  organisationOption,
  parseExpiry,
  parseId,
  parseName,
  type JsonOption,
  type OrganisationOption,
} from './arguments.ts'
import { causeOf, findByPrefix, withDirectory } from './open.ts'
import { json, minute, plain, table, type Terminal } from './terminal.ts'

interface CreateOptions extends OrganisationOption {
  readonly name: string
  readonly expires: { readonly at: string | undefined }
}

function create(terminal: Terminal, { name, expires, organisation }: CreateOptions) {
  return withDirectory(terminal, organisation, async ({ directory, config }) => {
    const secret = newTokenSecret()
    const token = await directory.tokens.create(
      { name, hash: hashSecret(secret), expires: expires.at },
      causeOf(terminal),
    )
    const validity = token.expires ? `until ${minute(token.expires)} UTC` : 'until it is revoked'
    const https = config.publicUrl.startsWith('https:')
      ? ''
      : '\nEntra reaches only https addresses: put a reverse proxy with TLS in front and set PUBLIC_URL.\n'
    terminal.write(
      `Made the token "${plain(token.name)}" (${token.id}), valid ${validity}.

Paste these into Entra, under Provisioning, Admin credentials. The secret is shown only now:

  Tenant URL     ${config.publicUrl}${SCIM_PATH}
  Secret token   ${secret}
${https}`,
    )
  })
}

function list(terminal: Terminal, options: OrganisationOption & JsonOption) {
  return withDirectory(terminal, options.organisation, async (opened) => {
    const now = terminal.now().toISOString()
    const tokens = (await opened.directory.tokens.list()).map((token) => ({
      id: token.id,
      name: token.name,
      state: tokenState(token, now),
      created: token.created,
      expires: token.expires,
      lastUsed: token.lastUsed,
      revoked: token.revoked,
    }))
    if (options.json) return terminal.write(json(tokens))
    if (tokens.length > 0) {
      terminal.write(
        table(
          ['ID', 'NAME', 'STATE', 'CREATED (UTC)', 'EXPIRES (UTC)', 'LAST USED (UTC)'],
          tokens.map(({ id, name, state, created, expires, lastUsed }) => [
            id,
            name,
            state,
            minute(created),
            expires === undefined ? 'never' : minute(expires),
            lastUsed === undefined ? 'never' : minute(lastUsed),
          ]),
        ),
      )
    } else {
      terminal.write('There is no token. Make one with: token create --name Entra\n')
    }
    if (
      opened.config.scimToken !== undefined &&
      opened.organisation.name === DEFAULT_ORGANISATION
    ) {
      terminal.write('\nThe token in SCIM_TOKEN is valid as well, for as long as it is set.\n')
    }
  })
}

function revoke(terminal: Terminal, id: string, { organisation }: OrganisationOption) {
  return withDirectory(terminal, organisation, async ({ directory }) => {
    const token = findByPrefix(await directory.tokens.list(), id, 'token')
    const called = `the token "${plain(token.name)}" (${token.id})`
    if (token.revoked !== undefined) {
      terminal.write(`Nothing to do: ${called} was revoked on ${minute(token.revoked)} UTC.\n`)
      return
    }
    await directory.tokens.revoke(token.id, causeOf(terminal))
    terminal.write(`Revoked ${called}. Requests with it are refused from now on.\n`)
  })
}

export function addTokenCommands(program: Command, terminal: Terminal): void {
  const tokens = program
    .command('token')
    .description('provisioning tokens: what a SCIM client such as Entra signs in with')

  tokens
    .command('create')
    .description('make a token and show its secret, this once')
    .requiredOption(
      '--name <name>',
      'what the token is called in lists and in the record',
      parseName,
    )
    .option(
      '--expires <when>',
      'a duration (12h, 180d, 26w, 2y), a day (2027-05-01) or never',
      (text: string) => ({ at: parseExpiry(text, terminal.now()) }),
    )
    .addOption(organisationOption())
    .addHelpText(
      'after',
      `
Several tokens are valid at once: to replace one, make the new token, paste it into Entra, then
revoke the old one. Without --expires a token is valid for 365 days.

Examples:
  npm run cli -- token create --name Entra
  npm run cli -- token create --name "Entra 2027" --expires 180d
  npm run cli -- token create --name Okta --expires 2027-05-01 --organisation "Contoso Ltd"`,
    )
    .action((options: Omit<CreateOptions, 'expires'> & Partial<CreateOptions>) => {
      const expires = options.expires ?? { at: parseExpiry('365d', terminal.now()) }
      return create(terminal, { ...options, expires })
    })

  tokens
    .command('list')
    .description('list the tokens with their state and last use; never their secrets')
    .addOption(organisationOption())
    .addOption(jsonOption())
    .action((options: OrganisationOption & JsonOption) => list(terminal, options))

  tokens
    .command('revoke')
    .description('end a token at once and for ever')
    .argument('<id>', 'the id of the token, or its first characters, at least 4', parseId)
    .addOption(organisationOption())
    .addHelpText('after', '\nExample:\n  npm run cli -- token revoke 019a2f41-7c3e')
    .action((id: string, options: OrganisationOption) => revoke(terminal, id, options))
}
