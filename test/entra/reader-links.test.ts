import { expect, test } from 'vitest'
import { readChanges } from '../../src/entra/changes.ts'
import { graphLists } from '../../src/entra/graph-lists.ts'

const GRAPH = 'https://graph.example'
const FIRST = '/users?$top=1'

/** Lists of a Graph that answers everything alike, and what it is asked for. */
function answering(links: Readonly<Record<string, string>>) {
  const asked: string[] = []
  const answer = { value: [{ id: 'A' }], ...links }
  const client = {
    get: async (path: string) => {
      asked.push(path)
      return answer
    },
    all: async () => [],
  }
  return { lists: graphLists(client, GRAPH), asked }
}

test.each([
  ['another server', 'https://evil.example/v1.0/users?$skiptoken=x'],
  ['a server with the name in front', `${GRAPH}.evil.example/v1.0/users?$skiptoken=x`],
  ['a server with the name as a user', `${GRAPH}@evil.example/v1.0/users?$skiptoken=x`],
  ['another version', `${GRAPH}/beta/users?$skiptoken=x`],
  ['another list', `${GRAPH}/v1.0/groups?$skiptoken=x`],
  ['what is in the list', `${GRAPH}/v1.0/users/a/messages?$skiptoken=x`],
  ['no place', '/users?$skiptoken=x'],
])('a link of Graph itself that leads to %s is not passed on', async (_, link) => {
  const { lists, asked } = answering({ '@odata.nextLink': link })
  const page = lists.page(FIRST, undefined, String)
  await expect(page).rejects.toMatchObject({ code: 'refused' })
  const changes = answering({ '@odata.nextLink': link })
  await expect(readChanges(changes.lists, undefined)).rejects.toMatchObject({ code: 'refused' })
  const delta = answering({ '@odata.deltaLink': link })
  await expect(readChanges(delta.lists, undefined)).rejects.toMatchObject({ code: 'refused' })
  expect([asked.length, changes.asked.length, delta.asked.length]).toEqual([1, 1, 1])
})

test('a link that stays in the list is passed on without the server', async () => {
  const { lists } = answering({ '@odata.nextLink': `${GRAPH}/v1.0/users?$skiptoken=x` })
  expect(await lists.page(FIRST, undefined, () => 1)).toEqual({
    items: [1],
    next: '/users?$skiptoken=x',
  })
})

test('changes that say nowhere how to go on are a failure, not an end', async () => {
  const { lists } = answering({})
  await expect(readChanges(lists, undefined)).rejects.toMatchObject({ code: 'unavailable' })
})
