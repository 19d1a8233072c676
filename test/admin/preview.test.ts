import { expect, test } from 'vitest'
import { diff } from '../../src/directory/diff.ts'
import type { EntraUser } from '../../src/directory/entra-directory.ts'
import type { PlanItem } from '../../src/directory/plan.ts'
import type { User } from '../../src/directory/user.ts'
import { makeRandom, type Random } from '../entra/random.ts'
import { cause } from '../support/app.ts'
import { entraPerson } from '../support/entra-directory.ts'
import { byId, carriedOut, itemsOf, newScene, planned, type Scene } from '../support/imports.ts'
import { newLocalUser } from '../support/people.ts'

const ROUNDS = 12
const PEOPLE = 12

/** Somebody who is here already and has something to do with a person of Entra, or nothing. */
async function makeHolder(scene: Scene, person: EntraUser, random: Random): Promise<void> {
  const { directory } = scene.app
  const provisioned = { ...cause, door: 'scim' } as const
  const push = (attributes: Record<string, string | boolean | object>) =>
    directory.users.create(
      { attributes: attributes as User['attributes'], origin: 'scim' },
      provisioned,
    )
  const userName = person.userPrincipalName
  const emails = [{ type: 'work', value: person.mail ?? 'none' }]
  switch (random.below(8)) {
    case 0:
      await newLocalUser(scene.app, userName)
      break
    case 1:
      await push({ userName, externalId: person.id, active: true })
      break
    case 2:
      await push({ userName: `former ${userName}`, externalId: person.id, active: false })
      break
    case 3:
      await push({
        userName,
        externalId: 'a mail nickname',
        active: true,
        roles: [{ value: 'PM' }],
      })
      break
    case 4:
      await push({ userName: `other ${userName}`, emails, active: true })
      break
    case 5:
      await push({ userName, externalId: random.uuid(), active: true })
      break
    default:
  }
}

function randomPerson(number: number, random: Random): EntraUser {
  const name = `person-${number}`
  const { mail: _, ...person } = entraPerson(number, name, {
    enabled: random.below(4) > 0,
    guest: random.below(5) === 0,
    ...(random.below(2) === 0 ? { mobilePhone: `+49 30 ${number}` } : {}),
  })
  return random.below(5) === 0 ? person : { ...person, mail: `${name}@contoso.example` }
}

/** What became of the user of an item, as changes from what was there before. */
async function happened(
  { app }: Scene,
  { userId }: PlanItem,
  before: ReadonlyMap<string, User>,
): Promise<object[]> {
  const user = userId === undefined ? undefined : await app.directory.users.read(userId)
  if (!user) return []
  const was = before.get(user.id)
  const linked = was !== undefined && was.link?.objectId !== user.link?.objectId
  return [
    ...(linked ? [{ path: 'link', to: user.link?.objectId }] : []),
    ...diff(was?.attributes ?? {}, user.attributes),
  ]
}

const sorted = (changes: readonly object[]) =>
  changes.map((change) => JSON.stringify(change, Object.keys(change).sort())).sort()

test.each(Array.from({ length: ROUNDS }, (_, seed) => seed + 1))(
  'what a preview said is what happened, whoever was here before (seed %i)',
  async (seed) => {
    const random = makeRandom(seed)
    const scene = await newScene()
    const people = Array.from({ length: PEOPLE }, (_, index) => randomPerson(100 + index, random))
    scene.entra.people = people
    for (const person of people) await makeHolder(scene, person, random)
    const all = async () => {
      const { items } = await scene.app.directory.users.query({ startIndex: 1, count: 200 })
      return new Map(items.map((user) => [user.id, user]))
    }
    const before = await all()

    // Some of the questions are answered: whom the first preview takes for the same person.
    const asked = await itemsOf(scene, (await planned(scene, byId(...people))).plan)
    const links = Object.fromEntries(
      asked.flatMap(({ action, person, userId }) =>
        action === 'conflict' && userId !== undefined && random.below(2) === 0
          ? [[person.id, userId]]
          : [],
      ),
    )
    const { plan } = await planned(scene, byId(...people), { links })
    const said = await itemsOf(scene, plan)
    await carriedOut(scene, plan)

    const done = await itemsOf(scene, plan)
    for (const [index, item] of done.entries()) {
      const { action, changes } = said[index] ?? item
      const refused = action === 'conflict'
      expect(item.state).toBe(refused ? 'failed' : 'done')
      expect(sorted(refused ? [] : changes)).toEqual(
        sorted(refused ? [] : await happened(scene, item, before)),
      )
    }
    const created = said.filter(({ action }) => action === 'create').length
    expect((await all()).size).toBe(before.size + created)
    const touched = new Set(done.map(({ userId }) => userId))
    const untouched = (users: ReadonlyMap<string, User>) =>
      [...users].filter(([id]) => !touched.has(id))
    expect(untouched(await all())).toEqual(untouched(before))
  },
)
