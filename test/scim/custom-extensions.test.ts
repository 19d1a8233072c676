import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/scim/schema/attribute.ts'
import { testApp } from '../support/app.ts'
import { newUser, USER } from '../support/resources.ts'

/*
 * Attributes under a URN that no schema describes: kept as they were sent, so that an Entra administrator can map
 * whatever the application wants without a change here (the tolerance rule `custom-extension`).
 */

const URN = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User'
const held: JsonObject = { badge: 'B-7', level: 3, remote: false, floors: ['a', 'b'] }

async function withExtension(extension: JsonObject = held) {
  const app = await testApp()
  const { id } = await newUser(app.scim, 'adele@contoso.example', { [URN]: extension })
  return { ...app, path: `/Users/${id}` }
}

describe('a value is kept as it was sent:', () => {
  test.each<[string, Json]>([
    ['a text', 'B-7'],
    ['a text of blanks', '  '],
    ['a number', 3.25],
    ['a large number', 1e21],
    ['true', true],
    ['false', false],
    ['texts', ['a', 'b', 'a']],
    ['a mixture', ['a', 1, false]],
    ['a flat object', { street: 'x', number: 7 }],
    ['flat objects', [{ value: 'a', type: 'work' }, { value: 'b' }]],
  ])('%s', async (_, value) => {
    const { scim, path } = await withExtension({ field: value })
    const { body } = await scim.get(path)
    expect(body[URN]).toStrictEqual({ field: value })
    expect(body['schemas']).toStrictEqual([USER, URN])
  })
})

describe('a value that is no value leaves nothing:', () => {
  test.each<[string, JsonObject]>([
    ['null', { field: null }],
    ['an empty array', { field: [] }],
    ['an empty object', { field: {} }],
    ['nulls alone', { field: [null] }],
    ['an empty extension', {}],
  ])('%s', async (_, extension) => {
    const { scim, path } = await withExtension(extension)
    const { body } = await scim.get(path)
    expect(body).not.toHaveProperty([URN])
    expect(body['schemas']).toStrictEqual([USER])
  })
})

describe('what is nested too deep is refused:', () => {
  test.each<[string, Json]>([
    ['an array in an array', [['a']]],
    ['an object in an object in an object', { a: { b: { c: 1 } } }],
    ['1,001 values', Array.from({ length: 1001 }, () => 'a')],
  ])('%s', async (_, value) => {
    const { scim } = await testApp()
    const { status, body } = await scim.post('/Users', {
      schemas: [USER],
      userName: 'a',
      [URN]: { field: value },
    })
    expect({ status, scimType: body['scimType'] }).toStrictEqual({
      status: 400,
      scimType: 'invalidValue',
    })
  })
})

describe('a PATCH', () => {
  test.each<[string, JsonObject, JsonObject | undefined]>([
    [
      'replaces one',
      { op: 'replace', path: `${URN}:badge`, value: 'C-8' },
      { ...held, badge: 'C-8' },
    ],
    [
      'finds its URN in any case',
      { op: 'replace', path: `${URN.toLowerCase()}:badge`, value: 'C-8' },
      { ...held, badge: 'C-8' },
    ],
    ['adds one', { op: 'add', path: `${URN}:desk`, value: '1' }, { ...held, desk: '1' }],
    [
      'removes one',
      { op: 'remove', path: `${URN}:badge` },
      { level: 3, remote: false, floors: ['a', 'b'] },
    ],
    [
      'clears one by an empty text',
      { op: 'replace', path: `${URN}:badge`, value: '' },
      { level: 3, remote: false, floors: ['a', 'b'] },
    ],
    [
      'merges an object without a path',
      { op: 'replace', value: { [URN]: { badge: 'C-8' } } },
      { ...held, badge: 'C-8' },
    ],
    [
      'reads a flat key',
      { op: 'add', value: { [`${URN}:badge`]: 'C-8' } },
      { ...held, badge: 'C-8' },
    ],
    [
      'P-13 merges into its URN',
      { op: 'add', path: URN, value: { badge: 'C-8' } },
      { ...held, badge: 'C-8' },
    ],
    ['P-13 removes its URN', { op: 'remove', path: URN }, undefined],
  ])('%s', async (_, operation, expected) => {
    const { scim, path } = await withExtension()
    expect((await scim.operate(path, operation)).status).toBe(200)
    const { body } = await scim.get(path)
    expect(body[URN]).toStrictEqual(expected)
    expect(body['schemas']).toStrictEqual([USER, ...(expected ? [URN] : [])])
  })

  test('selects an element by its sub-attributes', async () => {
    const cards = [
      { value: 'a', type: 'work' },
      { value: 'b', type: 'home' },
    ]
    const { scim, path } = await withExtension({ cards })
    await scim.operate(
      path,
      { op: 'replace', path: `${URN}:cards[type eq "home"].value`, value: 'c' },
      { op: 'remove', path: `${URN}:cards[type eq "work"]` },
    )
    expect((await scim.get(path)).body[URN]).toStrictEqual({
      cards: [{ value: 'c', type: 'home' }],
    })
  })
})

describe('H-07 names that every object of JavaScript has are plain names:', () => {
  test.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'])(
    '%s',
    async (name) => {
      const { scim, path, directory } = await withExtension({ first: '1' })
      // As text: a matcher that compares constructors has its own idea of a key of that name.
      const shown = async () => JSON.stringify((await scim.get(path)).body[URN])
      await scim.operate(path, { op: 'remove', path: `${URN}:${name}` })
      await scim.operate(path, { op: 'remove', path: `${URN}:${name}.sub` })
      expect(await shown()).toBe('{"first":"1"}')
      await scim.operate(path, { op: 'add', path: `${URN}:${name}[type eq "a"].value`, value: 'x' })
      expect(await shown()).toBe(`{"first":"1","${name}":[{"type":"a","value":"x"}]}`)
      await scim.operate(path, { op: 'replace', path: `${URN}:${name}`, value: 'text' })
      expect(await shown()).toBe(`{"first":"1","${name}":"text"}`)
      expect((await directory.events.list(0, 99)).at(-1)?.changes).toStrictEqual([
        { path: `${URN}:${name}`, from: [{ type: 'a', value: 'x' }], to: 'text' },
      ])
      const found = await scim.filter('/Users', `${URN}:${name} eq "TEXT"`)
      expect(found.body['totalResults']).toBe(1)
      const projected = await scim.get(`${path}?attributes=${URN}:${name}`)
      expect(JSON.stringify(projected.body[URN])).toBe(`{"${name}":"text"}`)
      await scim.operate(path, { op: 'remove', path: `${URN}:${name}` })
      const without = await scim.get(`${path}?attributes=${URN}:${name}`)
      expect(without.body).not.toHaveProperty([URN])
    },
  )
})

test('a group has such attributes too', async () => {
  const { scim } = await testApp()
  const urn = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:Group'
  const { body } = await scim.post('/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: 'Sales',
    [urn]: { cost: 7 },
  })
  expect(body[urn]).toStrictEqual({ cost: 7 })
  expect((await scim.filter('/Groups', `${urn}:cost gt 6`)).body['totalResults']).toBe(1)
})
