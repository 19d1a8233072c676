import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Client, ClientKind, ClientSecret } from '../directory/client.ts'
import type { Directory } from '../directory/store.ts'
import { hashSecret, newTokenSecret } from '../directory/token.ts'
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
import { causeOf, findByPrefix, withDirectory, type Opened } from './open.ts'
import { json, minute, plain, table, type Terminal } from './terminal.ts'

const DEFAULT_EXPIRY = '365d'
const LONGEST_EXPIRY = '3y'

/** When a secret expires: unlike a token it cannot be valid for ever. */
function parseSecretExpiry(text: string, now: Date): string {
  try {
    const [expires, latest] = [parseExpiry(text, now), parseExpiry(LONGEST_EXPIRY, now)]
    if (expires !== undefined && latest !== undefined && expires <= latest) return expires
  } catch {
    // Is refused below: the sentence for tokens would offer "never".
  }
  throw new InvalidArgumentError(
    `Write a duration such as 12h, 180d, 26w or 2y, or a day such as 2027-05-01, ${LONGEST_EXPIRY} from now at most.`,
  )
}

function parseSubject(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase()
  throw new InvalidArgumentError(
    'Write the object id that Entra shows as subject, such as 1b4e28ba-2fa1-4d2e-883f-0016d3cca427.',
  )
}

function parseAudience(text: string): string {
  if (/^[^\s\p{Cc}]{1,200}$/u.test(text)) return text
  throw new InvalidArgumentError('Write 1 to 200 characters without blanks.')
}

async function requireClient(directory: Directory, id: string): Promise<Client> {
  return findByPrefix(await directory.clients.list(), id, 'client')
}

function called({ name, id }: Client): string {
  return `the client "${plain(name)}" (${id})`
}

async function newSecret(
  terminal: Terminal,
  directory: Directory,
  client: Client,
  expires: string,
): Promise<string> {
  const secret = newTokenSecret('client')
  await directory.clients.addSecret(
    client.id,
    { hash: hashSecret(secret), expires },
    causeOf(terminal),
  )
  return secret
}

type Credentials = readonly (readonly [string, string])[]

/** Names and values below each other, to be copied. */
function block(credentials: Credentials): string {
  const width = Math.max(...credentials.map(([name]) => name.length))
  return credentials.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join('')
}

const PASTE = 'Paste these into Entra, under Provisioning, Admin credentials'

function tokenEndpoint({ config }: Opened): string {
  return `${config.publicUrl}/auth/token`
}

function httpsNote({ config }: Opened): string {
  return config.publicUrl.startsWith('https:')
    ? ''
    : '\nEntra reaches only https addresses: put a reverse proxy with TLS in front and set PUBLIC_URL.\n'
}

/** Where a new client is used, and with what. */
function instructions(opened: Opened, { kind, id }: Client, secret: string): string {
  const credentials: Credentials = [
    ['Client identifier', id],
    ['Client secret', secret],
  ]
  switch (kind) {
    case 'provisioning':
      return `${PASTE}, with OAuth2 client credentials
as the authentication method. The secret is shown only now:

${block([
  ['Tenant URL', `${opened.config.publicUrl}${SCIM_PATH}`],
  ['Token endpoint', tokenEndpoint(opened)],
  ...credentials,
])}${httpsNote(opened)}`
    case 'application':
      return `With these the server of the application asks who holds an access token. The secret is shown only
now:

${block([['Introspection endpoint', `${opened.config.publicUrl}/auth/introspect`], ...credentials])}`
  }
}

interface CreateOptions extends OrganisationOption {
  readonly name: string
  readonly kind: ClientKind
  readonly expires: string
}

function create(terminal: Terminal, { name, kind, expires, organisation }: CreateOptions) {
  return withDirectory(terminal, organisation, async (opened) => {
    const client = await opened.directory.clients.create({ name, kind }, causeOf(terminal))
    const secret = await newSecret(terminal, opened.directory, client, expires)
    terminal.write(
      `Made ${called(client)}, with a secret valid until ${minute(expires)} UTC.

${instructions(opened, client, secret)}`,
    )
  })
}

function secretState({ expires }: ClientSecret, now: string): 'active' | 'expired' {
  return expires <= now ? 'expired' : 'active'
}

function list(terminal: Terminal, options: OrganisationOption & JsonOption) {
  return withDirectory(terminal, options.organisation, async ({ directory }) => {
    const now = terminal.now().toISOString()
    const clients = (await directory.clients.list()).map((client) => ({
      id: client.id,
      name: client.name,
      kind: client.kind,
      state: client.revoked === undefined ? 'active' : 'revoked',
      created: client.created,
      revoked: client.revoked,
      federation: client.federation,
      secrets: client.secrets.map((secret) => ({
        id: secret.id,
        state: secretState(secret, now),
        created: secret.created,
        expires: secret.expires,
        lastUsed: secret.lastUsed,
      })),
    }))
    if (options.json) return terminal.write(json(clients))
    if (clients.length === 0) {
      terminal.write('There is no client. Make one with: client create --name Entra\n')
      return
    }
    terminal.write(
      table(
        ['ID', 'NAME', 'KIND', 'STATE', 'CREATED (UTC)', 'WORKLOAD IDENTITY', 'AUDIENCE'],
        clients.map(({ id, name, kind, state, created, federation }) => [
          id,
          name,
          kind,
          state,
          minute(created),
          federation?.subject ?? '–',
          federation?.audience ?? '–',
        ]),
      ),
    )
    const secrets = clients.flatMap((client) =>
      client.secrets.map(({ id, state, expires, lastUsed }) => [
        id,
        client.name,
        state,
        minute(expires),
        lastUsed === undefined ? 'never' : minute(lastUsed),
      ]),
    )
    if (secrets.length === 0) return
    const head = ['SECRET', 'OF', 'STATE', 'EXPIRES (UTC)', 'LAST USED (UTC)']
    terminal.write(`\n${table(head, secrets)}`)
  })
}

interface SecretOptions extends OrganisationOption {
  readonly expires: string
}

function addSecret(terminal: Terminal, id: string, { organisation, expires }: SecretOptions) {
  return withDirectory(terminal, organisation, async ({ directory }) => {
    const client = await requireClient(directory, id)
    const secret = await newSecret(terminal, directory, client, expires)
    terminal.write(
      `Made a secret for ${called(client)}, valid until ${minute(expires)} UTC.
It is shown only now:

${block([['Client secret', secret]])}
Put it in the place of the older one, then end that one with "client remove-secret".
`,
    )
  })
}

function removeSecret(
  terminal: Terminal,
  id: string,
  secretId: string,
  { organisation }: OrganisationOption,
) {
  return withDirectory(terminal, organisation, async ({ directory }) => {
    const client = await requireClient(directory, id)
    const secret = findByPrefix(client.secrets, secretId, 'secret')
    await directory.clients.removeSecret(client.id, secret.id, causeOf(terminal))
    terminal.write(
      `Removed the secret ${secret.id} of ${called(client)}, and ended the tokens it was given for it.\n`,
    )
  })
}

interface FederateOptions extends OrganisationOption {
  readonly subject: string
  readonly audience: string
}

function federate(
  terminal: Terminal,
  id: string,
  { organisation: name, subject, audience }: FederateOptions,
) {
  return withDirectory(terminal, name, async (opened) => {
    const { directory, organisation, config } = opened
    const client = await requireClient(directory, id)
    await directory.clients.federate(client.id, { subject, audience }, causeOf(terminal))
    const tenantNote =
      organisation.entraTenantId === undefined
        ? `\nSay which Entra tenant it is of, too: organisation tenant "${plain(name)}" GUID\n`
        : ''
    terminal.write(
      `Entra's workload identity ${subject} may now get tokens for ${called(client)} without a secret.

${PASTE}:

${block([
  ['Tenant URL', `${config.publicUrl}${SCIM_PATH}`],
  ['Token endpoint', tokenEndpoint(opened)],
  ['Client identifier', client.id],
])}${tenantNote}${httpsNote(opened)}`,
    )
  })
}

function revoke(terminal: Terminal, id: string, { organisation }: OrganisationOption) {
  return withDirectory(terminal, organisation, async ({ directory }) => {
    const client = await requireClient(directory, id)
    if (client.revoked !== undefined) {
      const when = minute(client.revoked)
      terminal.write(`Nothing to do: ${called(client)} was revoked on ${when} UTC.\n`)
      return
    }
    await directory.clients.revoke(client.id, causeOf(terminal))
    terminal.write(`Revoked ${called(client)}. Its secrets and tokens have ended.\n`)
  })
}

export function addClientCommands(program: Command, terminal: Terminal): void {
  const clients = program
    .command('client')
    .description(
      'clients: programs that get tokens, such as Entra with OAuth 2.0, or ask who has one',
    )

  const forClient = (name: string, description: string) =>
    clients
      .command(name)
      .description(description)
      .argument('<id>', 'the id of the client, or its first characters, at least 4', parseId)
      .addOption(organisationOption())

  const expiresOption = () =>
    new Option(
      '--expires <when>',
      `when the secret expires: a duration (180d, 26w, 2y) or a day (2027-05-01), ${LONGEST_EXPIRY} from now at most (default: ${DEFAULT_EXPIRY})`,
    ).argParser((text) => parseSecretExpiry(text, terminal.now()))

  const expiring = <T extends { readonly expires?: string }>(options: T) => ({
    ...options,
    expires: options.expires ?? parseSecretExpiry(DEFAULT_EXPIRY, terminal.now()),
  })

  clients
    .command('create')
    .description('make a client and its first secret, and show the secret, this once')
    .requiredOption(
      '--name <name>',
      'what the client is called in lists and in the record',
      parseName,
    )
    .addOption(
      new Option('--kind <kind>', "Entra's provisioning service, or the server of the application")
        .choices(['provisioning', 'application'])
        .default('provisioning'),
    )
    .addOption(expiresOption())
    .addOption(organisationOption())
    .addHelpText(
      'after',
      `
Examples:
  npm run cli -- client create --name Entra
  npm run cli -- client create --name "SI server" --kind application --expires 2y`,
    )
    .action((options: Omit<CreateOptions, 'expires'> & Partial<CreateOptions>) =>
      create(terminal, expiring(options)),
    )

  clients
    .command('list')
    .description('list the clients and their secrets with their state and last use')
    .addOption(organisationOption())
    .addOption(jsonOption())
    .action((options: OrganisationOption & JsonOption) => list(terminal, options))

  forClient('secret', 'make another secret of a client and show it, this once')
    .addOption(expiresOption())
    .addHelpText(
      'after',
      `
Two secrets are valid at once: to replace one, make the new one, put it where the client has the old
one, then end that with "client remove-secret".

Example:
  npm run cli -- client secret 019a2f41-7c3e`,
    )
    .action((id: string, options: OrganisationOption & Partial<SecretOptions>) =>
      addSecret(terminal, id, expiring(options)),
    )

  forClient('remove-secret', 'end a secret at once, and the tokens that were given for it')
    .argument('<secret>', 'the id of the secret in the list, or its first characters', parseId)
    .addHelpText(
      'after',
      `
Tokens that the client got with its other secret stay valid.

Example:
  npm run cli -- client remove-secret 019a2f41-7c3e 019a3b55`,
    )
    .action((id: string, secret: string, options: OrganisationOption) =>
      removeSecret(terminal, id, secret, options),
    )

  forClient('federate', 'let a workload identity of Entra stand for a client, without a secret')
    .requiredOption('--subject <guid>', 'the subject that Entra shows', parseSubject)
    .requiredOption('--audience <text>', 'the audience that Entra shows', parseAudience)
    .addHelpText(
      'after',
      `
Example:
  npm run cli -- client federate 019a2f41-7c3e --subject 1b4e28ba-2fa1-4d2e-883f-0016d3cca427 \\
    --audience api://entrance`,
    )
    .action((id: string, options: FederateOptions) => federate(terminal, id, options))

  forClient('revoke', 'end a client with its secrets and tokens, at once and for ever')
    .addHelpText('after', '\nExample:\n  npm run cli -- client revoke 019a2f41-7c3e')
    .action((id: string, options: OrganisationOption) => revoke(terminal, id, options))
}
