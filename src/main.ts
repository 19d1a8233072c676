// SQLite's driver crashes on an older Node, so this comes before anything that loads it.
const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `Entrance needs Node 24 or newer and this is ${process.versions.node}. Start it with "npm start" after "npm ci", which brings the right one.`,
  )
  process.exit(1)
}

const { serveEntrance } = await import('./serve.ts')
await serveEntrance(process)
