import type { Token } from '../../../directory/token.ts'
import { connect as texts } from '../../../texts/connect.ts'
import { Copy, LinkButton } from '../../../ui/action.tsx'
import { Note } from '../../../ui/note.tsx'
import { Facts, Panel } from '../../../ui/panel.tsx'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import type { Faults } from '../../console/attempt.ts'
import { live } from '../../console/live.ts'
import { Check, placeOf, SECTION, Step, Todo, Waiting } from './frame.tsx'
import { Mappings } from './mappings.tsx'
import { isReachable } from './places.ts'
import { lastUse, standingOf, tokensInForce } from './standing.ts'
import {
  freshName,
  makeToken,
  Secret,
  TokenForm,
  type Made,
  type TypedToken,
} from './token-form.tsx'

const HERE = placeOf('provisioning')
const STREAM = `${HERE}/wait` as const

/** So often the page is asked for again where no script runs. */
const AGAIN_SECONDS = 5

const { provisioning: words, made: madeTexts } = texts

/** Who called last, and when: with one of these tokens, or, where no single one is meant, in whatever way. */
async function lastUsed(
  asked: Asked,
  tokens: readonly Token[],
  only?: string,
): Promise<{ readonly name: string; readonly at: string } | undefined> {
  const { lastContact } = await asked.directory.provisioningLog.status()
  const uses = tokens.flatMap((token) => {
    const at = lastUse(token, tokens, lastContact)
    const wanted = only === undefined || only === token.id
    return at === undefined || !wanted ? [] : [{ name: token.name, at }]
  })
  const last = uses.sort((one, other) => (one.at < other.at ? 1 : -1))[0]
  if (last || only !== undefined || !lastContact || lastContact.status >= 400) return last
  return { name: lastContact.actor.replace(/^\w+:/, ''), at: lastContact.at }
}

type Use = Awaited<ReturnType<typeof lastUsed>>

const Called = ({ use }: { readonly use: Use }) => (
  <Waiting texts={words.wait} at={use?.at} detail={use && words.wait.receivedText(use.name)} />
)

function Connectivity(props: {
  readonly scimUrl: string
  readonly tokens: readonly Token[]
  readonly made: Made | undefined
  readonly typed: TypedToken
  readonly faults: Faults | undefined
}) {
  const { scimUrl, tokens, made, typed, faults } = props
  const { connect } = words
  const newest = tokens.at(-1)
  return (
    <Panel title={connect.title} about={connect.text}>
      <Facts items={[{ label: connect.method, value: <strong>{connect.methodValue}</strong> }]} />
      {made ? (
        <Secret made={made} />
      ) : (
        <>
          <Copy label={madeTexts.tenantUrl} value={scimUrl} />
          {newest ? (
            <Note>
              <div class="actions">
                <span>{connect.tokenThere(newest.name)}</span>
                <LinkButton href={`${SECTION}/rotate`} small>
                  {connect.another}
                </LinkButton>
              </div>
            </Note>
          ) : (
            <TokenForm to={HERE} typed={typed} button={texts.token.make} faults={faults} />
          )}
        </>
      )}
      <p class="soft after">{connect.test}</p>
    </Panel>
  )
}

function Help() {
  return (
    <details class="fold-away">
      <summary>{words.wait.help}</summary>
      <Todo items={words.wait.helpItems} />
    </details>
  )
}

async function provisioningView(
  asked: Asked,
  given: {
    readonly made?: Made
    readonly typed?: TypedToken
    readonly faults?: Faults
  } = {},
): Promise<View> {
  const { scimUrl, publicUrl, directory } = asked
  const { made, faults } = given
  const [standing, all] = await Promise.all([standingOf(asked), directory.tokens.list()])
  const { tokens } = standing
  const use = made ? undefined : await lastUsed(asked, tokens)
  const { typed = { name: freshName(all), days: '' } } = given
  const waits = tokens.length > 0 && use === undefined
  return {
    title: words.title,
    section: SECTION,
    narrow: true,
    ...(faults ? { status: 400 } : {}),
    // What was made just now would be gone.
    ...(waits && !made ? { refresh: AGAIN_SECONDS } : {}),
    body: (
      <Step step="provisioning" standing={standing} about={words.about}>
        {isReachable(publicUrl) ? null : <Note kind="warn">{words.https}</Note>}
        <Panel title={words.create.title}>
          <Todo items={words.create.items} />
        </Panel>
        <Connectivity scimUrl={scimUrl} tokens={tokens} made={made} typed={typed} faults={faults} />
        {tokens.length === 0 && use === undefined ? null : (
          <Check
            texts={words.wait}
            from={made ? `${STREAM}?token=${made.token.id}` : STREAM}
            done={use !== undefined}
            help={<Help />}
          >
            <Called use={use} />
          </Check>
        )}
        <Mappings />
      </Step>
    ),
  }
}

/** The second step: Entra calls. */
export const provisioningPages: readonly Page[] = [
  page('/connect/provisioning', (asked) => provisioningView(asked)),

  action('/connect/provisioning', async (asked) => {
    const tried = await makeToken(asked)
    return provisioningView(asked, tried)
  }),

  live('/connect/provisioning/wait', async (asked) => {
    const only = asked.query('token')
    const use = await lastUsed(asked, await tokensInForce(asked), only === '' ? undefined : only)
    return {
      part: <Called use={use} />,
      goesOn: use === undefined,
      // A page that shows a secret is not asked for again.
      ...(only === '' ? {} : { stays: true }),
    }
  }),
]
