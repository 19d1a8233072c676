import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { installationOf } from '../../src/installation.ts'
import { cause, testApp } from '../support/app.ts'
import { newConsole } from '../support/console.ts'
import { otherDirectory } from '../support/store.ts'

test('settings say what is set, and where it is changed', async () => {
  const app = await testApp({ provisioningLogDays: 7 })
  const console = await newConsole(app)
  const settings = { fields: [], provisioned: 'left', every: 60 } as const
  await app.directory.settings.change('sync', settings, cause)
  const brake = { users: 3, percent: 5, minutes: 30 }
  await app.directory.settings.change('brake', brake, cause)
  const { words } = await console.get('/admin/settings')
  expect(words).toContain('Name Contoso Studio')
  expect(words).toContain('Client download https://downloads.contoso.example')
  expect(words).toContain('Entrance 1.2.3')
  expect(words).toContain('App registration None')
  expect(words).toContain('Secret tokens 1 in force')
  expect(words).toContain('Sync Every 60 minutes')
  expect(words).toContain('Holds back more than 3 users and 5% within 30 minutes')
  expect(words).toContain('Provisioning log Kept for 7 days')
  expect(words).toContain('No mail server: nothing is sent')
})

test('of the environment everything is shown but what is secret', () => {
  const env = {
    DATABASE_URL: 'postgresql://entrance:hunter2@db.example/entrance?sslmode=require',
    SCIM_TOKEN: 's'.repeat(40),
    SMTP_URL: 'smtps://entrance:hunter2@mail.example:465',
    MAIL_FROM: 'entrance@contoso.example',
    APPLICATION_NAME: 'Contoso Studio',
    LOG_LEVEL: '',
  }
  const loaded = loadConfig(env)
  if (!loaded.ok) throw new Error(loaded.problems.join(' '))
  const { settings, database } = installationOf(env, loaded.config)
  expect(database).toBe('PostgreSQL')
  expect(JSON.stringify(settings)).not.toMatch(/hunter2|ssss/)
  const of = (name: string) => settings.find((setting) => setting.name === name)
  expect(of('SMTP_URL')).toMatchObject({ isSet: true, secret: true })
  expect(of('DATABASE_URL')).toMatchObject({ value: 'postgresql://db.example/entrance' })
  expect(of('APPLICATION_NAME')).toMatchObject({ value: 'Contoso Studio' })
  expect(of('LOG_LEVEL')).toMatchObject({ isSet: false, unset: 'info' })
})

test('the environment is shown to administrators of the organisation `default` alone', async () => {
  const app = await testApp()
  const settings = async (directory = app.directory) =>
    (await (await newConsole(app, 'Ada Admin', directory)).get('/admin/settings')).words
  expect(await settings()).toContain('Environment')
  const others = await settings(await otherDirectory(app))
  expect(others).toContain('What this installation is set to')
  expect(others).not.toContain('Environment')
})
