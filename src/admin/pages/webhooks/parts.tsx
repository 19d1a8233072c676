import { webhooks as texts } from '../../../texts/webhooks.ts'
import { Badge } from '../../../ui/panel.tsx'
import type { Asked } from '../../console/asked.ts'
import { Problem } from '../../problems.ts'
import type { readWebhook } from '../../webhooks.ts'
import { inWords } from './kinds.ts'

export const SECTION = '/admin/webhooks'

export const crumbs = [{ href: SECTION, label: texts.title }] as const

export type Webhook = Awaited<ReturnType<typeof readWebhook.call>>

/** The page of a webhook. */
export const pathOf = ({ id }: Pick<Webhook, 'id'>) => `${SECTION}/${id}` as const

/** The way to what is done with a webhook. */
export const crumbsTo = (webhook: Webhook) =>
  [...crumbs, { href: pathOf(webhook), label: webhook.name }] as const

/** So many kinds of events are named in a line. */
const NAMED = 3

/** What a webhook is told of, in a line. */
export function toldOf({ actions }: Pick<Webhook, 'actions'>): string {
  if (actions.length === 0) return texts.everything
  const some = actions.length > NAMED + 1 ? actions.slice(0, NAMED) : actions
  const shown = some.map(inWords).join(', ')
  const left = actions.length - some.length
  return left === 0 ? shown : texts.more(shown, left)
}

export function StateBadge({ webhook }: { readonly webhook: Pick<Webhook, 'state' | 'attempts'> }) {
  const { state, attempts } = webhook
  if (state === 'on' && attempts > 0) return <Badge kind="warn">{texts.states.failing}</Badge>
  if (state === 'on') return <Badge kind="good">{texts.states.on}</Badge>
  if (state === 'paused') return <Badge>{texts.states.paused}</Badge>
  return <Badge kind="bad">{texts.states['given-up']}</Badge>
}

/** What came of a delivery, in a word. */
export function OutcomeBadge(props: {
  readonly result: { readonly status?: number | undefined; readonly problem?: string | undefined }
}) {
  const { status, problem } = props.result
  if (status === undefined) return <Badge kind="bad">{texts.unanswered}</Badge>
  return problem === undefined ? (
    <Badge kind="good">{texts.taken(status)}</Badge>
  ) : (
    <Badge kind="bad">{texts.notTaken(status)}</Badge>
  )
}

export async function requireWebhook({ directory, id }: Asked): Promise<Webhook> {
  const found = await directory.webhooks.read(id)
  if (found) return found
  throw new Problem('notFound', texts.gone)
}
