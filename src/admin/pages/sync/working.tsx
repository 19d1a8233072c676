import { sync as texts } from '../../../texts/sync.ts'
import { DoButton, LinkButton } from '../../../ui/action.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { Live, Progress } from '../../../ui/progress.tsx'
import type { EntraConnections } from '../../../directory/connection.ts'
import type { Tell, Work } from '../../background.ts'
import { action, page, type Asked, type Page, type Redirect } from '../../console/asked.ts'
import { live } from '../../console/live.ts'
import { planSync } from '../../syncs.ts'
import { SECTION } from './parts.tsx'

const WORKING = `${SECTION}/working`
const words = texts.workingOut

/** So long somebody is kept waiting for what may be there at once. */
const PATIENCE_MILLISECONDS = 800
/** The most that the API syncs at once. */
const MOST_CHOSEN = 1_000

/** Connections that tell how many people Entra was asked for. */
function counting(connections: EntraConnections, tell: Tell): EntraConnections {
  let asked = 0
  return {
    ...connections,
    async of(organisation) {
      const entra = await connections.of(organisation)
      if (!entra) return undefined
      return {
        ...entra,
        async usersById(ids) {
          const found = await entra.usersById(ids)
          asked += ids.length
          tell(asked)
          return found
        },
      }
    },
  }
}

type Whom = { readonly mode: 'full' | 'changes' } | { readonly users: readonly string[] }

/** Begins to work a preview out; how many users it is about is known for all but those who changed. */
async function begin(asked: Asked, whom: Whom): Promise<Work<string>> {
  const { linked } = await asked.directory.roster.counts()
  const total = 'users' in whom ? whom.users.length : whom.mode === 'full' ? linked : undefined
  return asked.previews.begin(asked.organisation, async (tell) => {
    tell(0, total)
    const caller = { ...asked, connections: counting(asked.connections, tell) }
    const body = 'users' in whom ? { users: [...whom.users] } : whom
    const { id } = await planSync.call(caller, { body })
    return id
  })
}

/** Whom a form means: those of its users who are linked, and how many of them are not. */
async function whomOf({ sent, directory }: Asked): Promise<{ whom: Whom; left: number }> {
  const ids = sent.list('id').slice(0, MOST_CHOSEN)
  if (ids.length === 0) {
    return { whom: { mode: sent.text('mode') === 'changes' ? 'changes' : 'full' }, left: 0 }
  }
  const users = await directory.users.some(ids)
  const linked = ids.filter((id) => users.get(id)?.link !== undefined)
  return { whom: { users: linked }, left: ids.length - linked.length }
}

function Standing({ work }: { readonly work: Work<string> }) {
  const { done, total } = work
  return (
    <Progress
      label={words.label}
      done={total === undefined ? done : Math.min(done, total)}
      total={total}
      text={words.progress(done, total)}
    />
  )
}

/** A preview, worked out while somebody looks: for everybody, those who changed, or users who were chosen. */
export const workingPages: readonly Page[] = [
  action('/sync', async (asked): Promise<Redirect> => {
    if (asked.previews.find(asked.organisation)?.state === 'going') {
      return { to: WORKING, done: { text: texts.left.busy, kind: 'warn' } }
    }
    const { whom, left } = await whomOf(asked)
    if ('users' in whom && whom.users.length === 0) {
      return { to: SECTION, done: { text: texts.left.none, kind: 'warn' } }
    }
    await begin(asked, whom)
    const work = await asked.previews.wait(asked.organisation, PATIENCE_MILLISECONDS)
    const told = left === 0 ? {} : { done: { text: texts.left.some(left), kind: 'warn' as const } }
    return { to: work?.state === 'done' ? `${SECTION}/${work.made}` : WORKING, ...told }
  }),

  page('/sync/working', async (asked) => {
    const work = asked.previews.find(asked.organisation)
    if (!work) return { to: SECTION }
    if (work.state === 'done') return { to: `${SECTION}/${work.made}` }
    const failed = work.state === 'failed'
    const title = failed ? words.failed : words.title
    return {
      title,
      section: SECTION,
      narrow: true,
      ...(failed ? {} : { refresh: 2 }),
      body: (
        <>
          <Head
            title={title}
            crumbs={[{ href: SECTION, label: texts.title }]}
            {...(failed ? {} : { about: words.text })}
          />
          {failed ? (
            <>
              <Note kind="bad">{work.problem.message}</Note>
              <div class="actions">
                <DoButton to={SECTION} look="main" icon="rotate-ccw">
                  {texts.start.again}
                </DoButton>
                <LinkButton href={SECTION}>{words.back}</LinkButton>
              </div>
            </>
          ) : (
            <Panel>
              <Live from={`${WORKING}/live`}>
                <Standing work={work} />
              </Live>
            </Panel>
          )}
        </>
      ),
    }
  }),

  live('/sync/working/live', async (asked) => {
    const work = asked.previews.find(asked.organisation)
    return work
      ? { part: <Standing work={work} />, goesOn: work.state === 'going' }
      : { part: null, goesOn: false }
  }),
]
