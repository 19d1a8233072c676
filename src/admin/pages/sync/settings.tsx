import { displayName, userName } from '../../../directory/user.ts'
import { common } from '../../../texts/common.ts'
import { sync } from '../../../texts/sync.ts'
import { Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { SearchField, Select, Tick } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Panel } from '../../../ui/panel.tsx'
import { Region } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import { syncFields } from '../../../directory/sync-field.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import { toProblem } from '../../problems.ts'
import { changeSyncSettings, readSyncSettings, sampleSync } from '../../sync-settings.ts'
import { alwaysFollowed, followedByChoice } from '../../../directory/entra-attributes.ts'
import { SyncTabs } from './overview.tsx'
import { SECTION } from './parts.tsx'

const HERE = `${SECTION}/settings`
const FOUND = 'found'
const MOST_FOUND = 6
const texts = sync.settings
const names: Readonly<Record<string, string>> = texts.names

/** Minutes between runs that can be chosen. */
const choices = [15, 30, 60, 120, 240, 480, 720, 1_440, 4_320, 10_080] as const

type Sample = Awaited<ReturnType<typeof sampleSync.call>>
type Settings = Awaited<ReturnType<typeof readSyncSettings.call>>

/** One field: what it is at Entra, where it goes, and what a sample has. */
interface Row {
  readonly field: string
  readonly attribute: string
  readonly always: boolean
  readonly entra?: string | boolean | undefined
  readonly user?: string | boolean | undefined
  readonly changes: boolean
}

const withoutSample: readonly Row[] = [
  ...alwaysFollowed.map(({ field, attribute }) => ({ field, attribute, always: true })),
  ...syncFields.map((field) => {
    return { field, attribute: followedByChoice[field].attribute, always: false }
  }),
].map((row) => ({ ...row, changes: false }))

/** What Entra has of somebody now, or why that cannot be shown. */
async function sampleFor(asked: Asked): Promise<Sample | string> {
  const user = asked.query('user')
  try {
    return await sampleSync.call(asked, { query: user === '' ? {} : { user } })
  } catch (error) {
    const { code, message } = toProblem(error)
    if (code === 'internal' || code === 'unavailable') throw error
    return message
  }
}

function Value({ value }: { readonly value: string | boolean | undefined }) {
  if (value === undefined || value === '') return <span class="is-soft">{texts.empty}</span>
  if (typeof value === 'boolean') return <>{value ? texts.yes : texts.no}</>
  return <bdi>{value}</bdi>
}

function FieldTable(props: {
  readonly rows: readonly Row[]
  readonly chosen: readonly string[]
  readonly sampled: boolean
}) {
  const { rows, chosen, sampled } = props
  const { columns } = texts
  return (
    <Table
      label={texts.table}
      rows={rows}
      columns={[
        {
          label: columns.follows,
          cell: ({ field, always }) =>
            always ? (
              <Badge icon="lock">{texts.always}</Badge>
            ) : (
              <label class="lone">
                <input
                  type="checkbox"
                  name="field"
                  value={field}
                  checked={chosen.includes(field)}
                  aria-label={texts.follow(names[field] ?? field)}
                />
              </label>
            ),
        },
        { label: columns.field, cell: ({ field }) => names[field] ?? field },
        {
          label: columns.attribute,
          when: 'least',
          cell: ({ attribute }) => <code>{attribute.replace(/^urn:.*:/, '')}</code>,
        },
        ...(sampled
          ? [
              { label: columns.entra, cell: ({ entra }: Row) => <Value value={entra} /> },
              {
                label: columns.user,
                when: 'less' as const,
                cell: ({ user, changes }: Row) => (
                  <span class="badges">
                    <Value value={user} />
                    {changes ? <Badge kind="info">{texts.would}</Badge> : null}
                  </span>
                ),
              },
            ]
          : []),
      ]}
    />
  )
}

interface Found {
  readonly id: string
  readonly name: string
}

async function findLinked({ directory }: Asked, search: string): Promise<readonly Found[]> {
  if (search === '') return []
  const query = { search, linked: true, sort: 'name', count: MOST_FOUND } as const
  const { items } = await directory.roster.list(query)
  return items.map(({ user: { id, attributes } }) => {
    return { id, name: displayName(attributes) || userName(attributes) }
  })
}

/** Looks for somebody else to show the values of. */
function OtherSample({
  search,
  found,
}: {
  readonly search: string
  readonly found: readonly Found[]
}) {
  return (
    <Panel title={texts.other} bare>
      <div class="toolbar">
        <form action={at(HERE)} data-swap={FOUND} role="search">
          <SearchField value={search} label={texts.search} />
          <Submit look="quiet">{common.search}</Submit>
        </form>
      </div>
      <Region id={FOUND}>
        {search === '' ? null : found.length === 0 ? (
          <p class="inside hint">{texts.noneFound}</p>
        ) : (
          <p class="inside badges">
            {found.map(({ id, name }) => (
              <a class="chip" href={at(`${HERE}?user=${id}`)}>
                <bdi>{name}</bdi>
              </a>
            ))}
          </p>
        )}
      </Region>
    </Panel>
  )
}

/** What the form has: as it is set, or as it was typed. */
interface Typed {
  readonly fields: readonly string[]
  readonly provisioned: string
  readonly every: string
}

const typedOf = ({ fields, provisioned, every }: Settings): Typed => ({
  fields,
  provisioned,
  every: every === undefined ? '' : String(every),
})

/** How often, with what is set where that is none of the usual. */
function options(every: string) {
  const minutes = Number(every)
  const all = new Set<number>(choices)
  if (Number.isInteger(minutes) && minutes > 0) all.add(minutes)
  return [...all]
    .sort((one, other) => one - other)
    .map((each) => ({ value: String(each), label: texts.choice(each) }))
}

async function settingsView(asked: Asked, typed: Typed, faults?: Faults): Promise<View> {
  const search = asked.query('search')
  const [sample, found] = await Promise.all([sampleFor(asked), findLinked(asked, search)])
  const sampled = typeof sample === 'string' ? undefined : sample
  return {
    title: texts.title,
    section: SECTION,
    ...(faults ? { status: 400 as const } : {}),
    body: (
      <>
        <Head title={sync.title} about={sync.about} />
        <SyncTabs current={HERE} />
        {faults ? <Note kind="bad">{faults.text}</Note> : null}
        <form method="post" action={at(HERE)}>
          <Panel title={texts.schedule} about={texts.scheduleAbout}>
            <div class="form-grid">
              <Select
                name="every"
                label={texts.every}
                none={texts.off}
                options={options(typed.every)}
                value={typed.every}
                optional
              />
              <fieldset>
                <legend>{texts.provisioned}</legend>
                {(['left', 'synced'] as const).map((value) => (
                  <Tick
                    kind="radio"
                    name="provisioned"
                    value={value}
                    label={texts[value]}
                    hint={texts[`${value}Hint`]}
                    checked={typed.provisioned === value}
                  />
                ))}
              </fieldset>
            </div>
          </Panel>
          <Panel
            title={texts.fields}
            about={
              <>
                {texts.about} {texts.fieldsAbout}{' '}
                {sampled ? (
                  <>
                    {texts.sample}{' '}
                    <a class="name" href={at(`/admin/users/${sampled.user.id}`)}>
                      <bdi>{sampled.user.displayName || sampled.user.userName}</bdi>
                    </a>
                    {'.'}
                  </>
                ) : (
                  <>
                    {texts.noSample} {sample}
                  </>
                )}
              </>
            }
            bare
            footer={
              <div class="actions">
                <Submit>{texts.save}</Submit>
              </div>
            }
          >
            <FieldTable
              rows={sampled ? sampled.fields : withoutSample}
              chosen={typed.fields}
              sampled={sampled !== undefined}
            />
          </Panel>
        </form>
        {sampled ? <OtherSample search={search} found={found} /> : null}
      </>
    ),
  }
}

/** What follows Entra, and how often by itself. */
export const syncSettingsPages: readonly Page[] = [
  page('/sync/settings', async (asked) =>
    settingsView(asked, typedOf(await readSyncSettings.call(asked))),
  ),

  action('/sync/settings', async (asked) => {
    const { sent } = asked
    const typed: Typed = {
      fields: sent.list('field').flatMap((each) => each.split(' ')),
      provisioned: sent.text('provisioned'),
      every: sent.text('every'),
    }
    const before = typedOf(await readSyncSettings.call(asked))
    const fields = syncFields.filter((field) => typed.fields.includes(field))
    const provisioned = typed.provisioned === 'synced' ? 'synced' : 'left'
    const every = /^\d{1,9}$/.test(typed.every) ? { every: Number(typed.every) } : {}
    const result = await attempt(() =>
      changeSyncSettings.call(asked, { body: { fields, provisioned, ...every } }),
    )
    if ('faults' in result) return settingsView(asked, typed, result.faults)
    if (sent.has('back')) return { to: HERE, done: { text: texts.back } }
    const undo = { ...before, field: before.fields.join(' '), back: 'yes' }
    const { fields: _, ...kept } = undo
    return { to: HERE, done: { text: texts.done, undo: { to: HERE, fields: kept } } }
  }),
]
