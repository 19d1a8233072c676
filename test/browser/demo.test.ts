import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { button, goToEntra, sees, signIn } from './steps.ts'
import { closeBrowserAtEnd, openWindow } from './window.ts'

closeBrowserAtEnd()

const DEMO = join(import.meta.dirname, '../entra/demo.ts')

/** Runs the demo until the test has finished; what it has printed once it waits. */
async function startDemo(): Promise<string> {
  const child = spawn(process.execPath, [DEMO, '--users', '30'])
  const ended = once(child, 'close')
  onTestFinished(async () => {
    child.kill('SIGINT')
    expect(await ended).toEqual([0, null])
  })
  let printed = ''
  child.stderr.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  for await (const line of createInterface({ input: child.stdout })) {
    printed += `${line}\n`
    if (line.includes('Ctrl-C')) return printed
  }
  throw new Error(`The demo ended:\n${printed}`)
}

/** What comes after the provisioning, in order. */
const lines = [
  /^Local users: 40 were here before, 8 of them with a password\. Suggested accounts: 25 exact, 10 possible, 5 none\.$/m,
  /^Linked: 25 users in one import\. 5 of them had a password, 0 have one now: lina\.linked@\S+, who was signed in with it, is out, /m,
  /^Imported: 60 people .*, 60 members of “Project managers” with the role PM, \d+ invitations; \d+ have no e-mail address\.$/m,
  /^Compared: all linked users with Entra, and nobody has to change\.$/m,
  /^Synced: 1 changed in Entra: Mia Maiden is Mia Married here too, with mia\.married@contoso\.example and \+44 \(0\)300 4000\.$/m,
  /^Invited: (\d+) of \1 invitations have arrived in the mail catcher, and its page shows \1\.$/m,
  /^Left: Leo Leaver, .* both are refused, .* the event says that 2 sessions ended\.$/m,
]

/** A part of what is printed. */
function find(printed: string, pattern: RegExp): string {
  expect(printed).toMatch(pattern)
  return pattern.exec(printed)?.[1] ?? ''
}

test('the demo says what it did, lets in, does not know and turns away whom it says, and shows its invitations', async () => {
  const printed = await startDemo()
  expect(printed).toContain('No failed request.\nThe server equals the tenant: ')
  expect(printed).not.toContain('FAILED')
  for (const line of lines) expect(printed).toMatch(line)
  const address = find(printed, /^Sign in +(\S+)$/m)
  const entra = find(printed, / At (\S+), which stands in for Entra/)
  const page = await openWindow(new URL(address).origin, entra)
  const connect = async (name: string, window = page) => {
    await window.goto(address)
    await goToEntra(window)
    await window.getByRole('searchbox').fill(name)
    await button(window, 'Search').click()
    await window.getByRole('button', { name }).click()
  }

  await connect(find(printed, /^ +(.+?) +is turned away/m))
  await sees(page, 'You have not been given this application')
  await connect(find(printed, /^ +(.+?) +is not known here yet/m))
  await sees(page, 'You are not known here yet')
  await connect(find(printed, /^ +(.+?) +has left: /m))
  await sees(page, 'Your Microsoft account is disabled')
  const known = find(printed, /^ +(.+?) +gets in$/m)
  await connect(known)
  await sees(page, known)

  for (const pattern of [
    /^ +(.+?) +gets in, since the import$/m,
    /^ +(.+?) +gets in, since the link/m,
  ]) {
    const name = find(printed, pattern)
    const colleague = await openWindow(new URL(address).origin, entra)
    await connect(name, colleague)
    await sees(colleague, name)
  }

  const [, userName = '', password = ''] =
    /^Admin +(\S+) +with the password +(\S+)$/m.exec(printed) ?? []
  const office = await openWindow(new URL(address).origin)
  await office.goto(address)
  await signIn(office, userName, password)
  await sees(office, 'Overview')

  const mails = await openWindow(find(printed, /^Mails +(\S+)$/m))
  const invitations = Number(find(printed, /^Imported: 60 people .* (\d+) invitations; /m))
  expect(invitations).toBeGreaterThan(40)
  await mails.goto('/')
  const shown = mails.getByRole('heading', { name: 'Your access to Contoso Studio' })
  expect(await shown.count()).toBe(invitations)
}, 60_000)
