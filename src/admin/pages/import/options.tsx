import { imports as texts } from '../../../texts/imports.ts'
import { Submit } from '../../../ui/action.tsx'
import { Field, SearchField, Tick } from '../../../ui/field.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { Region } from '../../../ui/progress.tsx'
import type { Asked } from '../../console/asked.ts'
import type { Faults } from '../../console/attempt.ts'
import type { Form } from './form.ts'

const words = texts.choose

/** The region that is renewed while one looks for user groups. */
export const GROUPS = 'groups'

const ROLES = 'roles'

/** So many user groups are shown besides those that are chosen. */
const MOST_GROUPS = 30
const MOST_ROLES = 100

export interface OwnGroup {
  readonly id: string
  readonly name: string
}

/** What there is to choose from. */
export interface Choices {
  /** Those that are chosen first, then some that have what is searched for in their name. */
  readonly groups: readonly OwnGroup[]
  /** How many more there are. */
  readonly moreGroups: number
  readonly roles: readonly string[]
  /** Whether there are rules or mappings. */
  readonly ruled: boolean
}

/** User groups to choose from: the chosen ones, and some whose name has a text. */
export async function groupsToChoose(
  { directory }: Asked,
  chosen: readonly string[],
  search: string,
): Promise<Pick<Choices, 'groups' | 'moreGroups'>> {
  const [names, found] = await Promise.all([
    directory.names.of(chosen),
    directory.groups.list({ search, filled: 'here', count: MOST_GROUPS }),
  ])
  const kept = chosen.flatMap((id) => {
    const named = names.get(id)
    return named && !named.gone ? [{ id, name: named.name }] : []
  })
  const others = found.items
    .filter(({ id }) => !chosen.includes(id))
    .map(({ id, displayName }) => ({ id, name: displayName }))
  const moreGroups = Math.max(0, found.total - found.items.length)
  return { groups: [...kept, ...others], moreGroups }
}

/** All there is to choose from in the form. */
export async function choicesFor(asked: Asked, form: Form): Promise<Choices> {
  const { directory } = asked
  const [groups, roles, rules, mappings] = await Promise.all([
    groupsToChoose(asked, form.groups, form.groupSearch),
    directory.roster.roleNames(MOST_ROLES),
    directory.rules.list(),
    directory.mappings.list(),
  ])
  return {
    ...groups,
    roles,
    ruled: rules.length + mappings.length > 0,
  }
}

/** User groups to tick; who has script sees those that fit while typing. */
export function GroupPool(props: {
  readonly choices: Pick<Choices, 'groups' | 'moreGroups'>
  readonly chosen: readonly string[]
  readonly search: string
  /** Of the box to search in. */
  readonly swap?: string
}) {
  const { choices, chosen, search, swap } = props
  const few = choices.groups.length + choices.moreGroups <= MOST_GROUPS && search === ''
  return (
    <>
      {few || swap === undefined ? null : (
        <div class="stack" data-swap={swap}>
          <SearchField name="groupSearch" value={search} label={words.groupsSearch} />
          <span class="without-script">
            <Submit look="quiet" small name="do" value="groups">
              {words.groupsSearch}
            </Submit>
          </span>
        </div>
      )}
      <Region id={swap ?? GROUPS}>
        {choices.groups.length === 0 ? (
          <p class="is-soft">{search === '' ? words.noGroupsHere : words.noneNamed}</p>
        ) : (
          <div class="pool">
            {choices.groups.map(({ id, name }) => (
              <Tick
                name="group"
                value={id}
                checked={chosen.includes(id)}
                label={<bdi>{name}</bdi>}
              />
            ))}
          </div>
        )}
        {choices.moreGroups > 0 ? (
          <p class="is-soft">{words.moreOfThem(choices.moreGroups)}</p>
        ) : null}
      </Region>
    </>
  )
}

/** A role to type, with those that are in use offered. */
export function RoleField(props: {
  readonly value: string
  readonly roles: readonly string[]
  readonly fault?: string | undefined
}) {
  const { value, roles, fault } = props
  return (
    <div class="field">
      <label for="role">{words.roleLabel}</label>
      <input
        id="role"
        name="role"
        type="text"
        value={value}
        list={ROLES}
        autocomplete="off"
        spellcheck={false}
        aria-describedby="role-note"
        {...(fault === undefined ? {} : { 'aria-invalid': 'true' as const })}
      />
      <small id="role-note">{fault ?? words.roleHint}</small>
      <datalist id={ROLES}>
        {roles.map((role) => (
          <option value={role} />
        ))}
      </datalist>
    </div>
  )
}

function Invitation(props: {
  readonly form: Form
  readonly zone: string
  readonly fault: string | undefined
}) {
  const { form, zone, fault } = props
  return (
    <fieldset>
      <legend>{words.invite}</legend>
      {(['now', 'later', 'at', 'never'] as const).map((when) => (
        <label class="tick">
          <input
            type="radio"
            name="when"
            value={when}
            checked={form.when === when}
            data-shows={when}
          />
          <span>{words.invites[when]}</span>
        </label>
      ))}
      <div data-with="at">
        <Field
          name="at"
          label={words.at}
          type="datetime-local"
          value={form.at}
          hint={words.atHint(zone)}
          fault={fault}
          optional
        />
      </div>
    </fieldset>
  )
}

/** What everybody in the import gets. */
export function Options(props: {
  readonly form: Form
  readonly choices: Choices
  readonly zone: string
  readonly faults: Faults | undefined
}) {
  const { form, choices, zone, faults } = props
  const fields = faults?.fields ?? {}
  return (
    <Panel title={words.options} id="options">
      <fieldset>
        <legend>{words.groups}</legend>
        <GroupPool choices={choices} chosen={form.groups} search={form.groupSearch} swap={GROUPS} />
        {fields['options/groups'] === undefined ? null : (
          <small class="fault">{fields['options/groups']}</small>
        )}
      </fieldset>
      <RoleField value={form.role} roles={choices.roles} fault={fields['options/role']} />
      <Invitation form={form} zone={zone} fault={fields['options/invite/at']} />
      {choices.ruled ? (
        <Tick name="rules" label={words.rules} hint={words.rulesHint} checked={form.rules} />
      ) : null}
    </Panel>
  )
}
