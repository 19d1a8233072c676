import type { TestProject } from 'vitest/node'
import { Client } from 'pg'
import { openPostgres } from '../../src/db/postgres.ts'
import { startPostgres, type PostgresServer } from './postgres-server.ts'

let server: PostgresServer | undefined

/** One server for all tests on PostgreSQL, with a database in it that each test gets a copy of. */
export async function setup(project: TestProject): Promise<void> {
  server = await startPostgres()
  const admin = new Client(server.url('postgres'))
  await admin.connect()
  await admin.query('CREATE DATABASE template_entrance')
  await admin.end()
  const engine = await openPostgres(server.url('template_entrance'))
  await engine.close()
  project.provide('postgres', server.url('postgres'))
  project.provide('quickPostgres', server.quickUrl('postgres'))
}

export async function teardown(): Promise<void> {
  await server?.remove()
}
