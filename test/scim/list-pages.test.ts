import { expect, test } from 'vitest'
import { makeRandom } from '../entra/random.ts'
import { cause, testApp } from '../support/app.ts'
import { newGroup, newUser, USER } from '../support/resources.ts'
import type { ScimClient } from '../support/scim-client.ts'

const STEPS = 120

async function page(scim: ScimClient, path: string, startIndex: number, count: number) {
  const { body } = await scim.get(`${path}?startIndex=${startIndex}&count=${count}`)
  const resources = body['Resources']
  if (!Array.isArray(resources)) throw new Error(JSON.stringify(body))
  return {
    total: body['totalResults'],
    ids: resources.map((resource) => String(Object(resource)['id'])),
  }
}

test.each([1, 2, 3])(
  'I-01 every page is what stands there, whoever came and went before: seed %i',
  async (seed) => {
    const random = makeRandom(seed)
    const { scim, directory } = await testApp()
    const lists = { '/Users': [] as string[], '/Groups': [] as string[] }
    const shown: object[] = []
    const expected: object[] = []
    let made = 0

    async function add(path: keyof typeof lists): Promise<void> {
      made += 1
      const create = path === '/Users' ? newUser : newGroup
      lists[path].push((await create(scim, `name ${made}`)).id)
    }

    for (let step = 0; step < STEPS; step += 1) {
      const path = random.pick(['/Users', '/Groups'] as const)
      const list = lists[path]
      const dice = random.below(10)
      if (dice < 3 || list.length === 0) {
        await add(path)
      } else if (dice < 4) {
        const [gone] = list.splice(random.below(list.length), 1)
        await scim.delete(`${path}/${gone}`)
      } else if (dice < 5) {
        // One that the client may not see, between those that it may.
        const attributes = { userName: `local ${step}`, active: true }
        await directory.users.create({ attributes, origin: 'local' }, cause)
      } else {
        const startIndex = 1 + random.below(list.length + 2)
        const count = random.below(6)
        // Twice: where the reader of a list is, and where it goes next.
        for (const start of [startIndex, startIndex + count]) {
          shown.push({ step, ...(await page(scim, path, start, count)) })
          const ids = list.slice(start - 1, start - 1 + count)
          expected.push({ step, total: list.length, ids })
        }
      }
    }
    expect(shown).toStrictEqual(expected)
  },
)

test('a local account counts from when an administrator lets the client see it', async () => {
  const { scim, directory } = await testApp()
  await newUser(scim, 'first')
  const attributes = { userName: 'second', active: true }
  await directory.users.create({ attributes, origin: 'local' }, cause)
  expect((await page(scim, '/Users', 1, 1)).total).toBe(1)
  await scim.post('/Users', { schemas: [USER], userName: 'second' })
  const [request] = await directory.linkRequests.list()
  await directory.linkRequests.accept(String(request?.id), undefined, cause)
  expect((await page(scim, '/Users', 1, 1)).total).toBe(2)
  expect((await page(scim, '/Users', 2, 1)).ids).toHaveLength(1)
})
