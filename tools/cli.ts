/** `npm run cli`: brings the bundle up to date, then is its command line. Nothing but that prints. */
import { pathToFileURL } from 'node:url'
import { buildOnce, CLI } from './build.ts'

await buildOnce()
await import(pathToFileURL(CLI).href)
