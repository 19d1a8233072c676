import type { Command } from 'commander'
import { loadConfig, shownDatabase, type Config } from '../config.ts'
import type { Store } from '../directory/store.ts'
import { tokenState, type Token } from '../directory/token.ts'
import { SCIM_PATH } from '../scim/routes.ts'
import { isMissing } from './backup.ts'
import { checkEntra } from './doctor-entra.ts'
import { bad, good, notable, type Finding } from './finding.ts'
import { openDatabase } from './open.ts'
import { Failure, minute, plain, type Terminal } from './terminal.ts'

const MINUTE = 60_000
const SOON = 30 * 24 * 60 * MINUTE

function checkPublicUrl({ publicUrl }: Config): Finding {
  const tenantUrl = `${publicUrl}${SCIM_PATH}`
  return publicUrl.startsWith('https:')
    ? good(`Entra finds the server at ${tenantUrl}, the Tenant URL to paste there.`)
    : notable(
        `The SCIM base URL is ${tenantUrl}. Entra needs https: put a reverse proxy with TLS in front and set PUBLIC_URL to its address.`,
      )
}

async function checkClock(store: Store, now: Date): Promise<Finding> {
  const organisations = await store.organisations.list()
  const newest = await Promise.all(
    organisations.map(({ id }) =>
      store.for({ organisation: id, localUsers: 'visible' }).events.latest({ limit: 1 }),
    ),
  )
  const latest = newest
    .flat()
    .map(({ at }) => at)
    .sort()
    .at(-1)
  const shown = minute(now.toISOString())
  if (latest === undefined || Date.parse(latest) - now.getTime() < MINUTE) {
    return good(`The clock says ${shown} UTC, which is not before the newest event.`)
  }
  return bad(
    `The clock says ${shown} UTC, but there is an event of ${minute(latest)} UTC: it went backwards. Set the clock; with a wrong one tokens live too long or too short.`,
  )
}

function checkExpiry(token: Token, now: Date): Finding[] {
  if (token.expires === undefined || Date.parse(token.expires) - now.getTime() > SOON) return []
  return [
    notable(
      `The token "${plain(token.name)}" expires on ${minute(token.expires)} UTC. Make another in time and paste it into Entra.`,
    ),
  ]
}

async function checkTokens(store: Store, config: Config, now: Date): Promise<Finding[]> {
  const organisations = await store.organisations.list()
  const lists = await Promise.all(
    organisations.map(({ id }) =>
      store.for({ organisation: id, localUsers: 'visible' }).tokens.list(),
    ),
  )
  const active = lists.flat().filter((token) => tokenState(token, now.toISOString()) === 'active')
  const usable = active.length + (config.scimToken === undefined ? 0 : 1)
  if (usable === 0) {
    return [
      bad(
        'There is no valid provisioning token, so no client can sign in. Make one: npm run cli -- token create --name Entra',
      ),
    ]
  }
  const count = usable === 1 ? 'One provisioning token is' : `${usable} provisioning tokens are`
  const from = config.scimToken === undefined ? '' : ', SCIM_TOKEN among them'
  return [good(`${count} valid${from}.`), ...active.flatMap((token) => checkExpiry(token, now))]
}

/** Which organisations have departures that wait for an administrator. */
async function checkBrake(store: Store): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { id, name } of await store.organisations.list()) {
    const { waiting } = await store.for({ organisation: id, localUsers: 'visible' }).holds.state()
    const count = waiting.deactivate + waiting.delete
    if (count === 0) continue
    findings.push(
      notable(
        `The brake holds ${count} of ${plain(name)} whom provisioning wants off or deleted, until an administrator decides. See "The brake" in docs/operations.md.`,
      ),
    )
  }
  return findings
}

async function checkStore(config: Config, terminal: Terminal): Promise<Finding[]> {
  const database = shownDatabase(config)
  if (isMissing(config)) {
    return [
      bad(
        `There is no database ${database} yet. "npm start" makes it; if there should be one, check DATABASE_URL and the folder this was started in.`,
      ),
    ]
  }
  const now = terminal.now()
  const store = await openDatabase(config, terminal)
  try {
    await store.check()
    return [
      good(`The database ${database} answers.`),
      await checkClock(store, now),
      ...(await checkTokens(store, config, now)),
      ...(await checkBrake(store)),
      ...(await checkEntra(store, config, now)),
    ]
  } finally {
    await store.close()
  }
}

async function examine(terminal: Terminal): Promise<Finding[]> {
  const loaded = loadConfig(terminal.env)
  if (!loaded.ok) {
    return [...loaded.problems.map(bad), notable('Nothing else was looked at.')]
  }
  const { config } = loaded
  const settings = [good('The configuration is understood.'), checkPublicUrl(config)]
  try {
    return [...settings, ...(await checkStore(config, terminal))]
  } catch (error) {
    if (error instanceof Failure) return [...settings, bad(error.message)]
    const reason = error instanceof Error ? error.message : String(error)
    return [...settings, bad(`The database ${shownDatabase(config)} does not answer: ${reason}`)]
  }
}

async function doctor(terminal: Terminal): Promise<void> {
  const findings = await examine(terminal)
  terminal.write(findings.map(({ mark, text }) => `${mark} ${text}\n`).join(''))
  const wrong = findings.filter(({ mark }) => mark === '✗').length
  if (wrong === 0) return
  throw new Failure(wrong === 1 ? 'One thing must be mended.' : `${wrong} things must be mended.`)
}

export function addDoctorCommand(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .description(
      'check the configuration, the database, the clock, the tokens and the way to Entra',
    )
    .addHelpText(
      'after',
      `
Each line is one finding: ✓ in order, ! worth knowing, ✗ to be mended. Exits with 1 when there is
something to be mended. It changes no settings and no data.`,
    )
    .action(() => doctor(terminal))
}
