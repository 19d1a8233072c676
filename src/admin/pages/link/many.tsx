import { link } from '../../../texts/link.ts'
import { DoButton, LinkButton } from '../../../ui/action.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Empty, Panel } from '../../../ui/panel.tsx'
import { Live, Progress } from '../../../ui/progress.tsx'
import { common } from '../../../texts/common.ts'
import { action, page, type Asked, type Page } from '../../console/asked.ts'
import { live } from '../../console/live.ts'
import { cancelImport, planImport, readImport, startImport } from '../../imports.ts'
import { itemsOf, namesIn, PlanItems, type Plan } from '../sync/parts.tsx'
import { beginSurvey, foundIn, hrefOf, SECTION } from './piles.ts'

const texts = link.many

/** Pairs of a user and an account, as a box of the table has them. */
function pairsIn({ sent }: Asked): (readonly [string, string])[] {
  return sent.list('id').flatMap((pair) => {
    const [user = '', person = ''] = pair.split(' ')
    return user === '' || person === '' ? [] : [[person, user] as const]
  })
}

/** All certain pairs that were found. */
function allPairs(asked: Asked): (readonly [string, string])[] {
  const found = foundIn(asked)?.found.values() ?? []
  return [...found].flatMap(({ user, pile, suggestions: [best] }) =>
    pile === 'exact' && best ? [[best.person.id, user.id] as const] : [],
  )
}

const pathOf = ({ id }: Pick<Plan, 'id'>) => `${SECTION}/many/${id}` as const

function Going({ plan }: { readonly plan: Plan }) {
  const { done, failed, changed } = plan.states
  const settled = done + failed + changed
  const total = settled + plan.states.planned
  return (
    <Progress
      label={texts.progress}
      done={settled}
      total={total}
      text={texts.progressText(settled, total)}
    />
  )
}

function Buttons({ plan }: { readonly plan: Plan }) {
  const back = <LinkButton href={hrefOf('exact')}>{texts.back}</LinkButton>
  if (plan.state === 'running') {
    return (
      <DoButton to={`${pathOf(plan)}/stop`} look="danger" icon="x">
        {link.many.stop}
      </DoButton>
    )
  }
  if (plan.state !== 'preview') return back
  return (
    <>
      <LinkButton href={hrefOf('exact')}>{common.cancel}</LinkButton>
      {plan.actions.link === 0 ? null : (
        <DoButton to={pathOf(plan)} look="main" icon="link">
          {texts.button(plan.actions.link)}
        </DoButton>
      )}
    </>
  )
}

/** Linking users together whose account is certain: a look at what changes, doing it, and what came of it. */
export const linkManyPages: readonly Page[] = [
  action('/link/many', async (asked) => {
    const pairs = asked.sent.has('all') ? allPairs(asked) : pairsIn(asked)
    if (pairs.length === 0) {
      const known = foundIn(asked) !== undefined || !asked.sent.has('all')
      if (!known) beginSurvey(asked)
      const text = known ? texts.none : texts.gone
      return { to: hrefOf('exact'), done: { text, kind: 'warn' } }
    }
    const links = Object.fromEntries(pairs)
    const { plan, notFound } = await planImport.call(asked, {
      body: {
        people: { ids: Object.keys(links) },
        options: { groups: [], invite: { when: 'never' }, links },
      },
    })
    const told =
      notFound.length === 0
        ? {}
        : { done: { text: texts.notFound(notFound.length), kind: 'warn' as const } }
    return { to: pathOf(plan), ...told }
  }),

  page('/link/many/{id}', async (asked) => {
    const plan = await readImport.call(asked, { id: asked.id })
    const after = asked.query('after')
    const { items, next } = await itemsOf(asked, plan, after)
    const names = await namesIn(asked.directory, items, [])
    const { done, planned, changed, failed } = plan.states
    const total = done + planned + changed + failed
    const others = total - plan.actions.link
    const title = texts.titles[plan.state]
    const about = {
      preview: texts.text,
      running: undefined,
      cancelled: texts.done(done, total),
      finished: texts.done(done, total),
    }[plan.state]
    return {
      title,
      section: SECTION,
      ...(plan.state === 'running' ? { refresh: 2 } : {}),
      body: (
        <>
          <Head
            title={title}
            crumbs={[{ href: SECTION, label: link.title }]}
            {...(about === undefined ? {} : { about })}
            actions={<Buttons plan={plan} />}
          />
          {plan.state === 'preview' && others > 0 ? (
            <Note kind="warn">{texts.conflicts(others)}</Note>
          ) : null}
          {plan.state === 'running' ? (
            <Panel>
              <Live from={`${pathOf(plan)}/live`}>
                <Going plan={plan} />
              </Live>
            </Panel>
          ) : null}
          <Panel bare>
            {items.length === 0 ? (
              <Empty icon="link" title={texts.nothing} />
            ) : (
              <PlanItems
                label={texts.list}
                items={items}
                names={names}
                results={plan.state !== 'preview'}
              />
            )}
            {after === '' && next === undefined ? null : (
              <footer class="pager">
                {after === '' ? null : (
                  <a class="button quiet small" href={asked.here({ after: '' })}>
                    {common.first}
                  </a>
                )}
                {next === undefined ? null : (
                  <a class="button quiet small" href={asked.here({ after: String(next) })}>
                    {common.next}
                  </a>
                )}
              </footer>
            )}
          </Panel>
          {plan.state === 'finished' ? <p class="hint">{texts.undo}</p> : null}
        </>
      ),
    }
  }),

  live('/link/many/{id}/live', async (asked) => {
    const plan = await readImport.call(asked, { id: asked.id })
    return { part: <Going plan={plan} />, goesOn: plan.state === 'running' }
  }),

  action('/link/many/{id}', async (asked) => {
    const plan = await startImport.call(asked, { id: asked.id })
    asked.surveys.forget(asked.organisation)
    return { to: pathOf(plan) }
  }),

  action('/link/many/{id}/stop', async (asked) => {
    const plan = await cancelImport.call(asked, { id: asked.id })
    return { to: pathOf(plan) }
  }),
]
