import type { Event } from '../../../directory/event.ts'
import { events as eventTexts } from '../../../texts/events.ts'
import { record as texts } from '../../../texts/record.ts'
import { Chip, LinkButton } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { AboutChip, DaysChip } from '../../../ui/filters.tsx'
import { Head } from '../../../ui/head.tsx'
import { Empty, Panel } from '../../../ui/panel.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { Changes, type Change } from '../../../ui/timeline.tsx'
import { page, type Asked, type Page } from '../../console/asked.ts'
import { Sentence } from '../events/in-words.tsx'
import { namesFor, type EventNames } from '../events/names.ts'
import { resourcePart, sentenceOf } from '../events/sentence.ts'
import { changesOf } from '../events/values.ts'
import { exportRecord } from './export.ts'
import { doors, filterOf, isFiltered, wantedOf, type Wanted } from './filters.ts'

const SECTION = '/admin/record'
const ROWS = 50

/** So many changes are seen at once; more are folded. */
const UNFOLDED = 3

/** So many administrators can be chosen from. */
const MOST_PEOPLE = 20

/** Who can be chosen to have done something: a name, and how the record has it. */
interface Doer {
  readonly actor: string
  readonly name: string
}

/** Administrators, tokens and what works by itself. */
async function doersIn({ directory }: Asked): Promise<Doer[]> {
  const [administrators, tokens] = await Promise.all([
    directory.administrators.list(),
    directory.tokens.list(),
  ])
  const people = administrators.slice(0, MOST_PEOPLE)
  const names = await directory.names.of(people)
  const provisioning = [...new Set(tokens.map(({ name }) => name))].slice(0, MOST_PEOPLE)
  return [
    ...people.map((id) => ({ actor: `user:${id}`, name: names.get(id)?.name ?? id })),
    ...provisioning.map((name) => ({ actor: `token:${name}`, name: eventTexts.token(name) })),
    { actor: 'schedule', name: eventTexts.actors.schedule },
    { actor: 'server', name: eventTexts.actors.server },
    { actor: 'cli', name: eventTexts.actors.cli },
  ]
}

type Here = (changed: Readonly<Record<string, string>>) => `/${string}`

/** The same page with another filter, from its beginning. */
const hereOf =
  (asked: Asked): Here =>
  (changed) =>
    asked.here({ before: '', ...changed }) as `/${string}`

function Filters(props: {
  readonly wanted: Wanted
  readonly doers: readonly Doer[]
  readonly about: string
  readonly here: Here
}) {
  const { wanted, doers, about, here } = props
  const { filters } = texts
  const chip = (label: string, name: string, chosen: string, options: readonly string[][]) => (
    <Chip
      label={label}
      options={options.map(([value = '', words = '']) => ({
        label: words,
        href: at(here(name === 'when' ? { when: value, from: '', to: '' } : { [name]: value })),
        on: value === chosen,
      }))}
      clear={at(here({ [name]: '' }))}
    />
  )
  const others = doers.some(({ actor }) => actor === wanted.who) || wanted.who === ''
  const who = others ? doers : [...doers, { actor: wanted.who, name: wanted.who }]
  const between = wanted.from !== '' || wanted.to !== ''
  return (
    <div class="toolbar">
      {wanted.resource === '' ? null : <AboutChip name={about} clear={here({ resource: '' })} />}
      {chip(filters.kind, 'kind', wanted.kind ?? '', Object.entries(texts.kinds))}
      {chip(
        filters.who,
        'who',
        wanted.who,
        who.map(({ actor, name }) => [actor, name]),
      )}
      {chip(
        filters.door,
        'door',
        wanted.door ?? '',
        doors.map((door) => [door, eventTexts.doors[door]]),
      )}
      {chip(filters.when, 'when', between ? '' : (wanted.when ?? ''), Object.entries(texts.whens))}
      <DaysChip
        from={wanted.from}
        to={wanted.to}
        action={SECTION}
        clear={here({ from: '', to: '' })}
      >
        {Object.entries({
          kind: wanted.kind,
          who: wanted.who,
          door: wanted.door,
          resource: wanted.resource,
        }).map(([name, value]) =>
          value ? <input type="hidden" name={name} value={value} /> : null,
        )}
      </DaysChip>
    </div>
  )
}

function Folded({ changes }: { readonly changes: readonly Change[] }) {
  if (changes.length === 0) return null
  if (changes.length <= UNFOLDED) return <Changes changes={changes} />
  return (
    <details class="fold-away">
      <summary>{texts.changes(changes.length)}</summary>
      <Changes changes={changes} />
    </details>
  )
}

function Events(props: { readonly events: readonly Event[]; readonly names: EventNames }) {
  const { events, names } = props
  return (
    <Table
      label={texts.title}
      rows={events}
      columns={[
        {
          label: texts.columns.what,
          cell: (event) => {
            const { parts, tells } = sentenceOf(event, names)
            return (
              <>
                <Sentence parts={parts} />
                <Folded changes={changesOf(event, names, tells)} />
              </>
            )
          },
        },
        {
          label: texts.columns.door,
          when: 'less',
          cell: ({ door }) => <span class="is-soft whole">{eventTexts.doors[door]}</span>,
        },
        { label: texts.columns.when, kind: 'end', cell: (event) => <Time at={event.at} /> },
      ]}
    />
  )
}

/** What a resource is called, by its events or by its id. */
function nameOf(resource: string, events: readonly Event[], names: EventNames): string {
  const known = names.ids.get(resource)?.name ?? names.things.get(resource)
  const [event] = events
  return known ?? (event ? resourcePart(event, names).name : resource)
}

/** The record: who did what. */
export const recordPages: readonly Page[] = [
  page('/record', async (asked) => {
    const { directory } = asked
    const wanted = wantedOf(asked)
    const { before, resource } = wanted
    const [{ items, next }, doers] = await Promise.all([
      directory.events.search(filterOf(wanted, asked), {
        limit: ROWS,
        ...(before === undefined ? {} : { before }),
      }),
      doersIn(asked),
    ])
    const names = await namesFor(directory, items)
    const here = hereOf(asked)
    const filtered = isFiltered(wanted)
    return {
      title: texts.title,
      section: SECTION,
      body: (
        <>
          <Head
            title={texts.title}
            about={texts.about}
            actions={
              <LinkButton
                href={here({}).replace(SECTION, `${SECTION}/export`) as `/${string}`}
                icon="download"
              >
                {texts.export}
              </LinkButton>
            }
          />
          <Panel
            bare
            footer={
              before === undefined && next === undefined ? undefined : (
                <div class="pager">
                  {before === undefined ? null : (
                    <LinkButton href={here({})} small>
                      {texts.newest}
                    </LinkButton>
                  )}
                  {next === undefined ? null : (
                    <LinkButton href={here({ before: String(next) })} small>
                      {items.length < ROWS ? texts.further : texts.older}
                    </LinkButton>
                  )}
                </div>
              )
            }
          >
            <Filters
              wanted={wanted}
              doers={doers}
              about={nameOf(resource, items, names)}
              here={here}
            />
            {items.length > 0 ? (
              <Events events={items} names={names} />
            ) : (
              <Empty
                icon="scroll-text"
                title={filtered || before !== undefined ? texts.noMatch : texts.none}
                text={
                  next === undefined
                    ? filtered
                      ? texts.noMatchText
                      : texts.noneText
                    : texts.furtherText
                }
              />
            )}
          </Panel>
        </>
      ),
    }
  }),

  page('/record/export', async (asked) => exportRecord(asked, filterOf(wantedOf(asked), asked))),
]
