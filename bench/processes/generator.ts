/** The load generator: keeps a world for each server and drives one cell at a time against it. */
import { answerWith } from '../children.ts'
import { drive } from '../drive.ts'
import { ceilingScripts, newWorld, type World, workloads } from '../workloads.ts'

export interface CellMessage {
  readonly kind: 'cell'
  readonly workload: string
  /** A ceiling has scripts of its own. */
  readonly ceiling: boolean
  readonly pid: number
  /** Of the database server, where there is one. */
  readonly databasePid?: number
  readonly concurrency: number
  readonly warmUpSeconds: number
  readonly seconds: number
}

export type GeneratorMessage =
  | ({ readonly kind: 'world'; readonly name: string } & Parameters<typeof newWorld>[0])
  | ({ readonly world: string } & CellMessage)

const worlds = new Map<string, World>()

function runCell(message: { readonly world: string } & CellMessage) {
  const { workload: name, pid, databasePid, concurrency, warmUpSeconds, seconds } = message
  const world = worlds.get(message.world)
  const workload = workloads[name]
  const { background } = workload ?? {}
  const script = message.ceiling
    ? ceilingScripts[name === 'get' ? 'get' : 'post']
    : workload?.script
  if (!world || !script) throw new Error(`There is no ${name} in ${message.world}.`)
  return drive({
    port: world.port,
    pid,
    ...(databasePid === undefined ? {} : { databasePid }),
    concurrency,
    warmUpSeconds,
    seconds,
    script: () => script(world),
    ...(background && !message.ceiling ? { background: () => background(world) } : {}),
  })
}

answerWith((message: GeneratorMessage) => {
  if (message.kind === 'cell') return runCell(message)
  worlds.set(message.name, newWorld(message))
  return undefined
})
