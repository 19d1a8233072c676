import { and, eq, gt, lt } from 'drizzle-orm'
import type { SignIns } from '../directory/access.ts'
import type { Context } from './context.ts'

export function signInsOf({ engine, now }: Pick<Context, 'engine' | 'now'>): SignIns {
  const { signIns } = engine.tables
  return {
    begin: (signIn) =>
      engine.transaction(async (db) => {
        await db.delete(signIns).where(lt(signIns.expires, now().toISOString()))
        await db.insert(signIns).values(signIn)
      }),
    take: (hash) =>
      engine.transaction(async (db) => {
        const [taken] = await db
          .delete(signIns)
          .where(and(eq(signIns.hash, hash), gt(signIns.expires, now().toISOString())))
          .returning({ returnTo: signIns.returnTo })
        return taken?.returnTo
      }, hash),
  }
}
