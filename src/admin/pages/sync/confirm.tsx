import type { Child } from 'hono/jsx'
import { sync as texts } from '../../../texts/sync.ts'
import { FormEnd, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { page, type Asked, type Page } from '../../console/asked.ts'
import { readSync } from '../../syncs.ts'
import { openOf, SECTION, type Plan } from './parts.tsx'

/** So many are named where it is asked whether it is right. */
const NAMED = 8

/** Whom a plan would switch off, by name. */
async function switchedOff(asked: Asked, plan: Plan): Promise<Child> {
  const { plans } = asked.directory
  const items = await plans.items(plan.id, { after: -1, limit: NAMED, action: 'deactivate' })
  const more = plan.actions.deactivate - items.length
  return (
    <ul class="points">
      {items.map(({ person }) => (
        <li>
          <bdi>{person.displayName || person.userPrincipalName}</bdi>
        </li>
      ))}
      {more > 0 ? <li>{texts.others(more)}</li> : null}
    </ul>
  )
}

/** A page that asks whether it is right to do something with a plan. */
function Ask(props: {
  readonly title: string
  readonly text: string
  readonly names: Child
  readonly note?: string
  readonly back: `/${string}`
  readonly to: `/${string}`
  readonly button: string
}) {
  return (
    <div data-dialog-body>
      <Head
        title={props.title}
        about={props.text}
        crumbs={[{ href: props.back, label: texts.title }]}
      />
      {props.names}
      {props.note === undefined ? null : <p>{props.note}</p>}
      <form method="post" action={at(props.to)}>
        <FormEnd back={props.back}>
          <Submit look="danger">{props.button}</Submit>
        </FormEnd>
      </form>
    </div>
  )
}

/** What is asked before a run switches somebody off, or is released. */
export const syncConfirmPages: readonly Page[] = [
  page('/sync/{id}/start', async (asked) => {
    const plan = await readSync.call(asked, { id: asked.id })
    const off = plan.actions.deactivate
    const back = `${SECTION}/${plan.id}` as const
    if (plan.held || plan.state === 'running' || openOf(plan) === 0) return { to: back }
    const title = texts.confirmRun.title(off)
    return {
      title,
      section: SECTION,
      narrow: true,
      body: (
        <Ask
          title={title}
          text={texts.confirmRun.text(openOf(plan), off)}
          names={await switchedOff(asked, plan)}
          note={texts.confirmRun.back}
          back={back}
          to={`${back}/start`}
          button={texts.confirmRun.button(openOf(plan))}
        />
      ),
    }
  }),

  page('/sync/{id}/release', async (asked) => {
    const plan = await readSync.call(asked, { id: asked.id })
    const back = `${SECTION}/${plan.id}` as const
    if (!plan.held) return { to: back }
    const title = texts.confirmRelease.title(plan.actions.deactivate)
    return {
      title,
      section: SECTION,
      narrow: true,
      body: (
        <Ask
          title={title}
          text={texts.confirmRelease.text}
          names={await switchedOff(asked, plan)}
          back={back}
          to={`${back}/release`}
          button={texts.confirmRelease.button}
        />
      ),
    }
  }),
]
