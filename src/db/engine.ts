import type { Placeholder, SQL } from 'drizzle-orm'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import type * as tables from './tables.sqlite.ts'

export type Tables = typeof tables

/** The query builder that the store is written against, on every engine. */
export type Db = Pick<
  BaseSQLiteDatabase<'async', unknown>,
  'select' | 'insert' | 'update' | 'delete'
>

export type JsonKind = 'text' | 'number' | 'boolean' | 'any'

/** How a dialect reads JSON and compares what it read. `document` is a column, or an object that `each` yields. */
export interface JsonDialect {
  /** The scalar at a path, which is of this kind or absent; then it is NULL. `any` reads whatever it is, as a text. */
  value(document: SQL, path: readonly string[], kind: JsonKind): SQL
  /** The same where it may be of any kind; NULL when it is of another. */
  valueIf(document: SQL, path: readonly string[], kind: JsonKind): SQL
  /** A FROM item that yields, under `alias`, the elements of the array at a path. */
  each(document: SQL, path: readonly string[], alias: string): SQL
  /** The same where the value may also be no array, and then is the one element. */
  eachOrOne(document: SQL, path: readonly string[], alias: string): SQL
  /** The element of an `each` that is a scalar, NULL when it is of another kind. */
  scalar(alias: string, kind: JsonKind): SQL
  /** The element of an `each` as a document, NULL when it is no object. */
  object(alias: string): SQL
  /** A value to compare with, of this kind; texts are compared by their bytes. */
  literal(value: string | number | boolean | Placeholder, kind: JsonKind): SQL
  /** Whether a text contains another, both as they are. */
  contains(text: SQL, part: SQL): SQL
  /** A JSON text: an array, by the first field, with an object of these fields for each row of a FROM clause. */
  collect(fields: Readonly<Record<string, SQL>>, from: SQL): SQL<string>
}

export type Kind = 'User' | 'Group'

/** A page of what a condition finds that no index answers, oldest first. */
export interface Scan {
  readonly organisation: string
  readonly kind: Kind
  readonly where: SQL | undefined
  /** 1-based. */
  readonly startIndex: number
  readonly count: number
}

export interface Scanned {
  /** All matches, whatever the page. */
  readonly total: number
  /** Those on the page. */
  readonly ids: readonly string[]
}

/** Everything that differs between databases. */
export interface Engine {
  readonly tables: Tables
  readonly json: JsonDialect
  /** Whether write transactions run one after the other, whatever they change. */
  readonly serial: boolean
  /** Which part of a tally a transaction counts in. */
  readonly part: SQL
  /** Sees committed rows only and never waits behind writes. */
  readonly read: Db
  /**
   * Prepares a statement on the connection of `db`. It is run with its values in order, and yields its rows as objects.
   */
  prepare(db: Db, text: string): (values: unknown[]) => Promise<unknown[]>
  /**
   * Runs `work` in one write transaction and resolves when it is durable. `work` may run more than once; it must await
   * nothing but `db`. Those with the same `subject` would be in each other's way, and may be run one after the other.
   */
  transaction<T>(work: (db: Db) => Promise<T>, subject?: string): Promise<T>
  /**
   * Resolves when every write has ended that was under way when it was asked: whatever was given a number by then can be
   * read, or never will be. False where one takes too long.
   */
  settled(): Promise<boolean>
  /**
   * Reads as many rows as it takes, in nobody's way and for a limited time. Throws `tooMany` when the time is up, and
   * `unavailable` when too many such wait.
   */
  scan(scan: Scan): Promise<Scanned>
  /** The unique index that an error complains of, by name, or undefined for another error. */
  violatedIndex(error: unknown): string | undefined
  /** Whether an error says that the database is away, full or too busy, so that the same may succeed later. */
  isUnavailable(error: unknown): boolean
  check(): Promise<void>
  /** Throws where the database has tools of its own for that. */
  backup(file: string): Promise<void>
  close(): Promise<void>
}
