import { z } from 'zod'
import {
  cloudsOf,
  registrationOf,
  registrationProblems,
  type CloudAddresses,
  type EntraSettings,
} from './config-entra.ts'
import {
  parseDatabaseUrl,
  parseDownloadUrl,
  parseLoginUrl,
  parsePublicUrl,
  parseSmtpUrl,
} from './config-urls.ts'
import { readKeys } from './directory/sealing.ts'
import type { Cloud } from './directory/settings.ts'

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

function parseDays(text: string): number | undefined {
  const days = /^\d{1,3}$/.test(text) ? Number(text) : -1
  return days >= 0 && days <= 365 ? days : undefined
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const path = () => z.string().regex(/^[^\p{Cc}]{1,1000}$/u)

const guid = () => z.string().regex(GUID).toLowerCase()

function parseGuids(text: string): string[] | undefined {
  const ids = text.split(',').map((id) => id.trim().toLowerCase())
  return ids.every((id) => GUID.test(id)) ? ids : undefined
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
  SCIM_ENTRA_TOKENS_FROM: setting({
    about:
      'The Entra tenants, separated by commas, whose own tokens the SCIM endpoint accepts: those that Entra sends when the secret token is left blank. Microsoft means them for testing. They are made out to the same audience for every tenant in the world, so that the tenant id is all that tells yours from a stranger’s; an [organisation](operations.md#organisations) must have it. Better use a secret token or a [client](provisioning-credentials.md).',
    expects: 'tenant ids, separated by commas',
    unset: 'such tokens are refused',
    example: '1b4e28ba-2fa1-4d2e-883f-0016d3cca427',
    secret: false,
    schema: parsed(parseGuids).optional(),
  }),
  ENTRA_TENANT_ID: setting({
    about:
      'The Directory (tenant) ID of the Entra tenant that people sign in with, from the overview page of the app registration ([how to set it up](sign-in.md)). It becomes the tenant of the organisation `default` unless another organisation has it. Set it together with ENTRA_CLIENT_ID and one of ENTRA_CLIENT_SECRET, ENTRA_CLIENT_CERTIFICATE and ENTRA_FEDERATED_TOKEN_FILE. All of them can be left out: an administrator then enters the app registration in the console, which takes ENCRYPTION_KEY.',
    expects: 'a GUID',
    unset: 'an administrator may enter an app registration',
    example: '1b4e28ba-2fa1-4d2e-883f-0016d3cca427',
    secret: false,
    schema: guid().optional(),
  }),
  ENTRA_CLIENT_ID: setting({
    about: 'The Application (client) ID of the app registration.',
    expects: 'a GUID',
    unset: 'as ENTRA_TENANT_ID',
    example: '6731de76-14a6-49ae-97bc-6eba6914391e',
    secret: false,
    schema: guid().optional(),
  }),
  ENTRA_CLIENT_SECRET: setting({
    about:
      'A client secret of the app registration: the value, not the secret ID. It is shown only once, when it is made, and expires; the log says so from 30 days before, where the server may read the date.',
    expects: 'the value of the secret, without spaces',
    unset: 'another credential is used, or none',
    example: '<the value>',
    secret: true,
    schema: z
      .string()
      .regex(/^[\x21-\x7e]{8,}$/)
      .optional(),
  }),
  ENTRA_CLIENT_CERTIFICATE: setting({
    about:
      'In place of a secret, the path of a PEM file with a certificate of the app registration and its private key: RSA of at least 2048 bits, without a passphrase. It is read when the server starts; the log says from 30 days before when it expires.',
    expects: 'the path of a file',
    unset: 'another credential is used, or none',
    example: '/etc/entrance/entra.pem',
    secret: false,
    schema: path().optional(),
  }),
  ENTRA_FEDERATED_TOKEN_FILE: setting({
    about:
      'In place of a secret, the path of the file that the platform writes a token into and renews (workload identity federation), such as the value of AZURE_FEDERATED_TOKEN_FILE in Kubernetes on Azure. The app registration needs a federated credential for it. The file is read each time that Entra is asked for a token.',
    expects: 'the path of a file',
    unset: 'another credential is used, or none',
    example: '/var/run/secrets/azure/tokens/azure-identity-token',
    secret: false,
    schema: path().optional(),
  }),
  ENTRA_LOGIN_URL: setting({
    about:
      'Where Entra signs people in. Other clouds have other addresses: `https://login.microsoftonline.us` (US Government), `https://login.partner.microsoftonline.cn` (China). An address that is none of these takes the place of the global one, also for app registrations that administrators enter.',
    expects: 'an address that begins with https://, without a path',
    unset: 'https://login.microsoftonline.com',
    example: 'https://login.microsoftonline.us',
    secret: false,
    schema: parsed(parseLoginUrl).default('https://login.microsoftonline.com'),
  }),
  ENTRA_GRAPH_URL: setting({
    about:
      'Where Microsoft Graph answers, through which people are found and imported. Each cloud has its own.',
    expects: 'an address that begins with https://, without a path',
    unset: 'that of the cloud of ENTRA_LOGIN_URL, such as https://graph.microsoft.com',
    example: 'https://graph.microsoft.us',
    secret: false,
    schema: parsed(parseLoginUrl).optional(),
  }),
  ENTRA_ROLES: setting({
    about:
      'What the app roles in a sign-in do. With `sign-in` they become the roles of the user at each sign-in, and nobody keeps a role that Entra does not name; with `ignored` roles come through provisioning and the administrator alone.',
    expects: 'ignored or sign-in',
    unset: 'ignored',
    example: 'sign-in',
    secret: false,
    schema: z.enum(['ignored', 'sign-in']).default('ignored'),
  }),
  ENTRA_API_SCOPE: setting({
    about:
      'The scope that a token of Entra must have so that a client may exchange it for a session here: the name under “Expose an API” of the app registration.',
    expects: 'the name of a scope',
    unset: 'access_as_user',
    example: 'access_as_user',
    secret: false,
    schema: z
      .string()
      .regex(/^[\w.-]{1,100}$/)
      .default('access_as_user'),
  }),
  ENCRYPTION_KEY: setting({
    about:
      'The key that credentials which administrators enter are kept with, such as the client secret of an app registration, and the secrets of webhooks. `openssl rand -base64 32` makes one. To change it, write the new one in front of the old one, separated by a comma: the first seals, all open ([how to keep it](operations.md#the-encryption-key)).',
    expects: '32 random bytes in base64, or several such keys separated by commas',
    unset: 'no credentials can be entered, and there are no webhooks',
    example: '<what openssl rand -base64 32 says>',
    secret: true,
    schema: parsed(readKeys).optional(),
  }),
  SUPPORT_CONTACT: setting({
    about:
      'Whom people ask who cannot sign in, as it is to stand on the pages that tell them so: a name, a number, an address.',
    expects: 'one line of at most 200 characters',
    unset: 'your administrator',
    example: 'the IT service desk, +49 30 1234-567',
    secret: false,
    schema: z
      .string()
      .regex(/^[^\p{Cc}]{1,200}$/u)
      .default('your administrator'),
  }),
  SMTP_URL: setting({
    about:
      'The mail server that sends [invitations](operations.md#invitations) and links to choose a password: `smtp://` for port 587, where the connection is encrypted by STARTTLS before anything else is said, or `smtps://` for port 465. Only a mail server on this very machine may do without. Write characters such as `@` or `/` in the user or the password as `%40` or `%2F`. Set MAIL_FROM too.',
    expects: 'smtp:// or smtps://, user:password@ where the server asks for it, and host:port',
    unset:
      'nothing is sent: invitations wait, and who has forgotten a password is told to ask SUPPORT_CONTACT',
    example: 'smtp://entrance:password@mail.contoso.example:587',
    secret: true,
    schema: parsed(parseSmtpUrl).optional(),
  }),
  MAIL_FROM: setting({
    about:
      'Whom mails come from. The mail server must let the user of SMTP_URL send under this address.',
    expects: 'an e-mail address, or a name and the address in < >',
    unset: 'nothing is sent',
    example: 'Entrance <entrance@contoso.example>',
    secret: false,
    schema: z
      .string()
      .regex(/^([^<>"\p{Cc}]{1,100} )?<[^\s<>@",;]+@[^\s<>@",;]+>$|^[^\s<>@",;]+@[^\s<>@",;]+$/u)
      .optional(),
  }),
  APPLICATION_NAME: setting({
    about: 'What the application is called, as mails have it: “Your access to …”.',
    expects: 'one line of at most 100 characters',
    unset: 'the application',
    example: 'Contoso Studio',
    secret: false,
    schema: z
      .string()
      .regex(/^[^\p{Cc}]{1,100}$/u)
      .default('the application'),
  }),
  CLIENT_DOWNLOAD_URL: setting({
    about:
      'Where people download the client of the application. Invitations have it as their first step; unset, they say to ask SUPPORT_CONTACT.',
    expects: 'an address that begins with https://',
    unset: 'invitations have no link to the client',
    example: 'https://downloads.contoso.example/studio',
    secret: false,
    schema: parsed(parseDownloadUrl).optional(),
  }),
  PROVISIONING_LOG_DAYS: setting({
    about:
      'For how many days the requests of provisioning clients are kept for administrators to read, with their bodies ([what is in it](operations.md#the-provisioning-log)). They hold personal data. With 0 none are kept, and those that are there are removed.',
    expects: 'a whole number from 0 to 365',
    unset: '30',
    example: '7',
    secret: false,
    schema: parsed(parseDays).default(30),
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

export interface MailSettings {
  /** With the password: never to be shown. */
  readonly smtpUrl: string
  readonly from: string
}

export interface Config {
  readonly port: number
  readonly host: string
  /** Without a slash at its end. */
  readonly publicUrl: string
  readonly databaseUrl: string
  readonly scimToken: string | undefined
  readonly localUsers: 'hidden' | 'visible'
  /** The tenants whose own tokens provisioning accepts. */
  readonly entraTokensFrom: readonly string[]
  /** The app registration that people sign in through, where an administrator has not entered one. */
  readonly entra: EntraSettings | undefined
  /** What the app roles in a sign-in do. */
  readonly entraRoles: 'ignored' | 'sign-in'
  readonly clouds: Readonly<Record<Cloud, CloudAddresses>>
  /** What credentials are kept with, the newest first; none can be kept without. */
  readonly encryptionKeys: readonly Buffer[]
  readonly loginUrl: string
  /** The scope of tokens that a client may exchange. */
  readonly apiScope: string
  readonly contact: string
  /** The mail server; nothing is sent without. */
  readonly mail: MailSettings | undefined
  readonly applicationName: string
  /** Where the client of the application is. */
  readonly downloadUrl: string | undefined
  /** For how many days requests of provisioning clients are kept; 0 keeps none. */
  readonly provisioningLogDays: number
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

type Values = z.infer<typeof environment>

function mailOf({ SMTP_URL: smtpUrl, MAIL_FROM: from }: Values): MailSettings | undefined {
  return smtpUrl === undefined || from === undefined ? undefined : { smtpUrl, from }
}

/** What is missing beside settings that need others: of an app registration, and of a mail server. */
function missing(given: Environment): string[] {
  const sender =
    given['SMTP_URL'] !== undefined && given['MAIL_FROM'] === undefined
      ? [`MAIL_FROM is not set; write ${settings.MAIL_FROM.expects}, or do not set SMTP_URL`]
      : []
  return [...registrationProblems(given, (name) => settings[name].expects), ...sender]
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
    const wrong = [...names].map((name) => describe(name, given[name] ?? ''))
    return { ok: false, problems: [...wrong, ...missing(given)] }
  }
  const problems = missing(given)
  if (problems.length > 0) return { ok: false, problems }
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
      entraTokensFrom: values.SCIM_ENTRA_TOKENS_FROM ?? [],
      entra: registrationOf(values),
      entraRoles: values.ENTRA_ROLES,
      clouds: cloudsOf(values),
      encryptionKeys: values.ENCRYPTION_KEY ?? [],
      loginUrl: values.ENTRA_LOGIN_URL,
      apiScope: values.ENTRA_API_SCOPE,
      contact: values.SUPPORT_CONTACT,
      mail: mailOf(values),
      applicationName: values.APPLICATION_NAME,
      downloadUrl: values.CLIENT_DOWNLOAD_URL,
      provisioningLogDays: values.PROVISIONING_LOG_DAYS,
      logLevel: values.LOG_LEVEL,
    },
  }
}
