import { parseArgs } from 'node:util'
import type { Dialect } from './dialect.ts'
import type { Matching } from './job.ts'

export type DemoOptions = {
  users: number
  groups: number
  seed: number
  dialect: Dialect
  matching: Matching
  parallel: number
  port: number | null
  once: boolean
}

export const help = `Shows Entrance at work: starts it with some local users, provisions a made-up tenant into
it the way Microsoft Entra ID does, changes the tenant twice, and compares every account and
group with the tenant; then links local users, imports people who are not provisioned,
invites and syncs them, and has somebody leave who is signed in.

  npm run demo -- [options]

  --users N          people in the tenant (200); groups are one for each 100, at least 12
  --seed N           another tenant and other changes (1)
  --dialect NAME     how PATCH bodies look: legacy, or flag for ?aadOptscim062020 (legacy)
  --matching NAME    how accounts are found: userName, externalId or email (userName)
  --parallel N       requests under way at once (8)
  --port N           where Entrance listens (a free port)
  --once             end after the checks: 0 when all is well, 1 when not
  --help             this text

Without --once Entrance stays up until Ctrl-C, to be looked at.`

const dialects: Record<string, Dialect> = { legacy: 'legacy', flag: 'aadOptscim062020' }
const matchings: Record<string, Matching> = {
  userName: 'userName',
  externalId: 'externalId',
  email: 'email',
}

/** A sentence that says which option cannot be used and what to write. */
export class OptionError extends Error {}

function whole(name: string, text: string, from: number, to: number): number {
  const value = /^\d{1,10}$/u.test(text) ? Number(text) : Number.NaN
  if (value >= from && value <= to) return value
  throw new OptionError(`--${name} is "${text}"; write a whole number from ${from} to ${to}.`)
}

function oneOf<T>(name: string, text: string, choices: Record<string, T>): T {
  const choice = Object.hasOwn(choices, text) ? choices[text] : undefined
  if (choice !== undefined) return choice
  throw new OptionError(`--${name} is "${text}"; write ${Object.keys(choices).join(' or ')}.`)
}

/** Reads the command line; 'help' when help is asked for. Throws OptionError. */
export function readOptions(args: readonly string[]): DemoOptions | 'help' {
  let values
  try {
    values = parseArgs({
      args: [...args],
      options: {
        users: { type: 'string', default: '200' },
        seed: { type: 'string', default: '1' },
        dialect: { type: 'string', default: 'legacy' },
        matching: { type: 'string', default: 'userName' },
        parallel: { type: 'string', default: '8' },
        port: { type: 'string' },
        once: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error)
    throw new OptionError(`${reason}; --help lists the options.`, { cause: error })
  }
  if (values.help) return 'help'
  const users = whole('users', values.users, 1, 1_000_000)
  return {
    users,
    groups: Math.min(Math.max(12, Math.floor(users / 100)), 200),
    seed: whole('seed', values.seed, 0, 4_294_967_295),
    dialect: oneOf('dialect', values.dialect, dialects),
    matching: oneOf('matching', values.matching, matchings),
    parallel: whole('parallel', values.parallel, 1, 256),
    port: values.port === undefined ? null : whole('port', values.port, 1, 65_535),
    once: values.once,
  }
}
