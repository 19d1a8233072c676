import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { cause } from '../support/app.ts'
import { installation, scope } from './installation.ts'

describe('backup', () => {
  test('copies what was acknowledged, while another process keeps writing', {
    timeout: 60_000,
  }, async () => {
    const { folder, inStore, spawn: cli } = installation()
    const target = join(folder, 'copy.db')
    await inStore(async (store) => {
      const { users } = store.for(scope)
      let written = 0
      const write = async () => {
        written += 1
        const attributes = { userName: `user${written}`, active: true, title: 'x'.repeat(10_000) }
        await users.create({ attributes, origin: 'scim' }, cause)
      }
      while (written < 300) await write()
      const before = written
      let ended = false
      const running = cli('backup', target).finally(() => {
        ended = true
      })
      const end = Date.now() + 20_000
      while (!ended && Date.now() < end) {
        await write()
        await setImmediate()
      }
      expect(ended, 'the copy ends although the writes do not').toBe(true)
      const result = await running
      expect(result).toMatchObject({ code: 0, err: '' })
      expect(result.out).toMatch(/^Copied file:.+entrance\.db to .+copy\.db \(\d+\.\d MB\)\.\n$/)

      const copy = new Database(target, { readonly: true })
      const copied = copy.prepare('SELECT count(*) FROM users').pluck().get()
      expect(copy.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }])
      copy.close()
      expect(copied).toBeGreaterThanOrEqual(before)
      expect(copied).toBeLessThanOrEqual(written)
    })
  })

  test('refuses to write over a file', async () => {
    const { file, call } = installation()
    await call('token', 'list')
    const before = readFileSync(file)
    expect(await call('backup', file)).toMatchObject({
      code: 1,
      err: `${file} exists; nothing was written. Name a file that does not exist.\n`,
    })
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('refuses a folder that does not exist', async () => {
    const { folder, call } = installation()
    await call('token', 'list')
    expect(await call('backup', join(folder, 'no', 'copy.db'))).toMatchObject({
      code: 1,
      err: `There is no folder ${join(folder, 'no')}.\n`,
    })
  })

  test('refuses to copy a database that is not there', async () => {
    const { folder, call } = installation()
    expect(await call('backup', join(folder, 'copy.db'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no database'),
    })
    expect(readdirSync(folder)).toEqual([])
  })
})
