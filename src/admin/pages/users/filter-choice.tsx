import type { Extent } from '../../../directory/roster.ts'
import { common } from '../../../texts/common.ts'
import { usersTexts } from '../../../texts/users.ts'
import { Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Field, SearchField } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Empty, Panel } from '../../../ui/panel.tsx'
import { Region } from '../../../ui/progress.tsx'
import { page, type Asked, type Page } from '../../console/asked.ts'
import { searchGroups } from '../../groups.ts'
import { hrefTo } from './filters.tsx'
import { parameters, SECTION } from './listing.ts'

const { choose: texts } = usersTexts
const GROUPS = 'groups-found'
const MOST_ROLES = 200

const crumbs = [{ href: SECTION, label: usersTexts.title }] as const

/** What else the list is of, to be kept. */
function Kept({ asked, but }: { readonly asked: Asked; readonly but: 'group' | 'role' }) {
  return (
    <>
      {parameters
        .filter((name) => name !== but && name !== 'filter' && asked.query(name) !== '')
        .map((name) => (
          <input type="hidden" name={name} value={asked.query(name)} />
        ))}
    </>
  )
}

function holders(users: Extent): string {
  return 'total' in users ? texts.holders(users.total) : texts.holdersAtLeast(users.atLeast)
}

/** Where one chooses from all user groups and roles that the table can be filtered by. */
export const filterChoicePages: readonly Page[] = [
  page('/users/filter/group', async (asked) => {
    const search = asked.query('named')
    const { items, total } = await searchGroups.call(asked, { query: { search } })
    return {
      title: texts.group,
      section: SECTION,
      narrow: true,
      body: (
        <>
          <Head title={texts.group} crumbs={crumbs} about={texts.groupAbout} />
          <Panel bare>
            <div class="toolbar">
              <form action={at(`${SECTION}/filter/group`)} data-swap={GROUPS} role="search">
                <Kept asked={asked} but="group" />
                <SearchField name="named" value={search} label={texts.groupLabel} autofocus />
                <Submit look="quiet">{common.search}</Submit>
              </form>
            </div>
            <Region id={GROUPS}>
              {items.length === 0 ? (
                <Empty icon="layers" title={texts.noGroup} text={texts.noGroupText} />
              ) : (
                <ul class="lines">
                  {items.map(({ id, displayName }) => (
                    <li>
                      <a class="words name" href={hrefTo(asked, { group: id })}>
                        <bdi>{displayName}</bdi>
                      </a>
                    </li>
                  ))}
                </ul>
              )}
              {items.length < total ? (
                <p class="inside is-soft">{texts.firstGroups(items.length, total)}</p>
              ) : null}
            </Region>
          </Panel>
        </>
      ),
    }
  }),

  page('/users/filter/role', async (asked) => {
    const items = await asked.directory.roster.roles('', MOST_ROLES)
    return {
      title: texts.role,
      section: SECTION,
      narrow: true,
      body: (
        <>
          <Head title={texts.role} crumbs={crumbs} about={texts.roleAbout} />
          <Panel>
            <form action={at(SECTION)}>
              <Kept asked={asked} but="role" />
              <Field
                name="role"
                label={texts.roleLabel}
                value={asked.query('role')}
                offers={items.map(({ value }) => value)}
                autofocus
              />
              <Submit look="quiet">{texts.show}</Submit>
            </form>
          </Panel>
          <Panel title={texts.roles} bare>
            {items.length === 0 ? (
              <Empty icon="briefcase" title={texts.noRole} text={texts.noRoleText} />
            ) : (
              <ul class="lines">
                {items.map(({ value, users }) => (
                  <li>
                    <a class="words name" href={hrefTo(asked, { role: value })}>
                      <bdi>{value}</bdi>
                    </a>
                    <span class="is-soft">{holders(users)}</span>
                  </li>
                ))}
              </ul>
            )}
          </Panel>
        </>
      ),
    }
  }),
]
