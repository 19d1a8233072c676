import { beforeAll, describe, expect, test } from 'vitest'
import type { Chosen, Listed, RosterCounts, Sort } from '../../src/directory/roster.ts'
import { isActive, type Origin, type User } from '../../src/directory/user.ts'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { makeRandom, type Random } from '../entra/random.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { endOfTests } from '../support/database.ts'
import { copyRows } from '../support/many.ts'
import { TENANT } from '../support/microsoft.ts'
import { newBrowserSession, newPerson } from '../support/programs.ts'
import { expected, followed, idsIn, type Plain } from '../support/roster.ts'
import { otherDirectory } from '../support/store.ts'

const bySync = { ...cause, door: 'scim' } as const
const byAdmin = { ...cause, door: 'admin' } as const

const names = [
  'José Ferrer',
  'Jo Ana',
  'ﷲ ana',
  'Ana María',
  '𠮷野 家',
  '𠮷田 ana',
  'שלום עולם',
  'Zoë',
  'zoe b',
]
const roles = ['PM', 'pm', 'Designer']
const terms = [
  'jo',
  'jose',
  'ana',
  'a',
  'mari',
  '𠮷',
  'של',
  'zoe',
  'u1',
  'u1@contoso',
  'contoso',
  'x',
]
const sorts: readonly Sort[] = ['name', '-name', 'created', '-created']

function attributesBy(random: Random, number: number): JsonObject {
  const [given = ''] = random.pick(names).split(' ')
  return {
    userName: `u${number}@contoso.example`,
    active: random.chance(0.8),
    ...(random.chance(0.8) ? { displayName: random.pick(names) } : {}),
    ...(random.chance(0.5) ? { name: { givenName: given } } : {}),
    ...(random.chance(0.5) ? { emails: [{ value: `${given}.x${number}@fabrikam.example` }] } : {}),
    ...(random.chance(0.5) ? { roles: [{ value: random.pick(roles) }] } : {}),
  }
}

/** Everything that can become of users, by chance. */
async function lived({ directory, store, clock }: TestApp, random: Random): Promise<Plain> {
  const { users, groups, holds, linkRequests } = directory
  const signIns = new Map<string, string>()
  await directory.settings.change('brake', { users: 0, percent: 0, minutes: 60 }, cause)
  const made = await Promise.all(
    ['Some', 'Others'].map((displayName) =>
      groups.create(
        { attributes: { displayName }, members: { kind: 'set', members: [] }, origin: 'local' },
        cause,
      ),
    ),
  )
  const ids: string[] = []
  const one = () => random.pick(ids)
  async function create(number: number): Promise<void> {
    const origin = random.pick<Origin>(['local', 'import', 'scim'])
    const objectId = random.uuid()
    const linkable = origin !== 'local' && random.chance(0.7) ? { externalId: objectId } : {}
    const attributes = { ...attributesBy(random, number), ...linkable }
    const { user } = await users.create({ attributes, origin }, origin === 'scim' ? bySync : cause)
    ids.push(user.id)
  }
  const change = (id: string, to: JsonObject, by: typeof bySync | typeof byAdmin) =>
    users.update(id, undefined, (current) => ({ ...current, ...to }), by)
  const acts: readonly (() => Promise<unknown>)[] = [
    () => create(ids.length),
    () => change(one(), attributesBy(random, random.below(1_000) + 1_000), byAdmin),
    () => change(one(), { active: random.chance(0.5) }, byAdmin),
    () => change(one(), { active: false }, bySync),
    () => change(one(), { displayName: random.pick(names) }, bySync),
    () => users.remove(one(), undefined, random.pick([bySync, byAdmin])),
    () => users.unlink(one(), byAdmin),
    () => holds.discard({ users: [one(), one()] }, byAdmin),
    () => holds.release({ users: [one(), one()] }, byAdmin),
    async () => {
      for (const id of await holds.released('', 2)) await holds.carryOut(id)
    },
    async () => {
      const id = one()
      await newBrowserSession(directory, id)
      signIns.set(id, clock.now().toISOString())
    },
    async () => {
      const user = await users.read(one())
      const asking = { objectId: random.uuid(), userName: String(user?.attributes['userName']) }
      await linkRequests.ask(asking, cause)
      const [request] = await linkRequests.list()
      if (request) await linkRequests.accept(request.id, one(), byAdmin)
    },
    () => {
      const change = { add: [one(), one()], remove: [one()] }
      return groups.changeMembers(random.pick(made).id, change, byAdmin)
    },
  ]
  for (let number = 0; number < 12; number += 1) await create(number)
  for (let step = 0; step < 120; step += 1) {
    clock.pass(1_000)
    // Of many acts that chance suggests the directory refuses some, which then change nothing.
    await random
      .pick(acts)()
      .catch(() => {})
    if (step === 40) await store.organisations.setTenant('default', TENANT, cause)
  }
  const { items } = await users.query({ startIndex: 1, count: 1_000 })
  return { users: items, signIns }
}

function chosenBy(random: Random, groups: readonly string[]): Chosen {
  const some = (given: Chosen): Chosen => (random.chance(0.3) ? given : {})
  return {
    ...some({ search: random.pick(terms) }),
    ...some({ search: `${random.pick(terms)} ${random.pick(terms)}` }),
    ...some({ origin: random.pick<Origin>(['local', 'import', 'scim']) }),
    ...some({ linked: random.chance(0.5) }),
    ...some({ status: random.pick(['active', 'inactive', 'held'] as const) }),
    ...some({ signedIn: random.pick(['never', 'ever'] as const) }),
    ...some({ group: random.pick(groups) }),
    ...some({ role: random.pick(roles) }),
  }
}

function countsOf({ users, signIns }: Plain): RosterCounts {
  const those = (which: (user: User) => boolean) => users.filter(which).length
  const from = (origin: Origin) => those((user) => user.origin === origin)
  return {
    total: users.length,
    active: those(({ attributes }) => isActive(attributes)),
    inactive: those(({ attributes }) => !isActive(attributes)),
    held: those(({ held }) => held !== undefined),
    linked: those(({ link }) => link !== undefined),
    notLinked: those(({ link }) => link === undefined),
    origins: { local: from('local'), import: from('import'), scim: from('scim') },
    neverSignedIn: those(({ id }) => !signIns.has(id)),
  }
}

test.each([1, 2, 3])(
  'after whatever happened every list, followed to its end, is what looking at each user gives (%i)',
  async (seed) => {
    const app = await testApp()
    const other = await otherDirectory(app)
    await newPerson(other, 'u1@contoso.example', { displayName: 'José Stranger' })
    const random = makeRandom(seed)
    const plain = await lived(app, random)
    const { directory } = app
    expect(await directory.roster.counts()).toStrictEqual(countsOf(plain))
    const { items: groups } = await directory.groups.query({ startIndex: 1, count: 10 }, false)
    const groupIds = groups.map(({ id }) => id)
    for (let query = 0; query < 50; query += 1) {
      const chosen = chosenBy(random, groupIds)
      const sort = random.pick(sorts)
      const pages = await followed(directory, { ...chosen, sort, count: 1 + random.below(20) })
      const wanted = expected(plain, chosen, sort)
      expect({ chosen, sort, ids: pages.flatMap(({ items }) => idsIn(items)) }).toStrictEqual({
        chosen,
        sort,
        ids: wanted,
      })
      for (const { extent, sorted } of pages) {
        expect([extent, sorted]).toStrictEqual([{ total: wanted.length }, true])
      }
    }
    const all: Listed[] = []
    for await (const each of directory.roster.export({ sort: '-name' })) all.push(each)
    expect(idsIn(all)).toStrictEqual(expected(plain, {}, '-name'))
    for (const { user, lastSignIn } of all) expect(lastSignIn).toBe(plain.signIns.get(user.id))
  },
)

describe('a list that is too long to be sorted', () => {
  const COPIES = 1_300

  /** Two who have the same word twice and a role, and one who has only the role, many times over. */
  let app: TestApp
  const finished = endOfTests()

  beforeAll(async () => {
    app = await testApp({ finished })
    const role = { roles: [{ value: 'PM' }] }
    await newPerson(app.directory, 'b', { displayName: 'Grace Gracious', ...role })
    await newPerson(app.directory, 'a', { displayName: 'Gracious Grace', active: false, ...role })
    await newPerson(app.directory, 'c', { displayName: 'Nobody', ...role })
    for (const kind of ['users', 'roster', 'user_values'] as const) {
      await copyRows(app.database, kind, COPIES)
    }
  })

  test.each([
    ['words', { search: 'grac' }, 2, false],
    ['two words', { search: 'grace graci' }, 2, false],
    ['words of who is active', { search: 'grac', status: 'active' }, 1, false],
    ['a role', { role: 'pm' }, 3, true],
    ['a role of who is found', { role: 'pm', search: 'grac' }, 2, false],
  ] as const)('has everybody once: %s', async (_, chosen, times, byAge) => {
    const { directory } = app
    for (const sort of ['-name', 'created', '-created'] as const) {
      const pages = await followed(directory, { ...chosen, sort, count: 200 })
      const ids = pages.flatMap(({ items }) => idsIn(items))
      expect(new Set(ids).size).toBe(times * (COPIES + 1))
      expect(ids).toHaveLength(times * (COPIES + 1))
      const sorted = byAge && sort !== '-name'
      for (const page of pages) expect(page.sorted).toBe(sorted)
      const { extent } = pages[0] ?? {}
      expect(extent && 'atLeast' in extent && extent.atLeast).toBeGreaterThan(900)
      if (!sorted) continue
      const oldestFirst = ids.toSorted()
      expect(ids).toStrictEqual(sort === 'created' ? oldestFirst : oldestFirst.toReversed())
    }
  })

  test('ends a page before it finds whom it looks for among many, and goes on', async () => {
    const { directory } = app
    const { id } = await newPerson(directory, 'z', { displayName: 'Grac' })
    await newBrowserSession(directory, id)
    const chosen = { search: 'grac', signedIn: 'ever', sort: '-name', count: 10 } as const
    const pages = await followed(directory, chosen)
    expect(pages.map(({ items }) => idsIn(items))).toStrictEqual([[], [id]])
  })
})
