import { imports as texts } from '../../../texts/imports.ts'
import { action, page, type Page } from '../../console/asked.ts'
import { cancelImport, planImportAgain, startImport } from '../../imports.ts'
import { sendMails } from '../../mails.ts'
import { historyPages } from './history.tsx'
import { choosingPages } from './new.tsx'
import { personPages } from './person.tsx'
import { peopleIn, requireImport, showItems } from './plan.ts'
import { previewView } from './preview.tsx'
import { reportView } from './report.tsx'
import { progressPages, runningView } from './running.tsx'

const SECTION = '/admin/import'

/** Imports: whom, what they get, what would happen, how far it is, and what came of it. */
export const importPages: readonly Page[] = [
  ...historyPages,
  ...choosingPages,

  page('/import/{id}', async (asked) => {
    const plan = await requireImport(asked)
    if (plan.state === 'running') return runningView(plan)
    const shown = await showItems(asked)
    if (plan.state === 'preview') return previewView(asked, plan, shown)
    return reportView(asked, plan, shown)
  }),

  action('/import/{id}/start', async (asked) => {
    const { id } = asked
    const plan = await startImport.call(asked, { id })
    if (asked.sent.text('after') !== 'close') return { to: `${SECTION}/${id}` }
    return { to: '/admin/users', done: { text: texts.done.started(peopleIn(plan)) } }
  }),

  action('/import/{id}/stop', async (asked) => {
    const { id } = asked
    const before = await requireImport(asked)
    await cancelImport.call(asked, { id })
    if (before.state === 'preview') return { to: SECTION, done: { text: texts.done.discarded } }
    return { to: `${SECTION}/${id}`, done: { text: texts.done.stopped } }
  }),

  action('/import/{id}/again', async (asked) => {
    const { plan } = await planImportAgain.call(asked, { id: asked.id, body: {} })
    return { to: `${SECTION}/${plan.id}`, done: { text: texts.done.again } }
  }),

  action('/import/{id}/invite', async (asked) => {
    const { id } = asked
    await requireImport(asked)
    const { count } = await sendMails.call(asked, { body: { state: 'kept', planId: id } })
    return { to: `${SECTION}/${id}`, done: { text: texts.done.sent(count) } }
  }),

  ...personPages,
  ...progressPages,
]
