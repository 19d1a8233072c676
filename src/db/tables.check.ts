import type { InferInsertModel, InferSelectModel, Table } from 'drizzle-orm'
import type * as pg from './tables.pg.ts'
import type * as sqlite from './tables.sqlite.ts'

type Rows<Tables> = {
  [Name in keyof Tables]: Tables[Name] extends Table
    ? { read: InferSelectModel<Tables[Name]>; write: InferInsertModel<Tables[Name]> }
    : never
}

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

/** The tables under one type, or never when a row of one engine is not exactly a row of the other. */
export type SameTables =
  Same<Rows<typeof sqlite>, Rows<typeof pg>> extends true ? typeof sqlite : never
