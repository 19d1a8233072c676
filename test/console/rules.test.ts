import { beforeEach, describe, expect, test } from 'vitest'
import { newAdmin, type AdminApi } from '../support/admin.ts'
import { newOwnGroup, newPushedGroup, newRule } from '../support/assignments.ts'
import { testApp, type TestApp } from '../support/app.ts'
import { newConsole, type Console } from '../support/console.ts'
import { newPerson } from '../support/programs.ts'
import { ENTERPRISE } from '../support/resources.ts'

let app: TestApp
let admin: Console
let api: AdminApi

beforeEach(async () => {
  app = await testApp()
  admin = await newConsole(app)
  api = await newAdmin(app)
})

const rules = () => app.directory.rules.list()
const names = async () => (await rules()).map(({ name }) => name)

/** A form as a browser sends it, with the conditions in their lines. */
function form(
  conditions: readonly (readonly [string, string, string])[],
  more: Readonly<Record<string, string | readonly string[]>> = {},
) {
  const lines = conditions.flatMap(([attribute, op, value], index) => [
    [`attribute-${index}`, attribute],
    [`op-${index}`, op],
    [`value-${index}`, value],
  ])
  return { name: 'Made', when: 'all', step: 'save', ...Object.fromEntries(lines), ...more }
}

describe('a rule', () => {
  test.each([
    [
      'one condition',
      form([['department', 'eq', 'Sales "EMEA"']]),
      'department eq "Sales \\"EMEA\\""',
    ],
    [
      'all of some, with an empty line between',
      form([
        ['title', 'sw', 'Lead'],
        ['', 'eq', ''],
        ['emails.value', 'ew', '@contoso.example'],
      ]),
      'title sw "Lead" and emails.value ew "@contoso.example"',
    ],
    [
      'any of some, also what must not be',
      form(
        [
          ['title', 'ne', 'Intern'],
          ['roles.value', 'np', 'forgotten'],
          ['addresses.country', 'pr', ''],
        ],
        { when: 'any' },
      ),
      'not (title eq "Intern") or not (roles.value pr) or addresses.country pr',
    ],
    ['always', form([['title', 'eq', 'x']], { when: 'everybody' }), 'userName pr'],
    [
      'a filter',
      form([['title', 'eq', 'x']], {
        when: 'filter',
        filter: 'title co "a" and not (nickName pr)',
      }),
      'title co "a" and not (nickName pr)',
    ],
  ])('is made of %s, and shown so again', async (_, fields, filter) => {
    const sales = await newOwnGroup(app.directory, 'Sales')
    const made = await admin.send('/admin/rules/new', { ...fields, group: sales, role: 'PM' })
    expect(made.words).toContain('Made is here, and tried after all others.')
    const [rule] = await rules()
    expect(rule).toStrictEqual({ id: rule?.id, name: 'Made', filter, groups: [sales], role: 'PM' })
    const path = `/admin/rules/${String(rule?.id)}`
    const shown = await admin.get(path)
    const chosen = [...shown.html.matchAll(/name="when" value="(\w+)" checked/g)].map(
      ([, one]) => one,
    )
    expect(chosen).toStrictEqual([fields.when])
    // Saved as it is shown, nothing changes.
    const values = [...shown.html.matchAll(/name="(value-\d)" value="([^"]*)"/g)]
    const lines = values.map(([, name, value]) => [name, String(value).replaceAll('&quot;', '"')])
    const picked = [
      ...shown.html.matchAll(/<select name="((?:attribute|op)-\d)".*?<\/select>/gs),
    ].map(([select, name]) => [name, /value="([^"]*)" selected/.exec(select)?.[1] ?? ''])
    const [, text = ''] = /<textarea[^>]*name="filter"[^>]*>([^<]*)/.exec(shown.html) ?? []
    await admin.send(path, {
      name: 'Made',
      when: fields.when,
      step: 'save',
      group: sales,
      role: 'PM',
      filter: text.replaceAll('&quot;', '"'),
      ...Object.fromEntries([...lines, ...picked]),
    })
    expect(await rules()).toStrictEqual([rule])
  })

  test.each([
    ['no condition', form([]), 'Say at least one condition.'],
    ['a condition without a value', form([['title', 'eq', '']]), 'Say a value.'],
    ['a value of nothing', form([['', 'eq', 'kept as typed']]), 'Choose what to look at.'],
    ['no name', form([['title', 'pr', '']], { name: '' }), 'Say a name.'],
    [
      'a filter that is wrong',
      form([], { when: 'filter', filter: 'title is "x"' }),
      'Unknown operator "is"',
    ],
    [
      'a group that is not there',
      form([['title', 'pr', '']], { 'group-named': 'Nobody' }),
      'No user group is called “Nobody”.',
    ],
    [
      'a group that Entra fills',
      form([['title', 'pr', '']], { 'group-named': 'pushed' }),
      'The members of “Pushed” come from Entra',
    ],
  ])(
    'is not made of %s, and the form says so and keeps what was typed',
    async (_, fields, words) => {
      await newPushedGroup(app.directory, 'Pushed')
      const answer = await admin.post('/admin/rules/new', { ...fields, role: 'kept role' })
      expect(answer.status).toBe(400)
      expect(answer.words).toContain(words)
      expect(answer.html).toContain('value="kept role"')
      const typed = Object.values<string | readonly string[]>(fields).flat()
      for (const kept of typed.filter((each) => each.startsWith('kept'))) {
        expect(answer.html).toContain(`value="${kept}"`)
      }
      expect(await rules()).toStrictEqual([])
    },
  )

  test('gets a user group by its name, and room for more conditions, before it is saved', async () => {
    await newOwnGroup(app.directory, 'Sales')
    const asked = form(
      [
        ['title', 'eq', 'a'],
        ['title', 'eq', 'b'],
      ],
      {
        step: 'more',
        rows: '2',
        'group-named': 'SALES',
      },
    )
    const { html, status } = await admin.post('/admin/rules/new', asked)
    expect(status).toBe(200)
    expect(html).toContain('name="attribute-2"')
    expect(html).not.toContain('name="attribute-3"')
    expect(html).toMatch(/name="group" value="[^"]*" checked/)
    expect(await rules()).toStrictEqual([])
  })

  test('begins with the condition that an address names', async () => {
    const query = 'attribute=roles.value&value=PM&name=App%20role%20PM'
    const { html } = await admin.get(`/admin/rules/new?${query}`)
    expect(html).toContain('value="App role PM"')
    expect(html).toContain('<option value="roles.value" selected="">')
    expect(html).toMatch(/name="value-0" value="PM"/)
  })

  test('is deleted, and brought back with undo to where it was', async () => {
    const sales = await newOwnGroup(app.directory, 'Sales')
    for (const name of ['one', 'two', 'three']) {
      await newRule(api, 'title pr', { name, groups: [sales], role: 'PM' })
    }
    const [, two] = await rules()
    const removed = await admin.send(`/admin/rules/${String(two?.id)}/remove`)
    expect(removed.words).toContain('two is deleted. What came of it stays. Undo')
    expect(await names()).toStrictEqual(['one', 'three'])
    const fields = { rule: String(two?.id), place: '1' }
    const back = await admin.send('/admin/rules/restore', fields)
    expect(back.words).toContain('two is back in its place.')
    expect(await names()).toStrictEqual(['one', 'two', 'three'])
    expect((await rules())[1]).toMatchObject({ filter: 'title pr', groups: [sales], role: 'PM' })
    const gone = await admin.send('/admin/rules/restore', { rule: 'nobody', place: '0' })
    expect(gone.words).toContain('It cannot be brought back any more')
  })
})

test.each([
  ['one more is said too', ' and ', 5, 'Job title is 4 and Job title is 5 Nothing'],
  ['more are counted', ' or ', 12, 'Job title is 4 or 8 more conditions Nothing'],
])('of many conditions of a rule the first four are said: %s', async (_, join, count, words) => {
  const conditions = Array.from({ length: count }, (_, index) => `title eq "${index + 1}"`)
  await newRule(api, conditions.join(join), { name: 'Many' })
  expect((await admin.get('/admin/rules')).words).toContain(words)
})

test('rules change places one step at a time, and the way on is where one was', async () => {
  for (const name of ['one', 'two', 'three']) await newRule(api, 'title pr', { name })
  const id = String((await rules())[2]?.id)
  const move = async (way: string) =>
    (await admin.post(`/admin/rules/${id}/move`, { way })).location
  expect(await move('up')).toBe(`/admin/rules#up-${id}`)
  expect(await names()).toStrictEqual(['one', 'three', 'two'])
  expect((await admin.get('/admin/rules')).words).toContain('three is rule 2 of 3 now.')
  expect(await move('up')).toBe(`/admin/rules#down-${id}`)
  expect(await names()).toStrictEqual(['three', 'one', 'two'])
  // There is no further up.
  await move('up')
  expect(await names()).toStrictEqual(['three', 'one', 'two'])
  expect(await move('down')).toBe(`/admin/rules#down-${id}`)
  expect(await names()).toStrictEqual(['one', 'three', 'two'])
})

test('fifty rules are on a page, and one that is moved is on the page it leads to', async () => {
  for (let at = 1; at <= 52; at += 1) await newRule(api, 'title pr', { name: `rule-${at}.` })
  const first = await admin.get('/admin/rules')
  expect(first.words).toContain('rule-50.')
  expect(first.words).not.toContain('rule-51.')
  expect(first.words).toContain('1 to 50 of 52')
  const rest = await admin.get('/admin/rules?from=50')
  expect(rest.words).toContain('51 rule-51.')
  expect(rest.words).toContain('52 rule-52.')
  expect(rest.words).not.toContain('rule-50.')
  const id = String((await rules())[49]?.id)
  const down = await admin.post(`/admin/rules/${id}/move`, { way: 'down' })
  expect(down.location).toBe(`/admin/rules?from=50#down-${id}`)
  const up = await admin.post(`/admin/rules/${id}/move`, { way: 'up' })
  expect(up.location).toBe(`/admin/rules#up-${id}`)
})

describe('the tester', () => {
  beforeEach(async () => {
    const sales = (department: string) => ({ [ENTERPRISE]: { department } })
    await newPerson(app.directory, 'ada', { displayName: 'Ada', ...sales('Sales') })
    await newPerson(app.directory, 'adam', { displayName: 'Adam', title: 'Planner' })
    await newRule(api, 'department eq "Sales"', { name: 'Sales people', role: 'Sales' })
    await newRule(api, 'title co "plan"', { name: 'Planners' })
  })

  test('says of people which rule decides, what it gives, and why the others do not', async () => {
    const { words } = await admin.get('/admin/rules?person=ad')
    expect(words).toContain('Ada ada “Sales people” decides Gets Role Sales')
    expect(words).toContain(
      'Adam adam “Planners” decides Gets Nothing Why not the others? Sales people : Department has no value; it would have to be "sales".',
    )
    expect((await admin.get('/admin/rules?person=zz')).words).toContain('No user has a name')
  })

  test('tries a rule before it is made, at its place, on whom it matches and on somebody by name', async () => {
    const asked = form([['displayName', 'sw', 'Ada']], { step: 'try', name: '', person: 'adam' })
    const { words, status } = await admin.post('/admin/rules/new', asked)
    expect(status).toBe(200)
    expect(words).toContain('3 users match.')
    expect(words).toMatch(/Adam adam “Planners” comes first .*3 users match/)
    expect(words).toContain('Ada Admin ada.admin This rule decides')
    expect(words).toContain('Ada ada “Sales people” comes first')
    expect(await names()).toStrictEqual(['Sales people', 'Planners'])
  })

  test('tries a changed rule in its own place', async () => {
    const [first] = await rules()
    const asked = form([['displayName', 'sw', 'Ada']], { step: 'try', person: '' })
    const { words } = await admin.post(`/admin/rules/${String(first?.id)}`, asked)
    expect(words).toContain('Ada ada This rule decides')
    expect(words).toContain('Adam adam This rule decides')
  })

  test('says what is wrong with what it cannot try', async () => {
    const wrong = await admin.post('/admin/rules/new', form([['title', 'eq', '']], { step: 'try' }))
    expect(wrong.status).toBe(400)
    expect(wrong.words).toContain('Not yet. Say a value.')
    const nobody = await admin.post(
      '/admin/rules/new',
      form([['title', 'eq', 'x']], { step: 'try' }),
    )
    expect(nobody.words).toContain('Nobody who is here matches.')
  })
})

test('the list says in words when each rule matches, and what it gives', async () => {
  const sales = await newOwnGroup(app.directory, 'Sales')
  const urn = `${ENTERPRISE}:department`
  await newRule(api, `${urn} eq "A" or Title sw "B"`, { name: 'words', groups: [sales] })
  await newRule(api, 'title gt "a"', { name: 'other' })
  const { words } = await admin.get('/admin/rules')
  expect(words).toContain('words Department is A or Job title begins with B Sales')
  expect(words).toContain('other title gt "a" Nothing')
  expect(
    (await newConsole(await testApp()).then((one) => one.get('/admin/rules'))).words,
  ).toContain('No rules yet')
})
