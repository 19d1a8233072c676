import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newAdmin, problem, type AdminApi } from '../support/admin.ts'
import { cause, testClock } from '../support/app.ts'
import {
  newScene,
  OTHER_TENANT,
  registration,
  reset,
  searched,
  secret,
  stored,
  type Scene,
} from '../support/connecting.ts'
import { endOfTests } from '../support/database.ts'
import { newTenant, type TestTenant } from '../support/entra-tenant.ts'
import { CLIENT, TENANT } from '../support/microsoft.ts'
import { newPerson } from '../support/programs.ts'

let tenant: TestTenant

const finished = endOfTests()

beforeAll(async () => {
  tenant = await newTenant(testClock(), finished)
})

beforeEach(() => reset(tenant))

describe('the tenant', () => {
  async function newNeighbour({ app }: Scene, entraTenantId?: string): Promise<AdminApi> {
    const { id } = await app.store.organisations.create({ name: 'Other', entraTenantId }, cause)
    const directory = app.store.for({ organisation: id, localUsers: 'visible' })
    return newAdmin(app, directory, 'neighbour')
  }

  async function newLinkedUser({ app }: Scene, userName: string): Promise<string> {
    const attributes = {
      userName,
      externalId: 'a0000000-0000-4000-8000-00000000ada0',
      active: true,
    }
    const { user } = await app.directory.users.create({ attributes, origin: 'scim' }, cause)
    return user.id
  }

  test('of another organisation is refused', async () => {
    const scene = await newScene(tenant)
    await newNeighbour(scene, TENANT)
    const before = await scene.app.database.dump()
    const asked = tenant.graph.requests.tokens
    const answer = await scene.api.post('/connection', registration)
    expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
    expect(answer.body['errors']).toMatchObject([{ pointer: '#/tenantId' }])
    expect(await scene.app.database.dump()).toBe(before)
    expect(tenant.graph.requests.tokens).toBe(asked)
  })

  test('becomes that of the organisation only when Entra gives a token for it', async () => {
    const scene = await newScene(tenant)
    const { app, api } = scene
    const wrong = { ...registration, credential: { ...secret, secret: 'another-secret' } }
    const before = await app.database.dump()
    const answer = await api.post('/connection', wrong)
    expect(problem(answer)).toStrictEqual({ status: 502, code: 'entraCredentials' })
    expect(answer.body['detail']).toContain('AADSTS7000215')
    const away = await api.post('/connection', { ...registration, cloud: 'china' })
    expect(problem(away)).toStrictEqual({ status: 503, code: 'entraUnavailable' })
    expect(await app.database.dump()).toBe(before)
    await stored(scene)
    // Of one's own tenant a secret can be entered also while Entra does not answer.
    expect((await api.post('/connection', wrong)).status).toBe(200)
    expect((await api.post('/connection', { ...registration, cloud: 'china' })).status).toBe(200)
  })

  test('is another one only with the word that links move, and then they do', async () => {
    const scene = await newScene(tenant)
    const { app, api } = scene
    await app.store.organisations.setTenant('default', OTHER_TENANT, cause)
    const id = await newLinkedUser(scene, 'ada@contoso.example')
    const before = await app.database.dump()
    const answer = await api.post('/connection', registration)
    expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
    expect(answer.body['errors']).toMatchObject([{ pointer: '#/moveLinks' }])
    expect(await app.database.dump()).toBe(before)
    await stored(scene, { moveLinks: true })
    const objectId = 'a0000000-0000-4000-8000-00000000ada0'
    expect((await app.directory.users.linked({ tenantId: TENANT, objectId }))?.id).toBe(id)
    // Nothing moves a second time.
    await stored(scene)
  })

  test('is another one without a word where nobody is linked', async () => {
    const scene = await newScene(tenant)
    const { app } = scene
    await app.store.organisations.setTenant('default', OTHER_TENANT, cause)
    await newPerson(app.directory, 'local')
    await stored(scene)
    expect((await app.store.organisations.ofTenant(TENANT))?.id).toBe('default')
  })

  test('that the environment names is changed there', async () => {
    const { origin: loginUrl } = tenant.authority
    const scene = await newScene(tenant, {
      entra: { tenantId: OTHER_TENANT, clientId: CLIENT, credential: secret, loginUrl },
    })
    const answer = await scene.api.post('/connection', registration)
    expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
    expect(answer.body['detail']).toContain('ENTRA_TENANT_ID')
    expect(await scene.app.store.organisations.ofTenant(TENANT)).toBeUndefined()
  })

  test('is given to one of two organisations that want it at once', async () => {
    const scene = await newScene(tenant)
    const neighbour = await newNeighbour(scene)
    const apis = [scene.api, neighbour]
    const answers = await Promise.all(apis.map((api) => api.post('/connection', registration)))
    expect(new Set(answers.map(({ status }) => status))).toStrictEqual(new Set([200, 409]))
    const shown = await Promise.all(apis.map((api) => api.get('/connection')))
    expect(shown.map(({ body }) => body['configured'])).toStrictEqual(
      answers.map(({ status }) => status === 200),
    )
  })

  test('that an operator changes is not read with what was stored for the one before', async () => {
    const scene = await newScene(tenant)
    const { app, api } = scene
    await stored(scene)
    await app.store.organisations.setTenant('default', OTHER_TENANT, cause)
    expect(problem(await api.get('/entra/users'))).toStrictEqual({
      status: 502,
      code: 'entraCredentials',
    })
    const { body } = await api.get('/connection')
    expect(body['checks']).toMatchObject([
      { ok: false, problem: expect.stringContaining('not that of the organisation any more') },
    ])
    await stored(scene)
    expect(await searched(scene)).toBe(200)
  })

  test('of a neighbour is neither read nor shown, nor is its connection changed', async () => {
    const scene = await newScene(tenant)
    const neighbour = await newNeighbour(scene)
    await stored(scene)
    expect((await neighbour.get('/connection')).body).toStrictEqual({
      configured: false,
      storable: true,
    })
    expect((await neighbour.get('/entra/users')).status).toBe(409)
    await neighbour.post('/connection/remove')
    expect(await searched(scene)).toBe(200)
  })
})
