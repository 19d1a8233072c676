import type { RosterCounts } from '../../../directory/roster.ts'
import type { LogStatus } from '../../../directory/provisioning-log.ts'
import { common, number } from '../../../texts/common.ts'
import { overview as texts } from '../../../texts/overview.ts'
import { LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Bars, type Bar } from '../../../ui/chart.tsx'
import { SearchField } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Empty, Panel, Stats } from '../../../ui/panel.tsx'
import { Live } from '../../../ui/progress.tsx'
import { useReader } from '../../../ui/reader.ts'
import { Time } from '../../../ui/time.tsx'
import { Timeline, type Moment } from '../../../ui/timeline.tsx'
import { page, type Page } from '../../console/asked.ts'
import { live } from '../../console/live.ts'
import { describeEvents } from '../events/in-words.tsx'
import { decisionsOf, type Decision } from './decisions.ts'
import { FirstSteps } from './first-steps.tsx'
import {
  askedGraph,
  contactHealth,
  databaseHealth,
  knownGraph,
  mailHealth,
  tokenHealth,
  type Health,
} from './health.ts'

/** So many events are shown, of so many that are looked at: who signed in is for the record alone. */
const EVENTS = 8
const LOOKED_AT = 60
const ofSessions = /^(session|code)\./
const LIVE_GRAPH = '/admin/overview/graph'

function Decisions({ decisions }: { readonly decisions: readonly Decision[] }) {
  return (
    <Panel title={texts.decisions.title} bare>
      {decisions.length === 0 ? (
        <ul class="lines">
          <li>
            <Icon name="circle-check" tone="good" />
            <div class="words">{texts.decisions.none}</div>
          </li>
        </ul>
      ) : (
        <ul class="lines">
          {decisions.map(({ icon, title, text, href, label }) => (
            <li>
              <Icon name={icon} tone="warn" />
              <div class="words">
                <strong>{title}</strong>
                <small>{text}</small>
              </div>
              <LinkButton href={href} small of={title}>
                {label}
              </LinkButton>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function People({ counts }: { readonly counts: RosterCounts }) {
  const { people } = texts
  return (
    <Stats
      items={[
        { label: people.total, value: number(counts.total), href: '/admin/users' },
        { label: people.active, value: number(counts.active), href: '/admin/users?status=active' },
        { label: people.linked, value: number(counts.linked), href: '/admin/users?linked=true' },
        {
          label: people.local,
          value: number(counts.origins.local),
          href: '/admin/users?origin=local',
        },
        {
          label: people.never,
          value: number(counts.neverSignedIn),
          href: '/admin/users?signedIn=never',
        },
        {
          label: people.inactive,
          value: number(counts.inactive),
          href: '/admin/users?status=inactive',
        },
      ]}
    />
  )
}

const icons = {
  good: 'circle-check',
  warn: 'triangle-alert',
  bad: 'circle-alert',
  soft: 'circle-help',
} as const

function HealthLine({ health }: { readonly health: Health }) {
  const { label, tone, text, at, more, link } = health
  return (
    <div class="line">
      <Icon name={icons[tone]} tone={tone} />
      <div class="words">
        <strong>{label}</strong>
        <span class="unseen">{`: ${texts.health.states[tone]}.`}</span>
        <small>
          {text}
          {at === undefined ? null : (
            <>
              {' '}
              <Time at={at} />
            </>
          )}
          {more === undefined ? null : ` · ${more}`}
        </small>
      </div>
      {link === undefined ? null : (
        <LinkButton href={link.href} small of={label}>
          {link.label}
        </LinkButton>
      )}
    </div>
  )
}

/** Graph is asked when somebody looks, and not while the page is made: that may take seconds. */
function HealthPanel(props: {
  readonly graph: Health
  readonly connected: boolean
  readonly others: readonly Health[]
}) {
  const { graph, connected, others } = props
  return (
    <Panel title={texts.health.title} bare>
      <ul class="lines">
        {others.map((health) => (
          <li>
            <HealthLine health={health} />
          </li>
        ))}
        <li>
          {connected ? (
            <Live from={LIVE_GRAPH}>
              <HealthLine health={graph} />
            </Live>
          ) : (
            <HealthLine health={graph} />
          )}
        </li>
      </ul>
    </Panel>
  )
}

function Chart({ status }: { readonly status: LogStatus }) {
  const { zone } = useReader()
  const hourIn = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
  })
  const bars = status.hours.map(({ hour, requests, errors }, index): Bar => {
    const told = hourIn.format(new Date(hour))
    return {
      label: index % 6 === 0 ? told : '',
      good: requests - errors,
      bad: errors,
      title: texts.chart.hour(told, requests, errors),
    }
  })
  const sum = (name: 'requests' | 'errors') =>
    status.hours.reduce((total, hour) => total + hour[name], 0)
  const about = texts.chart.about(sum('requests'), sum('errors'))
  return (
    <Panel
      title={texts.chart.title}
      about={about}
      actions={
        <LinkButton href="/admin/log" small>
          {texts.chart.open}
        </LinkButton>
      }
    >
      <Bars bars={bars} label={`${texts.chart.title}: ${about}`} />
    </Panel>
  )
}

function Lately({ moments }: { readonly moments: readonly Moment[] }) {
  if (moments.length === 0) {
    return (
      <Panel title={texts.events.title} bare>
        <Empty icon="history" title={texts.events.none} text={texts.events.noneText} />
      </Panel>
    )
  }
  return (
    <Panel
      title={texts.events.title}
      actions={
        <LinkButton href="/admin/record" small>
          {texts.events.all}
        </LinkButton>
      }
    >
      <Timeline moments={moments} />
    </Panel>
  )
}

/** What most come here to do: find somebody, or bring people in. */
function Start() {
  return (
    <>
      <form class="actions" role="search" action={at('/admin/users')}>
        <SearchField label={texts.start.find} />
        <span class="without-script">
          <Submit look="quiet">{common.search}</Submit>
        </span>
      </form>
      <LinkButton href="/admin/import/new" icon="import">
        {texts.start.import}
      </LinkButton>
    </>
  )
}

/** Whether everything is well, and what wants a decision. */
export const overviewPages: readonly Page[] = [
  page('/', async (asked) => {
    const { directory, now } = asked
    const [decisions, counts, status, tokens, graph, events] = await Promise.all([
      decisionsOf(asked),
      directory.roster.counts(),
      directory.provisioningLog.status(),
      directory.tokens.list(),
      knownGraph(asked),
      directory.events.latest({ limit: LOOKED_AT }),
    ])
    const changes = events.filter(({ action }) => !ofSessions.test(action)).slice(0, EVENTS)
    const described = await describeEvents(directory, changes)
    const database = await databaseHealth(asked)
    const moments = described.map(({ at, title, meta }) => ({ at, title, meta }))
    const connected = (await asked.connections.known(asked.organisation)) !== undefined
    const isNew = !connected && !status.lastContact
    const others = [
      contactHealth(status, now()),
      tokenHealth(tokens, status, now()),
      mailHealth(asked),
      database,
    ]
    return {
      title: texts.title,
      section: '/admin',
      body: (
        <>
          <Head title={texts.title} actions={<Start />} />
          <People counts={counts} />
          <div class="columns wide-left">
            <div>
              {isNew ? <FirstSteps /> : null}
              {isNew && decisions.length === 0 ? null : <Decisions decisions={decisions} />}
              {isNew ? null : <Chart status={status} />}
            </div>
            <HealthPanel graph={graph} connected={connected} others={others} />
          </div>
          <Lately moments={moments} />
        </>
      ),
    }
  }),

  live('/overview/graph', async (asked) => ({
    part: <HealthLine health={await askedGraph(asked)} />,
    goesOn: false,
    stays: true,
  })),
]
