/** Makes a database for a run, in a process that gives its memory back. */
import { answerWith } from '../children.ts'
import { type Load, loadDatabase, makeTemplate } from '../database.ts'

export type LoadMessage =
  | { readonly kind: 'template'; readonly file: string }
  | ({ readonly kind: 'load' } & Load)

answerWith(async (message: LoadMessage) => {
  const template = await makeTemplate(`${message.file}.template`)
  if (message.kind === 'load') await loadDatabase(template, message, () => undefined)
  return { hash: template.hash }
})
