import manifest from '../package.json' with { type: 'json' }
import { settings, shownDatabase, type Config } from './config.ts'
import type { Installation, ShownSetting } from './directory/installation.ts'

/** What was set of the environment, but for what is secret. */
function shownSettings(
  env: Readonly<Record<string, string | undefined>>,
  config: Pick<Config, 'databaseUrl'>,
): ShownSetting[] {
  return Object.entries(settings).map(([name, { about, secret, unset }]) => {
    const given = env[name] ?? ''
    const isSet = given !== ''
    const value = name === 'DATABASE_URL' ? shownDatabase(config) : given
    return { name, about, secret, unset, isSet, ...(isSet && !secret ? { value } : {}) }
  })
}

/** What is served, and how it was set up from outside: for administrators to look at. */
export function installationOf(
  env: Readonly<Record<string, string | undefined>>,
  config: Pick<Config, 'databaseUrl'>,
): Installation {
  return {
    version: manifest.version,
    runtime: process.versions.node,
    database: config.databaseUrl.startsWith('file:') ? 'SQLite' : 'PostgreSQL',
    settings: shownSettings(env, config),
  }
}
