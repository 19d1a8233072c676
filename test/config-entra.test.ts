import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { CLOUDS } from '../src/config-entra.ts'
import { newCertificate } from './support/certificate.ts'
import { temporaryFolder } from './support/database.ts'

const ids = {
  ENTRA_TENANT_ID: '1b4e28ba-2fa1-4d2e-883f-0016d3cca427',
  ENTRA_CLIENT_ID: '6731de76-14a6-49ae-97bc-6eba6914391e',
}
const secret = { ENTRA_CLIENT_SECRET: 'a.secret~Value' }
const token = { ENTRA_FEDERATED_TOKEN_FILE: '/var/run/secrets/token' }
const certificate = newCertificate()

function fileOf(text: string): string {
  const file = join(temporaryFolder(), 'entra.pem')
  writeFileSync(file, text)
  return file
}

function configOf(env: Readonly<Record<string, string>>) {
  const loaded = loadConfig(env)
  if (loaded.ok) return loaded.config
  throw new Error(loaded.problems.join('\n'))
}

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  const loaded = loadConfig(env)
  return loaded.ok ? [] : loaded.problems
}

describe('an app registration of the environment', () => {
  test('has a certificate and its key from a file', () => {
    const file = fileOf(certificate.pem)
    expect(configOf({ ...ids, ENTRA_CLIENT_CERTIFICATE: file }).entra?.credential).toMatchObject({
      kind: 'certificate',
      certificate: {
        thumbprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        expires: certificate.expires,
      },
    })
  })

  test.each([
    ['whose key comes first', certificate.privateKey + certificate.certificate],
    [
      'with others of its chain',
      `${newCertificate({ key: 'of the issuer' }).certificate}${certificate.pem}`,
    ],
    ['with text between', `Subject: CN=Entrance\r\n${certificate.pem}\n# the end`],
  ])('has a certificate %s', (_, pem) => {
    const thumbprint = (text: string) => {
      const { entra } = configOf({ ...ids, ENTRA_CLIENT_CERTIFICATE: fileOf(text) })
      if (entra?.credential.kind !== 'certificate') throw new Error('There is no certificate.')
      return entra.credential.certificate.thumbprint
    }
    expect(thumbprint(pem)).toBe(thumbprint(certificate.pem))
  })

  test('has the token of a file that need not be there yet', () => {
    expect(configOf({ ...ids, ...token }).entra?.credential).toStrictEqual({
      kind: 'federated',
      file: token.ENTRA_FEDERATED_TOKEN_FILE,
    })
  })

  const nothing = 'or set nothing of the app registration'
  const none = `None of ENTRA_CLIENT_SECRET, ENTRA_CLIENT_CERTIFICATE, ENTRA_FEDERATED_TOKEN_FILE is set; set one, ${nothing}`

  test.each([
    ['without a credential', ids, [none]],
    [
      'with nothing but a credential',
      secret,
      [
        `ENTRA_TENANT_ID is not set; write a GUID, ${nothing}`,
        `ENTRA_CLIENT_ID is not set; write a GUID, ${nothing}`,
      ],
    ],
    [
      'with a tenant alone',
      { ENTRA_TENANT_ID: ids.ENTRA_TENANT_ID },
      [`ENTRA_CLIENT_ID is not set; write a GUID, ${nothing}`, none],
    ],
    [
      'with two credentials',
      { ...ids, ...secret, ...token },
      ['ENTRA_CLIENT_SECRET and ENTRA_FEDERATED_TOKEN_FILE are set; set one of them only'],
    ],
    [
      'with a tenant that is none and no client',
      { ENTRA_TENANT_ID: 'contoso.example', ...token },
      [
        expect.stringMatching(/^ENTRA_TENANT_ID is "contoso\.example"; write a GUID/),
        `ENTRA_CLIENT_ID is not set; write a GUID, ${nothing}`,
      ],
    ],
    [
      'with a path of two lines',
      { ...ids, ENTRA_FEDERATED_TOKEN_FILE: '/a\n/b' },
      [
        expect.stringMatching(
          /^ENTRA_FEDERATED_TOKEN_FILE is "\/a\\n\/b"; write the path of a file/,
        ),
      ],
    ],
  ])('is refused %s', (_, env, problems) => {
    expect(problemsOf(env)).toStrictEqual(problems)
  })

  test('is refused with all three credentials, and what is wrong with the file, at once', () => {
    const file = fileOf('nothing')
    const env = { ...ids, ...secret, ...token, ENTRA_CLIENT_CERTIFICATE: file, PORT: 'x' }
    expect(problemsOf(env)).toStrictEqual([
      expect.stringMatching(/^PORT is "x"/),
      'ENTRA_CLIENT_SECRET, ENTRA_CLIENT_CERTIFICATE and ENTRA_FEDERATED_TOKEN_FILE are set; set one of them only',
      `ENTRA_CLIENT_CERTIFICATE is "${file}". There is no certificate in PEM form in it. Write the path of a PEM file with the certificate and its private key`,
    ])
  })

  test.each([
    ['that is not there', () => join(temporaryFolder(), 'none.pem'), 'It cannot be read.'],
    ['that is a folder', () => temporaryFolder(), 'It cannot be read.'],
    ['without a key', () => fileOf(certificate.certificate), 'There is no private key'],
    ['without a certificate', () => fileOf(certificate.privateKey), 'There is no certificate'],
    [
      'with another key',
      () => fileOf(certificate.certificate + newCertificate({ key: 'two' }).privateKey),
      'not that of the certificate',
    ],
  ])('is refused with a file %s, without a word of what is in it', (_, make, words) => {
    const file = make()
    const [problem = '', ...more] = problemsOf({ ...ids, ENTRA_CLIENT_CERTIFICATE: file })
    expect(more).toStrictEqual([])
    expect(problem).toContain(`ENTRA_CLIENT_CERTIFICATE is ${JSON.stringify(file)}`)
    expect(problem).toContain(words)
    expect(problem).not.toContain(certificate.privateKey.slice(60, 100))
  })
})

describe('the key of the installation', () => {
  const key = Buffer.alloc(32, 1).toString('base64')
  const older = Buffer.alloc(32, 2).toString('base64')

  test.each([
    ['one', key, [1]],
    ['several, the newest first', `${key},${older}`, [1, 2]],
    ['several with blanks', ` ${older} , ${key}`, [2, 1]],
  ])('is %s', (_, text, bytes) => {
    const { encryptionKeys } = configOf({ ENCRYPTION_KEY: text })
    expect(encryptionKeys).toStrictEqual(bytes.map((byte) => Buffer.alloc(32, byte)))
  })

  test.each([
    ['a word', 'secret'],
    ['too short', Buffer.alloc(31).toString('base64')],
    ['too long', Buffer.alloc(33).toString('base64')],
    ['in hexadecimal', Buffer.alloc(32, 1).toString('hex')],
    ['followed by a comma', `${key},`],
    ['followed by another that is none', `${key},x`],
    ['cut off', key.slice(0, -1)],
  ])('is refused when it is %s, without being shown', (_, text) => {
    const [problem = '', ...more] = problemsOf({ ENCRYPTION_KEY: text })
    expect(more).toStrictEqual([])
    expect(problem).toMatch(/^ENCRYPTION_KEY has \d+ characters .+ 32 random bytes in base64/)
    expect(problem).not.toContain(text)
  })
})

describe('the clouds', () => {
  const [login, graph] = ['https://login.example', 'https://graph.example']

  test.each([
    ['are those of Microsoft', {}, {}],
    [
      'have another Graph for the global one',
      { ENTRA_GRAPH_URL: graph },
      { global: { graphUrl: graph } },
    ],
    [
      'have another Graph for the one where people sign in',
      { ENTRA_LOGIN_URL: CLOUDS.us.loginUrl, ENTRA_GRAPH_URL: 'https://dod-graph.microsoft.us' },
      { us: { graphUrl: 'https://dod-graph.microsoft.us' } },
    ],
    [
      'have another place for the global one',
      { ENTRA_LOGIN_URL: login, ENTRA_GRAPH_URL: graph },
      { global: { loginUrl: login, graphUrl: graph } },
    ],
  ])('%s', (_, env: Readonly<Record<string, string>>, changed) => {
    const expected = Object.fromEntries(
      Object.entries(CLOUDS).map(([name, addresses]) => [
        name,
        { ...addresses, ...(changed as Readonly<Record<string, object>>)[name] },
      ]),
    )
    expect(configOf(env).clouds).toStrictEqual(expected)
  })
})
