import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMailbox } from '../support/mail-server.ts'
import { type Administrator, setUpAdministrator } from './administrator.ts'
import { makeChanges } from './changes.ts'
import { type Colleagues, makeColleagues } from './demo-colleagues.ts'
import { showImport, showInvitations, withPeople } from './demo-import.ts'
import type { Line } from './demo-line.ts'
import { showLinks } from './demo-link.ts'
import { type LocalUser, makeLocalUsers } from './demo-locals.ts'
import { type DemoOptions, help, OptionError, readOptions } from './demo-options.ts'
import { demoPeople, personOf } from './demo-people.ts'
import { cycleTable, differenceLines, makeProgress } from './demo-report.ts'
import { timeLine, unexpectedAnswers } from './demo-report.ts'
import { DEMO_CLIENT, DEMO_TENANT, signInSettings, startDemoAuthority } from './demo-sign-in.ts'
import { showChange, showFirstSync, showLeaver } from './demo-sync.ts'
import { demoWelcome } from './demo-welcome.ts'
import { importSettings } from './entrance-import.ts'
import { type EntranceProcess, freePort, startEntrance } from './entrance-process.ts'
import { startGraph } from './graph/graph.ts'
import { startMailPage } from './mail-page.ts'
import { makeTenant } from './make-tenant.ts'
import { type CycleReport, makeProvisioner, type Progress } from './provisioner.ts'
import { makeRandom } from './random.ts'
import { makeScimClient } from './scim-client.ts'
import { applyChanges, type Change, type Tenant } from './tenant.ts'
import { httpTransport } from './transport.ts'
import { compareWithTruth } from './truth.ts'

const REQUEST_MILLISECONDS = 60_000
const CHANGE_CYCLES = 2
const RETRY_CYCLES = 3

const say = (text = ''): void => console.log(text)
const newSecret = (): string => randomBytes(32).toString('base64url')

/** How the script went. */
type Outcome = {
  /** Everything came out as the tenant says. */
  isRight: boolean
  /** As it is at the end. */
  tenant: Tenant
}

/** Runs the whole script against a server. */
async function run(server: EntranceProcess, token: string, options: DemoOptions): Promise<Outcome> {
  const { users, groups, seed, dialect, matching, parallel } = options
  const transport = httpTransport({ parallel, timeout: REQUEST_MILLISECONDS })
  const client = makeScimClient({ base: server.base, token, transport })
  let tenant: Tenant = makeTenant({ seed, users, groups })
  const provisioner = makeProvisioner({
    client,
    tenant: () => tenant,
    dialect,
    matching,
    parallel,
    seed,
  })
  const test = await provisioner.testConnection()
  say(`Test Connection: ${test.ok ? 'works' : `fails: ${test.detail ?? ''}`}`)
  if (!test.ok) return { isRight: false, tenant }

  const cycles: [name: string, report: CycleReport][] = []
  const cycle = async (
    name: string,
    start: (onProgress: (progress: Progress) => void) => Promise<CycleReport>,
  ): Promise<void> => {
    const progress = makeProgress(process.stdout, name)
    const report = await start(progress.show)
    progress.clear()
    cycles.push([name, report])
    if (report.outcome !== 'done') say(`${name} ${report.outcome}: ${report.detail ?? ''}`)
  }
  await cycle('Initial', provisioner.initialCycle)
  for (let number = 1; number <= CHANGE_CYCLES; number += 1) {
    const changes = makeChanges(tenant, makeRandom(seed + number), number)
    tenant = applyChanges(tenant, changes)
    await cycle(`Changes ${number}`, (show) => provisioner.incrementalCycle(changes, show))
  }
  for (let number = 1; number <= RETRY_CYCLES && !provisioner.isSettled(); number += 1) {
    await cycle(`Retry ${number}`, (show) => provisioner.incrementalCycle([], show))
  }
  say(`\n${cycleTable(cycles)}\n`)
  say(`Requests took ${timeLine(client.traffic().times)}.`)

  // The check has a client of its own, so that its requests are not counted as Entra's.
  const checker = makeScimClient({ base: server.base, token, transport })
  const differences = await compareWithTruth(checker, tenant)
  const memory = await server.peakMemory()
  say(
    `Peak memory of the server: ${memory === null ? 'n/a' : `${Math.round(memory / 1_048_576)} MiB`}.`,
  )

  const reports = cycles.map(([, report]) => report)
  const left = reports.at(-1)?.failures ?? []
  const failed = reports.reduce((sum, report) => sum + unexpectedAnswers(report), 0)
  const conflicts = reports.reduce((sum, { traffic }) => sum + (traffic.byStatus['409'] ?? 0), 0)
  const stopped = reports.some(({ outcome }) => outcome !== 'done')
  if (conflicts > 0 && left.length === 0) {
    say(`Conflicts: ${conflicts} met a name that was still taken and came right in a later cycle.`)
  }
  say(failed === 0 ? 'No failed request.' : `FAILED requests: ${failed}.`)
  if (left.length > 0) say(`FAILED objects: ${left.length}.`)
  for (const { step, objectId, status, detail } of left.slice(0, 20)) {
    say(`  ${step} ${objectId}: ${status} ${detail}`)
  }
  const everything = `${tenant.users.size} people and ${tenant.groups.size} groups`
  if (differences.length === 0) say(`The server equals the tenant: ${everything} compared.`)
  else say(`DIFFERENCES from the tenant: ${differences.length} in ${everything}.`)
  for (const line of differenceLines(differences)) say(line)
  const isRight = failed === 0 && left.length === 0 && !stopped && differences.length === 0
  if (!isRight && server.output() !== '') say(`\nThe server's last words:\n${server.output()}`)
  return { isRight, tenant }
}

/** What stands in for everything around Entrance: Entra's sign-in, Graph, and a mail server with a page. */
async function openNeighbours(port: number, people: () => Tenant) {
  const clientSecret = newSecret()
  const registration = { tenantId: DEMO_TENANT, clientId: DEMO_CLIENT, clientSecret }
  const graph = await startGraph({ ...registration, tenant: people })
  const origin = `http://127.0.0.1:${port}`
  const authority = await startDemoAuthority(origin, clientSecret, graph.origin)
  const mailbox = await openMailbox()
  const page = await startMailPage(mailbox.mails)
  return {
    authority,
    mails: { page: page.origin, arrived: mailbox.mails },
    settings: { ...signInSettings(authority), ...importSettings(graph, mailbox) },
    close: () => Promise.all([page, mailbox, authority, graph].map((each) => each.close())),
  }
}

type Neighbours = Awaited<ReturnType<typeof openNeighbours>>

/** What the parts of the script work with. */
type Scene = {
  admin: Administrator
  /** Where Entrance is, and where it keeps its database. */
  place: { origin: string; folder: string }
  neighbours: Neighbours
  colleagues: Colleagues
  locals: readonly LocalUser[]
  /** Something happens in the tenant. */
  change: (change: Change) => void
}

/** What an administrator does with those whom provisioning leaves out; says each part. True when all came out right. */
async function administer(scene: Scene): Promise<boolean> {
  const { admin, place, neighbours, colleagues, locals, change } = scene
  const { authority, mails } = neighbours
  const [, renamed, leaving] = colleagues.imported
  const [first] = colleagues.linked
  if (!renamed || !leaving || !first) throw new Error('Somebody is missing.')
  for (const person of [first, leaving]) authority.setPerson(personOf(person))

  let isRight = true
  const tell = (line: Line): void => {
    say(line.text)
    isRight &&= line.isRight
  }
  for (const line of await showLinks(admin, place, locals)) tell(line)
  tell(await showImport(admin, place.folder, colleagues.imported))
  tell(await showFirstSync(admin))
  tell(await showChange(admin, place.folder, renamed, change))
  tell(await showInvitations(mails, colleagues.imported))
  // Not before the invitations are out: who is not active gets none.
  tell(await showLeaver(admin, place, leaving, change))
  return isRight
}

async function demo(options: DemoOptions): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'entrance-demo-'))
  const token = newSecret()
  const port = options.port ?? (await freePort())
  const colleagues = makeColleagues(options.seed)
  let inEntra: Tenant = { users: new Map(), groups: new Map(), version: 0 }
  const change = (made: Change): void => {
    inEntra = applyChanges(inEntra, [made])
  }
  const neighbours = await openNeighbours(port, () => inEntra)
  const { authority, mails, settings, close } = neighbours
  try {
    const locals = await makeLocalUsers(folder, colleagues)
    say(`Starting Entrance on a database with ${locals.length} local users …`)
    const database = `file:${join(folder, 'entrance.db')}`
    const ENCRYPTION_KEY = randomBytes(32).toString('base64')
    const environment = { DATABASE_URL: database, ENCRYPTION_KEY, ...settings }
    const server = await startEntrance({ folder, token, port, environment })
    const { origin, base } = server
    const interrupted = new Promise<'interrupted'>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.once(signal, () => resolve('interrupted'))
      }
    })
    const script = async () => {
      const admin = await setUpAdministrator(server)
      const { isRight, tenant } = await run(server, token, options)
      inEntra = withPeople(tenant, colleagues.all)
      const place = { origin, folder }
      const scene = { admin, place, neighbours, colleagues, locals, change }
      return { admin, isRight: (await administer(scene)) && isRight }
    }
    try {
      const died = server.ended.then((how) => {
        throw new Error(`Entrance ended by itself with ${how}. Its last words:\n${server.output()}`)
      })
      // Ending on request, later, is no failure.
      died.catch(() => undefined)
      const outcome = await Promise.race([script(), interrupted, died])
      if (outcome === 'interrupted') return 0
      if (options.once) return outcome.isRight ? 0 : 1
      const { admin } = outcome
      const people = demoPeople(inEntra, colleagues)
      for (const person of people.all) authority.setPerson(person)
      const shown = { authority: authority.origin, token, database, people, admin }
      say(`\n${demoWelcome({ origin, base, mails: mails.page, ...shown })}`)
      await Promise.race([interrupted, died])
      return 0
    } finally {
      await server.stop()
    }
  } finally {
    await close()
    await rm(folder, { recursive: true, force: true })
  }
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') say(help)
  // Requests that an interruption cut off would otherwise keep the process waiting.
  else process.exit(await demo(options))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(error instanceof OptionError ? 2 : 1)
}
