import { and, asc, eq, gt, isNull, lte, sql, type SQL } from 'drizzle-orm'
import {
  SECRETS_AT_A_TIME,
  type Client,
  type Clients,
  type ClientSecret,
  type ClientToken,
  type HeldClient,
} from '../directory/client.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Change } from '../directory/event.ts'
import { quote } from '../scim/protocol/error.ts'
import { record, write, type Context, type Write } from './context.ts'
import type { Db, Engine, Tables } from './engine.ts'
import { columns, statement } from './statements.ts'

type Row = Tables['clients']['$inferSelect']
type SecretRow = Tables['clientSecrets']['$inferSelect']

function federationOf({ subject, audience }: Row) {
  return subject === null || audience === null ? {} : { federation: { subject, audience } }
}

function toSecret({ id, created, expires, lastUsed }: SecretRow): ClientSecret {
  return { id, created, expires, ...(lastUsed === null ? {} : { lastUsed }) }
}

function toClient(row: Row, secrets: readonly SecretRow[]): Client {
  const { id, kind, name, created, revoked } = row
  return {
    id,
    kind,
    name,
    created,
    ...(revoked === null ? {} : { revoked }),
    ...federationOf(row),
    secrets: secrets.map(toSecret),
  }
}

/** Clients with those of their secrets that `valid` is true of, each oldest first. */
async function read(
  { tables }: Engine,
  db: Db,
  where: SQL | undefined,
  valid?: SQL,
): Promise<{ client: Row; secrets: SecretRow[] }[]> {
  const { clients, clientSecrets } = tables
  const rows = await db
    .select({ client: clients, secret: clientSecrets })
    .from(clients)
    .leftJoin(
      clientSecrets,
      and(
        eq(clientSecrets.organisation, clients.organisation),
        eq(clientSecrets.clientId, clients.id),
        valid,
      ),
    )
    .where(where)
    .orderBy(
      asc(clients.created),
      asc(clients.id),
      asc(clientSecrets.created),
      asc(clientSecrets.id),
    )
  const found = new Map<string, { client: Row; secrets: SecretRow[] }>()
  for (const { client, secret } of rows) {
    const known = found.get(client.id) ?? { client, secrets: [] }
    if (secret) known.secrets.push(secret)
    found.set(client.id, known)
  }
  return [...found.values()]
}

/** The client of an id, in whatever organisation, with the secrets that are valid; undefined for a revoked one. */
export async function findClient(
  { engine, now }: Pick<Context, 'engine' | 'now'>,
  id: string,
): Promise<HeldClient | undefined> {
  const { clients, clientSecrets } = engine.tables
  const [found] = await read(
    engine,
    engine.read,
    and(eq(clients.id, id), isNull(clients.revoked)),
    gt(clientSecrets.expires, now().toISOString()),
  )
  if (!found) return undefined
  const { client, secrets } = found
  return {
    id: client.id,
    organisation: client.organisation,
    kind: client.kind,
    name: client.name,
    ...federationOf(client),
    secrets: secrets.map(({ id, hash }) => ({ id, hash })),
  }
}

/** Who holds the access token of this hash, in whatever organisation, expired or not, unless the client was revoked. */
export async function findClientToken(
  engine: Engine,
  hash: string,
): Promise<ClientToken | undefined> {
  const { clients, clientTokens } = engine.tables
  const query = statement<ClientToken>(engine, engine.read, 'client by token', () =>
    engine.read
      .select(
        columns({
          organisation: clients.organisation,
          clientId: clients.id,
          kind: clients.kind,
          name: clients.name,
          expires: clientTokens.expires,
        }),
      )
      .from(clientTokens)
      .innerJoin(
        clients,
        and(
          eq(clients.organisation, clientTokens.organisation),
          eq(clients.id, clientTokens.clientId),
        ),
      )
      .where(and(eq(clientTokens.hash, sql.placeholder('hash')), isNull(clients.revoked))),
  )
  const [row] = await query({ hash })
  return row
}

function secretsOf({ engine, scope }: Write, clientId: string): SQL | undefined {
  const { clientSecrets } = engine.tables
  return and(
    eq(clientSecrets.organisation, scope.organisation),
    eq(clientSecrets.clientId, clientId),
  )
}

function tokensOf({ engine, scope }: Write, clientId: string): SQL | undefined {
  const { clientTokens } = engine.tables
  return and(eq(clientTokens.organisation, scope.organisation), eq(clientTokens.clientId, clientId))
}

/** Writes a client as it is, so that of two who change what it has at the same time one has to look again. */
async function hold({ db, engine, scope }: Write, id: string): Promise<Row> {
  const { clients } = engine.tables
  const [row] = await db
    .update(clients)
    .set({ name: sql`${clients.name}` })
    .where(and(eq(clients.organisation, scope.organisation), eq(clients.id, id)))
    .returning()
  if (!row) throw new DirectoryError('notFound', `There is no client ${quote(id)}.`)
  return row
}

/** The same for a client that is still in use. */
async function holdValid(context: Write, id: string): Promise<Row> {
  const row = await hold(context, id)
  if (row.revoked === null) return row
  throw new DirectoryError('notFound', `The client ${quote(id)} was revoked.`)
}

/** Ends the tokens of a client, or those it got for one secret; the event of what was done says how many. */
async function endTokens(context: Write, clientId: string, secretId?: string): Promise<Change[]> {
  const { clientTokens } = context.engine.tables
  const ofSecret = secretId === undefined ? undefined : eq(clientTokens.secretId, secretId)
  const gone = await context.db
    .delete(clientTokens)
    .where(and(tokensOf(context, clientId), ofSecret))
    .returning({ expires: clientTokens.expires })
  const ended = gone.filter(({ expires }) => expires > context.at).length
  return ended > 0 ? [{ path: 'tokens', from: ended }] : []
}

function changeOf(path: string, from: string | null, to: string): Change[] {
  if (from === to) return []
  return [{ path, ...(from === null ? {} : { from }), to }]
}

export function clientsOf(context: Context): Clients {
  const { clients, clientSecrets, clientTokens } = context.engine.tables
  const { organisation } = context.scope
  const mine = eq(clients.organisation, organisation)

  return {
    create: ({ kind, name }, cause) =>
      write(context, cause, async (tx) => {
        const id = tx.newId()
        const made = { organisation, id, kind, name, created: tx.at }
        const row = { ...made, revoked: null, subject: null, audience: null }
        await tx.db.insert(clients).values(row)
        await record(tx, 'client.created', id, [
          { path: 'name', to: name },
          { path: 'kind', to: kind },
        ])
        return toClient(row, [])
      }),

    async list() {
      const found = await read(context.engine, context.engine.read, mine)
      return found.map(({ client, secrets }) => toClient(client, secrets))
    },

    revoke: (id, cause) =>
      write(
        context,
        cause,
        async (tx) => {
          const row = await hold(tx, id)
          if (row.revoked !== null) return toClient(row, [])
          await tx.db
            .update(clients)
            .set({ revoked: tx.at })
            .where(and(mine, eq(clients.id, id)))
          await tx.db.delete(clientSecrets).where(secretsOf(tx, id))
          const ended = await endTokens(tx, id)
          await record(tx, 'client.revoked', id, [{ path: 'revoked', to: tx.at }, ...ended])
          return toClient({ ...row, revoked: tx.at }, [])
        },
        id,
      ),

    addSecret: (id, { hash, expires }, cause) =>
      write(
        context,
        cause,
        async (tx) => {
          await holdValid(tx, id)
          await tx.db
            .delete(clientSecrets)
            .where(and(secretsOf(tx, id), lte(clientSecrets.expires, tx.at)))
          const valid = await tx.db
            .select({ id: clientSecrets.id })
            .from(clientSecrets)
            .where(secretsOf(tx, id))
          if (valid.length >= SECRETS_AT_A_TIME) {
            throw new DirectoryError(
              'conflict',
              `This client has ${valid.length} valid secrets already. Remove the one that is not in use first.`,
            )
          }
          const made = { organisation, clientId: id, id: tx.newId(), hash, expires }
          const row = { ...made, created: tx.at, lastUsed: null }
          await tx.db.insert(clientSecrets).values(row)
          await record(tx, 'client.updated', id, [{ path: 'secrets', to: row.id }])
          return toSecret(row)
        },
        id,
      ),

    removeSecret: (id, secretId, cause) =>
      write(
        context,
        cause,
        async (tx) => {
          await hold(tx, id)
          const [gone] = await tx.db
            .delete(clientSecrets)
            .where(and(secretsOf(tx, id), eq(clientSecrets.id, secretId)))
            .returning({ id: clientSecrets.id })
          if (!gone) {
            throw new DirectoryError('notFound', `The client has no secret ${quote(secretId)}.`)
          }
          const ended = await endTokens(tx, id, secretId)
          await record(tx, 'client.updated', id, [{ path: 'secrets', from: secretId }, ...ended])
        },
        id,
      ),

    federate: (id, { subject, audience }, cause) =>
      write(
        context,
        cause,
        async (tx) => {
          const row = await holdValid(tx, id)
          const changes = [
            ...changeOf('subject', row.subject, subject),
            ...changeOf('audience', row.audience, audience),
          ]
          if (changes.length > 0) {
            await tx.db
              .update(clients)
              .set({ subject, audience })
              .where(and(mine, eq(clients.id, id)))
            await record(tx, 'client.updated', id, changes)
          }
          const secrets = await tx.db
            .select()
            .from(clientSecrets)
            .where(secretsOf(tx, id))
            .orderBy(asc(clientSecrets.created), asc(clientSecrets.id))
          return toClient({ ...row, subject, audience }, secrets)
        },
        id,
      ),

    issueToken: (id, { hash, expires, secretId }, cause) =>
      write(
        context,
        cause,
        async (tx) => {
          await holdValid(tx, id)
          if (secretId !== undefined) {
            const [used] = await tx.db
              .update(clientSecrets)
              .set({ lastUsed: tx.at })
              .where(and(secretsOf(tx, id), eq(clientSecrets.id, secretId)))
              .returning({ id: clientSecrets.id })
            // Removed since the client has shown it.
            if (!used) {
              throw new DirectoryError('notFound', `The client has no secret ${quote(secretId)}.`)
            }
          }
          await tx.db
            .delete(clientTokens)
            .where(and(tokensOf(tx, id), lte(clientTokens.expires, tx.at)))
          await tx.db.insert(clientTokens).values({
            organisation,
            hash,
            clientId: id,
            secretId: secretId ?? null,
            expires,
          })
          await record(tx, 'client.token', id, [{ path: 'expires', to: expires }])
        },
        id,
      ),
  }
}
