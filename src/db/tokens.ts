import { and, asc, eq } from 'drizzle-orm'
import { DirectoryError } from '../directory/errors.ts'
import type { OrganisationTokens } from '../directory/store.ts'
import type { Token } from '../directory/token.ts'
import { quote } from '../scim/protocol/error.ts'
import { record, write, type Context } from './context.ts'
import type { Engine, Tables } from './engine.ts'

function toToken(row: Tables['tokens']['$inferSelect']): Token {
  return {
    id: row.id,
    organisation: row.organisation,
    name: row.name,
    created: row.created,
    ...(row.expires === null ? {} : { expires: row.expires }),
    ...(row.lastUsed === null ? {} : { lastUsed: row.lastUsed }),
    ...(row.revoked === null ? {} : { revoked: row.revoked }),
  }
}

export async function findToken(engine: Engine, hash: string): Promise<Token | undefined> {
  const { tokens } = engine.tables
  const [row] = await engine.read.select().from(tokens).where(eq(tokens.hash, hash))
  return row && toToken(row)
}

export function touchTokens(engine: Engine, uses: ReadonlyMap<string, string>): Promise<void> {
  const { tokens } = engine.tables
  return engine.transaction(async (db) => {
    for (const [id, lastUsed] of uses) {
      await db.update(tokens).set({ lastUsed }).where(eq(tokens.id, id))
    }
  })
}

export function tokensOf(context: Context): OrganisationTokens {
  const { tokens } = context.engine.tables
  const { organisation } = context.scope
  const mine = eq(tokens.organisation, organisation)
  return {
    create: ({ name, hash, expires }, cause) =>
      write(context, cause, async (tx) => {
        const [row] = await tx.db
          .insert(tokens)
          .values({ organisation, id: tx.newId(), name, hash, created: tx.at, expires })
          .returning()
        if (!row) throw new Error('The token was not stored.')
        await record(tx, 'token.created', row.id, [{ path: 'name', to: name }])
        return toToken(row)
      }),
    async list() {
      const rows = await context.engine.read
        .select()
        .from(tokens)
        .where(mine)
        .orderBy(asc(tokens.created), asc(tokens.id))
      return rows.map(toToken)
    },
    revoke: (id, cause) =>
      write(context, cause, async (tx) => {
        const where = and(mine, eq(tokens.id, id))
        const [row] = await tx.db.select().from(tokens).where(where)
        if (!row) throw new DirectoryError('notFound', `There is no token ${quote(id)}.`)
        if (row.revoked !== null) return toToken(row)
        await tx.db.update(tokens).set({ revoked: tx.at }).where(where)
        await record(tx, 'token.revoked', id, [{ path: 'revoked', to: tx.at }])
        return toToken({ ...row, revoked: tx.at })
      }),
  }
}
