import type { GroupSource } from '../../../directory/group.ts'
import type { Extent } from '../../../directory/roster.ts'
import { counted } from '../../../texts/common.ts'
import { groups as texts } from '../../../texts/groups.ts'
import { permissions as permissionTexts } from '../../../texts/permissions.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Icon } from '../../../ui/icon.tsx'
import type { IconName } from '../../../ui/icons.ts'
import { Badge, Facts, Panel } from '../../../ui/panel.tsx'
import { Time } from '../../../ui/time.tsx'
import { Timeline, type Moment } from '../../../ui/timeline.tsx'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import { readGroup } from '../../group-edits.ts'
import { describeEvents } from '../events/in-words.tsx'
import { grantTo, permissionIn, revokeFrom } from '../permissions/granting.ts'
import { PermissionsPanel, SUGGESTED, type Wrong } from '../permissions/panel.tsx'
import { giversOf, readGivers, wayOf, type Givers } from './givers.ts'
import { crumbs, SECTION } from './list.tsx'
import { MembersPanel, readMembers, sizeOf } from './members.tsx'

const EVENTS = 5
/** Of a larger group only the first so many are asked how they came. */
const ASKED = 10_000

export type GroupDetail = Awaited<ReturnType<typeof readGroup.call>>

const isLarge = (size: Extent) => 'atLeast' in size || size.total > ASKED

/** A way into a group, as it is shown. */
interface Feed {
  readonly icon: IconName
  readonly label: string
  readonly name?: string
  readonly href?: `/${string}`
  readonly members: number
}

function feedOf({ via, members }: GroupSource, givers: Givers): Feed {
  const { feeds } = texts
  const way = wayOf(via, givers)
  switch (way.kind) {
    case 'scim':
      return { icon: 'refresh-cw', label: feeds.scim, members }
    case 'hand':
      return { icon: 'user', label: feeds.hand, members }
    case 'import':
      return { icon: 'import', label: feeds.import, members }
    case 'rule':
      if (!way.rule) return { icon: 'list-checks', label: feeds.deletedRule, members }
      return ruleFeed(way.rule, members)
    case 'mapping':
      if (!way.mapping) return { icon: 'sliders-horizontal', label: feeds.deletedMapping, members }
      return mappingFeed(way.mapping, members)
  }
}

function ruleFeed({ id, name }: Givers['rules'][number], members: number): Feed {
  const href = `/admin/rules/${id}` as const
  return { icon: 'list-checks', label: texts.feeds.rule, name, href, members }
}

function mappingFeed({ id, entraName: name }: Givers['mappings'][number], members: number): Feed {
  const href = `/admin/mappings/${id}` as const
  return { icon: 'sliders-horizontal', label: texts.feeds.mapping, name, href, members }
}

/** Every way into a group: those that members came by, all imports as one, and rules and mappings that gave it to nobody yet. */
function feedsOf(sources: readonly GroupSource[], givers: Givers, groupId: string): Feed[] {
  const found = new Map<string, Feed>()
  for (const source of sources) {
    const feed = feedOf(source, givers)
    const key = feed.href ?? feed.label
    const known = found.get(key)
    found.set(key, { ...feed, members: feed.members + (known?.members ?? 0) })
  }
  const { rules, mappings } = giversOf(givers, groupId)
  for (const feed of [
    ...mappings.map((each) => mappingFeed(each, 0)),
    ...rules.map((each) => ruleFeed(each, 0)),
  ]) {
    if (feed.href !== undefined && !found.has(feed.href)) found.set(feed.href, feed)
  }
  return [...found.values()]
}

function FeedsPanel({
  feeds,
  partly,
}: {
  readonly feeds: readonly Feed[]
  readonly partly: boolean
}) {
  return (
    <Panel
      title={texts.feeds.title}
      bare
      {...(partly ? { about: texts.feeds.firstOnly(ASKED) } : {})}
    >
      {feeds.length === 0 ? (
        <div class="inside">
          <p class="is-soft">{texts.feeds.none}</p>
        </div>
      ) : (
        <ul class="lines counts">
          {feeds.map(({ icon, label, name, href, members }) => (
            <li>
              <Icon name={icon} tone="soft" />
              <span class="words">
                {label}
                {name === undefined || href === undefined ? null : (
                  <>
                    {' '}
                    <a class="name" href={at(href)}>
                      <bdi>{name}</bdi>
                    </a>
                  </>
                )}
              </span>
              <span>{counted(members, 'member', 'members')}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function About({ group }: { readonly group: GroupDetail }) {
  const { facts } = texts
  return (
    <Panel title={facts.title}>
      <Facts
        items={[
          { label: facts.origin, value: facts.origins[group.origin] },
          { label: facts.created, value: <Time at={group.created} /> },
          { label: facts.modified, value: <Time at={group.lastModified} /> },
          { label: facts.id, value: <code>{group.id}</code> },
        ]}
      />
    </Panel>
  )
}

function Events({ moments, id }: { readonly moments: readonly Moment[]; readonly id: string }) {
  const { events } = texts
  return (
    <Panel
      title={events.title}
      actions={
        <LinkButton href={`/admin/record?resource=${id}`} small>
          {events.all}
        </LinkButton>
      }
    >
      {moments.length === 0 ? <p class="is-soft">{events.none}</p> : <Timeline moments={moments} />}
    </Panel>
  )
}

function GroupHead({ group }: { readonly group: GroupDetail }) {
  const isOurs = group.origin !== 'scim'
  return (
    <Head
      title={group.displayName}
      isName
      crumbs={crumbs}
      {...(isOurs
        ? {
            actions: (
              <>
                <LinkButton href={`${SECTION}/${group.id}/rename`} icon="pencil" dialog>
                  {texts.rename.button}
                </LinkButton>
                <LinkButton
                  href={`${SECTION}/${group.id}/remove`}
                  look="danger"
                  icon="trash-2"
                  dialog
                >
                  {texts.remove.button}
                </LinkButton>
              </>
            ),
          }
        : {
            about: texts.entra.text,
            badges: (
              <Badge kind="info" icon="lock">
                {texts.entra.badge}
              </Badge>
            ),
          })}
    />
  )
}

/** The page of a group; `wrong` is a permission that could not be granted. */
async function groupView(asked: Asked, wrong?: Wrong): Promise<View> {
  const { directory } = asked
  const group = await readGroup.call(asked, { id: asked.id })
  const { id } = group
  const [givers, sources, known, members, events] = await Promise.all([
    readGivers(directory),
    directory.groups.sources(id),
    directory.permissions.names(SUGGESTED),
    readMembers(asked, group),
    directory.events.latest({ resourceId: id, limit: EVENTS }),
  ])
  const moments = await describeEvents(directory, events)
  return {
    title: group.displayName,
    section: SECTION,
    ...(wrong ? { status: 400 } : {}),
    body: (
      <>
        <GroupHead group={group} />
        <div class="columns wide-left">
          <div>
            <MembersPanel group={group} members={members} givers={givers} />
          </div>
          <div>
            <PermissionsPanel
              about={permissionTexts.ofGroup}
              path={`${SECTION}/${id}/permissions`}
              permissions={group.permissions}
              known={known}
              wrong={wrong}
            />
            <FeedsPanel feeds={feedsOf(sources, givers, id)} partly={isLarge(sizeOf(group))} />
            <About group={group} />
            <Events moments={moments} id={id} />
          </div>
        </div>
      </>
    ),
  }
}

/** One user group: who is in it, what they may do, and where both come from. */
export const groupPages: readonly Page[] = [
  page('/groups/{id}', (asked) => groupView(asked)),

  action('/groups/{id}/permissions/grant', async (asked) => {
    const { id, displayName } = await readGroup.call(asked, { id: asked.id })
    const wrong = await grantTo(asked, { kind: 'group', id })
    if (wrong) return groupView(asked, wrong)
    const permission = permissionIn(asked)
    const text = permissionTexts.done.granted(permission, displayName)
    const undo = { to: `${SECTION}/${id}/permissions/revoke`, fields: { permission } } as const
    return { to: `${SECTION}/${id}`, done: { text, undo } }
  }),

  action('/groups/{id}/permissions/revoke', async (asked) => {
    const { id, displayName } = await readGroup.call(asked, { id: asked.id })
    await revokeFrom(asked, { kind: 'group', id })
    const permission = permissionIn(asked)
    const text = permissionTexts.done.revoked(permission, displayName)
    const undo = { to: `${SECTION}/${id}/permissions/grant`, fields: { permission } } as const
    return { to: `${SECTION}/${id}`, done: { text, undo } }
  }),
]
