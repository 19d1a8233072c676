import { daysUntil } from '../../../directory/connection.ts'
import type { Client } from '../../../directory/client.ts'
import { tokenState, type Token, type TokenState } from '../../../directory/token.ts'
import { connect as texts } from '../../../texts/connect.ts'
import { FormEnd, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Badge, Empty, Panel, type BadgeKind } from '../../../ui/panel.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { action, page, type Asked, type Page } from '../../console/asked.ts'
import { Problem } from '../../problems.ts'
import { revokeToken } from '../../tokens.ts'
import { crumbs, SECTION } from './frame.tsx'
import { lastUse } from './standing.ts'

export const TOKENS = `${SECTION}/tokens` as const

const SOON_DAYS = 30

const { tokens: words } = texts

/** A token as it is shown. */
export interface ShownToken {
  readonly token: Token
  readonly state: TokenState
  readonly used: string | undefined
}

const kinds: Readonly<Record<TokenState, BadgeKind | undefined>> = {
  active: 'good',
  expired: 'bad',
  revoked: undefined,
}

/** All tokens, newest first. */
export async function shownTokens({ directory, now }: Asked): Promise<ShownToken[]> {
  const [tokens, { lastContact }] = await Promise.all([
    directory.tokens.list(),
    directory.provisioningLog.status(),
  ])
  const time = now().toISOString()
  const inForce = tokens.filter((token) => tokenState(token, time) === 'active')
  return tokens.toReversed().map((token) => {
    const state = tokenState(token, time)
    const used = state === 'active' ? lastUse(token, inForce, lastContact) : token.lastUsed
    return { token, state, used }
  })
}

export const LastUsed = ({ used }: { readonly used: string | undefined }) =>
  used === undefined ? <span class="is-soft">{words.never}</span> : <Time at={used} />

function Expires({ shown, now }: { readonly shown: ShownToken; readonly now: Date }) {
  const { token, state } = shown
  if (token.expires === undefined) return <>{words.noEnd}</>
  const days = daysUntil(token.expires, now)
  if (state !== 'active' || days > SOON_DAYS) return <Time at={token.expires} as="day" />
  return <Badge kind="warn">{words.leftDays(days)}</Badge>
}

export function StateBadge({ state }: { readonly state: TokenState }) {
  const kind = kinds[state]
  return <Badge {...(kind === undefined ? {} : { kind })}>{words.states[state]}</Badge>
}

function Tokens({ tokens, now }: { readonly tokens: readonly ShownToken[]; readonly now: Date }) {
  return (
    <Table
      label={words.title}
      rows={tokens}
      columns={[
        { label: words.columns.name, cell: ({ token }) => <strong>{token.name}</strong> },
        { label: words.columns.state, cell: ({ state }) => <StateBadge state={state} /> },
        {
          label: words.columns.made,
          when: 'least',
          cell: ({ token }) => <Time at={token.created} as="day" />,
        },
        { label: words.columns.used, when: 'less', cell: ({ used }) => <LastUsed used={used} /> },
        {
          label: words.columns.expires,
          when: 'less',
          cell: (shown) => <Expires shown={shown} now={now} />,
        },
        {
          label: words.end,
          unseen: true,
          kind: 'end',
          cell: ({ token, state }) =>
            state === 'active' ? (
              <LinkButton
                href={`${TOKENS}/${token.id}/end`}
                look="danger"
                small
                dialog
                of={token.name}
              >
                {words.end}
              </LinkButton>
            ) : null,
        },
      ]}
    />
  )
}

function Programs({ clients }: { readonly clients: readonly Client[] }) {
  return (
    <Panel
      bare
      title={words.programs}
      about={
        <>
          {words.programsAbout} <code>{words.command}</code>
        </>
      }
    >
      <Table
        label={words.programs}
        rows={clients}
        columns={[
          { label: words.program.name, cell: ({ name }) => <strong>{name}</strong> },
          { label: words.program.kind, cell: ({ kind }) => words.kinds[kind] },
          {
            label: words.program.used,
            when: 'less',
            cell: ({ secrets }) => (
              <LastUsed
                used={secrets
                  .map(({ lastUsed }) => lastUsed)
                  .filter((time) => time !== undefined)
                  .sort()
                  .at(-1)}
              />
            ),
          },
          {
            label: words.program.expires,
            when: 'less',
            cell: ({ secrets, federation }) => {
              const last = secrets
                .map(({ expires }) => expires)
                .sort()
                .at(-1)
              if (last !== undefined) return <Time at={last} as="day" />
              return federation ? words.federated : words.noSecret
            },
          },
        ]}
      />
    </Panel>
  )
}

async function requireToken(asked: Asked): Promise<ShownToken> {
  const found = (await shownTokens(asked)).find(({ token }) => token.id === asked.id)
  if (found) return found
  throw new Problem('notFound', words.none)
}

/** The tokens that provisioning shows, and what else signs in by itself. */
export const tokenPages: readonly Page[] = [
  page('/connect/tokens', async (asked) => {
    const [tokens, clients] = await Promise.all([
      shownTokens(asked),
      asked.directory.clients.list(),
    ])
    const programs = clients.filter(({ revoked }) => revoked === undefined)
    const some = tokens.some(({ state }) => state === 'active')
    const add = (
      <LinkButton
        href={some ? `${SECTION}/rotate` : `${SECTION}/provisioning`}
        look="main"
        icon={some ? 'refresh-cw' : 'plus'}
      >
        {some ? words.rotate : words.make}
      </LinkButton>
    )
    return {
      title: words.title,
      section: SECTION,
      body: (
        <>
          <Head
            title={words.title}
            crumbs={crumbs}
            about={words.about}
            actions={tokens.length === 0 ? undefined : add}
          />
          <Panel bare>
            {tokens.length > 0 ? (
              <Tokens tokens={tokens} now={asked.now()} />
            ) : (
              <Empty icon="key-round" title={words.none} text={words.noneText}>
                {add}
              </Empty>
            )}
          </Panel>
          {programs.length === 0 ? (
            <p class="hint">
              {words.noPrograms} <code>{words.command}</code>
            </p>
          ) : (
            <Programs clients={programs} />
          )}
        </>
      ),
    }
  }),

  page('/connect/tokens/{id}/end', async (asked) => {
    const { token, used } = await requireToken(asked)
    const all = await shownTokens(asked)
    const newest = all
      .map((each) => each.used)
      .filter((time) => time !== undefined)
      .sort()
      .at(-1)
    const { confirm } = words
    return {
      title: confirm.title(token.name),
      section: SECTION,
      narrow: true,
      body: (
        <div data-dialog-body>
          <Head title={confirm.title(token.name)} crumbs={crumbs} about={confirm.text} />
          {used === undefined ? <p>{confirm.unused}</p> : null}
          {used !== undefined && used === newest ? <p class="is-bad">{confirm.inUse}</p> : null}
          <form method="post" action={at(`${TOKENS}/${token.id}/end`)}>
            <FormEnd back={TOKENS}>
              <Submit look="danger">{confirm.button}</Submit>
            </FormEnd>
          </form>
        </div>
      ),
    }
  }),

  action('/connect/tokens/{id}/end', async (asked) => {
    const { token } = await requireToken(asked)
    await revokeToken.call(asked, { id: token.id })
    return { to: TOKENS, done: { text: words.done(token.name) } }
  }),
]
