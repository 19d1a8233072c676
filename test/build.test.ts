import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { temporaryFolder } from './support/database.ts'

const ROOT = join(import.meta.dirname, '..')

const sources = {
  'src/main.ts': `import { count } from './db/count.ts'\n\nconsole.log(await count())\n`,
  'src/cli/main.ts': `import { place } from './place.ts'\n\nconsole.log(place)\n`,
  'src/cli/place.ts': `export const place = import.meta.dirname\n`,
  'src/db/count.ts': `import { once } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

export async function count() {
  const file = \`./count.worker\${extname(import.meta.filename)}\`
  return (await once(new Worker(new URL(file, import.meta.url)), 'message'))[0]
}
`,
  'src/db/count.worker.ts': `import { parentPort } from 'node:worker_threads'
import { Answer } from '../admin/answer.tsx'

parentPort?.postMessage(String(Answer({ number: 42 })))
`,
  'src/ui/browser/base.css': ':root { color: light-dark(#000000, #ffffff); }\n',
  'src/ui/browser/card.css': '.card { margin: 0; }\n',
  'src/ui/browser/console.css': '.console { margin: 0; }\n',
  'src/ui/browser/console.ts': `import { greeting } from './greeting.ts'\n\ndocument.title = greeting\n`,
  'src/ui/browser/greeting.ts': `export const greeting: string = 'Good morning'\n`,
  'src/admin/answer.tsx': `export const Answer = ({ number }: { number: number }) => <b>{number}</b>\n`,
}

/** The project with these sources in the place of its own. */
function project(): string {
  const folder = temporaryFolder()
  for (const name of ['package.json', 'tsconfig.json', 'tools/build.ts']) {
    cpSync(join(ROOT, name), join(folder, name))
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  for (const [name, content] of Object.entries(sources)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

async function run(folder: string, file: string) {
  const child = spawn(process.execPath, [file], { cwd: folder })
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { out, err, code }
}

const build = (folder: string) => run(folder, 'tools/build.ts')
const quiet = { out: '', err: '', code: 0 }

test('builds that run at once leave one bundle, with its threads and pages, and print nothing', async () => {
  const folder = project()
  const builds = await Promise.all([build(folder), build(folder), build(folder)])
  expect(builds).toEqual([quiet, quiet, quiet])
  const files = readdirSync(join(folder, 'dist/server'))
  expect(files.filter((name) => !/\.js(\.map)?$/.test(name))).toEqual(['browser'])
  const served = readdirSync(join(folder, 'dist/server/browser'))
  expect(served.sort()).toEqual(['base.css', 'card.css', 'console.css', 'console.js'])
  const sheet = readFileSync(join(folder, 'dist/server/browser/base.css'), 'utf8')
  expect(sheet).toContain('light-dark(')
  expect(files).toEqual(expect.arrayContaining(['cli.js', 'count.worker.js', 'main.js']))
  expect(await run(folder, 'dist/server/main.js')).toEqual({ ...quiet, out: '<b>42</b>\n' })
})

test('code knows its folder to be as deep as src/db, so that it finds the migrations', async () => {
  const folder = project()
  await build(folder)
  const { out } = await run(folder, 'dist/server/cli.js')
  expect(join(out.trim(), '../../drizzle')).toBe(join(folder, 'drizzle'))
})

test('a build removes what is old, and leaves what a build beside it may have made', async () => {
  const folder = project()
  const server = join(folder, 'dist/server')
  await build(folder)
  const yesterday = new Date(Date.now() - 86_400_000)
  for (const name of ['chunk-OLD.js', 'chunk-NEW.js']) writeFileSync(join(server, name), '')
  for (const name of ['chunk-OLD.js', 'main.js'])
    utimesSync(join(server, name), yesterday, yesterday)
  expect(await build(folder)).toEqual(quiet)
  const files = readdirSync(server)
  expect(files).toEqual(expect.arrayContaining(['chunk-NEW.js', 'main.js']))
  expect(files).not.toContain('chunk-OLD.js')
  // For a build of other sources, which would remove it.
  expect(statSync(join(server, 'main.js')).mtime > yesterday).toBe(true)
})

test('a build that fails says where, and leaves the bundle as it is', async () => {
  const folder = project()
  await build(folder)
  writeFileSync(join(folder, 'src/main.ts'), `import './nowhere.ts'\n`)
  const { out, err, code } = await build(folder)
  expect({ out, code }).toEqual({ out: '', code: 1 })
  expect(err).toContain('src/main.ts:1:7')
  expect(err).toContain('"./nowhere.ts"')
  expect(await run(folder, 'dist/server/main.js')).toMatchObject({ out: '<b>42</b>\n' })
})
