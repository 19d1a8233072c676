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

/** A part of what is printed. */
function find(printed: string, pattern: RegExp): string {
  expect(printed).toMatch(pattern)
  return pattern.exec(printed)?.[1] ?? ''
}

test('the demo lets in, does not know and turns away whom it says, and shows its invitations', async () => {
  const printed = await startDemo()
  expect(printed).toContain('No failed request.\nThe server equals the tenant: ')
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
  const known = find(printed, /^ +(.+?) +gets in$/m)
  await connect(known)
  await sees(page, known)

  const imported = find(printed, /^ +(.+?) +gets in, since the import$/m)
  const colleague = await openWindow(new URL(address).origin, entra)
  await connect(imported, colleague)
  await sees(colleague, imported)

  const [, userName = '', password = ''] =
    /^Admin +(\S+) +with the password +(\S+)$/m.exec(printed) ?? []
  const office = await openWindow(new URL(address).origin)
  await office.goto(address)
  await signIn(office, userName, password)
  await sees(office, 'Ada Administrator')

  const mails = await openWindow(find(printed, /^Mails +(\S+)$/m))
  const invitations = Number(find(printed, /^Imported: 24 people .* (\d+) invitations\.$/m))
  await expect
    .poll(
      async () => {
        await mails.goto('/')
        return mails.getByRole('heading', { name: 'Your access to Contoso Studio' }).count()
      },
      { timeout: 15_000 },
    )
    .toBe(invitations)
})
