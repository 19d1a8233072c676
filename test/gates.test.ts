import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

const root = resolve(import.meta.dirname, '..')
const configs = [
  '.gitignore',
  '.oxlintrc.json',
  'biome.json',
  'drizzle.config.ts',
  'knip.json',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
]
const trees: string[] = []

/** A copy of the project, with `parts` of its folders, in which these files are written or changed. */
function tree(
  parts: readonly string[],
  planted: Readonly<Record<string, string | ((text: string) => string)>>,
): string {
  const copy = mkdtempSync(join(tmpdir(), 'entrance-gates-'))
  trees.push(copy)
  for (const name of [...configs, ...parts]) {
    cpSync(join(root, name), join(copy, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const [name, text] of Object.entries(planted)) {
    const file = join(copy, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof text === 'string' ? text : text(readFileSync(file, 'utf8')))
  }
  return copy
}

afterAll(() => {
  for (const copy of trees) rmSync(copy, { recursive: true, force: true })
})

function run(cwd: string, program: string, ...args: string[]) {
  const { VITEST: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: {
      ...env,
      NO_COLOR: '1',
      PATH: `${join(root, 'node_modules/.bin')}${delimiter}${env['PATH'] ?? ''}`,
    },
  })
  return { status, stdout, output: `${stdout}${stderr}` }
}

function importing(module: string): string {
  return `import * as planted from '${module}'\n\nexport const found = planted\n`
}

describe('the linter', () => {
  const imports: readonly (readonly [folder: string, module: string])[] = [
    ['src/scim', '../db/open.ts'],
    ['src/scim', '../admin/pages.ts'],
    ['src/scim', '../auth/provisioning.ts'],
    ['src/scim', '../entra/graph.ts'],
    ['src/scim', 'drizzle-orm/sqlite-core'],
    ['src/scim', 'jose'],
    ['src/scim/protocol', '../routes.ts'],
    ['src/scim/protocol', '../../directory/user.ts'],
    ['src/scim/protocol', '../../log.ts'],
    ['src/scim/protocol', 'hono'],
    ['src/scim/protocol', 'node:crypto'],
    ['src/scim/schema', '../http.ts'],
    ['src/scim/schema', '../../db/open.ts'],
    ['src/scim/schema', 'node:fs'],
    ['src/directory', 'hono'],
    ['src/directory', 'hono/factory'],
    ['src/directory', 'drizzle-orm'],
    ['src/directory', 'better-sqlite3'],
    ['src/directory', 'pg'],
    ['src/directory', 'zod'],
    ['src/directory', 'node:fs'],
    ['src/directory', '../db/open.ts'],
    ['src/directory', '../scim/http.ts'],
    ['src/directory', '../log.ts'],
    ['src/db', 'hono'],
    ['src/db', '@hono/node-server'],
    ['src/db', 'node:process'],
    ['src/db', '../scim/http.ts'],
    ['src/db', '../auth/principal.ts'],
    ['src/db', '../config.ts'],
    ['src/auth', 'drizzle-orm'],
    ['src/auth', 'better-sqlite3'],
    ['src/auth', '../db/open.ts'],
    ['src/auth', '../scim/http.ts'],
    ['src/auth', '../admin/pages.ts'],
    ['src/ui', '../directory/user.ts'],
    ['src/ui', 'hono'],
    ['src/admin', '../scim/routes.ts'],
    ['src/admin', '../auth/provisioning.ts'],
    ['src/admin', '../db/open.ts'],
    ['src/admin', '@azure/msal-node'],
    ['src/entra', '../scim/routes.ts'],
    ['src/entra', 'drizzle-orm'],
    ['src/entra', 'pg'],
    ['src/mail', '../auth/principal.ts'],
    ['src/webhooks', '../admin/webhooks.ts'],
    ['src/webhooks', 'drizzle-orm'],
    ['src/cli', '../db/sqlite.ts'],
    ['src/cli', 'better-sqlite3'],
    ['src/cli', 'pg'],
    ['src/cli', '../scim/http.ts'],
    ['src', 'better-sqlite3'],
    ['src', 'pg'],
    ['src', 'drizzle-orm/better-sqlite3'],
    ['src', 'jose'],
  ]

  const builder = `import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { organisations } from './tables.sqlite.ts'

`
  const others = {
    'a drizzle builder that nobody awaits': {
      file: 'src/db/planted-builder.ts',
      text: `${builder}export function forget(db: BetterSQLite3Database): void {\n  db.delete(organisations)\n}\n`,
      code: 'typescript(no-floating-promises)',
    },
    'a drizzle builder that nobody awaits, in a transaction': {
      file: 'src/db/planted-transaction.ts',
      text: `${builder}export function forget(db: BetterSQLite3Database): void {\n  db.transaction((inner) => {\n    inner.insert(organisations).values({ id: '1', name: 'x', created: '' }).returning()\n  })\n}\n`,
      code: 'typescript(no-floating-promises)',
    },
    'a promise that nobody awaits': {
      file: 'src/planted-promise.ts',
      text: `export function start(): void {\n  Promise.resolve(1)\n}\n`,
      code: 'typescript(no-floating-promises)',
    },
    'process.env outside main.ts': {
      file: 'src/directory/planted-env.ts',
      text: `export const port = process.env['PORT']\n`,
      code: 'node(no-process-env)',
    },
    any: {
      file: 'src/directory/planted-any.ts',
      text: `export const anything: any = 1\n`,
      code: 'typescript(no-explicit-any)',
    },
    'a non-null assertion': {
      file: 'src/directory/planted-assertion.ts',
      text: `export const first = (list: readonly string[]) => list[0]!\n`,
      code: 'typescript(no-non-null-assertion)',
    },
    'a cycle': {
      file: 'src/directory/planted-cycle.ts',
      text: `import { two } from './planted-cycle-two.ts'\n\nexport const one = () => two()\n`,
      code: 'import(no-cycle)',
    },
    'a file of more than 400 lines': {
      file: 'src/directory/planted-lines.ts',
      text: Array.from({ length: 401 }, (_, n) => `export const line${n} = ${n}\n`).join(''),
      code: 'eslint(max-lines)',
    },
    'a default export': {
      file: 'src/directory/planted-default.ts',
      text: `export default 1\n`,
      code: 'import(no-default-export)',
    },
    'a switch that leaves a case out': {
      file: 'src/directory/planted-switch.ts',
      text: `export function size(kind: 'small' | 'large'): number {\n  switch (kind) {\n    case 'small':\n      return 1\n  }\n  return 2\n}\n`,
      code: 'typescript(switch-exhaustiveness-check)',
    },
    console: {
      file: 'src/scim/planted-console.ts',
      text: `console.log('planted')\n`,
      code: 'eslint(no-console)',
    },
  }
  const dynamic = 'src/scim/planted-dynamic.ts'
  const fileOf = (folder: string, index: number) => `${folder}/planted-import-${index}.ts`

  const report = z.object({
    diagnostics: z.array(z.object({ code: z.string().optional(), filename: z.string() })),
  })
  const lint = () => {
    // The rules go by the place of a file and by what it names: the other sources would cost ten seconds.
    const copy = tree(['src/app.ts', 'src/db/tables.sqlite.ts'], {
      ...Object.fromEntries(
        imports.map(([folder, module], index) => [fileOf(folder, index), importing(module)]),
      ),
      ...Object.fromEntries(Object.values(others).map(({ file, text }) => [file, text])),
      'src/directory/planted-cycle-two.ts': `import { one } from './planted-cycle.ts'\n\nexport const two = (): unknown => one()\n`,
      [dynamic]: `export const open = () => import('../db/open.ts')\n`,
      'src/app.ts': (text) => importing('better-sqlite3') + text,
    })
    const { status, stdout } = run(copy, 'oxlint', '--type-aware', '--deny-warnings', '-f', 'json')
    const found = report.parse(JSON.parse(stdout)).diagnostics
    return { status, found: found.map(({ code = '', filename }) => `${code} ${filename}`) }
  }
  let linted: ReturnType<typeof lint> | undefined
  const findings = () => (linted ??= lint())

  test('fails', () => {
    expect(findings().status).toBe(1)
  })

  test.each(imports)('refuses that %s imports %s', (folder, module) => {
    const index = imports.findIndex(([one, other]) => one === folder && other === module)
    expect(findings().found).toContain(`eslint(no-restricted-imports) ${fileOf(folder, index)}`)
  })

  test.each([dynamic, 'src/app.ts'])('refuses the import of the store in %s', (file) => {
    expect(findings().found).toContain(`eslint(no-restricted-imports) ${file}`)
  })

  test.each(Object.entries(others))('refuses %s', (_, { file, code }) => {
    expect(findings().found).toContain(`${code} ${file}`)
  })
})

test('the compiler refuses a wrong type', () => {
  const copy = tree([], { 'src/planted.ts': `export const port: number = 'x'\n` })
  const { status, output } = run(copy, 'tsc', '-p', '.')
  expect(status).not.toBe(0)
  expect(output).toContain('src/planted.ts(1,14): error TS2322')
})

test('the formatter refuses another style', () => {
  const copy = tree([], { 'src/planted.ts': `export const a = "x";\n` })
  const { status, output } = run(copy, 'biome', 'format', '.')
  expect(status).not.toBe(0)
  expect(output).toContain('src/planted.ts')
})

test('the search for dead code names a file, an export and a dependency that nothing uses', () => {
  // Tests and tools would cost a second, and say nothing of what is planted.
  const copy = tree(['src'], {
    'src/planted.ts': 'export const alone = 1\n',
    'src/config.ts': (text) => `${text}\nexport const plantedExport = 1\n`,
    'package.json': (text) => text.replace('"zod":', '"planted-dependency": "1.0.0",\n    "zod":'),
  })
  const { status, output } = run(copy, 'knip')
  expect(status).not.toBe(0)
  expect(output).toMatch(/Unused files[^]*src\/planted\.ts/)
  expect(output).toMatch(/Unused dependencies[^]*planted-dependency/)
  expect(output).toMatch(/Unused exports[^]*plantedExport/)
})

test('the check of the generated pages names each that is stale', () => {
  const copy = tree(['src', 'tools'], {
    'docs/planted.md': '',
    'src/config.ts': (text) => text.replace('The TCP port', 'The planted port'),
    'src/scim/protocol/tolerances.ts': (text) => text.replace("'op-case'", "'planted-case'"),
    'src/scim/schema/user.ts': (text) => text.replace('Casual way', 'Planted way'),
  })
  cpSync(join(root, 'docs'), join(copy, 'docs'), { recursive: true })
  const { status, output } = run(copy, 'node', 'tools/docs.ts', '--check')
  expect(status).toBe(1)
  expect(output.match(/docs\/\S+\.md/g)).toEqual([
    'docs/configuration.md',
    'docs/scim-support.md',
    'docs/tolerances.md',
  ])
})

describe('the check of the migrations', () => {
  const migrations = (changes: Parameters<typeof tree>[1]) =>
    run(tree(['src/db', 'drizzle', 'tools'], changes), 'node', 'tools/migrations.ts')
  const kinds = { sqlite: 'sqliteTable', pg: 'pgTable' }
  const planted = ([dialect, kind]: readonly string[]) =>
    [
      `src/db/tables.${dialect}.ts`,
      (text: string) =>
        `${text}\nexport const planted = ${kind}('planted', { id: text('id').primaryKey() })\n`,
    ] as const

  test('passes when nothing changed', () => {
    expect(migrations({})).toMatchObject({ status: 0 })
  })

  test('shows what is missing for a new table, on SQLite and on PostgreSQL', () => {
    const { status, output } = migrations(Object.fromEntries(Object.entries(kinds).map(planted)))
    expect(status).toBe(1)
    expect(output).toContain('CREATE TABLE `planted`')
    expect(output).toContain('CREATE TABLE "planted"')
  })

  test('fails for a renamed column, which drizzle-kit asks about', () => {
    const { status, output } = migrations({
      'src/db/tables.sqlite.ts': (text) => text.replace("text('name')", "text('planted')"),
    })
    expect(status).toBe(1)
    expect(output).toContain('npm run db:generate')
  })
})

describe('npm test', () => {
  const check = (tests: Record<string, string>, ...args: string[]) => {
    const copy = tree(['tools'], tests)
    const { status, stdout } = run(copy, 'node', 'tools/check.ts', ...args)
    return { status, lastLine: stdout.trimEnd().split('\n').at(-1) }
  }
  const testing = (body: string) => `import { expect, test } from 'vitest'\n\n${body}\n`
  const passing = testing(`test('a', () => expect(1).toBe(1))`)

  test.each([
    ['passing tests', { 'test/a.test.ts': passing }, 0, '1 passed, 0 failed'],
    [
      'a failing test and a file that does not load',
      {
        'test/a.test.ts': passing,
        'test/b.test.ts': testing(`test('b', () => expect(1).toBe(2))`),
        'test/c.test.ts': testing(`throw new Error('broken')`),
      },
      1,
      '1 passed, 2 failed',
    ],
    [
      'a rejection that no test handles',
      { 'test/a.test.ts': `${passing}\nvoid Promise.reject(new Error('lost'))\n` },
      1,
      '1 passed, 1 failed',
    ],
    ['no test at all', {}, 1, '0 passed, 1 failed'],
  ])('counts %s', (_, tests, status, lastLine) => {
    expect(check(tests, '--only', 'tests')).toEqual({ status, lastLine })
  })

  test('fails when a gate fails', () => {
    const planted = { 'src/planted.ts': `export const a = "x";\n` }
    expect(check(planted, '--only', 'format')).toMatchObject({ status: 1 })
  })

  test('knows its gates', () => {
    expect(check({}, '--only', 'spelling')).toMatchObject({ status: 2 })
  })
})
