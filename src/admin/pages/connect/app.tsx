import { daysUntil, type KnownConnection } from '../../../directory/connection.ts'
import { connect as texts } from '../../../texts/connect.ts'
import { Copy, FormEnd, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Facts, Panel } from '../../../ui/panel.tsx'
import { Live } from '../../../ui/progress.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import {
  checkConnection,
  removeConnection,
  storeConnection,
  tryConnection,
} from '../../connection.ts'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import { live } from '../../console/live.ts'
import { AppForm, bodyOf, typedFrom, typedIn, type Trial, type Typed } from './app-form.tsx'
import { Checks } from './checks.tsx'
import { placeOf, SECTION, Step } from './frame.tsx'
import { entraPlaces } from './places.ts'
import { standingOf } from './standing.ts'

const HERE = placeOf('app')
const STREAM = `${HERE}/checks` as const
const SOON_DAYS = 30
/** Beyond so many the day says enough. */
const FAR_DAYS = 730

const { app } = texts

function AtEntra({ publicUrl }: { readonly publicUrl: string }) {
  const places = entraPlaces(publicUrl)
  return (
    <>
      <Panel title={app.register.title} about={app.register.text}>
        <Facts
          items={[{ label: app.register.types, value: <strong>{app.register.typesValue}</strong> }]}
        />
        <Copy
          label={app.register.redirect}
          value={places.redirect}
          hint={app.register.redirectHint}
        />
      </Panel>
      <Panel title={app.authentication.title} about={app.authentication.text}>
        <Copy
          label={app.authentication.signedOut}
          value={places.signedOut}
          hint={app.authentication.signedOutHint}
        />
        <Copy label={app.authentication.logout} value={places.logout} />
        <p>{app.authentication.implicit}</p>
        <p>{app.authentication.claims}</p>
      </Panel>
      <Panel bare title={app.permissions.title} about={app.permissions.text}>
        <Table
          label={app.permissions.title}
          rows={Object.entries(app.permissions.list)}
          columns={[
            { label: app.permissions.columns.name, cell: ([name]) => <code>{name}</code> },
            { label: app.permissions.columns.why, cell: ([, why]) => why },
          ]}
        />
      </Panel>
    </>
  )
}

function Expires({ expires, now }: { readonly expires: string; readonly now: Date }) {
  const days = daysUntil(expires, now)
  const kind = days < 0 ? 'bad' : days <= SOON_DAYS ? 'warn' : 'good'
  return (
    <>
      <Time at={expires} as="day" />{' '}
      {days > FAR_DAYS ? null : (
        <Badge kind={kind}>{days < 0 ? app.expiry.over : app.expiry.left(days)}</Badge>
      )}
    </>
  )
}

/** What Entrance has, and whether it works: that is asked while somebody looks. */
function Known(props: { readonly known: KnownConnection; readonly now: Date }) {
  const { known, now } = props
  const { known: words, enter } = app
  const { expires, credential } = known
  return (
    <Panel
      title={words.title}
      actions={
        known.from === 'stored' ? (
          <LinkButton href={`${HERE}/remove`} look="danger" small dialog>
            {words.remove}
          </LinkButton>
        ) : undefined
      }
    >
      <Facts
        items={[
          { label: enter.tenant, value: <code>{known.tenantId}</code> },
          { label: enter.client, value: <code>{known.clientId}</code> },
          { label: enter.cloud, value: enter.clouds[known.cloud] },
          { label: words.credential, value: words.kinds[credential] },
          ...(expires === undefined
            ? []
            : [{ label: words.expires, value: <Expires expires={expires} now={now} /> }]),
          {
            label: words.from,
            value: known.from === 'environment' ? words.fromEnvironment : words.fromStored,
          },
        ]}
      />
    </Panel>
  )
}

type Connection = Awaited<ReturnType<typeof checkConnection.call>>

function Checked({ connection, now }: { readonly connection: Connection; readonly now: Date }) {
  const { checks = [], expires } = connection
  return (
    <>
      <Checks checks={checks} />
      {expires === undefined ? null : (
        <p class="inside soft">
          {app.known.expires} <Expires expires={expires} now={now} />
        </p>
      )}
    </>
  )
}

async function appView(
  asked: Asked,
  given: { readonly typed?: Typed; readonly faults?: Faults; readonly trial?: Trial } = {},
): Promise<View> {
  const { connections, publicUrl, now } = asked
  const standing = await standingOf(asked)
  const { app: known } = standing
  const { storable } = connections
  const { typed = typedFrom(known), faults, trial } = given
  const checked =
    known && asked.query('check') !== '' ? await checkConnection.call(asked) : undefined
  const bad = faults !== undefined || trial !== undefined
  return {
    title: app.title,
    section: SECTION,
    narrow: true,
    ...(bad ? { status: 400 } : {}),
    body: (
      <Step step="app" standing={standing} about={app.about}>
        {bad || !known ? null : (
          <>
            <Known known={known} now={now()} />
            <Panel
              bare
              title={app.checks.title}
              actions={
                <LinkButton href={`${HERE}?check=yes`} small icon="refresh-cw">
                  {checked ? app.checks.again : app.checks.look}
                </LinkButton>
              }
            >
              {checked ? (
                <Checked connection={checked} now={now()} />
              ) : (
                <Live from={STREAM}>
                  <p class="inside soft">
                    <span class="with-script">{app.checks.asking}</span>
                  </p>
                </Live>
              )}
            </Panel>
          </>
        )}
        {bad || known ? null : <AtEntra publicUrl={publicUrl} />}
        {storable ? (
          <>
            <AppForm
              typed={typed}
              stored={known?.from === 'stored'}
              known={known !== undefined}
              environment={known?.from === 'environment'}
              faults={faults}
              trial={trial}
            />
          </>
        ) : known === undefined ? (
          <Note kind="warn">{app.noKey}</Note>
        ) : null}
        {bad || known ? <AtEntra publicUrl={publicUrl} /> : null}
      </Step>
    ),
  }
}

/** The first step: the app registration at Entra, and what of it is entered here. */
export const appPages: readonly Page[] = [
  page('/connect/app', (asked) => appView(asked)),

  live('/connect/app/checks', async (asked) => {
    const connection = await checkConnection.call(asked)
    const part = <Checked connection={connection} now={asked.now()} />
    return { part, goesOn: false, stays: true }
  }),

  action('/connect/app', async (asked) => {
    const typed = typedIn(asked)
    const body = bodyOf(typed)
    const tried = await attempt(() => tryConnection.call(asked, { body }))
    if ('faults' in tried) return appView(asked, { typed, faults: tried.faults })
    const { made: trial } = tried
    const anyway = asked.sent.text('do') === 'keep'
    if (!trial.ok && !anyway) return appView(asked, { typed, trial })
    const kept = await attempt(() => storeConnection.call(asked, { body }))
    if ('faults' in kept) return appView(asked, { typed, faults: kept.faults })
    const { enter } = app
    return {
      to: HERE,
      done: trial.ok ? { text: enter.kept } : { text: enter.keptBroken, kind: 'warn' },
    }
  }),

  page('/connect/app/remove', async () => ({
    title: app.remove.title,
    section: SECTION,
    narrow: true,
    body: (
      <div data-dialog-body>
        <Head title={app.remove.title} about={app.remove.text} />
        <RemoveForm />
      </div>
    ),
  })),

  action('/connect/app/remove', async (asked) => {
    await removeConnection.call(asked)
    return { to: HERE, done: { text: app.remove.done } }
  }),
]

function RemoveForm() {
  return (
    <form method="post" action={at(`${HERE}/remove`)}>
      <FormEnd back={HERE}>
        <Submit look="danger">{app.remove.button}</Submit>
      </FormEnd>
    </form>
  )
}
