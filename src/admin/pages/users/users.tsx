import { common } from '../../../texts/common.ts'
import { bulkTexts } from '../../../texts/bulk.ts'
import { usersTexts as texts } from '../../../texts/users.ts'
import { LinkButton, Menu, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { SearchField, Tick } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Note } from '../../../ui/note.tsx'
import { Empty, Panel } from '../../../ui/panel.tsx'
import { Region } from '../../../ui/progress.tsx'
import { action, page, type Asked, type Page } from '../../console/asked.ts'
import type { Faults } from '../../console/attempt.ts'
import { csvFile } from '../../console/csv.ts'
import type { ImportPlan } from '../import/plan.ts'
import { ImportPanel, runningImport } from '../import/running.tsx'
import { bulkButtons, hiddenButtons } from './bulk-deeds.ts'
import { columns, columnsOf, keepColumns } from './columns.ts'
import { linesOf } from './export.ts'
import { Filters, hrefTo, readChoices, type Choices } from './filters.tsx'
import { backTo, isFiltered, listOf, parameters, readList, SECTION } from './listing.ts'
import { UserTable } from './table.tsx'

const REGION = 'users'

type List = NonNullable<Awaited<ReturnType<typeof readList>>['list']>

/** What can be done with all of it. */
function Actions() {
  return (
    <>
      <LinkButton href={`${SECTION}/new`} icon="user-plus">
        {texts.add}
      </LinkButton>
      <div class="cluster" role="group" aria-label={texts.entra}>
        <span>{texts.entra}</span>
        <LinkButton href="/admin/import/new" look="main" icon="import">
          {texts.import}
        </LinkButton>
        <LinkButton href="/admin/link" icon="link">
          {texts.link}
        </LinkButton>
        <LinkButton href="/admin/sync" icon="refresh-cw">
          {texts.sync}
        </LinkButton>
      </div>
    </>
  )
}

/** The box to search in; what is filtered besides stays. */
function Search({ asked }: { readonly asked: Asked }) {
  const others = parameters.filter((name) => name !== 'search' && name !== 'filter')
  return (
    <form action={at(SECTION)} data-swap={REGION} role="search">
      {others.map((name) => {
        const value = asked.query(name)
        return value === '' ? null : <input type="hidden" name={name} value={value} />
      })}
      <SearchField
        value={asked.query('search')}
        label={texts.search.label}
        placeholder={texts.search.placeholder}
      />
      <span class="without-script">
        <Submit look="quiet">{common.search}</Submit>
      </span>
    </form>
  )
}

/** The box for those who know SCIM, folded away until it is used. */
function ScimFilter({ asked, fault }: { readonly asked: Asked; readonly fault?: string }) {
  const filter = asked.query('filter')
  return (
    <details class="wide" open={filter !== ''}>
      <summary class={filter === '' ? 'chip' : 'chip on'}>
        <Icon name="filter" />
        {texts.scim.label}
      </summary>
      <form action={at(SECTION)}>
        <div class="field">
          <div class="copy">
            <input
              type="text"
              class="mono"
              name="filter"
              value={filter}
              aria-label={texts.scim.label}
              aria-describedby="filter-note"
              autocomplete="off"
              spellcheck={false}
              {...(fault === undefined ? {} : { 'aria-invalid': 'true' as const })}
            />
            <Submit look="quiet">{texts.scim.apply}</Submit>
          </div>
          <small id="filter-note" class={fault === undefined ? '' : 'fault'}>
            {fault ?? texts.scim.hint}
          </small>
        </div>
      </form>
    </details>
  )
}

/** Which columns are shown. */
function ColumnChoice({ asked }: { readonly asked: Asked }) {
  const shown = columnsOf(asked)
  return (
    <Menu label={texts.columns.label} icon="columns-3" right small>
      <form method="post" action={at(`${SECTION}/columns`)}>
        <input type="hidden" name="back" value={listOf(asked)} />
        <fieldset class="pad">
          <legend class="unseen">{texts.columns.choose}</legend>
          {columns.map((name) => (
            <Tick
              name="column"
              value={name}
              checked={shown.includes(name)}
              label={texts.columns[name]}
            />
          ))}
        </fieldset>
        <div class="pad">
          <Submit look="quiet" small>
            {common.apply}
          </Submit>
        </div>
      </form>
    </Menu>
  )
}

/** What can be done with the users that are ticked. */
function BulkBar({ asked }: { readonly asked: Asked }) {
  return (
    <div class="bulk" data-empty role="group" aria-label={bulkTexts.label}>
      <span class="with-script">
        <strong data-picked>{0}</strong> {common.selected}
      </span>
      <input type="hidden" name="back" value={listOf(asked)} />
      {bulkButtons.map((what) => (
        <Submit look="quiet" small name="what" value={what}>
          {bulkTexts.buttons[what]}
        </Submit>
      ))}
      <Menu label={bulkTexts.more} small>
        {hiddenButtons.map((what) => (
          <button type="submit" name="what" value={what}>
            {bulkTexts.buttons[what]}
          </button>
        ))}
        <hr />
        <button type="submit" formaction={at('/admin/sync')}>
          {bulkTexts.buttons.sync}
        </button>
      </Menu>
    </div>
  )
}

/** How many there are, and the way to more of them. */
function Foot({ asked, list }: { readonly asked: Asked; readonly list: List }) {
  const { total, atLeast = 0, next, sorted } = list
  return (
    <footer>
      <span>
        {total === undefined ? texts.found.atLeast(atLeast) : texts.found.total(total)}
        {sorted ? null : (
          <>
            {'. '}
            {texts.found.unsorted}
          </>
        )}
      </span>
      <span class="pager">
        {asked.query('after') === '' ? null : (
          <a class="button quiet small" href={hrefTo(asked, { filter: asked.query('filter') })}>
            {common.first}
          </a>
        )}
        {next === undefined ? null : (
          <a
            class="button quiet small"
            href={hrefTo(asked, { filter: asked.query('filter'), after: next })}
          >
            {common.next}
            <Icon name="arrow-right" />
          </a>
        )}
      </span>
    </footer>
  )
}

function Nobody({ asked, list }: { readonly asked: Asked; readonly list: List }) {
  if (list.next !== undefined) return <p class="inside is-soft">{texts.found.further}</p>
  if (isFiltered(asked) || asked.query('after') !== '') {
    return (
      <Empty icon="search" title={texts.empty.nobody} text={texts.empty.nobodyText}>
        <LinkButton href={SECTION}>{texts.empty.start}</LinkButton>
      </Empty>
    )
  }
  return (
    <Empty icon="users" title={texts.empty.none} text={texts.empty.noneText}>
      <LinkButton href="/admin/import/new">{texts.import}</LinkButton>
      <LinkButton href="/admin/connect">{texts.empty.connect}</LinkButton>
    </Empty>
  )
}

function Found({ asked, list }: { readonly asked: Asked; readonly list: List }) {
  const { items } = list
  return (
    <>
      {items.length === 0 ? (
        <Nobody asked={asked} list={list} />
      ) : (
        <form class="people" method="post" action={at(`${SECTION}/bulk`)}>
          <UserTable asked={asked} users={items} columns={columnsOf(asked)} />
          <BulkBar asked={asked} />
        </form>
      )}
      {items.length === 0 && list.next === undefined ? null : <Foot asked={asked} list={list} />}
    </>
  )
}

/** What is wrong with what was asked for, but for what stands at the filter box. */
function Faulty({ faults }: { readonly faults: Faults }) {
  const fields = Object.entries(faults.fields)
  // What is wrong with the filter stands at its box.
  const others = fields.filter(([name]) => name !== 'filter').map(([, detail]) => detail)
  const told = fields.length === 0 ? [faults.text] : others
  return (
    <div class="inside">
      <Note kind="bad">{[texts.faults, ...told].join(' ')}</Note>
      <LinkButton href={SECTION}>{texts.empty.start}</LinkButton>
    </div>
  )
}

function Body(props: {
  readonly asked: Asked
  readonly result: Awaited<ReturnType<typeof readList>>
  readonly choices: Choices
  readonly running: ImportPlan | undefined
}) {
  const { asked, result, choices, running } = props
  const fault = result.list ? undefined : result.faults.fields['filter']
  const list = listOf(asked)
  return (
    <>
      <Head title={texts.title} about={texts.about} actions={<Actions />} />
      {running ? <ImportPanel plan={running} /> : null}
      <Panel bare>
        <div class="toolbar">
          <Search asked={asked} />
          <ScimFilter asked={asked} {...(fault === undefined ? {} : { fault })} />
          <div class="actions end">
            <span class="less">
              <ColumnChoice asked={asked} />
            </span>
            <a
              class="button quiet small"
              href={at(`${SECTION}/export${list === '' ? '' : `?${list}`}`)}
            >
              <Icon name="download" />
              {texts.export}
            </a>
          </div>
        </div>
        <Region id={REGION}>
          <div class="toolbar">
            <Filters asked={asked} choices={choices} />
          </div>
          {result.list ? (
            <Found asked={asked} list={result.list} />
          ) : (
            <Faulty faults={result.faults} />
          )}
        </Region>
      </Panel>
    </>
  )
}

/** The table of users, its columns, and what is taken from it as a file. */
export const userTablePages: readonly Page[] = [
  page('/users', async (asked) => {
    const [result, choices, running] = await Promise.all([
      readList(asked),
      readChoices(asked),
      runningImport(asked),
    ])
    return {
      title: texts.title,
      section: SECTION,
      ...(result.list ? {} : { status: 400 as const }),
      body: <Body asked={asked} result={result} choices={choices} running={running} />,
    }
  }),

  action('/users/columns', async (asked) => {
    keepColumns(asked)
    return { to: backTo(asked) }
  }),

  page('/users/export', async (asked) => {
    const { list } = await readList(asked)
    const query = listOf(asked)
    if (!list) return { to: query === '' ? SECTION : `${SECTION}?${query}` }
    const day = asked.now().toISOString().slice(0, 10)
    return csvFile(`users-${day}.csv`, linesOf(asked))
  }),
]
