import { common } from '../../../texts/common.ts'
import { link } from '../../../texts/link.ts'
import { LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { SearchField } from '../../../ui/field.tsx'
import { Badge, Empty, Panel } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import { Region } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import type { Asked } from '../../console/asked.ts'
import { searchEntraUsers } from '../../entra-people.ts'
import type { suggestLinks } from '../../suggestions.ts'
import { SECTION } from './piles.ts'

const texts = link.other
const FOUND = 'found'

type Judged = Awaited<ReturnType<typeof searchEntraUsers.call>>['items'][number]
type Suggestions = Awaited<ReturnType<typeof suggestLinks.call>>['items'][number]['suggestions']

/** People of Entra whom somebody looked for. */
export interface FoundPeople {
  readonly search: string
  readonly items: readonly Judged[]
}

export async function findPeople(asked: Asked): Promise<FoundPeople> {
  const search = asked.query('search').slice(0, 200)
  if (search === '') return { search, items: [] }
  const { items } = await searchEntraUsers.call(asked, { query: { search } })
  return { search, items }
}

/** Somebody of Entra in a row, with what there is to say before looking closer. */
interface Row {
  readonly id: string
  readonly name: string
  readonly detail: string
  readonly more: string
  readonly guest: boolean
  readonly enabled: boolean
  readonly linked: boolean
}

function rowOf({
  person,
  more,
  linked,
}: Pick<Judged, 'person'> & { more: string; linked: boolean }) {
  const { id, displayName: name, userPrincipalName: detail, guest, enabled } = person
  return { id, name, detail, more, guest, enabled, linked }
}

function PeopleTable(props: {
  readonly label: string
  readonly rows: readonly Row[]
  readonly href: (id: string) => `/${string}`
}) {
  return (
    <Table
      label={props.label}
      rows={props.rows}
      columns={[
        {
          label: link.columns.person,
          cell: ({ name, detail }) => <Who name={name} detail={detail} />,
        },
        {
          label: texts.about,
          when: 'less',
          cell: ({ more, guest, enabled }) => (
            <span class="badges">
              {more === '' ? null : <span>{more}</span>}
              {guest ? <Badge>{texts.guest}</Badge> : null}
              {enabled ? null : <Badge kind="warn">{texts.blocked}</Badge>}
            </span>
          ),
        },
        {
          label: texts.compare,
          unseen: true,
          kind: 'end',
          cell: ({ id, name, linked }) =>
            linked ? (
              <Badge icon="link">{texts.linked}</Badge>
            ) : (
              <LinkButton href={props.href(id)} small of={name}>
                {texts.compare}
              </LinkButton>
            ),
        },
      ]}
    />
  )
}

/** Whom else of Entra a user may be: the other suggestions, and whomever one looks for. */
export function OtherPeople(props: {
  readonly userId: string
  readonly pile: string
  readonly current: string | undefined
  readonly suggestions: Suggestions
  readonly found: FoundPeople
}) {
  const { userId, pile, current, suggestions, found } = props
  const here = `${SECTION}/users/${userId}` as const
  const tail = pile === '' ? '' : `&pile=${pile}`
  const href = (id: string) => `${here}?person=${id}${tail}` as const
  const others = suggestions
    .filter(({ person }) => person.id !== current)
    .map(({ person, why }) => rowOf({ person, more: why[0] ?? '', linked: false }))
  const people = found.items.map(({ person, standing }) =>
    rowOf({
      person,
      more: [person.jobTitle, person.department].filter(Boolean).join(', '),
      linked: standing === 'linked',
    }),
  )
  return (
    <Panel title={current === undefined ? texts.first : texts.title} bare>
      {others.length === 0 ? null : (
        <PeopleTable label={texts.suggested} rows={others} href={href} />
      )}
      <div class="toolbar">
        <form action={at(here)} data-swap={FOUND} role="search">
          {pile === '' ? null : <input type="hidden" name="pile" value={pile} />}
          {current === undefined ? null : <input type="hidden" name="person" value={current} />}
          <SearchField value={found.search} label={texts.label} autofocus={current === undefined} />
          <Submit look="quiet">{common.search}</Submit>
        </form>
      </div>
      <Region id={FOUND}>
        {people.length > 0 ? (
          <PeopleTable label={texts.results} rows={people} href={href} />
        ) : found.search === '' ? null : (
          <Empty icon="search" title={texts.none} text={texts.noneText(found.search)} />
        )}
      </Region>
    </Panel>
  )
}
