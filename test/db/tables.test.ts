import { getTableConfig as pgConfig } from 'drizzle-orm/pg-core'
import { getTableConfig as sqliteConfig } from 'drizzle-orm/sqlite-core'
import { expect, test } from 'vitest'
import * as pg from '../../src/db/tables.pg.ts'
import * as sqlite from '../../src/db/tables.sqlite.ts'

interface Column {
  readonly name: string
  readonly notNull: boolean
  readonly primary: boolean
}

const columnOf = ({ name, notNull, primary }: Column) => ({ name, notNull, primary })
const named = (columns: readonly unknown[]) =>
  columns.map((column) => (Object(column) as { name?: string }).name)

const ofSqlite = Object.values(sqlite).map((table) => {
  const { name, columns, indexes, primaryKeys } = sqliteConfig(table)
  return {
    name,
    columns: columns.map(columnOf),
    indexes: indexes.map(({ config }) => ({
      name: config.name,
      unique: config.unique,
      columns: named(config.columns),
    })),
    primaryKeys: primaryKeys.map((key) => named(key.columns)),
  }
})

const ofPostgres = Object.values(pg).map((table) => {
  const { name, columns, indexes, primaryKeys } = pgConfig(table)
  return {
    name,
    columns: columns.map(columnOf),
    indexes: indexes.map(({ config }) => ({
      name: config.name,
      unique: config.unique,
      columns: named(config.columns),
    })),
    primaryKeys: primaryKeys.map((key) => named(key.columns)),
  }
})

test('the tables of both engines have the same names, columns, keys and indexes', () => {
  expect(Object.keys(pg)).toStrictEqual(Object.keys(sqlite))
  expect(ofPostgres).toStrictEqual(ofSqlite)
  expect(ofSqlite.flatMap(({ indexes }) => indexes)).not.toStrictEqual([])
})

test('every text of PostgreSQL that is a key, is sorted or is compared goes by its bytes', () => {
  const types = Object.values(pg).flatMap((table) =>
    pgConfig(table).columns.map((column) => [column.name, column.getSQLType()] as const),
  )
  const others = types.filter(([, type]) => type !== 'text COLLATE "C"')
  const plain = others.filter(([, type]) => type === 'text').map(([name]) => name)
  expect(new Set(plain)).toStrictEqual(
    new Set([
      'resource',
      'changes',
      'options',
      'advice',
      'person',
      'chosen',
      'notes',
      'value',
      'filter',
      'groups',
      'path',
      'search',
      'tolerances',
      'facts',
      'request',
      'request_headers',
      'request_body',
      'response',
      'response_headers',
      'response_body',
    ]),
  )
})
