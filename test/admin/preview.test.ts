import { expect, test } from 'vitest'
import type { EntraUser } from '../../src/directory/entra-directory.ts'
import type { Invite } from '../../src/directory/plan.ts'
import type { QueuedMail } from '../../src/directory/outbox.ts'
import type { User } from '../../src/directory/user.ts'
import { makeRandom, type Random } from '../entra/random.ts'
import { cause } from '../support/app.ts'
import { newOwnGroup } from '../support/assignments.ts'
import { entraPerson } from '../support/entra-directory.ts'
import { byId, carriedOut, itemsOf, newScene, planned, type Scene } from '../support/imports.ts'
import { newLocalUser } from '../support/people.ts'
import {
  everybody,
  expectAsSaid,
  fillTeams,
  makeMappings,
  makeRules,
  roles,
  type Users,
} from '../support/previews.ts'

const ROUNDS = 10
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
  switch (random.below(10)) {
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
    enabled: random.chance(0.75),
    guest: random.chance(0.2),
    ...(random.chance(0.5) ? { mobilePhone: `+49 30 ${number}` } : {}),
    ...(random.chance(0.7) ? { department: random.pick(['Sales', 'IT', 'sales']) } : {}),
    ...(random.chance(0.5) ? { jobTitle: 'PM' } : {}),
  })
  return random.chance(0.2) ? person : { ...person, mail: `${name}@contoso.example` }
}

const invites: readonly Invite[] = [
  { when: 'never' },
  { when: 'now' },
  { when: 'later' },
  { when: 'at', at: '2026-04-01T06:00:00.000Z' },
]

/** What is chosen for some of the people alone. */
function randomPersons(people: readonly EntraUser[], groups: readonly string[], random: Random) {
  return Object.fromEntries(
    people.flatMap(({ id }) => {
      if (random.chance(0.6)) return []
      const chosen = {
        ...(random.chance(0.4) ? { groups: random.shuffle(groups).slice(0, random.below(3)) } : {}),
        ...(random.chance(0.4) ? { role: random.pick([...roles, null]) } : {}),
        ...(random.chance(0.4) ? { invite: random.chance(0.5) } : {}),
      }
      return [[id, chosen]]
    }),
  )
}

/** Something that happens between the preview and the import. */
async function interfere(
  scene: Scene,
  people: readonly EntraUser[],
  groups: readonly string[],
  random: Random,
): Promise<void> {
  const { directory } = scene.app
  switch (random.below(8)) {
    case 0:
      // It may be gone already.
      await directory.groups.remove(random.pick(groups), undefined, cause).catch(() => {})
      break
    case 1: {
      const [rule] = (await scene.api.get('/rules')).body['items'] as { id: string }[]
      if (rule) await scene.api.post(`/rules/${rule.id}/remove`)
      break
    }
    case 2: {
      const [mapping] = (await scene.api.get('/mappings')).body['items'] as { id: string }[]
      if (mapping) await scene.api.post(`/mappings/${mapping.id}/remove`, { keep: true })
      break
    }
    case 3:
    case 4:
      // Somebody may have the name already.
      await makeHolder(scene, random.pick(people), random).catch(() => {})
      break
    case 5: {
      const { items } = await directory.users.query({ startIndex: 1, count: 200 })
      const { id } = random.pick(
        items.filter(({ attributes }) => attributes['userName'] !== 'admin'),
      )
      await directory.users.update(
        id,
        undefined,
        (now) => ({ ...now, displayName: 'Renamed', roles: [{ value: 'PM' }] }),
        cause,
      )
      break
    }
    default:
  }
}

/** What a preview says of the invitation, from the mail that there is. */
function toldOf(mail: QueuedMail | undefined): object[] {
  if (!mail) return []
  const later = mail.state === 'kept' ? 'later' : mail.to
  const to = mail.due.startsWith('2026-04-01') ? mail.due : later
  return [{ path: 'invitation', to }]
}

test.each(Array.from({ length: ROUNDS }, (_, seed) => seed + 1))(
  'what a preview said is what happened, or it is told why not (seed %i)',
  async (seed) => {
    const random = makeRandom(seed)
    const scene = await newScene()
    const { directory } = scene.app
    const people = Array.from({ length: PEOPLE }, (_, index) => randomPerson(100 + index, random))
    scene.entra.people = people
    const groups = [scene.group]
    for (const name of ['Staff', 'Sales']) groups.push(await newOwnGroup(directory, name))
    for (const person of people) await makeHolder(scene, person, random)
    fillTeams(
      scene,
      people.map(({ id }) => id),
      random,
      0,
    )
    await makeRules(scene, groups, random)
    await makeMappings(scene, groups, random)
    if (random.chance(0.2)) scene.entra.groups = scene.entra.groups.slice(1)

    // Some of the questions are answered: whom the first preview takes for the same person.
    const asked = await itemsOf(scene, (await planned(scene, byId(...people))).plan)
    const links = Object.fromEntries(
      asked.flatMap(({ action, person, userId }) =>
        action === 'conflict' && userId !== undefined && random.chance(0.5)
          ? [[person.id, userId]]
          : [],
      ),
    )
    const { plan } = await planned(scene, byId(...people), {
      links,
      persons: randomPersons(people, groups, random),
      groups: random.shuffle(groups).slice(0, random.below(3)),
      invite: random.pick(invites),
      rules: random.chance(0.7),
    })
    const said = await itemsOf(scene, plan)
    for (let times = random.below(4); times > 0; times -= 1) {
      await interfere(scene, people, groups, random)
    }
    const before = await everybody(scene)
    await carriedOut(scene, plan)

    const after = await everybody(scene)
    const done = await itemsOf(scene, plan)
    const mails = await directory.outbox.list({ limit: 200 })
    for (const [index, item] of done.entries()) {
      const known = said[index] ?? item
      await expectAsSaid(scene, plan.id, { said: known, done: item }, { before, after })
      expect([known.action, item.state]).not.toStrictEqual(['conflict', 'done'])
      const mail = mails.filter(
        ({ planId, userId }) => planId === plan.id && userId === item.userId,
      )
      expect(mail.length).toBeLessThanOrEqual(1)
      expect(toldOf(mail[0])).toEqual(
        item.state === 'done' ? known.changes.filter(({ path }) => path === 'invitation') : [],
      )
    }
    const created = done.filter(({ action, state }) => action === 'create' && state === 'done')
    expect(after.size).toBe(before.size + created.length)
    const touched = new Set(done.map(({ userId }) => userId))
    const untouched = (users: Users) => [...users].filter(([id]) => !touched.has(id))
    expect(untouched(after)).toEqual(untouched(before))
  },
)
