/** How long an import of many people of Entra takes: worked out, and carried out. */
import { join } from 'node:path'
import { isFinished, planImport, whenImport } from '../test/entra/entrance-import.ts'
import { openImportOffice } from '../test/entra/import-office.ts'
import { makeTenant } from '../test/entra/make-tenant.ts'
import { describeMachine } from './machine.ts'
import { type Machine, RESULTS_FOLDER } from './results.ts'
import { megabytes, say, short, whole } from './screen.ts'
import { keepResult, labelled, LOOK_MILLISECONDS, scratchFolder, sizeOf, timed } from './timing.ts'

export interface ImportResult {
  readonly date: string
  readonly machine: Machine
  readonly people: number
  /** Until an administrator sees what the import would do. */
  readonly planSeconds: number
  readonly graphRequests: number
  readonly graphTokens: number
  /** From the start until nobody is left. */
  readonly applySeconds: number
  readonly peoplePerSecond: number
  /** Mails that the mail server had taken by then, and those that were to be sent. */
  readonly mailsSent: number
  readonly mails: number
  /** Most bytes that the server had in memory; null where the system does not tell. */
  readonly peakBytes: number | null
  /** The file and what is beside it. */
  readonly databaseBytes: number
}

export const IMPORT_FOLDER = join(RESULTS_FOLDER, 'import')

async function measure(folder: string, people: number): Promise<Omit<ImportResult, 'date'>> {
  const tenant = makeTenant({ seed: 1, users: people, groups: 0 })
  const chosen = [...tenant.users.values()].slice(0, people)
  const office = await openImportOffice(folder, () => tenant)
  try {
    const { admin, graph, group, mailbox, server } = office
    const ids = chosen.map(({ objectId }) => objectId)
    const options = { groups: [group], role: 'PM', invite: { when: 'now' } } as const
    say(`Planning an import of ${whole(people)} people …`)
    const planned = await timed(() => planImport(admin, ids, options))
    const { plan } = planned.value
    const { total, tokens } = graph.requests
    say('Carrying it out …')
    const applied = await timed(async () => {
      await admin.post(`/imports/${plan.id}/start`)
      return whenImport(admin, plan, isFinished, LOOK_MILLISECONDS)
    })
    const { states } = applied.value
    if (states.done !== people) throw new Error(`Not all were imported: ${JSON.stringify(states)}`)
    return {
      machine: { ...describeMachine(folder), pinning: 'not pinned' },
      people,
      planSeconds: planned.seconds,
      graphRequests: total,
      graphTokens: tokens,
      applySeconds: applied.seconds,
      peoplePerSecond: people / applied.seconds,
      mailsSent: mailbox.mails.length,
      mails: chosen.filter(({ mail }) => mail !== null).length,
      peakBytes: await server().peakMemory(),
      databaseBytes: sizeOf(folder),
    }
  } finally {
    await office.close()
  }
}

/** Measures an import and writes down what came of it. */
export async function runImport(people: number, now: Date): Promise<void> {
  const folder = scratchFolder()
  const date = now.toISOString()
  const result: ImportResult = { date, ...(await measure(folder, people)) }
  const file = keepResult(IMPORT_FOLDER, result)
  const { graphRequests, graphTokens, applySeconds, peoplePerSecond, peakBytes } = result
  const lines = labelled([
    ['Worked out', `in ${short(result.planSeconds)} s`],
    ['Asked Graph', `${whole(graphRequests)} requests, ${whole(graphTokens)} tokens`],
    ['Carried out', `in ${short(applySeconds)} s, ${whole(peoplePerSecond)} people a second`],
    ['Mails', `${whole(result.mailsSent)} of ${whole(result.mails)} sent by then`],
    ['Peak memory', `${megabytes(peakBytes ?? undefined)} MiB`],
    ['Database', `${megabytes(result.databaseBytes)} MiB`],
  ])
  say(lines)
  say(`\nWrote ${file}`)
}
