import { join } from 'node:path'
import { openStore } from '../../src/db/open.ts'
import { newId } from '../../src/directory/id.ts'
import { DEFAULT_ORGANISATION } from '../../src/directory/organisation.ts'
import type { ImportOptions, Plan } from '../../src/directory/plan.ts'
import type { Directory, Store } from '../../src/directory/store.ts'
import type { Mailbox } from '../support/mail-server.ts'
import { type Administrator, until } from './administrator.ts'
import type { Graph } from './graph/graph.ts'

/** The settings with which Entrance reads people there and sends them mails. */
export function importSettings(graph: Graph, mailbox: Mailbox): Record<string, string> {
  return {
    ENTRA_GRAPH_URL: graph.origin,
    SMTP_URL: mailbox.url,
    MAIL_FROM: 'Entrance <entrance@contoso.example>',
    APPLICATION_NAME: 'Contoso Studio',
    CLIENT_DOWNLOAD_URL: 'https://downloads.contoso.example/studio',
  }
}

/** Looks at, or changes, what the Entrance of a folder keeps, past the server, as the command line does. */
export async function withStore<T>(
  folder: string,
  work: (store: Store, directory: Directory) => Promise<T>,
): Promise<T> {
  const url = `file:${join(folder, 'entrance.db')}`
  const store = await openStore(url, { now: () => new Date(), newId })
  try {
    const scope = { organisation: DEFAULT_ORGANISATION, localUsers: 'visible' } as const
    return await work(store, store.for(scope))
  } finally {
    await store.close()
  }
}

/** The same, of the one organisation there is. */
export function withDirectory<T>(
  folder: string,
  work: (directory: Directory) => Promise<T>,
): Promise<T> {
  return withStore(folder, (_, directory) => work(directory))
}

/** Makes a group whose members are chosen here; its id. */
export function makeLocalGroup(folder: string, displayName: string): Promise<string> {
  const cause = { actor: 'test', door: 'cli', requestId: newId() } as const
  return withDirectory(folder, async ({ groups }) => {
    const nobody = { kind: 'set', members: [] } as const
    const group = { attributes: { displayName }, members: nobody, origin: 'local' } as const
    return (await groups.create(group, cause)).id
  })
}

export type Preview = { plan: Plan; notFound: string[] }

/** Has Entrance work out an import of people of Entra. */
export function planImport(
  admin: Administrator,
  ids: readonly string[],
  options: Omit<ImportOptions, 'rules'> & { readonly links?: Readonly<Record<string, string>> },
): Promise<Preview> {
  const body = { people: { ids }, options }
  return admin.post<Preview>('/imports', body)
}

/** The import once it is as wanted; looks at it every so often. */
export function whenImport(
  admin: Administrator,
  { id }: Plan,
  isWanted: (plan: Plan) => boolean,
  milliseconds?: number,
): Promise<Plan> {
  return until(() => admin.get<Plan>(`/imports/${id}`), isWanted, milliseconds)
}

export const isFinished = ({ state }: Plan): boolean => state === 'finished'
