import type { GroupReference } from '../../../directory/user.ts'
import { giving as texts } from '../../../texts/giving.ts'
import { at } from '../../../ui/base.ts'
import { Select, Tick } from '../../../ui/field.tsx'
import type { Choices } from './choices.ts'

/** A line to type into, with what may be typed. */
function Suggested(props: {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly hint: string
  readonly fault?: string | undefined
  readonly among: readonly string[]
}) {
  const { name, label, value, hint, fault, among } = props
  const list = `${name}-among`
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        type="text"
        id={name}
        name={name}
        value={value}
        list={list}
        autocomplete="off"
        spellcheck={false}
        aria-describedby={`${name}-note`}
        {...(fault === undefined ? {} : { 'aria-invalid': 'true' as const })}
      />
      <small id={`${name}-note`}>{fault ?? hint}</small>
      <datalist id={list}>
        {among.map((each) => (
          <option value={each} />
        ))}
      </datalist>
    </div>
  )
}

/** The role that is given. */
export function RoleField(props: {
  readonly value: string
  readonly choices: Choices
  readonly fault?: string | undefined
}) {
  const { value, choices, fault } = props
  return (
    <Suggested
      name="role"
      label={texts.role}
      value={value}
      hint={texts.roleHint}
      fault={fault}
      among={choices.roles}
    />
  )
}

/** Any number of user groups: the first ones to tick, others by name. */
export function GroupTicks(props: {
  readonly chosen: readonly string[]
  readonly choices: Choices
  /** A name that was typed. */
  readonly named: string
  readonly fault?: string | undefined
}) {
  const { chosen, choices, named, fault } = props
  return (
    <fieldset>
      <legend>{texts.groups}</legend>
      {choices.groups.length === 0 ? (
        <p class="is-soft">{texts.noGroups}</p>
      ) : (
        <div class="pool" tabindex={0} role="group" aria-label={texts.groups}>
          {choices.groups.map(({ id, displayName }) => (
            <Tick
              name="group"
              value={id}
              checked={chosen.includes(id)}
              label={<bdi>{displayName}</bdi>}
            />
          ))}
        </div>
      )}
      {choices.others.length === 0 && named === '' ? null : (
        <Suggested
          name="group-named"
          label={texts.another}
          value={named}
          hint={texts.anotherHint}
          fault={fault}
          among={choices.others}
        />
      )}
    </fieldset>
  )
}

/** One user group, or none: to choose from where they are few, else by name. */
export function OneGroup(props: {
  readonly chosen: string
  readonly choices: Choices
  readonly named: string
  readonly fault?: string | undefined
}) {
  const { chosen, choices, named, fault } = props
  if (choices.others.length === 0 && named === '') {
    const options = choices.groups.map(({ id, displayName }) => ({
      value: id,
      label: displayName,
    }))
    return (
      <Select
        name="group"
        label={texts.group}
        options={options}
        value={chosen}
        none={texts.noGroup}
        fault={fault}
        optional
      />
    )
  }
  const known = choices.groups.find(({ id }) => id === chosen)
  return (
    <Suggested
      name="group-named"
      label={texts.group}
      value={named === '' ? (known?.displayName ?? '') : named}
      hint={texts.named}
      fault={fault}
      among={choices.others}
    />
  )
}

/** The user groups and the role that somebody gets. */
export function Gives(props: {
  readonly groups: readonly GroupReference[]
  readonly role: string | undefined
}) {
  const { groups, role } = props
  if (groups.length === 0 && role === undefined) {
    return <span class="is-soft">{texts.nothing}</span>
  }
  return (
    <span class="badges">
      {groups.map(({ id, displayName }) => (
        <a class="tag" href={at(`/admin/groups/${id}`)}>
          <bdi>{displayName}</bdi>
        </a>
      ))}
      {role === undefined ? null : (
        <a class="tag" href={at(`/admin/roles/role?value=${encodeURIComponent(role)}`)}>
          <span class="is-soft">{texts.role}</span>
          <bdi>{role}</bdi>
        </a>
      )}
    </span>
  )
}
