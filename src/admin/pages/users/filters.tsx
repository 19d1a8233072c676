import { fold } from '../../../scim/protocol/compare.ts'
import { common } from '../../../texts/common.ts'
import { usersTexts } from '../../../texts/users.ts'
import { Chip, Menu } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import type { Asked } from '../../console/asked.ts'
import { displayName } from '../../../directory/user.ts'
import { isFiltered, listOf, oneOf, SECTION, values } from './listing.ts'

const { filters } = usersTexts

/** So many groups and roles are in the menus themselves; where there are more, a page leads to all. */
const IN_MENU = 12

interface Choice {
  readonly value: string
  readonly label: string
}

/** What the menus of groups and roles have. */
export interface Choices {
  readonly groups: readonly Choice[]
  readonly moreGroups: number
  readonly roles: readonly Choice[]
  readonly moreRoles: boolean
  /** The name of the group that is asked for. */
  readonly group: string | undefined
}

/** Reads what can be chosen from. */
export async function readChoices({ directory, query }: Asked): Promise<Choices> {
  const chosen = query('group')
  const [groups, roles, group] = await Promise.all([
    directory.groups.query({ startIndex: 1, count: IN_MENU }, false),
    directory.roster.roleNames(IN_MENU + 1),
    chosen === '' ? undefined : directory.groups.read(chosen, false),
  ])
  const order = new Intl.Collator('en', { numeric: true })
  return {
    groups: groups.items
      .map(({ id, attributes }) => ({ value: id, label: displayName(attributes) }))
      .sort((one, other) => order.compare(one.label, other.label)),
    moreGroups: groups.total > IN_MENU ? groups.total : 0,
    roles: roles.slice(0, IN_MENU).map((value) => ({ value, label: value })),
    moreRoles: roles.length > IN_MENU,
    group: group && displayName(group.attributes),
  }
}

/** A filter that has one of a few values. */
function Values<Name extends 'origin' | 'linked' | 'status' | 'signedIn'>(props: {
  readonly asked: Asked
  readonly name: Name
  readonly label: string
  readonly labels: Readonly<Record<(typeof values)[Name][number], string>>
}) {
  const { asked, name, label, labels } = props
  const chosen = oneOf(asked, name)
  const options: readonly (typeof values)[Name][number][] = values[name]
  return (
    <Chip
      label={label}
      options={options.map((value) => ({
        label: labels[value],
        href: hrefTo(asked, { [name]: value }),
        on: value === chosen,
      }))}
      clear={hrefTo(asked, { [name]: '' })}
    />
  )
}

/** The address of the same list but for what changes, from its beginning. */
export function hrefTo(asked: Asked, changed: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(listOf(asked))
  query.delete('after')
  if (!('filter' in changed)) query.delete('filter')
  for (const [name, value] of Object.entries(changed)) {
    if (value === '') query.delete(name)
    else query.set(name, value)
  }
  const text = query.toString()
  return at(text === '' ? SECTION : `${SECTION}?${text}`)
}

/** A filter whose values are many: the first of them, and a page where all can be chosen from. */
function ManyValues(props: {
  readonly asked: Asked
  readonly name: 'group' | 'role'
  readonly label: string
  /** What is chosen, as it is called. */
  readonly chosen: string | undefined
  readonly options: readonly Choice[]
  readonly isOn: (value: string) => boolean
  /** What leads to all, where there are more. */
  readonly more: string | undefined
}) {
  const { asked, name, label, chosen, options, isOn, more } = props
  if (options.length === 0 && chosen === undefined) return null
  return (
    <Menu
      look={chosen === undefined ? 'chip' : 'chip on'}
      label={
        <span>
          {label}
          {chosen === undefined ? null : (
            <>
              {': '}
              <bdi>{chosen}</bdi>
            </>
          )}
        </span>
      }
    >
      {options.map(({ value, label: each }) => (
        <a
          href={hrefTo(asked, { [name]: value })}
          {...(isOn(value) ? { 'aria-current': 'true' } : {})}
        >
          <bdi>{each}</bdi>
        </a>
      ))}
      {more === undefined ? null : (
        <>
          <hr />
          <a href={at(`${SECTION}/filter/${name}?${listOf(asked)}`)}>{more}</a>
        </>
      )}
      {chosen === undefined ? null : (
        <>
          <hr />
          <a href={hrefTo(asked, { [name]: '' })}>{common.clear}</a>
        </>
      )}
    </Menu>
  )
}

/** The order of the table; what a SCIM filter finds has one of its own. */
function Sorting({ asked }: { readonly asked: Asked }) {
  if (asked.query('filter') !== '') return null
  const chosen = oneOf(asked, 'sort')
  return (
    <Chip
      label={filters.sort}
      options={values.sort.map((sort) => ({
        label: filters.sorts[sort],
        href: hrefTo(asked, { sort: sort === 'name' ? '' : sort }),
        on: sort === chosen,
      }))}
      clear={hrefTo(asked, { sort: '' })}
    />
  )
}

/** All filters of the table. */
export function Filters({ asked, choices }: { readonly asked: Asked; readonly choices: Choices }) {
  const group = asked.query('group')
  const role = asked.query('role')
  const { moreGroups, moreRoles } = choices
  return (
    <>
      <Values asked={asked} name="status" label={filters.status} labels={filters.statuses} />
      <Values asked={asked} name="linked" label={filters.linked} labels={filters.links} />
      <Values asked={asked} name="origin" label={filters.origin} labels={filters.origins} />
      <Values asked={asked} name="signedIn" label={filters.signedIn} labels={filters.signIns} />
      <ManyValues
        asked={asked}
        name="group"
        label={filters.group}
        chosen={group === '' ? undefined : (choices.group ?? filters.gone)}
        options={choices.groups}
        isOn={(value) => value === group}
        more={moreGroups === 0 ? undefined : filters.another(moreGroups)}
      />
      <ManyValues
        asked={asked}
        name="role"
        label={filters.role}
        chosen={role === '' ? undefined : role}
        options={choices.roles}
        isOn={(value) => fold(value) === fold(role)}
        more={moreRoles ? filters.more : undefined}
      />
      <Sorting asked={asked} />
      {isFiltered(asked) ? (
        <a class="clear" href={at(SECTION)}>
          {filters.clear}
        </a>
      ) : null}
    </>
  )
}
