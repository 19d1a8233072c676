import type { Child } from 'hono/jsx'
import { whyTexts as texts } from '../../../texts/why.ts'
import { DoButton, LinkButton } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Icon } from '../../../ui/icon.tsx'
import type { explainUser } from '../../why.ts'
import { roleHref, Through } from './access.tsx'
import { byName, isOwn, mailOf, pathOf, type Person } from './frame.tsx'
import { By, type ActorNames } from './how.tsx'
import { Told } from './told.tsx'

export type Why = Awaited<ReturnType<typeof explainUser.call>>

/** So many groups, roles and permissions are told here; the part of groups and roles has all. */
export const TOLD = 8

type Mark = 'good' | 'bad' | 'warn' | 'soft'

const icons = {
  good: 'circle-check',
  bad: 'circle-alert',
  warn: 'triangle-alert',
  soft: 'info',
} as const

/** One sentence, whether it is well, where it comes from, and what mends it. */
export function Line(props: {
  readonly mark: Mark
  readonly small?: Child
  readonly fix?: Child
  readonly children?: Child
}) {
  const { mark, small, fix, children } = props
  return (
    <li>
      <span class={`is-${mark} with-icon`}>
        <Icon name={icons[mark]} />
      </span>
      <div class="words">
        {children}
        {small === undefined ? null : <small class="is-soft">{small}</small>}
      </div>
      {fix === undefined ? null : <div class="actions">{fix}</div>}
    </li>
  )
}

/** What the lines are made of. */
export interface Parts {
  readonly person: Person
  readonly why: Why
  readonly actors: ActorNames
}

/** What the account is, and since when. */
export function AccountLines({ person, why, actors }: Parts) {
  const { active } = why
  const path = pathOf(person)
  const since = active.since ?? active.event?.at
  return (
    <>
      <Line mark="soft" small={<By how={why.created} at={why.created.at} actors={actors} />}>
        {texts.origins[why.origin]}
      </Line>
      <Line
        mark={active.now ? 'good' : 'bad'}
        small={
          active.now ? undefined : (
            <>
              <By how={active} at={since} actors={actors} />
              {isOwn(person) ? null : (
                <>
                  {'. '}
                  {texts.enableThere}
                </>
              )}
            </>
          )
        }
        fix={
          active.now || !isOwn(person) ? undefined : (
            <DoButton to={`${path}/on`} small>
              {texts.switchOn}
            </DoButton>
          )
        }
      >
        {active.now ? texts.active : texts.inactive}
      </Line>
      {active.held === undefined ? null : (
        <Line
          mark="warn"
          fix={
            <LinkButton href="/admin/held" small>
              {texts.decide}
            </LinkButton>
          }
        >
          {texts.held[active.held]}
        </Line>
      )}
    </>
  )
}

/** What stands in the way of signing in, but for being switched off, which the account tells. */
const obstaclesOf = ({ signIn, active }: Why) => signIn.reasons.slice(active.now ? 0 : 1)

/** How the user gets in, or what stands in the way. */
export function SignInLines({ person, why, actors }: Parts) {
  const path = pathOf(person)
  const obstacles = obstaclesOf(why)
  if (why.link) {
    return (
      <Line mark="good" small={<By how={why.link} at={why.link.event?.at} actors={actors} />}>
        {texts.linked}
      </Line>
    )
  }
  if (obstacles.length === 0) return <Line mark="good">{texts.notLinked}</Line>
  return (
    <>
      {obstacles.map((sentence, index) => (
        <Line
          mark={index === 0 ? 'bad' : 'soft'}
          fix={
            index > 0 ? undefined : isOwn(person) ? (
              <>
                {mailOf(person) === undefined ? null : (
                  <DoButton to={`${path}/invite`} small>
                    {texts.sendInvitation}
                  </DoButton>
                )}
                <DoButton to={`${path}/password-link`} small>
                  {texts.makeLink}
                </DoButton>
              </>
            ) : (
              <LinkButton href={`/admin/link/users/${person.id}`} small>
                {texts.linkIt}
              </LinkButton>
            )
          }
        >
          <Told sentence={sentence} />
        </Line>
      ))}
    </>
  )
}

/** The first of some things, and the way to all of them. */
function Listed(props: {
  readonly person: Person
  readonly count: number
  readonly children?: Child
}) {
  const { person, count, children } = props
  return (
    <ul class="plain">
      {children}
      {count > TOLD ? (
        <li>
          <a href={at(`${pathOf(person)}/access`)}>{texts.more(count - TOLD)}</a>
        </li>
      ) : null}
    </ul>
  )
}

/** What the user has and may do, and where that comes from. */
export function AccessLines({ person, why, actors }: Parts) {
  const { groups, roles, permissions } = why
  const path = pathOf(person)
  return (
    <>
      {groups.length === 0 ? (
        <Line
          mark="warn"
          fix={
            <LinkButton href={`${path}/join`} small>
              {texts.addGroup}
            </LinkButton>
          }
        >
          {texts.noGroups}
        </Line>
      ) : (
        <Line mark="good">
          {texts.groups(groups.length)}
          <Listed person={person} count={groups.length}>
            {groups
              .toSorted(byName)
              .slice(0, TOLD)
              .map((group) => (
                <li>
                  <a href={at(`/admin/groups/${group.id}`)}>
                    <bdi>{group.displayName}</bdi>
                  </a>
                  <span class="is-soft">
                    {' · '}
                    <By how={group} at={group.since} actors={actors} />
                  </span>
                </li>
              ))}
          </Listed>
        </Line>
      )}
      {roles.length === 0 ? (
        <Line
          mark="soft"
          fix={
            <LinkButton href={`${path}/access`} small>
              {texts.giveRole}
            </LinkButton>
          }
        >
          {texts.noRoles}
        </Line>
      ) : (
        <Line mark="good">
          {texts.roles(roles.length)}
          <Listed person={person} count={roles.length}>
            {roles.slice(0, TOLD).map((role) => (
              <li>
                <a href={at(roleHref(role.value))}>
                  <bdi>{role.value}</bdi>
                </a>
                <span class="is-soft">
                  {' · '}
                  <By how={role} at={role.since} actors={actors} />
                </span>
              </li>
            ))}
          </Listed>
        </Line>
      )}
      {permissions.length === 0 ? (
        <Line
          mark="bad"
          small={texts.grantHint}
          fix={
            person.active ? (
              <>
                <LinkButton href="/admin/groups" small>
                  {texts.toGroups}
                </LinkButton>
                <LinkButton href="/admin/roles" small>
                  {texts.toRoles}
                </LinkButton>
              </>
            ) : undefined
          }
        >
          {person.active ? texts.nothing : texts.nothingInactive}
        </Line>
      ) : (
        <Line mark="good">
          {texts.permissions(permissions.length)}
          <Listed person={person} count={permissions.length}>
            {permissions.slice(0, TOLD).map(({ permission, through }) => (
              <li>
                <code>{permission}</code>
                <span class="is-soft">
                  {' · '}
                  <Through through={through} />
                </span>
              </li>
            ))}
          </Listed>
        </Line>
      )}
    </>
  )
}
