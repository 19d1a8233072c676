import type { LinkRequest } from '../../../directory/link-request.ts'
import { userName, type User } from '../../../directory/user.ts'
import { common } from '../../../texts/common.ts'
import { link } from '../../../texts/link.ts'
import { shell } from '../../../texts/shell.ts'
import { DoButton, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { SearchField } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Empty, Panel } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import { Region } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { isObjectId } from '../../../scim/protocol/compare.ts'
import { requireConnection } from '../../connection.ts'
import { attempt } from '../../console/attempt.ts'
import { action, page, type Asked, type Page } from '../../console/asked.ts'
import { acceptLinkRequest, dismissLinkRequest, reopenLinkRequest } from '../../link-requests.ts'
import { Problem } from '../../problems.ts'
import { compare, type Comparable } from './compared.ts'
import { askEntra, crumbs, nameOfUser, requireUser } from './pair.tsx'
import { foundIn, hrefOf, SECTION, settle } from './piles.ts'
import { Points, SideBySide } from './side-by-side.tsx'

const texts = link.pair
const FOUND = 'found'
const MOST_FOUND = 20

const nameOf = ({ displayName, userName: name }: LinkRequest) => displayName ?? name

async function requireRequest(asked: Asked): Promise<LinkRequest> {
  const found = await asked.directory.linkRequests.read(asked.id)
  if (found) return found
  throw new Problem('notFound', shell.problems.nothingText)
}

/** What Entra has of the account that asks, or else what it said of itself. */
async function personOf(
  asked: Asked,
  request: LinkRequest,
): Promise<{ readonly person: Comparable; readonly trouble?: string }> {
  const told: Comparable = {
    displayName: nameOf(request),
    userPrincipalName: request.userName,
  }
  const id = request.externalId ?? ''
  if (!isObjectId(id)) return { person: told }
  const found = await askEntra(async () => (await requireConnection(asked)).userById(id))
  if (typeof found === 'string') return { person: told, trouble: `${texts.noPerson} ${found}` }
  return found ? { person: found } : { person: told, trouble: texts.gone }
}

/** Users whom somebody looked for, who are not linked. */
function UserSearch(props: {
  readonly request: LinkRequest
  readonly search: string
  readonly users: readonly User[]
}) {
  const { request, search, users } = props
  const here = `${SECTION}/asking/${request.id}` as const
  return (
    <Panel title={link.other.userTitle} bare>
      <div class="toolbar">
        <form action={at(here)} data-swap={FOUND} role="search">
          <SearchField value={search} label={link.other.userLabel} />
          <Submit look="quiet">{common.search}</Submit>
        </form>
      </div>
      <Region id={FOUND}>
        {users.length > 0 ? (
          <Table
            label={link.other.userResults}
            rows={users}
            columns={[
              {
                label: link.columns.user,
                cell: (user) => <Who name={nameOfUser(user)} detail={userName(user.attributes)} />,
              },
              {
                label: link.compare,
                unseen: true,
                kind: 'end',
                cell: (user) => (
                  <LinkButton href={`${here}?user=${user.id}`} small of={nameOfUser(user)}>
                    {link.compare}
                  </LinkButton>
                ),
              },
            ]}
          />
        ) : search === '' ? null : (
          <Empty icon="search" title={link.other.none} text={link.other.noneText(search)} />
        )}
      </Region>
    </Panel>
  )
}

function Decision({
  request,
  user,
}: {
  readonly request: LinkRequest
  readonly user: User | undefined
}) {
  const here = `${SECTION}/asking/${request.id}` as const
  return (
    <div class="actions">
      {user ? (
        <DoButton to={here} fields={{ user: user.id }} look="main" icon="link">
          {texts.link}
        </DoButton>
      ) : (
        <LinkButton
          href={`/admin/import/new?search=${encodeURIComponent(request.userName)}`}
          look="main"
          icon="import"
        >
          {texts.importInstead}
        </LinkButton>
      )}
      <DoButton to={`${here}/dismiss`} icon="x">
        {texts.dismiss}
      </DoButton>
    </div>
  )
}

/** Accounts that ask: who that is here, or nobody. */
export const linkAskingPages: readonly Page[] = [
  page('/link/asking/{id}', async (asked) => {
    const request = await requireRequest(asked)
    const userId = asked.query('user') || request.userId
    const search = asked.query('search')
    const [user, { person, trouble }, found] = await Promise.all([
      userId === undefined ? undefined : asked.directory.users.read(userId),
      personOf(asked, request),
      search === ''
        ? undefined
        : asked.directory.roster.list({ search, linked: false, sort: 'name', count: MOST_FOUND }),
    ])
    const sessions = user ? (await asked.directory.sessions.list(user.id)).length : 0
    const decision = <Decision request={request} user={user} />
    const happens = [
      request.asked === 'provisioning' ? texts.provisioning : texts.signIn,
      texts.owns,
      texts.password,
      texts.sessions(sessions),
      texts.keeps,
    ]
    return {
      title: texts.titleAsking(nameOf(request)),
      section: SECTION,
      body: (
        <>
          <Head
            title={texts.titleAsking(nameOf(request))}
            crumbs={crumbs}
            badges={
              <>
                <Badge>{link.asked[request.asked]}</Badge>
                <Badge>
                  <Time at={request.lastAsked} />
                </Badge>
              </>
            }
            {...(user ? {} : { about: texts.pickUser, actions: decision })}
          />
          {trouble === undefined ? null : <Note kind="warn">{trouble}</Note>}
          {user ? (
            <>
              <SideBySide
                user={{
                  name: nameOfUser(user),
                  detail: userName(user.attributes),
                  href: `/admin/users/${user.id}`,
                }}
                person={{ name: person.displayName, detail: person.userPrincipalName }}
                rows={compare(user, person).filter((row) => row.person !== undefined)}
                takes={false}
                footer={decision}
              />
              <Panel>
                <Points title={texts.happens} points={happens} />
              </Panel>
            </>
          ) : null}
          <UserSearch
            request={request}
            search={search}
            users={found?.items.map((each) => each.user) ?? []}
          />
        </>
      ),
    }
  }),

  action('/link/asking/{id}', async (asked) => {
    const user = await requireUser(asked, asked.sent.text('user'))
    const result = await attempt(() =>
      acceptLinkRequest.call(asked, { id: asked.id, body: { userId: user.id } }),
    )
    if ('faults' in result) {
      const back = `${SECTION}/asking/${asked.id}?user=${user.id}` as const
      return { to: back, done: { text: result.faults.text, kind: 'bad' } }
    }
    const survey = foundIn(asked)
    if (survey) settle(survey, user.id)
    return {
      to: hrefOf('asking'),
      done: {
        text: link.done.accepted(nameOfUser(user)),
        undo: { to: `${SECTION}/users/${user.id}/undo`, fields: { request: asked.id } },
      },
    }
  }),

  action('/link/asking/{id}/dismiss', async (asked) => {
    const request = await requireRequest(asked)
    await dismissLinkRequest.call(asked, { id: asked.id })
    return {
      to: hrefOf('asking'),
      done: {
        text: link.done.dismissed(nameOf(request)),
        undo: { to: `${SECTION}/asking/${asked.id}/reopen`, fields: {} },
      },
    }
  }),

  action('/link/asking/{id}/reopen', async (asked) => {
    await reopenLinkRequest.call(asked, { id: asked.id })
    const user = asked.sent.text('user')
    if (user !== '') asked.surveys.forget(asked.organisation)
    const to = /^[\w-]+$/.test(user) ? (`${SECTION}/users/${user}` as const) : hrefOf('asking')
    return { to, done: { text: link.done.reopened } }
  }),
]
