import { randomBytes } from 'node:crypto'
import { type MailboxOptions, type Mailbox, openMailbox } from '../support/mail-server.ts'
import { type Administrator, setUpAdministrator } from './administrator.ts'
import { DEMO_CLIENT, DEMO_TENANT, signInSettings, startDemoAuthority } from './demo-sign-in.ts'
import { importSettings, makeLocalGroup } from './entrance-import.ts'
import { type EntranceProcess, freePort, startEntrance } from './entrance-process.ts'
import { type Graph, startGraph } from './graph/graph.ts'
import type { Tenant } from './tenant.ts'

/** Entrance in its own process, with stand-ins for Entra, Graph and a mail server beside it. */
export type ImportOffice = {
  graph: Graph
  mailbox: Mailbox
  admin: Administrator
  /** A group whose members are chosen here. */
  group: string
  /** The process of the moment. */
  server: () => EntranceProcess
  /** The power failure. */
  kill: () => Promise<void>
  /** Starts Entrance again on what it has kept. */
  start: () => Promise<void>
  close: () => Promise<void>
}

/** Starts all of it on an empty folder. */
export async function openImportOffice(
  folder: string,
  tenant: () => Tenant,
  mailboxOptions?: MailboxOptions,
): Promise<ImportOffice> {
  const opened: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const end of opened.toReversed()) await end()
  }
  try {
    const clientSecret = randomBytes(16).toString('hex')
    const port = await freePort()
    const registration = { tenantId: DEMO_TENANT, clientId: DEMO_CLIENT, clientSecret }
    const graph = await startGraph({ ...registration, tenant })
    opened.push(graph.close)
    const origin = `http://127.0.0.1:${port}`
    const authority = await startDemoAuthority(origin, clientSecret, graph.origin)
    opened.push(authority.close)
    const mailbox = await openMailbox(mailboxOptions)
    opened.push(mailbox.close)

    const environment = { ...signInSettings(authority), ...importSettings(graph, mailbox) }
    const token = randomBytes(32).toString('hex')
    const begin = (): Promise<EntranceProcess> =>
      startEntrance({ folder, token, port, environment })
    let server = await begin()
    opened.push(() => server.stop())
    const admin = await setUpAdministrator(server)
    const group = await makeLocalGroup(folder, 'Project managers')
    return {
      graph,
      mailbox,
      admin,
      group,
      server: () => server,
      kill: () => server.stop('SIGKILL'),
      start: async () => {
        server = await begin()
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
