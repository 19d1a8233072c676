import { describe, expect, test } from 'vitest'
import { loadConfig, settings, shownDatabase } from '../src/config.ts'
import { CLOUDS } from '../src/config-entra.ts'

const untouched = {
  port: 3000,
  host: '127.0.0.1',
  publicUrl: 'http://localhost:3000',
  databaseUrl: 'file:./data/entrance.db',
  scimToken: undefined,
  localUsers: 'hidden',
  entraTokensFrom: [],
  entra: undefined,
  entraRoles: 'ignored',
  clouds: CLOUDS,
  encryptionKeys: [],
  loginUrl: 'https://login.microsoftonline.com',
  apiScope: 'access_as_user',
  contact: 'your administrator',
  mail: undefined,
  applicationName: 'the application',
  downloadUrl: undefined,
  provisioningLogDays: 30,
  logLevel: 'info',
}

const tenantId = '1b4e28ba-2fa1-4d2e-883f-0016d3cca427'
const clientId = '6731de76-14a6-49ae-97bc-6eba6914391e'
const registration = {
  ENTRA_TENANT_ID: tenantId.toUpperCase(),
  ENTRA_CLIENT_ID: clientId,
  ENTRA_CLIENT_SECRET: 'a.secret~Value',
}

const from = 'Entrance <entrance@contoso.example>'
const mailServer = { SMTP_URL: 'smtp://mail.contoso.example', MAIL_FROM: from }

const token = 'abcdefghijklmnopqrstuvwxyz012345'

describe('the configuration', () => {
  test.each([
    ['an empty environment', {}, {}],
    [
      'empty strings as unset',
      Object.fromEntries(Object.keys(settings).map((name) => [name, ''])),
      {},
    ],
    ['undefined as unset', { PORT: undefined }, {}],
    ['names of others', { PATH: '/bin', ENTRANCE: 'x' }, {}],
    [
      'a port, which the public URL follows',
      { PORT: '1' },
      { port: 1, publicUrl: 'http://localhost:1' },
    ],
    ['the highest port', { PORT: '65535' }, { port: 65_535, publicUrl: 'http://localhost:65535' }],
    ['a host', { HOST: '0.0.0.0' }, { host: '0.0.0.0' }],
    ['no provisioning log', { PROVISIONING_LOG_DAYS: '0' }, { provisioningLogDays: 0 }],
    ['a year of it', { PROVISIONING_LOG_DAYS: '365' }, { provisioningLogDays: 365 }],
    ['an IPv6 host', { HOST: '::' }, { host: '::' }],
    [
      'a public URL',
      { PUBLIC_URL: 'https://e.example.com' },
      { publicUrl: 'https://e.example.com' },
    ],
    [
      'a slash at the end',
      { PUBLIC_URL: 'https://e.example.com/' },
      { publicUrl: 'https://e.example.com' },
    ],
    [
      'a path',
      { PUBLIC_URL: 'https://e.example.com/a/b//' },
      { publicUrl: 'https://e.example.com/a/b' },
    ],
    [
      'another case',
      { PUBLIC_URL: 'HTTPS://E.example.com:443' },
      { publicUrl: 'https://e.example.com' },
    ],
    [
      'a database',
      { DATABASE_URL: 'file:/var/lib/e e.db' },
      { databaseUrl: 'file:/var/lib/e e.db' },
    ],
    [
      'a PostgreSQL database',
      { DATABASE_URL: 'postgres://host/db' },
      { databaseUrl: 'postgres://host/db' },
    ],
    [
      'one with everything',
      {
        DATABASE_URL:
          'postgresql://joe:p%40ss%2Fword@db.example.com:6432/entrance?sslmode=verify-full',
      },
      {
        databaseUrl:
          'postgresql://joe:p%40ss%2Fword@db.example.com:6432/entrance?sslmode=verify-full',
      },
    ],
    [
      'one whose password has an @',
      { DATABASE_URL: 'postgresql://joe:p@ss@host/db' },
      { databaseUrl: 'postgresql://joe:p@ss@host/db' },
    ],
    [
      'one on a Unix socket',
      { DATABASE_URL: 'postgresql:///entrance?host=/var/run/postgresql&user=joe' },
      { databaseUrl: 'postgresql:///entrance?host=/var/run/postgresql&user=joe' },
    ],
    ['a static token', { SCIM_TOKEN: token }, { scimToken: token }],
    ['a base64 token', { SCIM_TOKEN: `${token}+/==` }, { scimToken: `${token}+/==` }],
    ['visible local users', { SCIM_LOCAL_USERS: 'visible' }, { localUsers: 'visible' }],
    [
      'tenants whose own tokens are accepted',
      { SCIM_ENTRA_TOKENS_FROM: `${tenantId.toUpperCase()}, ${clientId}` },
      { entraTokensFrom: [tenantId, clientId] },
    ],
    [
      'an app registration',
      registration,
      {
        entra: {
          tenantId,
          clientId,
          credential: { kind: 'secret', secret: 'a.secret~Value' },
          loginUrl: 'https://login.microsoftonline.com',
          graphUrl: 'https://graph.microsoft.com',
        },
      },
    ],
    [
      'one in another cloud',
      { ...registration, ENTRA_LOGIN_URL: 'https://login.microsoftonline.us/' },
      {
        loginUrl: 'https://login.microsoftonline.us',
        entra: {
          tenantId,
          clientId,
          credential: { kind: 'secret', secret: 'a.secret~Value' },
          loginUrl: 'https://login.microsoftonline.us',
          graphUrl: 'https://graph.microsoft.us',
        },
      },
    ],
    [
      'a stand-in on this machine',
      { ENTRA_LOGIN_URL: 'http://127.0.0.1:4000' },
      {
        loginUrl: 'http://127.0.0.1:4000',
        clouds: {
          ...CLOUDS,
          global: {
            loginUrl: 'http://127.0.0.1:4000',
            graphUrl: 'https://graph.microsoft.com',
          },
        },
      },
    ],
    ['a contact', { SUPPORT_CONTACT: 'Jörg, 📞 12' }, { contact: 'Jörg, 📞 12' }],
    ['a mail server', mailServer, { mail: { smtpUrl: 'smtp://mail.contoso.example', from } }],
    [
      'one with a user, TLS and a sender without a name',
      { SMTP_URL: 'smtps://joe:p%40ss%2Fword@[::1]:465/', MAIL_FROM: 'e@contoso.example' },
      { mail: { smtpUrl: 'smtps://joe:p%40ss%2Fword@[::1]:465/', from: 'e@contoso.example' } },
    ],
    [
      'a sender whose name has a comma',
      { ...mailServer, MAIL_FROM: 'Contoso, IT <it@contoso.example>' },
      { mail: { smtpUrl: mailServer.SMTP_URL, from: 'Contoso, IT <it@contoso.example>' } },
    ],
    ['a sender without a mail server', { MAIL_FROM: from }, {}],
    [
      'the name of the application',
      { APPLICATION_NAME: 'Größe & Co' },
      { applicationName: 'Größe & Co' },
    ],
    [
      'where the client is',
      { CLIENT_DOWNLOAD_URL: 'HTTPS://d.example/a%20b?c=d#e' },
      { downloadUrl: 'https://d.example/a%20b?c=d#e' },
    ],
    [
      'a client on this machine',
      { CLIENT_DOWNLOAD_URL: 'http://localhost:8000/setup.exe' },
      { downloadUrl: 'http://localhost:8000/setup.exe' },
    ],
    ['a log level', { LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
  ])('reads %s', (_, env, expected) => {
    expect(loadConfig(env)).toEqual({ ok: true, config: { ...untouched, ...expected } })
  })

  const port = (shown: string) =>
    `PORT is ${shown}; write a whole number from 1 to 65535, for example PORT=3000`
  const publicUrl = (shown: string) =>
    `PUBLIC_URL is ${shown}; write an address that begins with https:// or http://, without ? and #, for example PUBLIC_URL=https://entrance.example.com`
  const database = (shown: string) =>
    `DATABASE_URL is ${shown}; write file: and the path of an SQLite file, or postgresql://user:password@host:port/database, for example DATABASE_URL=file:/var/lib/entrance/entrance.db`
  const scimToken = (length: number) =>
    `SCIM_TOKEN has ${length} characters or some that cannot be used; write at least 32 letters, digits or any of - . _ ~ + / (with = only at its end), for example SCIM_TOKEN=<48 random characters>`

  const loginUrl = (shown: string) =>
    `ENTRA_LOGIN_URL is ${shown}; write an address that begins with https://, without a path, for example ENTRA_LOGIN_URL=https://login.microsoftonline.us`
  const secret = 'ENTRA_CLIENT_SECRET has 11 characters or some that cannot be used'

  const smtpUrl = (url: string) =>
    `SMTP_URL has ${url.length} characters or some that cannot be used; write smtp:// or smtps://, user:password@ where the server asks for it, and host:port, for example SMTP_URL=smtp://entrance:password@mail.contoso.example:587`
  const mailFrom = 'an e-mail address, or a name and the address in < >'
  const refusedSender = (text: string) =>
    `MAIL_FROM is ${JSON.stringify(text)}; write ${mailFrom}, for example MAIL_FROM=${from}`
  const download = (shown: string) =>
    `CLIENT_DOWNLOAD_URL is ${shown}; write an address that begins with https://, for example CLIENT_DOWNLOAD_URL=https://downloads.contoso.example/studio`

  test.each([
    ['another protocol', 'http://mail.contoso.example'],
    ['no host', 'smtp://'],
    ['a user without a password', 'smtp://joe@mail.contoso.example'],
    ['a password with a slash', 'smtp://joe:p/ss@mail.contoso.example'],
    ['a password with a question mark', 'smtp://joe:p?ss@mail.contoso.example'],
    ['a password with a per cent sign', 'smtp://joe:100%@mail.contoso.example'],
    ['a password that is not UTF-8', 'smtp://joe:%ff@mail.contoso.example'],
    ['a path', 'smtp://mail.contoso.example/path'],
    ['a line break', 'smtp://mail.contoso.example\r\nQUIT'],
    ['a port too high', 'smtp://mail.contoso.example:70000'],
  ])('refuses a mail server with %s, without showing it', (_, url) => {
    const loaded = loadConfig({ ...mailServer, SMTP_URL: url })
    expect(loaded).toEqual({ ok: false, problems: [smtpUrl(url)] })
  })

  test.each([
    ['no address', 'Entrance'],
    ['two addresses', 'a@contoso.example, b@contoso.example'],
    ['a line break', 'Entrance\r\nBcc: x <a@contoso.example>'],
    ['a quoted name', '"Entrance" a@contoso.example'],
  ])('refuses a sender with %s', (_, text) => {
    const loaded = loadConfig({ ...mailServer, MAIL_FROM: text })
    expect(loaded).toEqual({ ok: false, problems: [refusedSender(text)] })
  })

  test.each([
    [
      'a mail server without a sender',
      { SMTP_URL: mailServer.SMTP_URL },
      `MAIL_FROM is not set; write ${mailFrom}, or do not set SMTP_URL`,
    ],
    [
      'a name of two lines',
      { APPLICATION_NAME: 'SI\nBcc: x' },
      'APPLICATION_NAME is "SI\\nBcc: x"; write one line of at most 100 characters, for example APPLICATION_NAME=Contoso Studio',
    ],
    [
      'a client over http',
      { CLIENT_DOWNLOAD_URL: 'http://d.example' },
      download('"http://d.example"'),
    ],
    [
      'a client behind a script',
      { CLIENT_DOWNLOAD_URL: 'javascript:alert(1)' },
      download('"javascript:alert(1)"'),
    ],
    [
      'a client behind a password',
      { CLIENT_DOWNLOAD_URL: 'https://joe:pass@d.example' },
      download('"https://…@d.example"'),
    ],
    [
      'http elsewhere',
      { ENTRA_LOGIN_URL: 'http://evil.example' },
      loginUrl('"http://evil.example"'),
    ],
    [
      'http at an address that only begins like this machine’s',
      { ENTRA_LOGIN_URL: 'http://127.0.0.1.evil.example' },
      loginUrl('"http://127.0.0.1.evil.example"'),
    ],
    [
      'a login address with a path',
      { ENTRA_LOGIN_URL: 'https://login.microsoftonline.com/common' },
      loginUrl('"https://login.microsoftonline.com/common"'),
    ],
    [
      'a tenant by its domain',
      { ...registration, ENTRA_TENANT_ID: 'contoso.com' },
      `ENTRA_TENANT_ID is "contoso.com"; write a GUID, for example ENTRA_TENANT_ID=${tenantId}`,
    ],
    [
      'one tenant of several that is none',
      { SCIM_ENTRA_TOKENS_FROM: `${tenantId},common` },
      `SCIM_ENTRA_TOKENS_FROM is "${tenantId},common"; write tenant ids, separated by commas, for example SCIM_ENTRA_TOKENS_FROM=${tenantId}`,
    ],
    [
      'a client secret with a blank, without showing it',
      { ...registration, ENTRA_CLIENT_SECRET: 'some secret' },
      `${secret}; write the value of the secret, without spaces, for example ENTRA_CLIENT_SECRET=<the value>`,
    ],
    ['a port in words', { PORT: 'abc' }, port('"abc"')],
    ['port 0', { PORT: '0' }, port('"0"')],
    ['a port too high', { PORT: '65536' }, port('"65536"')],
    ['half a port', { PORT: '80.5' }, port('"80.5"')],
    ['a port in hex', { PORT: '0x50' }, port('"0x50"')],
    ['a port with a blank', { PORT: ' 80' }, port('" 80"')],
    [
      'a host with a path',
      { HOST: 'localhost/x' },
      'HOST is "localhost/x"; write an IP address or a host name, for example HOST=0.0.0.0',
    ],
    [
      'a public URL without a scheme',
      { PUBLIC_URL: 'e.example.com' },
      publicUrl('"e.example.com"'),
    ],
    ['another scheme', { PUBLIC_URL: 'ftp://e' }, publicUrl('"ftp://e"')],
    ['a query', { PUBLIC_URL: 'https://e/?a' }, publicUrl('"https://e/?a"')],
    ['a fragment', { PUBLIC_URL: 'https://e/#a' }, publicUrl('"https://e/#a"')],
    ['no host', { PUBLIC_URL: 'https://' }, publicUrl('"https://"')],
    [
      'credentials, without showing them',
      { PUBLIC_URL: 'https://joe:pass@e' },
      publicUrl('"https://…@e"'),
    ],
    ['a database path alone', { DATABASE_URL: './e.db' }, database('"./e.db"')],
    ['a database in memory', { DATABASE_URL: 'file::memory:' }, database('"file::memory:"')],
    ['no file', { DATABASE_URL: 'file:' }, database('"file:"')],
    [
      'options of a database',
      { DATABASE_URL: 'file:e.db?mode=ro' },
      database('"file:e.db?mode=ro"'),
    ],
    [
      'another database, without showing its password',
      { DATABASE_URL: 'mysql://joe:p@ss@host/db' },
      database('"mysql://…@host/db"'),
    ],
    [
      'a password with a slash, without showing it',
      { DATABASE_URL: 'postgres://joe:p/ss@host/db' },
      database('"postgres://…@host/db"'),
    ],
    [
      'a password with a question mark, without showing it',
      { DATABASE_URL: 'postgres://joe:p?ss@host/db' },
      database('"postgres://…@host/db"'),
    ],
    [
      'a PostgreSQL server without a database, without showing the password',
      { DATABASE_URL: 'postgres://host/?user=joe&password=p@ss' },
      database('"postgres://host/?user=joe&password=…"'),
    ],
    ['a short token, without showing it', { SCIM_TOKEN: token.slice(1) }, scimToken(31)],
    ['a token with a blank', { SCIM_TOKEN: `${token} x` }, scimToken(34)],
    ['a token that no header can carry', { SCIM_TOKEN: `${token}é` }, scimToken(33)],
    [
      'another visibility',
      { SCIM_LOCAL_USERS: 'yes' },
      'SCIM_LOCAL_USERS is "yes"; write hidden or visible, for example SCIM_LOCAL_USERS=visible',
    ],
    [
      'another level',
      { LOG_LEVEL: 'INFO' },
      'LOG_LEVEL is "INFO"; write debug, info, warn or error, for example LOG_LEVEL=debug',
    ],
  ])('refuses %s', (_, env, problem) => {
    expect(loadConfig(env)).toEqual({ ok: false, problems: [problem] })
  })

  test.each([
    ['file:./data/entrance.db', 'file:./data/entrance.db'],
    ['postgres://joe:p@ss@host:5432/db', 'postgres://host:5432/db'],
    ['postgres://host/db?user=joe&password=p@ss', 'postgres://host/db'],
  ])('is shown with the database %s as %s', (databaseUrl, shown) => {
    expect(shownDatabase({ databaseUrl })).toBe(shown)
  })

  test('reports every problem at once', () => {
    const loaded = loadConfig({ PORT: 'x', LOG_LEVEL: 'y', HOST: 'a b', SCIM_TOKEN: 'short' })
    expect(loaded).toMatchObject({ ok: false })
    const problems = loaded.ok ? [] : loaded.problems
    expect(problems.map((text) => text.split(' ')[0])).toEqual([
      'PORT',
      'HOST',
      'SCIM_TOKEN',
      'LOG_LEVEL',
    ])
    expect(problems.join()).not.toContain('short')
  })

  /** What has to be set beside a setting. */
  function besides(name: string): Readonly<Record<string, string>> {
    const { ENTRA_TENANT_ID, ENTRA_CLIENT_ID } = registration
    if (name === 'ENTRA_FEDERATED_TOKEN_FILE') return { ENTRA_TENANT_ID, ENTRA_CLIENT_ID }
    return name in registration ? registration : { MAIL_FROM: from }
  }

  // The example of a certificate is a file that is not here.
  const examples = Object.entries(settings).filter(
    ([name, { example }]) => !example.startsWith('<') && name !== 'ENTRA_CLIENT_CERTIFICATE',
  )
  test.each(examples)('accepts the example of %s', (name, { example }) => {
    expect(loadConfig({ ...besides(name), [name]: example })).toMatchObject({ ok: true })
  })
})
