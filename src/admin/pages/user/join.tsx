import { displayName } from '../../../directory/user.ts'
import { common } from '../../../texts/common.ts'
import { userTexts } from '../../../texts/user.ts'
import { usersTexts } from '../../../texts/users.ts'
import { DoButton, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { SearchField } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Badge, Empty, Panel } from '../../../ui/panel.tsx'
import { Region } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import { action, page, type Page } from '../../console/asked.ts'
import { attempt } from '../../console/attempt.ts'
import { changeUserGroups } from '../../user-edits.ts'
import { ownGroups } from '../users/choices.ts'
import { SECTION } from '../users/listing.ts'
import { nameOf, pathOf, personOf, type Person } from './frame.tsx'

const { join: texts } = userTexts
const FOUND = 'groups-found'
const MOST = 50

type Group = Awaited<ReturnType<typeof ownGroups>>['items'][number]

function Found(props: { readonly person: Person; readonly groups: readonly Group[] }) {
  const { person, groups } = props
  const member = new Set(person.groups.map(({ id }) => id))
  return (
    <Table
      label={texts.label}
      rows={groups}
      columns={[
        {
          label: userTexts.access.group,
          cell: (group) => <bdi>{group.displayName}</bdi>,
        },
        {
          label: texts.add,
          unseen: true,
          kind: 'end',
          cell: (group) =>
            member.has(group.id) ? (
              <Badge kind="good" icon="check">
                {texts.member}
              </Badge>
            ) : (
              <DoButton
                to={`${pathOf(person)}/join`}
                fields={{ group: group.id, stay: 'yes' }}
                small
                of={group.displayName}
              >
                {texts.add}
              </DoButton>
            ),
        },
      ]}
    />
  )
}

/** Where a user is added to user groups, one by one. */
export const joinPages: readonly Page[] = [
  page('/users/{id}/join', async (asked) => {
    const search = asked.query('search')
    const [person, { items, looked, total }] = await Promise.all([
      personOf(asked),
      ownGroups(asked, search),
    ])
    const title = texts.title(nameOf(person))
    const groups = items.slice(0, MOST)
    return {
      title,
      section: SECTION,
      narrow: true,
      body: (
        <>
          <Head
            title={title}
            crumbs={[
              { href: SECTION, label: usersTexts.title },
              { href: pathOf(person), label: nameOf(person) },
            ]}
            about={texts.about}
            actions={
              <LinkButton href={`${pathOf(person)}/access`} look="main">
                {texts.ready}
              </LinkButton>
            }
          />
          <Panel bare>
            <div class="toolbar">
              <form action={at(`${pathOf(person)}/join`)} data-swap={FOUND} role="search">
                <SearchField value={search} label={texts.search} autofocus />
                <span class="without-script">
                  <Submit look="quiet">{common.search}</Submit>
                </span>
              </form>
            </div>
            <Region id={FOUND}>
              {groups.length === 0 ? (
                <Empty icon="layers" title={texts.none} text={texts.noneText} />
              ) : (
                <Found person={person} groups={groups} />
              )}
              {looked < total || items.length > MOST ? (
                <p class="inside is-soft">{texts.first(groups.length)}</p>
              ) : null}
            </Region>
          </Panel>
        </>
      ),
    }
  }),

  action('/users/{id}/join', async (asked) => {
    const group = asked.sent.text('group')
    const found = await asked.directory.groups.read(group, false)
    const person = await personOf(asked)
    const to: `/${string}` = asked.sent.has('stay')
      ? `${pathOf(person)}/join`
      : `${pathOf(person)}/access`
    const result = await attempt(() =>
      changeUserGroups.call(asked, { id: asked.id, body: { join: [group] } }),
    )
    if ('faults' in result) return { to, done: { text: result.faults.text, kind: 'bad' } }
    return {
      to,
      done: {
        text: texts.done(nameOf(person), found ? displayName(found.attributes) : group),
        undo: { to: `${pathOf(person)}/leave`, fields: { group } },
      },
    }
  }),
]
