import { connect as texts } from '../../../texts/connect.ts'
import { DoButton, LinkButton } from '../../../ui/action.tsx'
import { Head, Steps } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Panel } from '../../../ui/panel.tsx'
import { Live } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import type { Faults } from '../../console/attempt.ts'
import { live } from '../../console/live.ts'
import { Problem } from '../../problems.ts'
import { crumbs as connectCrumbs, SECTION } from './frame.tsx'
import {
  freshName,
  makeToken,
  Secret,
  TokenForm,
  type Made,
  type TypedToken,
} from './token-form.tsx'
import { LastUsed, shownTokens, StateBadge, TOKENS, type ShownToken } from './tokens.tsx'

const HERE = `${SECTION}/rotate` as const
const AGAIN_SECONDS = 5

const { rotation: words, tokens: tokenTexts } = texts

const crumbs = [...connectCrumbs, { href: TOKENS, label: tokenTexts.title }] as const

/** The new token, and those that it takes the place of. */
interface Rotation {
  readonly fresh: ShownToken
  readonly old: readonly ShownToken[]
  /** Whether Entra uses the new one: it came with it, and with no other since. */
  readonly inUse: boolean
}

async function rotationOf(asked: Asked): Promise<Rotation> {
  const tokens = await shownTokens(asked)
  const fresh = tokens.find(({ token }) => token.id === asked.id)
  if (fresh?.state !== 'active') throw new Problem('notFound', tokenTexts.none)
  const old = tokens.filter(({ token, state }) => state === 'active' && token.id !== asked.id)
  const used = fresh.used
  const inUse = used !== undefined && old.every((each) => (each.used ?? '') <= used)
  return { fresh, old, inUse }
}

function Both({ rotation }: { readonly rotation: Rotation }) {
  const { fresh, old, inUse } = rotation
  return (
    <>
      <Note kind={inUse ? 'good' : 'warn'}>
        <strong>{inUse ? words.inUse : words.waiting}</strong>
        <div>
          {inUse ? (
            old.length === 0 ? (
              words.complete
            ) : (
              words.inUseText
            )
          ) : (
            <>
              <span class="with-script">{words.waitingText}</span>
              <span class="without-script">{words.waitingWithout}</span>
            </>
          )}
        </div>
      </Note>
      <Panel bare>
        <Table
          label={tokenTexts.title}
          rows={[fresh, ...old]}
          columns={[
            {
              label: tokenTexts.columns.name,
              cell: ({ token }) => (
                <>
                  <strong>{token.name}</strong>{' '}
                  <Badge kind={token.id === fresh.token.id ? 'info' : 'warn'}>
                    {token.id === fresh.token.id ? words.which.new : words.which.old}
                  </Badge>
                </>
              ),
            },
            {
              label: tokenTexts.columns.state,
              when: 'less',
              cell: ({ state }) => <StateBadge state={state} />,
            },
            { label: tokenTexts.columns.used, cell: ({ used }) => <LastUsed used={used} /> },
            {
              label: tokenTexts.end,
              unseen: true,
              kind: 'end',
              cell: ({ token }) => {
                if (token.id === fresh.token.id) return null
                const to = `${TOKENS}/${token.id}/end` as const
                return inUse ? (
                  <DoButton to={to} look="main" small of={token.name}>
                    {words.end}
                  </DoButton>
                ) : (
                  <LinkButton href={to} look="danger" small dialog of={token.name}>
                    {words.end}
                  </LinkButton>
                )
              },
            },
          ]}
        />
      </Panel>
    </>
  )
}

async function beginView(
  asked: Asked,
  given: { readonly typed?: TypedToken; readonly faults?: Faults } = {},
): Promise<View> {
  const all = await asked.directory.tokens.list()
  const { typed = { name: freshName(all), days: '' }, faults } = given
  return {
    title: words.title,
    section: SECTION,
    narrow: true,
    ...(faults ? { status: 400 } : {}),
    body: (
      <>
        <Head title={words.title} crumbs={crumbs} about={words.about} />
        <Steps steps={words.steps} current={0} />
        <Panel>
          <TokenForm to={HERE} typed={typed} button={words.start} faults={faults} />
        </Panel>
      </>
    ),
  }
}

/** The new token, to be pasted; below it the page notices that Entra uses it. */
async function madeView(asked: Asked, made: Made): Promise<View> {
  const { id } = made.token
  const rotation = await rotationOf({ ...asked, id })
  return {
    title: words.title,
    section: SECTION,
    narrow: true,
    body: (
      <>
        <Head title={words.title} crumbs={crumbs} about={words.about} />
        <Steps steps={words.steps} current={1} />
        <Panel title={texts.made.title} about={words.paste}>
          <Secret made={made} renews />
        </Panel>
        <p class="without-script">
          <LinkButton href={`${TOKENS}/${id}/rotate`} look="main">
            {words.pasted}
          </LinkButton>
        </p>
        <div class="with-script">
          <Live from={`${TOKENS}/${id}/rotate/wait?shown=secret`}>
            <Both rotation={rotation} />
          </Live>
        </div>
      </>
    ),
  }
}

/** How a token takes the place of another: made, pasted while both are in force, and the old one ended. */
export const rotationPages: readonly Page[] = [
  page('/connect/rotate', (asked) => beginView(asked)),

  action('/connect/rotate', async (asked) => {
    const tried = await makeToken(asked)
    return 'made' in tried ? madeView(asked, tried.made) : beginView(asked, tried)
  }),

  page('/connect/tokens/{id}/rotate', async (asked) => {
    const rotation = await rotationOf(asked)
    const { inUse } = rotation
    return {
      title: words.title,
      section: SECTION,
      narrow: true,
      ...(inUse ? {} : { refresh: AGAIN_SECONDS }),
      body: (
        <>
          <Head title={words.title} crumbs={crumbs} about={words.about} />
          <Steps steps={words.steps} current={inUse ? 2 : 1} />
          {inUse ? (
            <Both rotation={rotation} />
          ) : (
            <Live from={`${TOKENS}/${asked.id}/rotate/wait`}>
              <Both rotation={rotation} />
            </Live>
          )}
          <LinkButton href={TOKENS}>{words.back}</LinkButton>
        </>
      ),
    }
  }),

  live('/connect/tokens/{id}/rotate/wait', async (asked) => {
    const rotation = await rotationOf(asked)
    // The secret is shown only once: its page is not asked for anew.
    const stays = asked.query('shown') === 'secret' ? ({ stays: true } as const) : {}
    return { part: <Both rotation={rotation} />, goesOn: !rotation.inUse, ...stays }
  }),
]
