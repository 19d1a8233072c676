import { daysUntil } from '../../../directory/connection.ts'
import { connect as texts } from '../../../texts/connect.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { Head } from '../../../ui/head.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Badge, Panel } from '../../../ui/panel.tsx'
import { Time } from '../../../ui/time.tsx'
import { page, type Page } from '../../console/asked.ts'
import { placeOf, SECTION, steps, type StepName } from './frame.tsx'
import { standingOf, type Standing } from './standing.ts'

/** So many days before something expires it is worth a look. */
const SOON_DAYS = 30

type State = keyof typeof texts.states

/** How a step is. */
interface Progress {
  readonly state: State
  readonly text: string
  readonly at?: string
  /** Days until what it needs expires. */
  readonly days?: number
}

/** When something came, where it has. */
const since = (at: string | undefined) => (at === undefined ? {} : { at })

const leftUntil = (expires: string | undefined, now: Date) =>
  expires === undefined ? {} : { days: daysUntil(expires, now) }

/** How each step is, of what is known without asking Entra. */
function progressOf(standing: Standing, now: Date): Readonly<Record<StepName, Progress>> {
  const { app, tokens, programs, contact, arrival, entry } = standing
  const { steps: words } = texts
  const lasting = tokens.every(({ expires }) => expires !== undefined)
  const last = lasting
    ? tokens
        .map(({ expires }) => expires ?? '')
        .sort()
        .at(-1)
    : undefined
  return {
    app: app
      ? { state: 'done', text: words.app.done, ...leftUntil(app.expires, now) }
      : { state: 'open', text: words.app.open },
    provisioning: contact
      ? {
          state: 'done',
          text: words.provisioning.done,
          ...since(contact),
          ...leftUntil(last, now),
        }
      : tokens.length > 0 || programs
        ? { state: 'waiting', text: words.provisioning.waiting }
        : { state: 'open', text: words.provisioning.open },
    people: arrival
      ? { state: 'done', text: words.people.done, ...since(arrival) }
      : { state: 'open', text: words.people.open },
    entry: entry
      ? { state: 'done', text: words.entry.done, ...since(entry) }
      : { state: 'open', text: words.entry.open },
  }
}

function Left({ days }: { readonly days: number }) {
  if (days > SOON_DAYS) return null
  return (
    <Badge kind={days < 0 ? 'bad' : 'warn'}>
      {days < 0 ? texts.app.expiry.over : texts.app.expiry.left(days)}
    </Badge>
  )
}

function wordOf(state: State, current: boolean, number: number): string {
  if (state === 'done') return texts.go.look
  if (!current) return texts.go.open
  return number === 1 ? texts.go.begin : texts.go.goOn
}

function Line(props: {
  readonly step: StepName
  readonly number: number
  readonly progress: Progress
  readonly current: boolean
}) {
  const { step, number, progress, current } = props
  const { state, text, at, days } = progress
  const { title, text: about } = texts.steps[step]
  return (
    <li>
      <span class={`step-mark ${state}`} aria-hidden="true">
        {state === 'done' ? <Icon name="check" /> : number}
      </span>
      <div class="words">
        <strong>{title}</strong> {days === undefined ? null : <Left days={days} />}
        <small>{about}</small>
        <small class={state === 'done' ? 'is-good' : ''}>
          {text} {at === undefined ? null : <Time at={at} />}
        </small>
      </div>
      <LinkButton href={placeOf(step)} look={current ? 'main' : 'quiet'} small of={title}>
        {wordOf(state, current, number)}
      </LinkButton>
    </li>
  )
}

function Scripts() {
  return (
    <Panel title={texts.script.title} about={texts.script.about}>
      <div class="actions">
        <LinkButton href={`${SECTION}/setup.ps1`} icon="download">
          {texts.script.powershell}
        </LinkButton>
        <LinkButton href={`${SECTION}/setup.sh`} icon="download">
          {texts.script.bash}
        </LinkButton>
      </div>
      <p class="soft after">{texts.script.needs}</p>
    </Panel>
  )
}

/** Where connecting with Entra stands, and where to go on. */
export const connectOverview: readonly Page[] = [
  page('/connect', async (asked) => {
    const standing = await standingOf(asked)
    const progress = progressOf(standing, asked.now())
    const current = steps.find((step) => progress[step].state !== 'done')
    const untouched = steps.every((step) => progress[step].state === 'open')
    return {
      title: untouched ? texts.welcome.title : texts.title,
      section: SECTION,
      narrow: true,
      body: (
        <>
          <Head
            title={untouched ? texts.welcome.title : texts.title}
            about={untouched ? texts.welcome.about : texts.about}
            actions={
              untouched ? (
                <>
                  <LinkButton href="/admin">{texts.welcome.later}</LinkButton>
                  <LinkButton href={placeOf('app')} look="main" icon="plug">
                    {texts.welcome.start}
                  </LinkButton>
                </>
              ) : (
                <LinkButton href={`${SECTION}/tokens`} icon="key-round">
                  {texts.tokens.link}
                </LinkButton>
              )
            }
          />
          <Panel bare>
            <ol class="lines">
              {steps.map((step, index) => (
                <Line
                  step={step}
                  number={index + 1}
                  progress={progress[step]}
                  current={step === current && !untouched}
                />
              ))}
            </ol>
          </Panel>
          <Scripts />
        </>
      ),
    }
  }),
]
