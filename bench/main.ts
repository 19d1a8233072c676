/** `npm run bench`: measures Entrance, or writes down what was measured. */
import { runConsole } from './console.ts'
import { runImport } from './import.ts'
import { help, readOptions } from './options.ts'
import { summariseProfile } from './profile.ts'
import { writeReport } from './report.ts'
import { runRoster } from './roster.ts'
import { runBench } from './run.ts'
import { runSync } from './sync.ts'
import { runVerification } from './verify.ts'

const options = readOptions(process.argv.slice(2), new Date())
// Children are ended, and the temporary folder removed, when the process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

switch (options.command) {
  case 'help':
    process.stdout.write(help)
    break
  case 'wrong':
    process.stderr.write(`${options.problem}\n\n${help}`)
    process.exitCode = 2
    break
  case 'report':
    writeReport(options.files)
    break
  case 'verify':
    await runVerification(new Date())
    break
  case 'import':
    await runImport(options.people, new Date())
    break
  case 'sync':
    await runSync(options.people, new Date())
    break
  case 'roster':
    await runRoster(options.people, new Date())
    break
  case 'console':
    await runConsole(options.people, new Date())
    break
  case 'profile':
    process.stdout.write(summariseProfile(options.file))
    break
  case 'run':
    process.exitCode = (await runBench(options)) === 0 ? 0 : 1
    break
}
