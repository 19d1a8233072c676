import type { Child } from 'hono/jsx'
import { jobs as texts } from '../../../texts/jobs.ts'
import { DoButton, LinkButton } from '../../../ui/action.tsx'
import type { IconName } from '../../../ui/icons.ts'
import { Time } from '../../../ui/time.tsx'
import type { readJobs } from '../../jobs.ts'

type Jobs = Awaited<ReturnType<typeof readJobs.call>>

/** Work that is there all the time, whether there is something to do or not. */
export interface Regular {
  readonly icon: IconName
  readonly title: string
  /** Where more of it is. */
  readonly href: `/${string}`
  readonly stands: Child
  /** When it goes on. */
  readonly next?: Child
  /** A way to run it now, where that makes sense. */
  readonly run?: Child
}

/** The words for those of some counts that are not zero, in a row; undefined where all are. */
function counts<Name extends string>(
  words: Readonly<Record<Name, (count: number) => string>>,
  of: Readonly<Record<NoInfer<Name>, number>>,
): string | undefined {
  const names = Object.keys(words) as Name[]
  const parts = names.filter((name) => of[name] > 0).map((name) => words[name](of[name]))
  return parts.length === 0 ? undefined : parts.join(texts.joined)
}

function syncStands({ sync }: Jobs): Child {
  const words = texts.sync
  if (sync.problem !== undefined) return <span class="is-bad">{words.failed(sync.problem)}</span>
  if (sync.held) return words.held
  if (sync.lastRun === undefined) return sync.every === undefined ? words.off : words.never
  return (
    <>
      {words.last} <Time at={sync.lastRun} />
    </>
  )
}

function syncJob(jobs: Jobs): Regular {
  const { due, every, lastRun } = jobs.sync
  const words = texts.sync
  return {
    icon: 'refresh-cw',
    title: words.title,
    href: '/admin/sync',
    stands: syncStands(jobs),
    ...(due === undefined || every === undefined
      ? {}
      : {
          next: (
            <>
              <Time at={due} />
              {texts.joined}
              {words.every(every)}
            </>
          ),
        }),
    ...(jobs.sync.working || (lastRun === undefined && every === undefined)
      ? {}
      : {
          run: (
            <DoButton to="/admin/sync" fields={{ mode: 'changes' }} small>
              {words.run}
            </DoButton>
          ),
        }),
  }
}

function mailJob({ mails }: Jobs): Regular {
  const words = texts.mails
  const open = counts(words.parts, mails) ?? words.none
  return {
    icon: 'mail',
    title: words.title,
    href: '/admin/mails',
    stands: mails.configured ? open : `${words.off} ${mails.kept + mails.waiting > 0 ? open : ''}`,
    ...(mails.configured ? { next: texts.moments } : {}),
  }
}

function webhookJob({ webhooks }: Jobs): Regular {
  const words = texts.webhooks
  const { next, last } = webhooks
  return {
    icon: 'bell',
    title: words.title,
    href: '/admin/webhooks',
    stands: (
      <>
        {counts(words.parts, webhooks) ?? words.none}
        {last === undefined ? null : (
          <>
            {texts.joined}
            {words.last} <Time at={last} />
          </>
        )}
      </>
    ),
    ...(webhooks.on === 0 ? {} : { next: next === undefined ? texts.moments : <Time at={next} /> }),
  }
}

function logJob({ log }: Jobs): Regular {
  const words = texts.log
  return {
    icon: 'activity',
    title: words.title,
    href: '/admin/log',
    stands:
      log.days === 0 ? (
        words.off
      ) : (
        <>
          {words.keeps(log.entries, log.days)}
          {log.oldest === undefined ? null : (
            <>
              {' '}
              {words.oldest} <Time at={log.oldest} as="day" />
              {'.'}
            </>
          )}
        </>
      ),
    ...(log.days === 0 ? {} : { next: words.often }),
  }
}

/** How the work stands that is there all the time. */
export function regularJobs(jobs: Jobs): readonly Regular[] {
  const { waiting } = jobs.departures
  const held = texts.departures
  return [
    syncJob(jobs),
    mailJob(jobs),
    webhookJob(jobs),
    {
      icon: 'circle-pause',
      title: held.title,
      href: '/admin/held',
      stands: waiting === 0 ? held.none : held.waiting(waiting),
      ...(waiting === 0
        ? {}
        : {
            run: (
              <LinkButton href="/admin/held" small of={held.title}>
                {texts.open}
              </LinkButton>
            ),
          }),
    },
    logJob(jobs),
  ]
}
