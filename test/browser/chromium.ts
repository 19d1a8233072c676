import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

const require = createRequire(import.meta.url)
const PACKAGE = require.resolve('@sparticuz/chromium')
const { version } = JSON.parse(readFileSync(join(PACKAGE, '../../package.json'), 'utf8')) as {
  readonly version: string
}
const FOLDER = join(import.meta.dirname, '../../node_modules/.cache/chromium', version)

const args = [
  '--disable-background-networking',
  '--disable-quic',
  // There is no network but this machine.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  '--font-render-hinting=none',
]

const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(FOLDER, 'fonts')}</dir>
  <cachedir>${join(FOLDER, 'fonts-cache')}</cachedir>
</fontconfig>
`

/** Unpacks the program that npm brought, once, and with it the libraries and the font it needs. */
function unpack(): void {
  if (existsSync(FOLDER)) return
  const partial = `${FOLDER}.${randomUUID()}`
  mkdirSync(partial, { recursive: true })
  const program = 'import(process.argv[1]).then((it) => it.default.executablePath())'
  const { status, stderr } = spawnSync(process.execPath, ['-e', program, PACKAGE], {
    // It unpacks into the temporary folder, and the libraries only where it takes itself to be at Amazon.
    env: { TMPDIR: partial, AWS_EXECUTION_ENV: 'nodejs24.x' },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`Chromium could not be unpacked: ${stderr}`)
  writeFileSync(join(partial, 'fonts/fonts.conf'), fonts)
  try {
    renameSync(partial, FOLDER)
  } catch (error) {
    rmSync(partial, { recursive: true })
    // Somebody else was faster.
    if (!existsSync(FOLDER)) throw error
  }
}

/** Starts Chromium without a window: the one that npm brings, where there is one for the system, or else the installed Chrome. */
export async function launchChromium(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return chromium.launch({ channel: 'chrome', args })
  }
  unpack()
  return chromium.launch({
    executablePath: join(FOLDER, 'chromium'),
    args,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(FOLDER, 'al2023/lib'),
      FONTCONFIG_PATH: join(FOLDER, 'fonts'),
    },
  })
}
