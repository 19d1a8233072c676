import type { Child } from 'hono/jsx'
import { connect as texts } from '../../../texts/connect.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { Head, Steps } from '../../../ui/head.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Badge, Panel } from '../../../ui/panel.tsx'
import { Live } from '../../../ui/progress.tsx'
import { Time } from '../../../ui/time.tsx'
import type { Standing } from './standing.ts'

export const SECTION = '/admin/connect'

export type StepName = keyof typeof texts.steps

/** In the order in which they are taken. */
export const steps: readonly StepName[] = ['app', 'provisioning', 'people', 'entry']

export const placeOf = (step: StepName): `/${string}` => `${SECTION}/${step}`

export const crumbs = [{ href: SECTION, label: texts.title }] as const

/** Which steps are taken, of what is known without asking Entra. */
const takenIn = ({ app, contact, arrival, entry }: Standing): Taken => ({
  app: app !== undefined,
  provisioning: contact !== undefined,
  people: arrival !== undefined,
  entry: entry !== undefined,
})

type Taken = Readonly<Record<StepName, boolean>>

/** A step: its head, what belongs to it, and the way to the others. */
export function Step(props: {
  readonly step: StepName
  readonly standing: Standing
  readonly about: string
  readonly children?: Child
}) {
  const index = steps.indexOf(props.step)
  const next = steps[index + 1]
  const taken = takenIn(props.standing)
  return (
    <>
      <Head title={texts.steps[props.step].title} crumbs={crumbs} about={props.about} />
      <Steps
        steps={steps.map((step) => ({
          href: placeOf(step),
          label: texts.steps[step].title,
          done: taken[step],
        }))}
        current={index}
      />
      {props.children}
      <div class="actions end">
        {next === undefined ? (
          <LinkButton href={SECTION}>{texts.all}</LinkButton>
        ) : (
          <LinkButton href={placeOf(next)}>{texts.next(texts.steps[next].title)}</LinkButton>
        )}
      </div>
    </>
  )
}

/** What to do at Entra, in order. */
export function Todo({ items }: { readonly items: readonly string[] }) {
  return (
    <ol class="todo">
      {items.map((item) => (
        <li>{item}</li>
      ))}
    </ol>
  )
}

export interface Wait {
  readonly title: string
  readonly waiting: string
  readonly waitingText: string
  readonly waitingWithout: string
  readonly received: string
}

/** Whether something that is waited for has come. */
export function Waiting(props: {
  readonly texts: Wait
  /** When it came; undefined while it has not. */
  readonly at: string | undefined
  readonly detail?: Child
}) {
  const { texts: wait, at, detail } = props
  return at === undefined ? (
    <div class="wait">
      <span class="pulse" aria-hidden="true" />
      <div>
        <strong>{wait.waiting}</strong>
        <p class="soft">
          <span class="with-script">{wait.waitingText}</span>
          <span class="without-script">{wait.waitingWithout}</span>
        </p>
      </div>
    </div>
  ) : (
    <div class="wait">
      <Icon name="circle-check" tone="good" />
      <div>
        <strong>
          {wait.received} <Time at={at} as="minute" />
        </strong>
        {detail === undefined ? null : <p class="soft">{detail}</p>}
      </div>
    </div>
  )
}

/** The check at the end of a step, which notices by itself when it is done. */
export function Check(props: {
  readonly texts: Wait
  readonly from: `/${string}`
  readonly done: boolean
  readonly children?: Child
  readonly help?: Child
}) {
  const { texts: wait, from, done, children, help } = props
  return (
    <Panel
      title={wait.title}
      actions={
        done ? (
          <Badge kind="good" icon="check">
            {texts.states.done}
          </Badge>
        ) : (
          <Badge kind="info">{texts.states.waiting}</Badge>
        )
      }
    >
      {done ? children : <Live from={from}>{children}</Live>}
      {done ? null : help}
    </Panel>
  )
}
