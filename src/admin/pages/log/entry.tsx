import type { Event } from '../../../directory/event.ts'
import type { LogEntry, LogNeighbours } from '../../../directory/provisioning-log.ts'
import { asks } from '../../../directory/provisioning-words.ts'
import { common } from '../../../texts/common.ts'
import { log as texts } from '../../../texts/log.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Facts, Panel } from '../../../ui/panel.tsx'
import { Time } from '../../../ui/time.tsx'
import { Timeline, type Moment } from '../../../ui/timeline.tsx'
import { page, type Asked, type Page } from '../../console/asked.ts'
import { shell } from '../../../texts/shell.ts'
import { Problem } from '../../problems.ts'
import { readProvisioningRequest } from '../../provisioning-log.ts'
import { describeEvents } from '../events/in-words.tsx'
import { SECTION } from './filters.ts'
import { clientName, namesIn, Outcome, placeOf, plainSentence, type Names } from './in-words.tsx'
import { beginningOf, Code, Message } from './message.tsx'
import { Why, type WholeRequest } from './why.tsx'

const { entry: words } = texts

const CURL = 'curl'

/** What a request changed is written within so long of it, and is among so many events of whom it was about. */
const LATE_MILLISECONDS = 60_000
const LOOKED_AT = 200

/** What a request changed. */
async function eventsOf({ directory }: Asked, entry: LogEntry): Promise<readonly Event[]> {
  const { subject, requestId, milliseconds } = entry
  if (subject?.id === undefined || asks(entry.kind)) return []
  const came = Date.parse(entry.at)
  const { items } = await directory.events.search(
    {
      resourceId: subject.id,
      from: entry.at,
      to: new Date(came + milliseconds + LATE_MILLISECONDS).toISOString(),
    },
    { limit: LOOKED_AT },
  )
  return items.filter((event) => event.requestId === requestId)
}

function Neighbours(props: { readonly beside: LogNeighbours; readonly name: string }) {
  const { beside, name } = props
  const of = words.sameAbout(name)
  return (
    <>
      {beside.earlier === undefined ? null : (
        <LinkButton href={`${SECTION}/${beside.earlier}`} icon="arrow-left" of={of}>
          {words.earlier}
        </LinkButton>
      )}
      {beside.later === undefined ? null : (
        <LinkButton href={`${SECTION}/${beside.later}`} icon="arrow-right" of={of}>
          {words.later}
        </LinkButton>
      )}
    </>
  )
}

function About({ entry, names }: { readonly entry: LogEntry; readonly names: Names }) {
  const { id, name = id ?? '' } = entry.subject ?? {}
  const href = id === undefined ? undefined : placeOf(id, names)
  return (
    <>
      {href === undefined ? (
        <strong>{name}</strong>
      ) : (
        <a class="name" href={at(href)}>
          <bdi>{name}</bdi>
        </a>
      )}
      {id === undefined ? null : (
        <>
          {' · '}
          <a href={at(`${SECTION}?resource=${encodeURIComponent(id)}`)}>{words.aboutAll}</a>
        </>
      )}
    </>
  )
}

function Particulars({ entry, names }: { readonly entry: LogEntry; readonly names: Names }) {
  const { subject } = entry
  return (
    <Panel title={words.facts}>
      <Facts
        items={[
          { label: words.when, value: <Time at={entry.at} as="second" /> },
          { label: words.who, value: <bdi>{clientName(entry.actor)}</bdi> },
          ...(subject?.id === undefined && subject?.name === undefined
            ? []
            : [{ label: words.about, value: <About entry={entry} names={names} /> }]),
          { label: words.status, value: String(entry.status) },
          { label: words.took, value: texts.milliseconds(entry.milliseconds) },
          { label: words.number, value: <span class="mono">{entry.requestId}</span> },
        ]}
      />
    </Panel>
  )
}

function Changed({ moments }: { readonly moments: readonly Moment[] }) {
  return (
    <Panel title={words.events}>
      {moments.length === 0 ? (
        <p class="is-soft">{words.noEvents}</p>
      ) : (
        <Timeline moments={moments} />
      )}
    </Panel>
  )
}

function Rules({ rules }: { readonly rules: WholeRequest['rules'] }) {
  if (rules.length === 0) return null
  return (
    <Panel title={words.rules} about={words.rulesAbout} bare footer={words.reference}>
      <ul class="lines">
        {rules.map(({ id, about, source }) => (
          <li>
            <Icon name="check" tone="good" />
            <div class="words">
              {about
                .split('`')
                .map((part, index) => (index % 2 === 0 ? part : <code>{part}</code>))}
              <small class="is-soft">
                <code>{id}</code>
                {` · ${words.source}: ${source}`}
              </small>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Curl({ request }: { readonly request: WholeRequest }) {
  const { command, complete } = request.curl
  const whole = beginningOf(command).left === 0
  return (
    <Panel
      title={words.curl}
      about={words.curlAbout}
      actions={
        whole ? (
          <button
            type="button"
            class="quiet small with-script"
            data-copy={CURL}
            data-copied={common.copied}
          >
            <Icon name="copy" />
            <span>{words.copy}</span>
          </button>
        ) : undefined
      }
    >
      <Code
        id={CURL}
        text={command}
        label={words.curl}
        whole={`${SECTION}/${request.sequence}/curl`}
      />
      {complete ? null : <p class="is-soft">{words.incomplete}</p>}
    </Panel>
  )
}

/** A text as a file of its own, for what is too long for a page. */
function textFile(text: string): Response {
  return new Response(text, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
}

function bodyFile(part: 'request' | 'response'): Page {
  return page(`/log/{id}/${part}`, async (asked) => {
    const { body } = (await readProvisioningRequest.call(asked, { id: asked.id }))[part]
    if (!body) throw new Problem('notFound', shell.problems.nothingText)
    return textFile(body.text)
  })
}

/** One request of Entra with all that is kept of it. */
export const logEntryPages: readonly Page[] = [
  page('/log/{id}', async (asked) => {
    const { directory } = asked
    const request = await readProvisioningRequest.call(asked, { id: asked.id })
    // What the API tells is the entry and more.
    const entry = request as unknown as LogEntry
    const { subject, sequence } = entry
    const [names, beside, events] = await Promise.all([
      namesIn(directory, [entry]),
      subject?.id === undefined ? {} : directory.provisioningLog.beside(sequence, subject.id),
      eventsOf(asked, entry),
    ])
    const moments = await describeEvents(directory, events)
    const title = plainSentence(entry)
    const place = `${SECTION}/${sequence}` as const
    return {
      title,
      section: SECTION,
      body: (
        <>
          <Head
            title={title}
            crumbs={[{ href: SECTION, label: texts.title }]}
            badges={request.explanation ? undefined : <Outcome entry={entry} />}
            actions={<Neighbours beside={beside} name={subject?.name ?? subject?.id ?? ''} />}
          />
          <Why request={request} />
          {asks(entry.kind) ? (
            <Particulars entry={entry} names={names} />
          ) : (
            <div class="columns">
              <Particulars entry={entry} names={names} />
              <Changed moments={moments} />
            </div>
          )}
          <div class="columns">
            <Message
              title={words.request}
              line={`${entry.method} ${entry.path}`}
              message={request.request}
              whole={`${place}/request`}
            />
            <Message
              title={words.response}
              line={String(entry.status)}
              message={request.response}
              whole={`${place}/response`}
            />
          </div>
          <Rules rules={request.rules} />
          <Curl request={request} />
        </>
      ),
    }
  }),
  bodyFile('request'),
  bodyFile('response'),
  page('/log/{id}/curl', async (asked) => {
    const { curl } = await readProvisioningRequest.call(asked, { id: asked.id })
    return textFile(`${curl.command}\n`)
  }),
]
