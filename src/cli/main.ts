// SQLite's driver crashes on an older Node, so this comes before anything that loads it.
const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `Entrance needs Node 24 or newer and this is ${process.versions.node}. Use "npm run cli -- …" after "npm ci", which brings the right one.`,
  )
  process.exit(1)
}

const [{ runCli }, { newId }] = await Promise.all([
  import('./program.ts'),
  import('../directory/id.ts'),
])
process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  write: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
  now: () => new Date(),
  newId,
})
