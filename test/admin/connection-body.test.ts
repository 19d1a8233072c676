import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { problem } from '../support/admin.ts'
import { testClock } from '../support/app.ts'
import { newCertificate } from '../support/certificate.ts'
import { certificate, newScene, registration, reset, secret } from '../support/connecting.ts'
import { endOfTests } from '../support/database.ts'
import { newTenant, SECRET, type TestTenant } from '../support/entra-tenant.ts'
import { CLIENT, TENANT } from '../support/microsoft.ts'

let tenant: TestTenant

const finished = endOfTests()

beforeAll(async () => {
  tenant = await newTenant(testClock(), finished)
})

beforeEach(() => reset(tenant))

describe('a body is refused', () => {
  const pem = (text: string) => ({ credential: { kind: 'certificate', pem: text } })
  const { certificate: alone, privateKey } = certificate

  test.each([
    ['without a tenant', { tenantId: undefined }, '#/tenantId', ''],
    ['with a domain for a tenant', { tenantId: 'contoso.example' }, '#/tenantId', 'GUID'],
    ['with a path for a tenant', { tenantId: `${TENANT}/../common` }, '#/tenantId', 'GUID'],
    ['with an object for a client', { clientId: {} }, '#/clientId', ''],
    ['with another cloud', { cloud: 'moon' }, '#/cloud', ''],
    ['with an address for a cloud', { cloud: 'http://127.0.0.1' }, '#/cloud', ''],
    ['with another kind', { credential: { kind: 'federated' } }, '#/credential/kind', ''],
    ['with nothing for a credential', { credential: null }, '#/credential', ''],
    [
      'with a short secret',
      { credential: { ...secret, secret: 'abc' } },
      '#/credential/secret',
      '',
    ],
    [
      'with a secret of two lines',
      { credential: { ...secret, secret: 'abcdefgh\nijk' } },
      '#/credential/secret',
      '',
    ],
    [
      'with the ID of a secret',
      { credential: { ...secret, secret: CLIENT } },
      '#/credential/secret',
      'Its value is needed',
    ],
    ['with a path in place of a certificate', pem('/etc/passwd'), '#/credential/pem', 'PEM'],
    ['with a certificate alone', pem(alone), '#/credential/pem', 'no private key'],
    ['with a key alone', pem(privateKey), '#/credential/pem', 'no certificate'],
    [
      'with the key of another certificate',
      pem(`${alone}${newCertificate({ key: 'two' }).privateKey}`),
      '#/credential/pem',
      'not that of the certificate',
    ],
    [
      'with an elliptic key',
      pem(newCertificate({ kind: 'ec' }).pem),
      '#/credential/pem',
      'RSA keys of at least 2048 bits',
    ],
    [
      'with a weak key',
      pem(newCertificate({ bits: 1_024 }).pem),
      '#/credential/pem',
      'RSA keys of at least 2048 bits',
    ],
    [
      'with a key that has a passphrase',
      pem(`${alone}${privateKey.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE')}`),
      '#/credential/pem',
      'passphrase',
    ],
    [
      'with a broken certificate',
      pem(alone.replace(/\n./, '\n!') + privateKey),
      '#/credential/pem',
      'cannot be read',
    ],
    [
      'with a broken key',
      pem(alone + privateKey.replace(/\n.{20}/, '\n')),
      '#/credential/pem',
      'cannot be read',
    ],
    ['with a long text', pem('-'.repeat(40_001)), '#/credential/pem', ''],
    [
      'with a certificate that has expired',
      pem(newCertificate({ expires: new Date('2026-03-02T07:00:00Z') }).pem),
      '#/credential/pem',
      'expired at 2026-03-02T07:00:00.000Z',
    ],
    [
      'with a certificate of tomorrow',
      pem(newCertificate({ begins: new Date('2026-03-03T07:00:00Z') }).pem),
      '#/credential/pem',
      'not valid before 2026-03-03T07:00:00.000Z',
    ],
    [
      'with another end for a certificate',
      { ...pem(certificate.pem), expires: '2027-01-01' },
      '#/expires',
      '',
    ],
    ['with a day that there is not', { expires: '2027-02-31' }, '#/expires', ''],
    ['with what is not known', { clientSecret: SECRET }, '#/clientSecret', 'not known'],
    [
      'without a credential, where none is stored',
      { credential: undefined },
      '#/credential',
      'Is needed',
    ],
  ])('%s', async (_, more, pointer, words) => {
    const { app, api } = await newScene(tenant)
    const before = await app.database.dump()
    for (const path of ['/connection', '/connection/test']) {
      const answer = await api.post(path, { ...registration, ...more })
      expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
      expect(answer.body['errors']).toMatchObject([{ pointer }])
      expect(JSON.stringify(answer.body['errors'])).toContain(words)
      expect(answer.text).not.toContain(SECRET)
    }
    expect(await app.database.dump()).toBe(before)
  })

  test('of any size or depth without a secret being told', async () => {
    const { api } = await newScene(tenant)
    const deep = `${'{"credential":'.repeat(5_000)}"${SECRET}"${'}'.repeat(5_000)}`
    const bodies = [deep, `{"credential":"${SECRET}`, `["${SECRET}"]`, `{"${SECRET}":1}x`]
    for (const body of bodies) {
      const json = { 'Content-Type': 'application/json' }
      const answer = await api.send('POST', '/connection', body, json)
      expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
      expect(answer.text).not.toContain(SECRET)
    }
  })
})
