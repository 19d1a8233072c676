/** Makes an SQLite database for a run, in a process that gives its memory back. */
import { answerWith } from '../children.ts'
import { loadFile, sqliteTemplate } from '../load-sqlite.ts'

export interface LoadMessage {
  readonly file: string
  /** Without it nothing is loaded: only the template is looked at. */
  readonly load?: { readonly users: number; readonly groups: number }
}

answerWith(async ({ file, load }: LoadMessage) => {
  const template = await sqliteTemplate(`${file}.template`)
  if (load) await loadFile(template, file, load.users, load.groups)
  return { hash: template.hash }
})
