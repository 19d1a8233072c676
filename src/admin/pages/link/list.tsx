import type { LinkRequest } from '../../../directory/link-request.ts'
import { common, number } from '../../../texts/common.ts'
import { link as texts } from '../../../texts/link.ts'
import { DoButton, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head, Tabs } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Empty, Panel } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import { Live, Progress } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import type { Work } from '../../background.ts'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import { live } from '../../console/live.ts'
import type { LinkSurvey, Suggested } from '../../link-survey.ts'
import { NotConnected } from '../import/not-connected.tsx'
import {
  beginSurvey,
  countsOf,
  hrefOf,
  pageOf,
  pileIn,
  piles,
  SECTION,
  type Counts,
  type Pile,
} from './piles.ts'

/** So many stand on a page. */
const PAGE = 50
/** So many of those who ask are counted. */
const MOST_COUNTED = 1_000
/** So long somebody is kept waiting for what may be there at once. */
const PATIENCE_MILLISECONDS = 400

/** The piles of those who were looked up, the surest first. */
const surest = ['exact', 'possible', 'none'] as const

const nameOf = ({ user }: Suggested) => user.displayName || user.userName

function PileTabs(props: {
  readonly pile: Pile
  readonly asking: number
  readonly counts: Counts | undefined
}) {
  const { pile, asking, counts } = props
  const countOf = (each: Pile) => (each === 'asking' ? asking : counts?.[each])
  return (
    <Tabs
      label={texts.piles.label}
      tabs={piles.map((each) => {
        const count = countOf(each)
        const more = each === 'asking' && asking > MOST_COUNTED
        const told = count === undefined ? '' : more ? `${number(MOST_COUNTED)}+` : number(count)
        const shown = count === undefined ? {} : { count: told }
        return { href: hrefOf(each), label: texts.piles[each], ...shown }
      })}
      current={hrefOf(pile)}
    />
  )
}

function AskingTable({ requests }: { readonly requests: readonly LinkRequest[] }) {
  const { columns } = texts
  const asks = (one: LinkRequest) => one.displayName ?? one.userName
  return (
    <Table
      label={texts.piles.asking}
      rows={requests}
      columns={[
        {
          label: columns.asks,
          cell: (one) => (
            <Who name={asks(one)} href={at(`${SECTION}/asking/${one.id}`)} detail={one.userName} />
          ),
        },
        {
          label: columns.user,
          when: 'less',
          cell: ({ userId, userName }) =>
            userId === undefined ? (
              <span class="is-soft">{texts.nobodyOfThatName}</span>
            ) : (
              <a class="name" href={at(`/admin/users/${userId}`)}>
                <bdi>{userName}</bdi>
              </a>
            ),
        },
        {
          label: columns.how,
          when: 'least',
          cell: ({ asked }) => <Badge>{texts.asked[asked]}</Badge>,
        },
        { label: columns.when, when: 'less', cell: ({ lastAsked }) => <Time at={lastAsked} /> },
        {
          label: columns.compare,
          unseen: true,
          kind: 'end',
          when: 'less',
          cell: (one) => (
            <LinkButton href={`${SECTION}/asking/${one.id}`} small of={asks(one)}>
              {texts.compare}
            </LinkButton>
          ),
        },
      ]}
    />
  )
}

function Best({ suggested }: { readonly suggested: Suggested }) {
  const [best, ...others] = suggested.suggestions
  if (!best) return null
  const { person } = best
  return (
    <div>
      <Who name={person.displayName} detail={person.userPrincipalName} />
      {others.length === 0 ? null : <small>{texts.others(others.length)}</small>}
    </div>
  )
}

function SuggestedTable({
  rows,
  pile,
}: {
  readonly rows: readonly Suggested[]
  readonly pile: Pile
}) {
  const { columns } = texts
  const href = ({ user }: Suggested) => `${SECTION}/users/${user.id}` as const
  const pick = {
    id: ({ user, suggestions }: Suggested) => `${user.id} ${suggestions[0]?.person.id ?? ''}`,
    name: nameOf,
    picked: () => true,
  }
  return (
    <Table
      label={texts.piles[pile]}
      rows={rows}
      {...(pile === 'exact' ? { pick } : {})}
      columns={[
        {
          label: columns.user,
          cell: (one) => <Who name={nameOf(one)} href={at(href(one))} detail={one.user.userName} />,
        },
        ...(pile === 'none'
          ? []
          : [
              { label: columns.person, cell: (one: Suggested) => <Best suggested={one} /> },
              {
                label: columns.why,
                when: 'least' as const,
                cell: ({ suggestions }: Suggested) => suggestions[0]?.why[0],
              },
            ]),
        {
          label: columns.compare,
          unseen: true,
          kind: 'end',
          when: 'less',
          cell: (one) => (
            <LinkButton href={href(one)} small of={nameOf(one)}>
              {pile === 'none' ? texts.find : texts.compare}
            </LinkButton>
          ),
        },
      ]}
    />
  )
}

/** The certain ones, to be linked together. */
function ExactForm({ rows, all }: { readonly rows: readonly Suggested[]; readonly all: number }) {
  return (
    <form method="post" action={at(`${SECTION}/many`)}>
      <SuggestedTable rows={rows} pile="exact" />
      <div class="bulk">
        <span class="with-script">
          <strong data-picked>{rows.length}</strong> {common.selected}
        </span>
        <Submit icon="link" small>
          {texts.many.selected}
        </Submit>
        {all > rows.length ? (
          <Submit look="quiet" small name="all" value="yes">
            {texts.many.all(all)}
          </Submit>
        ) : null}
      </div>
    </form>
  )
}

function NothingIn({ pile, counts }: { readonly pile: Pile; readonly counts?: Counts }) {
  const [first] = counts ? surest.filter((each) => counts[each] > 0) : []
  if (counts && !first) {
    return <Empty icon="circle-check" title={texts.empty.all} text={texts.empty.allText} />
  }
  return (
    <Empty
      icon={pile === 'asking' ? 'circle-check' : 'link'}
      title={texts.empty[pile]}
      text={first === 'none' ? texts.empty.possibleText : texts.empty[`${pile}Text`]}
    >
      {first ? <LinkButton href={hrefOf(first)}>{texts.piles[first]}</LinkButton> : null}
    </Empty>
  )
}

function Looking({ work }: { readonly work: Work<LinkSurvey> }) {
  const { done, total } = work
  return (
    <Progress
      label={texts.survey.label}
      done={total === undefined ? done : Math.min(done, total)}
      total={total}
      text={texts.survey.progress(done, total)}
    />
  )
}

/** When it was looked, and the way to look again or further. */
function Looked({ work, pile }: { readonly work: Work<LinkSurvey>; readonly pile: Pile }) {
  const next = work.state === 'done' ? work.made.next : undefined
  return (
    <>
      <span>
        {texts.survey.looked} <Time at={work.began} />
        {next === undefined ? null : ` · ${texts.survey.moreText}`}
      </span>
      <span class="actions">
        {next === undefined ? null : (
          <DoButton to={`${SECTION}/look`} fields={{ pile, after: next }} small>
            {texts.survey.more}
          </DoButton>
        )}
        <DoButton to={`${SECTION}/look`} fields={{ pile }} icon="refresh-cw" small>
          {texts.survey.again}
        </DoButton>
      </span>
    </>
  )
}

const fromOf = (asked: Asked) => Number(/^\d{1,6}$/.exec(asked.query('from'))?.[0] ?? 0)

/** The ways to the first and to the next of a long pile. */
function Pager(props: {
  readonly asked: Asked
  readonly from: number
  readonly to: number
  readonly all: number
}) {
  const { asked, from, to, all } = props
  if (from === 0 && to >= all) return null
  return (
    <footer class="pager">
      {from === 0 ? null : (
        <a class="button quiet small" href={asked.here({ from: '' })}>
          {common.first}
        </a>
      )}
      {to >= all ? null : (
        <a class="button quiet small" href={asked.here({ from: String(to) })}>
          {common.next}
        </a>
      )}
    </footer>
  )
}

/** What is known of a pile of suggestions, or how far the looking is. */
async function suggestedBody(asked: Asked, pile: Exclude<Pile, 'asking'>, work: Work<LinkSurvey>) {
  if (work.state === 'going') {
    return (
      <Panel title={texts.survey.title}>
        <Live from={`${SECTION}/live`}>
          <Looking work={work} />
        </Live>
      </Panel>
    )
  }
  if (work.state === 'failed') {
    const { code, message } = work.problem
    if (code === 'notConnected') return <NotConnected />
    return (
      <>
        <Note kind="bad">
          <strong>{texts.survey.failed}</strong> {message}
        </Note>
        <DoButton to={`${SECTION}/look`} fields={{ pile }} icon="rotate-ccw">
          {texts.survey.again}
        </DoButton>
      </>
    )
  }
  const from = fromOf(asked)
  const rows = await pageOf(asked, work.made, pile, { from, count: PAGE })
  const all = countsOf(work.made)[pile]
  return (
    <Panel bare footer={<Looked work={work} pile={pile} />}>
      {rows.length === 0 ? (
        <NothingIn pile={pile} counts={countsOf(work.made)} />
      ) : pile === 'exact' ? (
        <ExactForm rows={rows} all={all} />
      ) : (
        <SuggestedTable rows={rows} pile={pile} />
      )}
      <Pager asked={asked} from={from} to={from + rows.length} all={all} />
    </Panel>
  )
}

async function askingBody(asked: Asked) {
  const from = fromOf(asked)
  // One more tells whether there are more.
  const found = await asked.directory.linkRequests.list({ from, count: PAGE + 1 })
  const rows = found.slice(0, PAGE)
  return (
    <Panel bare>
      {rows.length === 0 ? <NothingIn pile="asking" /> : <AskingTable requests={rows} />}
      <Pager asked={asked} from={from} to={from + rows.length} all={from + found.length} />
    </Panel>
  )
}

/** The pile that is seen where none is asked for: of those that have somebody in them the surest. */
function firstPile(asking: number, work: Work<LinkSurvey> | undefined): Pile {
  if (asking > 0) return 'asking'
  const counts = work?.state === 'done' ? countsOf(work.made) : undefined
  return (counts && surest.find((each) => counts[each] > 0)) ?? 'exact'
}

/** The piles: who asks, and who may be whom. */
export const linkListPages: readonly Page[] = [
  page('/link', async (asked): Promise<View> => {
    const asking = await asked.directory.linkRequests.count(MOST_COUNTED + 1)
    const wanted = pileIn(asked.query('pile')) ?? (asking > 0 ? 'asking' : undefined)
    if (wanted !== 'asking' && !asked.surveys.find(asked.organisation)) {
      beginSurvey(asked)
      await asked.surveys.wait(asked.organisation, PATIENCE_MILLISECONDS)
    }
    const work = asked.surveys.find(asked.organisation)
    const pile = wanted ?? firstPile(asking, work)
    const body =
      pile === 'asking' || !work ? await askingBody(asked) : await suggestedBody(asked, pile, work)
    const counts = work?.state === 'done' ? countsOf(work.made) : undefined
    return {
      title: texts.title,
      section: SECTION,
      ...(pile !== 'asking' && work?.state === 'going' ? { refresh: 2 } : {}),
      body: (
        <>
          <Head
            title={texts.title}
            about={texts.about}
            actions={
              <LinkButton href="/admin/users?linked=true" icon="users">
                {texts.linked}
              </LinkButton>
            }
          />
          <PileTabs pile={pile} asking={asking} counts={counts} />
          <p class="hint">{texts.pilesAbout[pile]}</p>
          {body}
        </>
      ),
    }
  }),

  live('/link/live', async (asked) => {
    const work = asked.surveys.find(asked.organisation)
    return work
      ? { part: <Looking work={work} />, goesOn: work.state === 'going' }
      : { part: null, goesOn: false }
  }),

  action('/link/look', async (asked) => {
    const pile = pileIn(asked.sent.text('pile')) ?? 'exact'
    beginSurvey(asked, asked.sent.text('after'))
    await asked.surveys.wait(asked.organisation, PATIENCE_MILLISECONDS)
    return { to: hrefOf(pile) }
  }),
]
