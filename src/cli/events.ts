import type { Command } from 'commander'
import type { Change, Event } from '../directory/event.ts'
import {
  jsonOption,
  organisationOption,
  wholeNumber,
  type JsonOption,
  type OrganisationOption,
} from './arguments.ts'
import { withDirectory } from './open.ts'
import { json, plain, type Terminal } from './terminal.ts'

const LONGEST = 60

function value(of: Change['from']): string {
  if (of === undefined) return 'nothing'
  const text = JSON.stringify(of)
  return plain(text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`)
}

function describe(event: Event): string {
  const { sequence, at, action, resourceId, actor, door, changes } = event
  const time = `${at.slice(0, 10)} ${at.slice(11, 19)}`
  const head = `${sequence}  ${time}  ${action}  ${plain(resourceId)}  by ${plain(actor)} through ${door}\n`
  const lines = changes.map(
    ({ path, from, to }) => `    ${plain(path)}: ${value(from)} → ${value(to)}\n`,
  )
  return head + lines.join('')
}

interface EventsOptions extends OrganisationOption, JsonOption {
  readonly after?: number
  readonly limit: number
}

function show(terminal: Terminal, { organisation, after, limit, ...options }: EventsOptions) {
  return withDirectory(terminal, organisation, async ({ directory }) => {
    const events =
      after === undefined
        ? (await directory.events.latest({ limit })).reverse()
        : await directory.events.list(after, limit)
    if (options.json) return terminal.write(json(events))
    terminal.write(events.map(describe).join('') || 'There are no events.\n')
  })
}

export function addEventsCommand(program: Command, terminal: Terminal): void {
  program
    .command('events')
    .description('show the record of changes: the newest ones, or those after a number')
    .option(
      '--after <number>',
      'only those after the event of this number',
      wholeNumber(0, 2 ** 53 - 1),
    )
    .option('--limit <number>', 'how many at most', wholeNumber(1, 10_000), 50)
    .addOption(organisationOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Times are in UTC, the oldest event comes first.

Examples:
  npm run cli -- events
  npm run cli -- events --after 1200 --limit 1000 --json`,
    )
    .action((options: EventsOptions) => show(terminal, options))
}
