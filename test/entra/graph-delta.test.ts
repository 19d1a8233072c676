import { describe, expect, test } from 'vitest'
import { asking, linkIn, pages, refusal, valuesIn, type Asking } from './graph/asking.ts'
import { people } from './graph/small-tenant.ts'
import type { Resource } from './mapping.ts'
import { makeTenant } from './make-tenant.ts'
import type { EntraUser, Tenant } from './tenant.ts'

const { adele, bertha, guest, recycled, siobhan } = people
const FIRST = '/users/delta?$select=displayName,mail,department,accountEnabled'
const MINIMAL = { Prefer: 'return=minimal' }

/** A round: every page, and the link to the next one. */
async function round(
  ask: Asking['ask'],
  from: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly told: Resource[]; readonly next: string }> {
  const all = await pages(ask, from, headers)
  const last = all.at(-1)
  const next = last === undefined ? undefined : linkIn(last, 'deltaLink')
  return { told: all.flatMap(valuesIn), next: next ?? 'no link' }
}

describe('the first round', () => {
  test('tells everybody, with what is set', async () => {
    const { ask } = await asking()
    const { told } = await round(ask, FIRST)
    const ids = [adele, bertha, siobhan, guest, people.blocked, people.unassigned]
    expect(told.map(({ id }) => id)).toEqual(ids.map(({ objectId }) => objectId))
    const { objectId: id, displayName, mail } = bertha
    expect(told[1]).toEqual({ id, displayName, mail, accountEnabled: true })
  })

  test('comes in pages, the last of which has the link', async () => {
    const { ask } = await asking({ first: makeTenant({ seed: 7, users: 450, groups: 1 }) })
    const all = await pages(ask, '/users/delta')
    expect(all.map((said) => valuesIn(said).length)).toEqual([200, 200, 62])
    expect(all.map((said) => linkIn(said, 'deltaLink') === undefined)).toEqual([true, true, false])
    const [link = ''] = all.flatMap((said) => linkIn(said, 'nextLink') ?? [])
    expect([...new URL(link).searchParams.keys()]).toEqual(['$skiptoken'])
  })

  test('is left out with $deltatoken=latest', async () => {
    const { ask, change } = await asking()
    const { told, next } = await round(ask, `${FIRST}&$deltatoken=latest`)
    expect(told).toEqual([])
    change({ kind: 'update', id: adele.objectId, set: { displayName: 'Adele Hill' } })
    const later = await round(ask, next)
    expect(later.told.map(({ displayName }) => displayName)).toEqual(['Adele Hill'])
  })
})

describe('a later round', () => {
  test('tells nothing when nothing happened, again and again', async () => {
    const { ask } = await asking()
    let { next } = await round(ask, FIRST)
    for (const _ of [1, 2]) {
      const later = await round(ask, next)
      expect(later.told).toEqual([])
      next = later.next
    }
  })

  test('tells those who changed: all that was ever set, or only what changed', async () => {
    const { ask, change } = await asking()
    const { next } = await round(ask, FIRST)
    const { objectId: id, mail, department } = adele
    change({ kind: 'update', id, set: { displayName: 'Adele Hill', surname: 'Hill' } })
    change({ kind: 'block', id: bertha.objectId })
    const whole = await round(ask, next)
    expect(whole.told).toEqual([
      { id, displayName: 'Adele Hill', mail, department, accountEnabled: true },
      {
        id: bertha.objectId,
        displayName: bertha.displayName,
        mail: bertha.mail,
        accountEnabled: false,
      },
    ])
    const little = await round(ask, next, MINIMAL)
    expect(little.told).toEqual([
      { id, displayName: 'Adele Hill' },
      { id: bertha.objectId, accountEnabled: false },
    ])
    expect((await round(ask, whole.next)).told).toEqual([])
  })

  test('tells the difference to when the link was handed out, over several changes', async () => {
    const { ask, change } = await asking()
    const { next } = await round(ask, FIRST)
    const set = (displayName: string): void => {
      change({ kind: 'update', id: adele.objectId, set: { displayName } })
    }
    set('For a moment')
    await ask('/users')
    set('Adele Hill')
    const { told, next: third } = await round(ask, next, MINIMAL)
    expect(told).toEqual([{ id: adele.objectId, displayName: 'Adele Hill' }])
    set(adele.displayName)
    expect((await round(ask, next)).told).toEqual([])
    expect((await round(ask, third, MINIMAL)).told).toEqual([
      { id: adele.objectId, displayName: adele.displayName },
    ])
  })

  test('tells null for what was cleared, and nothing of what is not selected', async () => {
    const { ask, change } = await asking()
    const { next } = await round(ask, FIRST)
    change(
      { kind: 'update', id: adele.objectId, set: { department: null, mail: null } },
      { kind: 'update', id: siobhan.objectId, set: { jobTitle: 'Chief' } },
    )
    const { objectId: id, displayName } = adele
    expect((await round(ask, next)).told).toEqual([
      { id, displayName, mail: null, department: null, accountEnabled: true },
    ])
    expect((await round(ask, next, MINIMAL)).told).toEqual([{ id, mail: null, department: null }])
  })

  test('tells who was deleted, restored, and gone for good', async () => {
    const { ask, change } = await asking()
    const first = await round(ask, FIRST)
    change({ kind: 'soft-delete', id: adele.objectId }, { kind: 'purge', id: recycled.objectId })
    const second = await round(ask, first.next)
    expect(second.told).toEqual([
      { id: adele.objectId, '@removed': { reason: 'changed' } },
      { id: recycled.objectId, '@removed': { reason: 'deleted' } },
    ])
    change({ kind: 'restore', id: adele.objectId, set: {} })
    const third = await round(ask, second.next, MINIMAL)
    expect(third.told).toMatchObject([{ id: adele.objectId, mail: adele.mail }])
    change({ kind: 'soft-delete', id: adele.objectId }, { kind: 'purge', id: adele.objectId })
    const fourth = await round(ask, third.next)
    expect(fourth.told).toEqual([{ id: adele.objectId, '@removed': { reason: 'deleted' } }])
  })

  test('tells who was hired, and of a record that is not there any more', async () => {
    const withOnly = (user: EntraUser): Tenant => {
      return { users: new Map([[user.objectId, user]]), groups: new Map(), version: 0 }
    }
    let tenant = withOnly(adele)
    const { ask } = await asking({ tenant: () => tenant })
    const { next } = await round(ask, FIRST)
    tenant = withOnly(bertha)
    const { told } = await round(ask, next, MINIMAL)
    const { objectId: id, displayName, mail } = bertha
    expect(told).toEqual([
      { id, displayName, mail, accountEnabled: true },
      { id: adele.objectId, '@removed': { reason: 'deleted' } },
    ])
  })

  test('tells in pages who changed while they were read only in the next', async () => {
    const first = makeTenant({ seed: 8, users: 300, groups: 1 })
    const { ask, change } = await asking({ first })
    const ids = [...first.users.keys()]
    const page = await ask(FIRST)
    const early = ids[0] ?? ''
    change({ kind: 'update', id: early, set: { displayName: 'Changed' } })
    const { told, next } = await round(ask, linkIn(page, 'nextLink') ?? '')
    expect(told.map(({ id }) => id)).not.toContain(early)
    expect((await round(ask, next, MINIMAL)).told).toEqual([{ id: early, displayName: 'Changed' }])
  })
})

describe('a relationship', () => {
  test('is told as a link, also the one that went', async () => {
    const { ask, change } = await asking()
    const { told, next } = await round(ask, '/users/delta?$select=manager')
    const type = '#microsoft.graph.user'
    expect(told[0]).toEqual({
      id: adele.objectId,
      'manager@delta': [{ '@odata.type': type, id: bertha.objectId }],
    })
    expect(told[1]).toEqual({ id: bertha.objectId })
    change({ kind: 'update', id: adele.objectId, set: { manager: guest.objectId } })
    expect((await round(ask, next)).told).toEqual([
      {
        id: adele.objectId,
        'manager@delta': [
          { '@odata.type': type, id: bertha.objectId, '@removed': { reason: 'deleted' } },
          { '@odata.type': type, id: guest.objectId },
        ],
      },
    ])
  })
})

describe('a filter', () => {
  test('tracks some users', async () => {
    const { ask, change } = await asking()
    const filter = `id eq '${adele.objectId}' or id eq '${guest.objectId}'`
    const { told, next } = await round(ask, `${FIRST}&$filter=${encodeURIComponent(filter)}`)
    expect(told.map(({ id }) => id)).toEqual([adele.objectId, guest.objectId])
    for (const { objectId } of [bertha, guest]) change({ kind: 'block', id: objectId })
    expect((await round(ask, next)).told.map(({ id }) => id)).toEqual([guest.objectId])
  })

  const many = Array.from({ length: 51 }, () => `id eq '${adele.objectId}'`).join(' or ')
  test.each(['accountEnabled eq true', `id ne '${adele.objectId}'`, many])(
    'is refused otherwise: %.40s',
    async (filter) => {
      const { ask } = await asking()
      const [status, code] = refusal(await ask(`${FIRST}&$filter=${encodeURIComponent(filter)}`))
      expect([status, code]).toEqual([400, 'Request_UnsupportedQuery'])
    },
  )
})

describe('is refused', () => {
  test.each([
    '$top=5',
    '$orderby=displayName',
    '$expand=manager',
    '$search="x"',
    '$count=true',
    '$skip=1',
  ])('with %s', async (option) => {
    const { ask } = await asking()
    expect(refusal(await ask(`/users/delta?${option}`))[0]).toBe(400)
  })

  test('with an unknown property, and with a token beside other options', async () => {
    const { ask } = await asking()
    expect(refusal(await ask('/users/delta?$select=nickname'))[0]).toBe(400)
    const { next } = await round(ask, FIRST)
    expect(refusal(await ask(`${next}&$select=mail`))[0]).toBe(400)
  })

  test('with a token that has expired, or that nobody gave: 410 and where to begin again', async () => {
    const { ask, graph } = await asking()
    const other = await asking()
    const { next } = await round(ask, FIRST)
    const { next: strange } = await round(other.ask, FIRST)
    const token = new URL(strange).searchParams.get('$deltatoken') ?? ''
    graph.expireDeltaTokens()
    for (const link of [
      next,
      '/users/delta?$deltatoken=abc',
      `/users/delta?$deltatoken=${token}`,
    ]) {
      const said = await ask(link)
      expect(refusal(said).slice(0, 2)).toEqual([410, 'syncStateNotFound'])
      const location = said.headers.get('Location') ?? ''
      expect(location).toBe(`${graph.origin}/v1.0/users/delta?$deltatoken=`)
      expect((await round(ask, location)).told).toHaveLength(6)
    }
    const fresh = await round(ask, FIRST)
    expect((await round(ask, fresh.next)).told).toEqual([])
  })
})

test('odd pages: empty ones, users twice, and deleted ones in the first round', async () => {
  const first = makeTenant({ seed: 8, users: 450, groups: 1 })
  const { ask } = await asking({ first, oddPages: true })
  const all = await pages(ask, '/users/delta?$select=displayName')
  expect(all.map((said) => valuesIn(said).length)).toEqual([201, 0, 101, 169])
  const told = all.flatMap(valuesIn)
  expect(new Set(told.map(({ id }) => id))).toEqual(new Set(first.users.keys()))
  const removed = told.filter((one) => one['@removed'] !== undefined)
  const recycledCount = [...first.users.values()].filter(({ softDeleted }) => softDeleted).length
  expect(new Set(removed.map(({ id }) => id)).size).toBe(recycledCount)
})
