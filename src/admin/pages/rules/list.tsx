import type { Rule } from '../../../directory/rule.ts'
import type { GroupReference } from '../../../directory/user.ts'
import { rules as texts } from '../../../texts/rules.ts'
import { DoButton, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { SearchField } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Empty, Panel } from '../../../ui/panel.tsx'
import { Region } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import { common } from '../../../texts/common.ts'
import { groups as groupTexts } from '../../../texts/groups.ts'
import { page, type Asked, type Page, type View } from '../../console/asked.ts'
import { tryRule } from '../../rules.ts'
import { groupsOf } from '../giving/choices.ts'
import { Gives } from '../giving/fields.tsx'
import { COUNT, PartFooter, partOf, type Part } from '../user/parts.tsx'
import { SECTION } from './form.tsx'
import { WhenInWords } from './in-words.tsx'
import { Decisions, peopleNamed, type Decision } from './trial.tsx'

const TRIED = 'tried'

/** The id of a button that moves a rule: where one is again once it has moved. */
export function moverId(rule: string, way: 'up' | 'down'): string {
  return `${way}-${rule}`
}

function Mover(props: { readonly rule: Rule; readonly way: 'up' | 'down'; readonly can: boolean }) {
  const { rule, way, can } = props
  const words = `${texts[way]} ${rule.name}`
  return (
    <form method="post" action={at(`${SECTION}/${rule.id}/move`)}>
      <button
        type="submit"
        id={moverId(rule.id, way)}
        name="way"
        value={way}
        class="quiet small square"
        disabled={!can}
        aria-label={words}
        title={words}
      >
        <Icon name={way === 'up' ? 'arrow-up' : 'arrow-down'} />
      </button>
    </form>
  )
}

interface Placed {
  readonly rule: Rule
  readonly position: number
}

/** The page of the list that has the rule at a place, from 0. */
export function pageWith(place: number): `/${string}` {
  const from = place - (place % COUNT)
  return from === 0 ? SECTION : `${SECTION}?from=${from}`
}

function Rules(props: {
  readonly part: Part<Placed>
  readonly groups: ReadonlyMap<string, GroupReference>
}) {
  const { part, groups } = props
  const given = (rule: Rule) => rule.groups.flatMap((id) => groups.get(id) ?? [])
  return (
    <Table
      label={texts.title}
      rows={part.items}
      columns={[
        {
          label: texts.columns.order,
          cell: ({ position }) => <span class="place">{position}</span>,
        },
        {
          label: texts.columns.rule,
          cell: ({ rule }) => (
            <>
              <a class="name" href={at(`${SECTION}/${rule.id}`)}>
                <bdi>{rule.name}</bdi>
              </a>
              <div class="is-soft">
                <WhenInWords filter={rule.filter} />
              </div>
              <div class="instead">
                <Gives groups={given(rule)} role={rule.role} />
              </div>
            </>
          ),
        },
        {
          label: texts.columns.gives,
          when: 'less',
          cell: ({ rule }) => <Gives groups={given(rule)} role={rule.role} />,
        },
        {
          label: texts.columns.move,
          unseen: true,
          kind: 'end',
          cell: ({ rule, position }) => (
            <div class="actions end">
              <span class="movers">
                <Mover rule={rule} way="up" can={position > 1} />
                <Mover rule={rule} way="down" can={position < part.of} />
              </span>
              <DoButton to={`${SECTION}/${rule.id}/remove`} look="danger" small of={rule.name}>
                {texts.remove}
              </DoButton>
            </div>
          ),
        },
      ]}
    />
  )
}

/** What the rules say of people whose name is typed. */
function Tester(props: {
  readonly person: string
  readonly decisions: readonly Decision[]
  readonly groups: ReadonlyMap<string, GroupReference>
}) {
  const { person, decisions, groups } = props
  const { trial } = texts
  return (
    <Panel title={trial.listTitle} about={trial.about} bare>
      <div class="toolbar">
        <form action={at(SECTION)} data-swap={TRIED} role="search">
          <SearchField name="person" value={person} label={groupTexts.members.label} />
          <Submit look="quiet">{common.search}</Submit>
        </form>
      </div>
      <Region id={TRIED}>
        {decisions.length > 0 ? (
          <Decisions decisions={decisions} groups={groups} />
        ) : (
          <div class="inside">
            <p class="is-soft">{person === '' ? trial.start : trial.notFound(person)}</p>
          </div>
        )}
      </Region>
    </Panel>
  )
}

async function list(asked: Asked): Promise<View> {
  const { directory } = asked
  const person = asked.query('person')
  const rules = await directory.rules.list()
  const users = await peopleNamed(asked, person)
  const { decisions = [] } =
    users.length === 0 ? {} : await tryRule.call(asked, { body: { users } })
  const ids = [...new Set(rules.flatMap(({ groups }) => groups))]
  const found = await groupsOf(directory, ids)
  const groups = new Map(found.map((group) => [group.id, group]))
  const placed = rules.map((rule, index): Placed => ({ rule, position: index + 1 }))
  const part = partOf(asked, 'from', placed)
  const none = rules.length === 0
  const add = (
    <LinkButton href={`${SECTION}/new`} look="main" icon="plus">
      {texts.add}
    </LinkButton>
  )
  return {
    title: texts.title,
    section: SECTION,
    body: (
      <>
        <Head title={texts.title} about={texts.about} actions={none ? undefined : add} />
        <Panel bare>
          {none ? (
            <Empty icon="list-checks" title={texts.empty.title} text={texts.empty.text}>
              {add}
            </Empty>
          ) : (
            <>
              <Rules part={part} groups={groups} />
              <PartFooter path={SECTION} name="from" part={part} />
            </>
          )}
        </Panel>
        {none ? null : <Tester person={person} decisions={decisions} groups={groups} />}
      </>
    ),
  }
}

/** The rules in their order, and what they say of somebody. */
export const ruleListPages: readonly Page[] = [page('/rules', list)]
