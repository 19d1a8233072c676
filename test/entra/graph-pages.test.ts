import { describe, expect, test } from 'vitest'
import { asking, EVENTUAL, found, linkIn, pages, query, refusal, valuesIn } from './graph/asking.ts'
import { people } from './graph/small-tenant.ts'
import { makeTenant } from './make-tenant.ts'

describe('pages', () => {
  test('lead through 5,000 people, each once', async () => {
    const first = makeTenant({ seed: 4, users: 5_000, groups: 1 })
    const { ask, graph } = await asking({ first })
    const all = await pages(ask, '/users?$top=999&$select=id,displayName')
    const ids = all.flatMap(valuesIn).map(({ id }) => id)
    const live = [...first.users.values()].filter(({ softDeleted }) => !softDeleted)
    expect(ids).toEqual(live.map(({ objectId }) => objectId))
    expect(all.map((said) => valuesIn(said).length)).toEqual([999, 999, 999, 999, 999, 139])
    expect(graph.requests.byPath).toEqual(new Map([['/users', 6]]))
  })

  test('keep the query, and take it in another order', async () => {
    const { ask } = await asking()
    const path = query({
      filter: "department ne 'Finance'",
      count: 'true',
      orderby: 'displayName',
      top: '2',
      select: 'id',
    })
    const first = await ask(path, EVENTUAL)
    const link = linkIn(first, 'nextLink') ?? ''
    const [base = '', options = ''] = link.split('?')
    const turned = `${base}?${options.split('&').reverse().join('&')}`
    expect(found(first)).toEqual(['adele', 'bertha'])
    for (const next of [link, turned]) {
      expect(found(await ask(next, EVENTUAL))).toEqual(['blocked', 'guest'])
    }
    expect(refusal(await ask(link))[1]).toBe('Request_UnsupportedQuery')
  })

  test('have 100 unless told', async () => {
    const { ask } = await asking({ first: makeTenant({ seed: 4, users: 120, groups: 1 }) })
    expect(valuesIn(await ask('/users'))).toHaveLength(100)
  })

  test('go on where they were when somebody before was deleted', async () => {
    const { ask, change } = await asking()
    const first = await ask('/users?$top=2&$select=id')
    change({ kind: 'soft-delete', id: people.bertha.objectId })
    const next = await ask(linkIn(first, 'nextLink') ?? '')
    expect(found(next)).toEqual(['siobhan', 'guest'])
  })

  test('are sometimes short or empty, if wanted', async () => {
    const first = makeTenant({ seed: 4, users: 50, groups: 1 })
    const { ask } = await asking({ first, oddPages: true })
    const all = await pages(ask, '/users?$top=10')
    expect(all.map((said) => valuesIn(said).length)).toEqual([10, 0, 5, 10, 0, 5, 10, 0, 5, 7])
    const ids = all.flatMap(valuesIn).map(({ id }) => id)
    expect(new Set(ids).size).toBe(52)
  })

  test.each<[name: string, path: string, code: string, message: string | RegExp]>([
    [
      'too large',
      '/users?$top=1000',
      'Request_UnsupportedQuery',
      "Invalid page size specified: '1000'. Must be between 1 and 999 inclusive.",
    ],
    ['too small', '/users?$top=0', 'Request_UnsupportedQuery', /'0'\. Must be/u],
    ['of no number', '/users?$top=ten', 'BadRequest', /'ten' for \$top/u],
    [
      'skipped to',
      '/users?$skip=5',
      'Request_BadRequest',
      "'$skip' is not supported by the service.",
    ],
    [
      'of a token that nobody gave',
      '/users?$skiptoken=abc',
      'Directory_ExpiredPageToken',
      /expired/u,
    ],
    [
      'with an option that there is not',
      '/users?$format=xml',
      'Request_BadRequest',
      /'\$format' is not allowed/u,
    ],
    [
      'cut by an ampersand',
      "/users?$filter=department eq 'R&D'",
      'Request_BadRequest',
      /'d'' is not allowed/u,
    ],
    ['with an option twice', '/users?$top=1&$top=2', 'Request_BadRequest', /more than once/u],
  ])('are refused %s', async (_, path, code, message) => {
    const { ask } = await asking()
    const [status, said, why] = refusal(await ask(path))
    expect([status, said]).toEqual([400, code])
    expect(why).toMatch(message)
  })

  test('are refused with the token of another query', async () => {
    const { ask } = await asking()
    const link = linkIn(await ask('/users?$top=2'), 'nextLink') ?? ''
    expect(refusal(await ask(link.replace('top=2', 'top=3')))[1]).toBe('Directory_ExpiredPageToken')
  })
})
