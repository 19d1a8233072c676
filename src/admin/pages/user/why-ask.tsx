import type { Child } from 'hono/jsx'
import { displayName } from '../../../directory/user.ts'
import { fold } from '../../../scim/protocol/compare.ts'
import { whyTexts as texts } from '../../../texts/why.ts'
import { DoButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Panel } from '../../../ui/panel.tsx'
import type { Asked } from '../../console/asked.ts'
import { roleHref, Through } from './access.tsx'
import { pathOf, type Person } from './frame.tsx'
import { Line, type Why } from './why-lines.tsx'

/** So many groups and roles that give it are told. */
const MOST = 8

/** A group or a role that gives a permission, and the way for the user to get it. */
interface Giver {
  readonly name: string
  readonly href: `/${string}`
  readonly fix: Child
}

/** All groups and roles that give a permission. */
async function giversOf(
  { directory }: Asked,
  person: Person,
  permission: string,
): Promise<Giver[]> {
  const grants = (await directory.permissions.list()).filter(
    (grant) => grant.permission === permission,
  )
  const path = pathOf(person)
  const found = await Promise.all(
    grants.slice(0, MOST).map(async ({ holder }): Promise<Giver | undefined> => {
      if (holder.kind === 'role') {
        const { value } = holder
        const fix = (
          <DoButton to={`${path}/give`} fields={{ role: value }} small of={value}>
            {texts.ask.give}
          </DoButton>
        )
        return { name: value, href: roleHref(value), fix }
      }
      const group = await directory.groups.read(holder.id, false)
      if (!group) return undefined
      const name = displayName(group.attributes)
      const fix =
        group.origin === 'scim' ? (
          <span class="is-soft">{texts.ask.entra}</span>
        ) : (
          <DoButton to={`${path}/join`} fields={{ group: group.id }} small of={name}>
            {texts.ask.add}
          </DoButton>
        )
      return { name, href: `/admin/groups/${group.id}`, fix }
    }),
  )
  return found.filter((giver) => giver !== undefined)
}

/** Whether the user would have a permission if switched on: through a group or a role that it is in. */
async function wouldHave({ directory }: Asked, person: Person, permission: string) {
  const groups = new Set(person.groups.map(({ id }) => id))
  const roles = new Set(person.roles.map(fold))
  const grants = await directory.permissions.list()
  return grants.some(
    ({ holder, permission: given }) =>
      given === permission &&
      (holder.kind === 'group' ? groups.has(holder.id) : roles.has(fold(holder.value))),
  )
}

interface Answer {
  readonly permission: string
  readonly through: Why['permissions'][number]['through']
  readonly givers: readonly Giver[]
  readonly wouldHave: boolean
}

/** The answer to what was asked, if anything was. */
export async function answerOf(
  asked: Asked,
  person: Person,
  why: Why,
): Promise<Answer | undefined> {
  const permission = asked.query('permission')
  if (permission === '') return undefined
  const through = why.permissions.find((each) => each.permission === permission)?.through ?? []
  return {
    permission,
    through,
    givers: through.length > 0 ? [] : await giversOf(asked, person, permission),
    wouldHave: !person.active && (await wouldHave(asked, person, permission)),
  }
}

function AnswerLines({ answer }: { readonly answer: Answer }) {
  const { permission, through, givers } = answer
  if (through.length > 0) {
    return (
      <Line mark="good">
        {texts.ask.has(permission)} <Through through={through} />
      </Line>
    )
  }
  return (
    <>
      <Line mark="bad" small={givers.length === 0 ? texts.ask.nobody : undefined}>
        {answer.wouldHave ? texts.ask.inactive(permission) : texts.ask.hasNot(permission)}
      </Line>
      {givers.map(({ name, href, fix }) => (
        <Line mark="soft" fix={fix}>
          {texts.ask.gives}{' '}
          <a href={at(href)}>
            <bdi>{name}</bdi>
          </a>
        </Line>
      ))}
    </>
  )
}

/** Asks about one permission, and answers. */
export function AskPanel(props: {
  readonly person: Person
  readonly typed: string
  readonly known: readonly string[]
  readonly answer: Answer | undefined
}) {
  const { person, typed, known, answer } = props
  return (
    <Panel title={texts.ask.title} about={texts.ask.about} bare>
      <form class="toolbar" action={at(`${pathOf(person)}/why`)}>
        <div class="search plain">
          <input
            type="text"
            name="permission"
            value={typed}
            required
            aria-label={texts.ask.label}
            placeholder={texts.ask.label}
            list="permissions-known"
            autocomplete="off"
            spellcheck={false}
          />
        </div>
        <datalist id="permissions-known">
          {known.map((permission) => (
            <option value={permission} />
          ))}
        </datalist>
        <Submit look="quiet">{texts.ask.button}</Submit>
      </form>
      {answer === undefined ? null : (
        <ul class="lines">
          <AnswerLines answer={answer} />
        </ul>
      )}
    </Panel>
  )
}
