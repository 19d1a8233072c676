import { expect, test } from 'vitest'
import { databaseFolder } from '../support/database.ts'
import { freePort, startEntrance, type EntranceSettings } from './entrance-process.ts'
import { makeTenant } from './make-tenant.ts'
import { makeProvisioner } from './provisioner.ts'
import { makeScimClient } from './scim-client.ts'
import { httpTransport, type Transport } from './transport.ts'
import { compareWithTruth } from './truth.ts'

const PARALLEL = 8

/** A transport that remembers each user the server said it created, and what was told it. */
function remembering(transport: Transport, created: Map<string, string>): Transport {
  return async (request) => {
    const answer = await transport(request)
    if (request.method === 'POST' && answer.status === 201) {
      const { id, userName } = JSON.parse(answer.body)
      if (userName !== undefined) created.set(id, userName)
    }
    return answer
  }
}

test('a server killed in the middle of an initial cycle has lost nothing it acknowledged', async () => {
  const settings: EntranceSettings = {
    folder: databaseFolder(),
    token: 'a-token-of-more-than-thirty-two-characters',
    port: await freePort(),
  }
  let server = await startEntrance(settings)
  const acknowledged = new Map<string, string>()
  const wire = httpTransport({ parallel: PARALLEL, timeout: 10_000 })
  const connection = { base: server.base, token: settings.token }
  const client = makeScimClient({
    ...connection,
    transport: remembering(wire, acknowledged),
    tries: 40,
  })
  const tenant = makeTenant({ seed: 7, users: 300, groups: 6 })
  const provisioner = makeProvisioner({ client, tenant: () => tenant, parallel: PARALLEL })

  try {
    const halfway = Promise.withResolvers<void>()
    const cycle = provisioner.initialCycle(({ step, done, total }) => {
      if (step === 'users' && done > total / 2) halfway.resolve()
    })
    await halfway.promise
    await server.stop('SIGKILL')
    const before = new Map(acknowledged)
    expect(before.size).toBeGreaterThan(100)

    server = await startEntrance(settings)
    const checker = makeScimClient({ ...connection, transport: wire })
    for (const [id, userName] of before) {
      expect(await checker.send('GET', `/Users/${id}`)).toMatchObject({
        status: 200,
        resource: { id, userName },
      })
    }

    expect(await cycle).toMatchObject({ outcome: 'done' })
    for (let retries = 0; retries < 3 && !provisioner.isSettled(); retries += 1) {
      await provisioner.incrementalCycle([])
    }
    expect(provisioner.isSettled()).toBe(true)
    expect(client.traffic().lost).toBeGreaterThan(0)
    expect(await compareWithTruth(checker, tenant)).toEqual([])
  } finally {
    await server.stop('SIGKILL')
  }
}, 60_000)
