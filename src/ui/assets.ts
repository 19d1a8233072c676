import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { icons } from './icons.ts'

/** Where style sheets, scripts and icons are found. */
export const ASSETS_PATH = '/assets'

export interface Asset {
  readonly type: string
  readonly body: string
}

const types = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
} as const

const FOLDER = new URL('./browser/', import.meta.url)

function sprite(): string {
  const symbols = Object.entries(icons).map(
    ([name, drawing]) => `<symbol id="${name}" viewBox="0 0 24 24">${drawing}</symbol>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`
}

/** A door in a wall, as the sign of this product in the tab of a browser. */
const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#4f7bf0" stroke-width="2"><path d="M4 21V4.5A1.5 1.5 0 0 1 5.5 3H14a1.5 1.5 0 0 1 1.5 1.5V21" stroke-linecap="round"/><path d="M2.5 21h19" stroke-linecap="round"/><path d="M15.5 7.5 20 6v15" stroke-linejoin="round"/><circle cx="12" cy="12.5" r="1" fill="#4f7bf0" stroke="none"/></svg>`

/** The files of the folder browser/; where no bundle was built, scripts are read from their sources. */
function read(): ReadonlyMap<string, Asset> {
  const found = new Map<string, Asset>([
    ['icons.svg', { type: types.svg, body: sprite() }],
    ['favicon.svg', { type: types.svg, body: favicon }],
  ])
  for (const name of readdirSync(FOLDER)) {
    const [stem = '', end] = name.split('.')
    const text = readFileSync(new URL(name, FOLDER), 'utf8')
    if (end === 'css' || end === 'js') found.set(name, { type: types[end], body: text })
    if (end === 'ts') {
      const body = stripTypeScriptTypes(text).replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'")
      found.set(`${stem}.js`, { type: types.js, body })
    }
  }
  return found
}

let loaded: { readonly version: string; readonly files: ReadonlyMap<string, Asset> } | undefined

function load() {
  if (loaded) return loaded
  const files = read()
  const hash = createHash('sha256')
  for (const { body } of files.values()) hash.update(body)
  loaded = { version: hash.digest('base64url').slice(0, 12), files }
  return loaded
}

/** The path of a file that never changes under that path: browsers keep it for good. */
export function asset(name: string): `/${string}` {
  return `${ASSETS_PATH}/${load().version}/${name}`
}

/** The file of a name, and whether it is the one that this version of it stands for. */
export function assetOf(version: string, name: string): { file: Asset; same: boolean } | undefined {
  const { version: current, files } = load()
  const file = files.get(name)
  return file && { file, same: version === current }
}
