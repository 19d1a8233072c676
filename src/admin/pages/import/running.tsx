import { imports as texts } from '../../../texts/imports.ts'
import { DoButton, LinkButton } from '../../../ui/action.tsx'
import { Head, Steps } from '../../../ui/head.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { Live, Progress } from '../../../ui/progress.tsx'
import type { Asked, Page, View } from '../../console/asked.ts'
import { live } from '../../console/live.ts'
import { peopleIn, requireImport, type ImportPlan } from './plan.ts'

const SECTION = '/admin/import'
const words = texts.running

/** So often a page is asked for again where no script runs. */
const REFRESH_SECONDS = 3

/** How far an import is. */
function HowFar({ plan }: { readonly plan: ImportPlan }) {
  const { planned, changed, failed } = plan.states
  const total = peopleIn(plan)
  const left = changed + failed
  const done = words.progress(total - planned, total)
  return (
    <Progress
      label={words.label}
      done={total - planned}
      total={total}
      text={left === 0 ? done : `${done} · ${words.failed(left)}`}
    />
  )
}

/** An import that is being carried out, told on another page. */
export function ImportPanel({ plan }: { readonly plan: ImportPlan }) {
  return (
    <Panel
      title={words.title(peopleIn(plan))}
      actions={
        <LinkButton href={`${SECTION}/${plan.id}`} small>
          {words.open}
        </LinkButton>
      }
    >
      <RunningImport plan={plan} />
    </Panel>
  )
}

/** How far an import is, renewed as it goes on. */
function RunningImport({ plan }: { readonly plan: ImportPlan }) {
  return (
    <Live from={`${SECTION}/${plan.id}/progress`}>
      <HowFar plan={plan} />
    </Live>
  )
}

/** The import that is running, if one is. */
export async function runningImport(asked: Asked): Promise<ImportPlan | undefined> {
  const running = await asked.store.runningPlans()
  for (const { organisation, id } of running) {
    if (organisation !== asked.organisation) continue
    const plan = await asked.directory.plans.read(id)
    // What was chosen for an import, as its kind says.
    if (plan?.kind === 'import') return plan as ImportPlan
  }
  return undefined
}

/** What is seen while an import is carried out. */
export function runningView(plan: ImportPlan): View {
  const title = words.title(peopleIn(plan))
  return {
    title,
    section: SECTION,
    refresh: REFRESH_SECONDS,
    body: (
      <>
        <Head
          title={title}
          crumbs={[{ href: SECTION, label: texts.title }]}
          about={words.about}
          actions={
            <DoButton to={`${SECTION}/${plan.id}/stop`} icon="ban">
              {words.stop}
            </DoButton>
          }
        />
        <Steps steps={texts.steps} current={2} />
        <Panel>
          <RunningImport plan={plan} />
        </Panel>
      </>
    ),
  }
}

/** How far an import is, as it goes on. */
export const progressPages: readonly Page[] = [
  live('/import/{id}/progress', async (asked) => {
    const plan = await requireImport(asked)
    return { part: <HowFar plan={plan} />, goesOn: plan.state === 'running' }
  }),
]
