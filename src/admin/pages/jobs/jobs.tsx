import type { Child } from 'hono/jsx'
import { jobs as texts } from '../../../texts/jobs.ts'
import { DoButton, LinkButton } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Icon } from '../../../ui/icon.tsx'
import type { IconName } from '../../../ui/icons.ts'
import { Panel } from '../../../ui/panel.tsx'
import { Live, Progress } from '../../../ui/progress.tsx'
import { Time } from '../../../ui/time.tsx'
import { action, page, type Page } from '../../console/asked.ts'
import { live } from '../../console/live.ts'
import { readJobs, wakeJobs } from '../../jobs.ts'
import { regularJobs, type Regular } from './regular.tsx'

const SECTION = '/admin/jobs'

/** So often the page is asked for again where no script runs, while something goes on. */
const REFRESH_SECONDS = 5

type Jobs = Awaited<ReturnType<typeof readJobs.call>>
type Running = Jobs['plans'][number]

/** Whether there is anything to wait for. */
function goesOn({ plans, sync, mails, departures }: Jobs): boolean {
  return (
    plans.length > 0 ||
    sync.working ||
    departures.released > 0 ||
    (mails.configured && mails.going > 0)
  )
}

/** Something that goes on, and what can be done about it. */
function Going(props: {
  readonly icon: IconName
  readonly title: string
  readonly actions?: Child
  readonly children?: Child
}) {
  return (
    <li>
      <Icon name={props.icon} />
      <div class="words">
        <strong>{props.title}</strong>
        {props.children}
      </div>
      {props.actions === undefined ? null : <div class="actions">{props.actions}</div>}
    </li>
  )
}

function RunningPlan({ plan }: { readonly plan: Running }) {
  const { id, kind, created, done, failed, total } = plan
  const { plans: words } = texts
  const progress = words.progress(done, total)
  return (
    <Going
      icon={kind === 'import' ? 'import' : 'refresh-cw'}
      title={words[kind]}
      actions={
        <>
          <LinkButton href={`/admin/${kind}/${id}`} small of={words[kind]}>
            {texts.look}
          </LinkButton>
          <DoButton to={`/admin/${kind}/${id}/stop`} small icon="ban" of={words[kind]}>
            {texts.stop}
          </DoButton>
        </>
      }
    >
      <Progress
        label={words[kind]}
        done={done}
        total={total}
        text={failed === 0 ? progress : `${progress}${texts.joined}${words.failed(failed)}`}
      />
      <small>
        {words.since} <Time at={created} />
      </small>
    </Going>
  )
}

/** What goes on just now. */
function UnderWay({ jobs }: { readonly jobs: Jobs }) {
  const { plans, sync, mails, departures } = jobs
  if (!goesOn(jobs)) return <p class="inside is-soft">{texts.idle}</p>
  return (
    <ul class="lines">
      {plans.map((plan) => (
        <RunningPlan plan={plan} />
      ))}
      {sync.working ? (
        <Going
          icon="refresh-cw"
          title={texts.working.title}
          actions={
            <LinkButton href="/admin/sync/working" small of={texts.working.title}>
              {texts.look}
            </LinkButton>
          }
        >
          <p>{texts.working.text}</p>
        </Going>
      ) : null}
      {departures.released > 0 ? (
        <Going icon="circle-pause" title={texts.departing.title}>
          <p>{texts.departing.text(departures.released)}</p>
        </Going>
      ) : null}
      {mails.configured && mails.going > 0 ? (
        <Going icon="mail" title={texts.sending.title}>
          <p>{texts.sending.text(mails.going)}</p>
        </Going>
      ) : null}
    </ul>
  )
}

/** The work that is always there, with how it stands and when it goes on. */
function RegularJobs({ jobs }: { readonly jobs: readonly Regular[] }) {
  return (
    <ul class="lines">
      {jobs.map(({ icon, title, href, stands, next, run }) => (
        <li>
          <Icon name={icon} />
          <div class="words">
            <a class="name" href={at(href)}>
              {title}
            </a>
            <small>{stands}</small>
          </div>
          {next === undefined ? null : <span class="is-soft">{next}</span>}
          {run === undefined ? null : <div class="actions">{run}</div>}
        </li>
      ))}
    </ul>
  )
}

/** What goes on in the background. */
export const jobPages: readonly Page[] = [
  page('/jobs', async (asked) => {
    const jobs = await readJobs.call(asked)
    const busy = goesOn(jobs)
    return {
      title: texts.title,
      section: SECTION,
      ...(busy ? { refresh: REFRESH_SECONDS } : {}),
      body: (
        <>
          <Head
            title={texts.title}
            about={texts.about}
            actions={
              <DoButton to={`${SECTION}/wake`} icon="rotate-ccw">
                {texts.wake}
              </DoButton>
            }
          />
          <Panel title={texts.now} bare>
            {busy ? (
              <Live from={`${SECTION}/now`}>
                <UnderWay jobs={jobs} />
              </Live>
            ) : (
              <UnderWay jobs={jobs} />
            )}
          </Panel>
          <Panel title={texts.regular} bare>
            <RegularJobs jobs={regularJobs(jobs)} />
          </Panel>
        </>
      ),
    }
  }),

  live('/jobs/now', async (asked) => {
    const jobs = await readJobs.call(asked)
    return { part: <UnderWay jobs={jobs} />, goesOn: goesOn(jobs) }
  }),

  action('/jobs/wake', async (asked) => {
    await wakeJobs.call(asked)
    return { to: SECTION, done: { text: texts.woken } }
  }),
]
