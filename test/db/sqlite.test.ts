import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openStore } from '../../src/db/open.ts'
import { openSqlite } from '../../src/db/sqlite.ts'
import { cause, testApp, testClock, testIds, type TestApp } from '../support/app.ts'
import { databaseFolder, viewFile } from '../support/database.ts'
import { newUser } from '../support/resources.ts'
import { describeStore } from './store.contract.ts'

const newFile = () => join(databaseFolder(), 'entrance.db')
const fileOf = ({ database }: TestApp) => database.url.slice('file:'.length)

describeStore('the store on SQLite')

describe('an SQLite file', () => {
  test('is in WAL mode and has nothing but what the migrations made', async () => {
    const view = viewFile(fileOf(await testApp()))
    expect(view.value('PRAGMA journal_mode')).toBe('wal')
    expect(view.value('PRAGMA integrity_check')).toBe('ok')
    view.close()
  })

  test('is written by a connection with synchronous FULL that waits for locks', () => {
    const pragma = vi.spyOn(Database.prototype, 'pragma')
    const engine = openSqlite(newFile())
    onTestFinished(() => engine.close())
    const [writer] = pragma.mock.contexts
    if (!(writer instanceof Database)) throw new Error('No connection was configured.')
    expect(writer.readonly).toBe(false)
    const values = ['synchronous', 'journal_mode', 'busy_timeout', 'foreign_keys'].map((name) =>
      writer.pragma(name, { simple: true }),
    )
    expect(values).toStrictEqual([2, 'wal', 200, 1])
  })

  test('keeps everything when it is closed and opened again', async () => {
    const file = newFile()
    const deps = { now: testClock().now, newId: testIds() }
    const first = await openStore(`file:${file}`, deps)
    const scope = { organisation: 'default', localUsers: 'visible' } as const
    const { user } = await first
      .for(scope)
      .users.create({ attributes: { userName: 'a', active: true }, origin: 'scim' }, cause)
    await first.close()
    const second = await openStore(`file:${file}`, deps)
    onTestFinished(() => second.close())
    expect(await second.for(scope).users.read(user.id)).toStrictEqual(user)
    expect((await second.organisations.list()).map(({ id }) => id)).toStrictEqual(['default'])
  })

  test('holds what was acknowledged as soon as it was: another process sees it', async () => {
    const app = await testApp()
    const view = viewFile(fileOf(app))
    for (let index = 0; index < 5; index += 1) {
      await newUser(app.scim, `user${index}`)
      expect(view.value('SELECT count(*) FROM users')).toBe(index + 1)
    }
    view.close()
  })

  test('is backed up into a whole copy while it is written', async () => {
    const { scim, store } = await testApp()
    for (let index = 0; index < 50; index += 1) await newUser(scim, `before${index}`)
    const copy = newFile()
    const [, made] = await Promise.all([
      store.backup(copy),
      Promise.all(Array.from({ length: 30 }, (_, index) => newUser(scim, `during${index}`))),
    ])
    expect(made).toHaveLength(30)
    expect(existsSync(copy)).toBe(true)
    const view = viewFile(copy)
    expect(view.value('PRAGMA integrity_check')).toBe('ok')
    const users = Number(view.value('SELECT count(*) FROM users'))
    expect(users).toBeGreaterThanOrEqual(50)
    // No half of a write: every user has its event, and every event its user.
    expect(view.value("SELECT count(*) FROM events WHERE action = 'user.created'")).toBe(users)
    view.close()
    const opened = await openStore(`file:${copy}`, { now: testClock().now, newId: testIds() })
    onTestFinished(() => opened.close())
    const directory = opened.for({ organisation: 'default', localUsers: 'visible' })
    expect((await directory.users.query({ startIndex: 1, count: 1 })).total).toBe(users)
  })

  test('that another program has locked for a moment is written when it is free', async () => {
    const app = await testApp()
    const other = new Database(fileOf(app))
    onTestFinished(() => {
      other.close()
    })
    other.exec('BEGIN IMMEDIATE')
    const writing = app.scim.post('/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'a',
    })
    setTimeout(() => other.exec('ROLLBACK'), 20)
    expect((await writing).status).toBe(201)
  })

  test('whose transaction awaits something else is rolled back and says so', async () => {
    const engine = openSqlite(newFile())
    onTestFinished(() => engine.close())
    const { organisations } = engine.tables
    const row = { id: 'x', name: 'x', created: 'now', entraTenantId: null }
    await expect(
      engine.transaction(async (db) => {
        await db.insert(organisations).values(row)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }),
    ).rejects.toThrow('awaited something other than the database')
    expect(await engine.read.select().from(organisations)).toStrictEqual([])
    await engine.transaction(async (db) => {
      await db.insert(organisations).values(row)
    })
    expect(await engine.read.select().from(organisations)).toHaveLength(1)
  })
})
