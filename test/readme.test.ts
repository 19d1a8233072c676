import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { isObject, type Json } from '../src/scim/schema/attribute.ts'
import { freePort, startEntrance } from './entra/entrance-process.ts'
import { temporaryFolder } from './support/database.ts'

const ROOT = join(import.meta.dirname, '..')
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')
const PRINTED_ORIGIN = 'http://localhost:3000'

/** The fenced blocks of the curl chapter, in order. */
function blocks(): { language: string; content: string }[] {
  const chapter = /## Try it with curl\n(.*?)\n## /s.exec(README)?.[1] ?? ''
  return [...chapter.matchAll(/```(\w+)\n(.*?)```/gs)].map(([, language = '', content = '']) => ({
    language,
    content,
  }))
}

/** A folder with a `curl` made of Node, for machines without one; real ones come first in the PATH. */
function standInCurl(): string {
  const folder = join(temporaryFolder(), 'bin')
  mkdirSync(folder)
  const program = `#!${process.execPath}
const { parseArgs } = require('node:util')
const { values, positionals: [url] } = parseArgs({ allowPositionals: true, options: {
  header: { type: 'string', short: 'H', multiple: true }, data: { type: 'string', short: 'd' },
  request: { type: 'string', short: 'X' }, silent: { type: 'boolean', short: 's' },
  'show-error': { type: 'boolean', short: 'S' } } })
fetch(url, { method: values.request ?? (values.data === undefined ? 'GET' : 'POST'), body: values.data,
  headers: (values.header ?? []).map((line) => line.split(/: */)) })
  .then((answer) => answer.text()).then((body) => process.stdout.write(body))
`
  writeFileSync(join(folder, 'curl'), program)
  chmodSync(join(folder, 'curl'), 0o755)
  return folder
}

async function shell(script: string, path: string): Promise<string> {
  const child = spawn('sh', ['-euc', script], { env: { PATH: path } })
  const output = text(child.stdout)
  const errors = text(child.stderr)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(await errors)
  return output
}

/** Puts what is different each time, and shown with an ellipsis, out of the comparison. */
function comparable(printed: Json, actual: Json): Json {
  if (typeof printed === 'string' && printed.includes('…')) {
    const [start = ''] = printed.split('…')
    const variable = start.replace(/(019a|2026-)$/, '')
    return typeof actual === 'string' && actual.startsWith(variable) ? printed : actual
  }
  if (!isObject(printed) || !isObject(actual)) return actual
  return Object.fromEntries(
    Object.entries(actual).map(([key, value]) => [key, comparable(printed[key] ?? null, value)]),
  )
}

test('the curl examples of the README print what they are shown to print', async () => {
  const folder = temporaryFolder()
  const token = /TOKEN=(\S+)/.exec(README)?.[1] ?? ''
  const port = await freePort()
  const environment = { PUBLIC_URL: PRINTED_ORIGIN }
  const server = await startEntrance({ folder, token, port, environment })
  onTestFinished(() => server.stop('SIGKILL'))

  const path = [process.env['PATH'] ?? '', standInCurl()].join(delimiter)
  let settings = ''
  let output = ''
  const printed: Json[] = []
  const actual: Json[] = []
  for (const { language, content } of blocks()) {
    const script = content.replaceAll(PRINTED_ORIGIN, server.origin)
    if (script.startsWith('BASE=')) settings += script
    else if (language === 'sh') output = await shell(`${settings}${script}`, path)
    else {
      const [shown, answer]: Json[] = [JSON.parse(content), JSON.parse(output)]
      printed.push(shown ?? null)
      actual.push(comparable(shown ?? null, answer ?? null))
      if (isObject(answer) && typeof answer['id'] === 'string') settings += `ID=${answer['id']}\n`
    }
  }
  expect(printed).toHaveLength(3)
  expect(actual).toEqual(printed)
}, 30_000)

test.each(['npm ci && npm run demo', 'npm ci && npm test'])(
  'the README has the line %s',
  (line) => {
    expect(README.split('\n').some((found) => found.trim().startsWith(line))).toBe(true)
  },
)

test('every file that the documents link to exists', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'docs/operations.md', 'docs/configuration.md']
  for (const page of pages) {
    const content = readFileSync(join(ROOT, page), 'utf8')
    for (const [, target = ''] of content.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
      const file = join(ROOT, page, '..', target)
      expect(() => readFileSync(join(file, '.')), `${page} links to ${target}`).not.toThrow(
        /ENOENT/,
      )
    }
  }
})
