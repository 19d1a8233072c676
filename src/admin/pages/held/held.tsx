import { common } from '../../../texts/common.ts'
import { held as texts } from '../../../texts/held.ts'
import { LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Badge, Empty, Panel } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import { Live, Progress } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { page, type Page } from '../../console/asked.ts'
import { live } from '../../console/live.ts'
import { listHeld, readBrake } from '../../held.ts'
import { Sentence } from '../events/in-words.tsx'
import { actorId, type EventNames } from '../events/names.ts'
import { actorPart } from '../events/sentence.ts'
import { brakePages, BrakePanel, type Brake } from './brake.tsx'
import { decisionPages, SECTION } from './decide.tsx'

type Held = Awaited<ReturnType<typeof listHeld.call>>['items'][number]

const nameOf = (one: Held) => one.displayName || one.userName

function HeldTable({
  items,
  names,
}: {
  readonly items: readonly Held[]
  readonly names: EventNames
}) {
  return (
    <Table
      label={texts.list}
      rows={items}
      pick={{ id: ({ id }) => id, name: nameOf }}
      columns={[
        {
          label: texts.columns.user,
          cell: (one) => (
            <Who name={nameOf(one)} href={at(`/admin/users/${one.id}`)} detail={one.userName} />
          ),
        },
        {
          label: texts.columns.wants,
          cell: ({ wants, state }) => (
            <span class="badges">
              <Badge kind={wants === 'delete' ? 'bad' : 'warn'}>{texts[wants]}</Badge>
              {state === 'released' ? <Badge icon="check">{texts.released}</Badge> : null}
            </span>
          ),
        },
        { label: texts.columns.since, when: 'less', cell: ({ since }) => <Time at={since} /> },
        {
          label: texts.columns.by,
          when: 'least',
          cell: ({ actor }) => <Sentence parts={[actorPart(actor, names)]} />,
        },
      ]}
    />
  )
}

/** Those who are held, to be ticked, and what to do with them. */
function HeldForm(props: {
  readonly items: readonly Held[]
  readonly names: EventNames
  readonly at: string
  readonly first: string | undefined
  readonly next: string | undefined
}) {
  const { first, next } = props
  return (
    <form method="get" action={at(`${SECTION}/release`)}>
      <Panel bare>
        <HeldTable items={props.items} names={props.names} />
        <input type="hidden" name="until" value={props.at} />
        {first === undefined && next === undefined ? null : (
          <footer>
            <span class="pager">
              {first === undefined ? null : (
                <a class="button quiet small" href={first}>
                  {common.first}
                </a>
              )}
              {next === undefined ? null : (
                <a class="button quiet small" href={next}>
                  {common.next}
                </a>
              )}
            </span>
          </footer>
        )}
        <div class="bulk">
          <span>
            <strong data-picked class="with-script">
              {0}
            </strong>{' '}
            <span class="with-script">{common.selected}</span>
          </span>
          <Submit look="quiet" icon="user-check" small to={`${SECTION}/keep`}>
            {texts.keep.selected}
          </Submit>
          <Submit look="danger" icon="user-x" small>
            {texts.release.selected}
          </Submit>
        </div>
      </Panel>
    </form>
  )
}

function Going({ released }: { readonly released: number }) {
  return (
    <Progress label={texts.going} done={0} total={undefined} text={texts.goingText(released)} />
  )
}

function Actions() {
  return (
    <>
      <LinkButton href={`${SECTION}/keep?all=yes`} look="main" icon="user-check" dialog>
        {texts.keep.all}
      </LinkButton>
      <LinkButton href={`${SECTION}/release?all=yes`} look="danger" icon="user-x" dialog>
        {texts.release.all}
      </LinkButton>
    </>
  )
}

const emptyText = ({ on, limit, minutes }: Brake) =>
  on ? texts.emptyText(limit, minutes) : texts.emptyOff

/** Who is held back by the brake, what to do with them, and the brake itself. */
export const heldPages: readonly Page[] = [
  page('/held', async (asked) => {
    const after = asked.query('after')
    const {
      items,
      next,
      at: seen,
      brake,
    } = await listHeld.call(asked, {
      query: after === '' ? {} : { after },
    })
    const actors = items.flatMap(({ actor }) => actorId(actor) ?? [])
    const ids = await asked.directory.names.of(actors)
    const names = { ids, things: new Map(), plans: new Map() }
    const { deactivate, delete: gone } = brake.waiting
    const waits = deactivate + gone > 0
    return {
      title: texts.title,
      section: SECTION,
      ...(brake.released > 0 ? { refresh: 3 } : {}),
      body: (
        <>
          <Head
            title={texts.title}
            about={texts.about}
            {...(waits ? { actions: <Actions /> } : {})}
          />
          {brake.released === 0 ? null : (
            <Panel>
              <Live from={`${SECTION}/live`}>
                <Going released={brake.released} />
              </Live>
            </Panel>
          )}
          {waits ? (
            <p>
              <strong>{texts.waiting(deactivate, gone)}</strong>{' '}
              {brake.on ? texts.because(brake.limit, brake.minutes) : null}
            </p>
          ) : null}
          {items.length > 0 ? (
            <HeldForm
              items={items}
              names={names}
              at={seen}
              first={after === '' ? undefined : asked.here({ after: '' })}
              next={next === undefined ? undefined : asked.here({ after: next })}
            />
          ) : (
            <Panel bare>
              <Empty icon="circle-check" title={texts.empty} text={emptyText(brake)} />
            </Panel>
          )}
          <BrakePanel brake={brake} />
        </>
      ),
    }
  }),

  live('/held/live', async (asked) => {
    const { released } = await readBrake.call(asked)
    return { part: <Going released={released} />, goesOn: released > 0 }
  }),

  ...decisionPages,
  ...brakePages,
]
