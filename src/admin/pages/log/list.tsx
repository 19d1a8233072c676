import type { LogEntry } from '../../../directory/provisioning-log.ts'
import { common } from '../../../texts/common.ts'
import { log as texts } from '../../../texts/log.ts'
import { LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { SearchField } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Empty, Panel } from '../../../ui/panel.tsx'
import { Live, Region } from '../../../ui/progress.tsx'
import { Rows, Table, type Column } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { page, type Asked, type Page } from '../../console/asked.ts'
import { tail, type Added } from '../../console/tail.ts'
import { listProvisioningRequests, readProvisioningStatus } from '../../provisioning-log.ts'
import { Chips, clientsIn, hereOf, Kept } from './chips.tsx'
import { isFiltered, queryOf, readSequence, SECTION, wantedOf, type Wanted } from './filters.ts'
import { namesIn, Outcome, Sentence, type Names } from './in-words.tsx'

const REGION = 'requests'
const ROWS = 50

/** So often a page that follows is asked for again where no script runs. */
const REFRESH_SECONDS = 3

type Status = Awaited<ReturnType<typeof readProvisioningStatus.call>>

/** When it came, which leads to all of it. */
function Opening({ entry }: { readonly entry: LogEntry }) {
  return (
    <a class="opens" href={at(`${SECTION}/${entry.sequence}`)}>
      <Time at={entry.at} as="moment" />
    </a>
  )
}

function columnsWith(names: Names): readonly Column<LogEntry>[] {
  const { columns } = texts
  return [
    {
      label: columns.what,
      cell: (entry) => (
        <>
          <div class="brief">
            <Sentence entry={entry} names={names} />
          </div>
          <div class="badges on-phone">
            <Outcome entry={entry} />
            <Opening entry={entry} />
          </div>
        </>
      ),
    },
    { label: columns.outcome, when: 'less', cell: (entry) => <Outcome entry={entry} /> },
    {
      label: columns.took,
      when: 'least',
      kind: 'number',
      cell: ({ milliseconds }) => (
        <span class="is-soft whole">{texts.milliseconds(milliseconds)}</span>
      ),
    },
    { label: columns.when, when: 'less', kind: 'end', cell: (entry) => <Opening entry={entry} /> },
  ]
}

function Requests(props: {
  readonly entries: readonly LogEntry[]
  readonly names: Names
  readonly most?: number
}) {
  const { entries, names, ...more } = props
  return <Table label={texts.title} rows={entries} columns={columnsWith(names)} {...more} />
}

/** How provisioning does, in a line. */
function Standing({ status }: { readonly status: Status }) {
  const { lastContact, hours, days } = status
  const { standing } = texts
  if (!lastContact) return <>{standing.never}</>
  const sum = (name: 'requests' | 'errors' | 'dropped') =>
    hours.reduce((total, hour) => total + hour[name], 0)
  const dropped = sum('dropped')
  const parts = [
    standing.day(sum('requests'), sum('errors')),
    ...(dropped === 0 ? [] : [standing.dropped(dropped)]),
    ...(days === 0 ? [] : [standing.kept(days)]),
  ]
  return (
    <>
      {standing.last} <Time at={lastContact.at} />
      {parts.map((part) => ` · ${part}`)}
    </>
  )
}

function Search({ asked, wanted }: { readonly asked: Asked; readonly wanted: Wanted }) {
  return (
    <div class="toolbar">
      <form action={at(SECTION)} data-swap={REGION} role="search">
        <Kept asked={asked} but={['search']} />
        <SearchField
          value={wanted.words}
          label={texts.search.label}
          placeholder={texts.search.placeholder}
        />
        <Submit look="quiet">{common.search}</Submit>
      </form>
    </div>
  )
}

function Nothing(props: {
  readonly wanted: Wanted
  readonly more: boolean
  readonly called: boolean
}) {
  const { wanted, more, called } = props
  const { empty } = texts
  if (more) return <Empty icon="search" title={empty.further} text={empty.furtherText} />
  if (isFiltered(wanted) || wanted.before !== '') {
    return (
      <Empty icon="search" title={empty.noMatch} text={empty.noMatchText}>
        <LinkButton href={SECTION}>{empty.clear}</LinkButton>
      </Empty>
    )
  }
  if (called) return <Empty icon="activity" title={empty.gone} text={empty.goneText} />
  return (
    <Empty icon="activity" title={empty.none} text={empty.noneText}>
      <LinkButton href="/admin/connect">{empty.connect}</LinkButton>
    </Empty>
  )
}

/** The newest requests, with those on top that come while one looks. */
function Following(props: {
  readonly asked: Asked
  readonly entries: readonly LogEntry[]
  readonly names: Names
  readonly last: number
}) {
  const { asked, entries, names, last } = props
  const place = asked
    .here({ before: '', after: String(last) })
    .replace(SECTION, `${SECTION}/follow`)
  return (
    <Live from={place as `/${string}`} calm>
      <Requests entries={entries} names={names} most={ROWS} />
      {entries.length === 0 ? (
        <Empty icon="activity" title={texts.waiting} text={texts.waitingText} />
      ) : null}
    </Live>
  )
}

function Foot(props: {
  readonly asked: Asked
  readonly wanted: Wanted
  readonly next: number | undefined
  readonly full: boolean
}) {
  const { asked, wanted, next, full } = props
  const here = hereOf(asked)
  if (wanted.before === '' && next === undefined) return null
  return (
    <footer>
      <div class="pager">
        {wanted.before === '' ? null : (
          <LinkButton href={here({})} small>
            {texts.newest}
          </LinkButton>
        )}
        {next === undefined ? null : (
          <LinkButton href={here({ before: String(next) })} small>
            {full ? texts.older : texts.further}
          </LinkButton>
        )}
      </div>
    </footer>
  )
}

function FollowButton({ asked, wanted }: { readonly asked: Asked; readonly wanted: Wanted }) {
  const here = hereOf(asked)
  return wanted.follow ? (
    <LinkButton href={here({ follow: '' })} icon="circle-pause">
      {texts.stop}
    </LinkButton>
  ) : (
    <LinkButton href={here({ follow: 'yes' })} icon="activity">
      {texts.follow}
    </LinkButton>
  )
}

/** What the one is called whom the log is about: by the name of now, that of the log, or the id. */
async function aboutIn({ directory }: Asked, { resource }: Wanted, entries: readonly LogEntry[]) {
  if (resource === '') return ''
  const named = (await directory.names.of([resource])).get(resource)
  if (named && named.name !== '') return named.name
  return entries.find(({ subject }) => subject?.id === resource)?.subject?.name ?? resource
}

/** The requests that have come while somebody looks, as far as they are asked for. */
async function* newRequests(
  asked: Asked,
  told: string,
  signal: AbortSignal,
): AsyncGenerator<Added> {
  const { directory, organisation, provisioningFeed } = asked
  const query = queryOf(wantedOf(asked), asked)
  const since = readSequence(told) || readSequence(asked.query('after'))
  let last = since === '' ? 0 : Number(since)
  for await (const { sequence } of provisioningFeed.follow(organisation, last, signal)) {
    if (sequence <= last) continue
    const newest = await directory.provisioningLog.last()
    const { items } = await listProvisioningRequests.call(asked, {
      query: { ...query, limit: String(ROWS), ...(last === 0 ? {} : { after: String(last) }) },
    })
    const entries = items as readonly LogEntry[]
    last = Math.max(newest, entries[0]?.sequence ?? 0)
    const id = String(last)
    if (entries.length === 0) yield { id }
    else {
      const names = await namesIn(directory, entries)
      yield { id, part: <Rows columns={columnsWith(names)} rows={entries} /> }
    }
  }
}

/** Every request of Entra, in words. */
export const logListPages: readonly Page[] = [
  page('/log', async (asked) => {
    const { directory } = asked
    const wanted = wantedOf(asked)
    const follow = wanted.follow && wanted.before === ''
    // Asked for before the requests themselves, so that none that comes meanwhile is missed.
    const known = follow ? await directory.provisioningLog.last() : 0
    const [{ items, next }, status, clients] = await Promise.all([
      listProvisioningRequests.call(asked, {
        query: {
          ...queryOf(wanted, asked),
          limit: String(ROWS),
          ...(wanted.before === '' ? {} : { before: wanted.before }),
        },
      }),
      readProvisioningStatus.call(asked),
      clientsIn(asked, wanted),
    ])
    const entries = items as readonly LogEntry[]
    const last = Math.max(known, entries[0]?.sequence ?? 0)
    const [names, about] = await Promise.all([
      namesIn(directory, entries),
      aboutIn(asked, wanted, entries),
    ])
    const off = status.days === 0
    return {
      title: texts.title,
      section: SECTION,
      ...(follow ? { refresh: REFRESH_SECONDS } : {}),
      body: (
        <>
          <Head
            title={texts.title}
            about={<Standing status={status} />}
            {...(follow
              ? {
                  badges: (
                    <Badge kind="good" icon="activity">
                      {texts.following}
                    </Badge>
                  ),
                }
              : {})}
            actions={
              off ? undefined : <FollowButton asked={asked} wanted={{ ...wanted, follow }} />
            }
          />
          {off ? (
            <Note kind="warn">
              <strong>{texts.off.title}</strong> {texts.off.text}
            </Note>
          ) : null}
          <Panel bare>
            <Search asked={asked} wanted={wanted} />
            <Region id={REGION}>
              <Chips asked={asked} wanted={wanted} clients={clients} about={about} />
              {follow && !off ? (
                <Following asked={asked} entries={entries} names={names} last={last} />
              ) : (
                <>
                  {entries.length > 0 ? (
                    <Requests entries={entries} names={names} />
                  ) : (
                    <Nothing
                      wanted={wanted}
                      more={next !== undefined}
                      called={status.lastContact !== undefined}
                    />
                  )}
                  <Foot asked={asked} wanted={wanted} next={next} full={entries.length === ROWS} />
                </>
              )}
            </Region>
          </Panel>
        </>
      ),
    }
  }),

  tail('/log/follow', newRequests),
]
