import { rules as texts } from '../../../texts/rules.ts'
import type { Directory } from '../../../directory/store.ts'
import type { GroupReference } from '../../../directory/user.ts'
import { at } from '../../../ui/base.ts'
import { Badge } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import type { Asked } from '../../console/asked.ts'
import type { tryRule } from '../../rules.ts'
import { Gives } from '../giving/fields.tsx'
import { groupsOf } from '../giving/choices.ts'
import { reasonInWords } from './in-words.tsx'

type Tried = Awaited<ReturnType<typeof tryRule.call>>
export type Matches = NonNullable<Tried['matches']>
export type Decision = NonNullable<Tried['decision']>

/** So many people of a name are looked at. */
const MOST_PEOPLE = 5

/** The first users whose names begin so, by id. */
export async function peopleNamed({ directory }: Asked, search: string): Promise<string[]> {
  if (search === '') return []
  const { items } = await directory.roster.list({ search, sort: 'name', count: MOST_PEOPLE })
  return items.map(({ user }) => user.id)
}

/** The user groups that some decisions give, by id. */
export async function groupsIn(
  directory: Directory,
  decisions: readonly Decision[],
): Promise<ReadonlyMap<string, GroupReference>> {
  const ids = new Set(decisions.flatMap(({ rule }) => rule?.groups ?? []))
  const found = await groupsOf(directory, [...ids])
  return new Map(found.map((group) => [group.id, group]))
}

/** Which rule decides, in a badge; `draft` is the id of the one that is being written. */
function Verdict({ decision, draft }: { readonly decision: Decision; readonly draft?: string }) {
  const { trial } = texts
  const { rule } = decision
  if (!rule) return <Badge>{trial.none}</Badge>
  if (rule.id === draft) {
    return (
      <Badge kind="good" icon="check">
        {trial.this}
      </Badge>
    )
  }
  const words = draft === undefined ? trial.rule(rule.name) : trial.other(rule.name)
  return <Badge kind={draft === undefined ? 'good' : 'warn'}>{words}</Badge>
}

function Before({ decision, draft }: { readonly decision: Decision; readonly draft?: string }) {
  const { before, rule } = decision
  if (before.length === 0) return null
  return (
    <details class="more">
      <summary>{rule ? texts.trial.why : texts.trial.whyNone}</summary>
      <ul>
        {before.map(({ id, name, why }) => (
          <li>
            <strong>{id === draft ? texts.trial.draft : name}</strong>
            {': '}
            {why.map(reasonInWords).join(' ')}
          </li>
        ))}
      </ul>
    </details>
  )
}

/** What rules say of people: which decides about each, what it gives, and why the others do not. */
export function Decisions(props: {
  readonly decisions: readonly Decision[]
  readonly groups: ReadonlyMap<string, GroupReference>
  readonly draft?: string
}) {
  const { decisions, groups, draft } = props
  const more = draft === undefined ? {} : { draft }
  return (
    <ul class="lines trial">
      {decisions.map((decision) => {
        const { user, rule } = decision
        const gets = (rule?.groups ?? []).flatMap((id) => groups.get(id) ?? [])
        return (
          <li>
            <div class="words">
              <Who
                name={user.displayName ?? user.userName}
                href={at(`/admin/users/${user.id}`)}
                detail={user.userName}
              />
            </div>
            <Verdict decision={decision} {...more} />
            {rule ? (
              <span class="badges">
                <span class="is-soft">{texts.trial.gets}</span>
                <Gives groups={gets} role={rule.role} />
              </span>
            ) : null}
            <Before decision={decision} {...more} />
          </li>
        )
      })}
    </ul>
  )
}
