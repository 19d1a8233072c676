import { z } from 'zod'

interface Setting<T> {
  /** What the setting is for; docs/configuration.md is generated from it. */
  readonly about: string
  /** What to write, as the end of a sentence that begins with “write”. */
  readonly expects: string
  /** What holds when it is unset, in words or as the value itself. */
  readonly unset: string
  readonly example: string
  /** Whether the value must never be shown. */
  readonly secret: boolean
  readonly schema: z.ZodType<T>
}

function setting<T>(given: Setting<T>): Setting<T> {
  return given
}

/** A text that `parse` understands; `undefined` from it refuses the text. */
function parsed<T>(parse: (text: string) => T | undefined) {
  return z.string().transform((text, context) => {
    const value = parse(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', input: text })
    return z.NEVER
  })
}

function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}

/** The address without a slash at its end, so that a path can be put behind it. */
function parsePublicUrl(text: string): string | undefined {
  if (!/^https?:\/\/[^?#@\s\\]+$/i.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function parseDatabaseUrl(text: string): string | undefined {
  if (/^file:[^:?#\s][^?#]*$/.test(text)) return text
  if (!/^postgres(ql)?:\/\/[^\s#]+$/.test(text) || !URL.canParse(text)) return undefined
  return new URL(text).pathname.length > 1 ? text : undefined
}

/** The database as it may be shown: without the user, the password and the options. */
export function shownDatabase({ databaseUrl }: Pick<Config, 'databaseUrl'>): string {
  if (databaseUrl.startsWith('file:')) return databaseUrl
  return databaseUrl.replace(/\?.*$/, '').replace(/\/\/.*@/, '//')
}

export const settings = {
  PORT: setting({
    about: 'The TCP port the server listens on.',
    expects: 'a whole number from 1 to 65535',
    unset: '3000',
    example: '3000',
    secret: false,
    schema: parsed(parsePort).default(3000),
  }),
  HOST: setting({
    about:
      'The address the server listens on. Unset, only programs on the same machine reach it, such as a reverse proxy that adds TLS. Write `0.0.0.0` in a container or to accept connections from other machines.',
    expects: 'an IP address or a host name',
    unset: '127.0.0.1',
    example: '0.0.0.0',
    secret: false,
    schema: z
      .string()
      .regex(/^[\w.:%-]+$/)
      .default('127.0.0.1'),
  }),
  PUBLIC_URL: setting({
    about:
      'The address under which others reach the server, the path of a reverse proxy included. It stands in every `Location` and `meta.location`, and the Tenant URL to paste into Entra is this address followed by `/scim/v2`. Entra only accepts `https`.',
    expects: 'an address that begins with https:// or http://, without ? and #',
    unset: 'http://localhost: followed by PORT',
    example: 'https://entrance.example.com',
    secret: false,
    schema: parsed(parsePublicUrl).optional(),
  }),
  DATABASE_URL: setting({
    about:
      'Where everything is kept. `file:` and the path of an SQLite file, which is made when it does not exist; a relative path starts at the folder the server is started in, one server uses a file at a time, and it belongs on a local disk. Or `postgresql://user:password@host:5432/database` for a PostgreSQL database, which several servers may share ([when to choose it](operations.md#postgresql)). Write characters such as `@` or `/` in a password as `%40` or `%2F`; `?sslmode=verify-full` asks for TLS. The password is never shown.',
    expects:
      'file: and the path of an SQLite file, or postgresql://user:password@host:port/database',
    unset: 'file:./data/entrance.db',
    example: 'file:/var/lib/entrance/entrance.db',
    secret: false,
    schema: parsed(parseDatabaseUrl).default('file:./data/entrance.db'),
  }),
  SCIM_TOKEN: setting({
    about:
      'A provisioning token that is valid beside those made by `npm run cli -- token create`, for installations that keep their secrets in the environment. It belongs to the organisation `default`, never expires, and is revoked by removing it here. `openssl rand -base64 48` makes a good one.',
    expects: 'at least 32 letters, digits or any of - . _ ~ + / (with = only at its end)',
    unset: 'only tokens made by the command line are valid',
    example: '<48 random characters>',
    secret: true,
    schema: z
      .string()
      .regex(/^(?=.{32})[\w.~+/-]+=*$/)
      .optional(),
  }),
  SCIM_LOCAL_USERS: setting({
    about:
      'Whether accounts that were made here and that nobody tied to Entra are `visible` to the provisioning client. While they are `hidden` it neither finds nor changes them; a new Entra account of the same user name becomes a link request for an administrator to decide on. Make them `visible` to let Entra match and take over existing accounts.',
    expects: 'hidden or visible',
    unset: 'hidden',
    example: 'visible',
    secret: false,
    schema: z.enum(['hidden', 'visible']).default('hidden'),
  }),
  LOG_LEVEL: setting({
    about: 'The least important lines that are still logged.',
    expects: 'debug, info, warn or error',
    unset: 'info',
    example: 'debug',
    secret: false,
    schema: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  }),
}

type Settings = typeof settings
type SettingName = keyof Settings

const environment = z.object(
  Object.fromEntries(Object.entries(settings).map(([name, { schema }]) => [name, schema])) as {
    [Name in SettingName]: Settings[Name]['schema']
  },
)

export interface Config {
  readonly port: number
  readonly host: string
  /** Without a slash at its end. */
  readonly publicUrl: string
  readonly databaseUrl: string
  readonly scimToken: string | undefined
  readonly localUsers: 'hidden' | 'visible'
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
}

type Environment = Readonly<Record<string, string | undefined>>

function isSettingName(name: unknown): name is SettingName {
  return typeof name === 'string' && Object.hasOwn(settings, name)
}

/** The value as it may be shown: no secret, and no password inside an address. */
function shown(name: SettingName, value: string): string {
  if (settings[name].secret) return `has ${value.length} characters or some that cannot be used`
  const open = value.replace(/(password=)[^&]*/gi, '$1…').replace(/\/\/.*@/, '//…@')
  return `is ${JSON.stringify(open)}`
}

function describe(name: SettingName, value: string): string {
  const { expects, example } = settings[name]
  return `${name} ${shown(name, value)}; write ${expects}, for example ${name}=${example}`
}

/**
 * Reads the settings from an environment. An empty value counts as unset and unknown names are ignored. Every problem
 * is reported at once, as a sentence that says what to write instead.
 */
export function loadConfig(
  env: Environment,
):
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: string[] } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const read = environment.safeParse(given)
  if (!read.success) {
    const names = new Set(read.error.issues.map((issue) => issue.path[0]).filter(isSettingName))
    return { ok: false, problems: [...names].map((name) => describe(name, given[name] ?? '')) }
  }
  const values = read.data
  return {
    ok: true,
    config: {
      port: values.PORT,
      host: values.HOST,
      publicUrl: values.PUBLIC_URL ?? `http://localhost:${values.PORT}`,
      databaseUrl: values.DATABASE_URL,
      scimToken: values.SCIM_TOKEN,
      localUsers: values.SCIM_LOCAL_USERS,
      logLevel: values.LOG_LEVEL,
    },
  }
}
