import type { Child } from 'hono/jsx'
import { number } from '../../../texts/common.ts'
import { webhooks as texts } from '../../../texts/webhooks.ts'
import { FormEnd, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Facts, Panel } from '../../../ui/panel.tsx'
import { Time } from '../../../ui/time.tsx'
import { action, page, type Asked, type Page } from '../../console/asked.ts'
import { Problem } from '../../problems.ts'
import { readDelivery, replayWebhook } from '../../webhooks.ts'
import { describeEvents } from '../events/in-words.tsx'
import { inWords } from './kinds.ts'
import { crumbsTo, OutcomeBadge, pathOf, SECTION, type Webhook } from './parts.tsx'

const { delivery: words } = texts

type Delivery = Awaited<ReturnType<typeof readDelivery.call>>

/** A delivery, and whose it is. */
async function required(asked: Asked): Promise<{ delivery: Delivery; webhook: Webhook }> {
  const delivery = await readDelivery.call(asked, { id: asked.id })
  const webhook = await asked.directory.webhooks.read(delivery.webhookId)
  if (webhook) return { delivery, webhook }
  throw new Problem('notFound', words.gone)
}

/** The number of the event that a delivery tells of; a test tells of none. */
function eventOf({ sequence }: Delivery): number {
  if (sequence !== undefined) return sequence
  throw new Problem('notFound', words.gone)
}

/** A body that is JSON, with its parts below one another; anything else as it is. */
function laidOut(text: string): string {
  const gap = text.indexOf('\n\n')
  const body = text.slice(gap + 2)
  try {
    return `${text.slice(0, gap)}\n\n${JSON.stringify(JSON.parse(body), null, 2)}`
  } catch {
    return text
  }
}

/** The event that a delivery tells of, in words. */
async function eventInWords({ directory }: Asked, delivery: Delivery): Promise<Child> {
  if (delivery.sequence === undefined) return texts.deliveries.test
  const events = await directory.events.list(delivery.sequence - 1, 1)
  const [moment] = await describeEvents(directory, events)
  return moment?.title ?? words.seeEvent(delivery.sequence)
}

function About(props: { readonly delivery: Delivery; readonly event: Child }) {
  const { delivery, event } = props
  const { at: time, milliseconds, problem, attempt } = delivery
  return (
    <Panel>
      <Facts
        items={[
          { label: words.event, value: event },
          { label: words.when, value: <Time at={time} as="second" /> },
          { label: words.outcome, value: <OutcomeBadge result={delivery} /> },
          ...(problem === undefined ? [] : [{ label: words.problem, value: problem }]),
          { label: words.took, value: texts.took(milliseconds) },
          { label: words.attempt, value: number(attempt) },
        ]}
      />
    </Panel>
  )
}

/** What went out and came back in one delivery, and all of it again from there. */
export const webhookDeliveryPages: readonly Page[] = [
  page('/webhooks/deliveries/{id}', async (asked) => {
    const { delivery, webhook } = await required(asked)
    const title = inWords(delivery.action)
    const event = await eventInWords(asked, delivery)
    const { response } = delivery
    return {
      title,
      section: SECTION,
      narrow: true,
      body: (
        <>
          <Head
            title={title}
            crumbs={crumbsTo(webhook)}
            {...(delivery.sequence === undefined
              ? {}
              : {
                  actions: (
                    <LinkButton
                      href={`${SECTION}/deliveries/${delivery.id}/replay`}
                      icon="rotate-ccw"
                      dialog
                    >
                      {texts.actions.replay}
                    </LinkButton>
                  ),
                })}
          />
          <About delivery={delivery} event={event} />
          <Panel title={words.request} about={words.requestAbout}>
            <pre class="code" tabindex={0} role="region" aria-label={words.request}>
              {laidOut(delivery.request)}
            </pre>
          </Panel>
          <Panel title={words.response}>
            {response === undefined ? (
              <p class="is-soft">{words.noResponse}</p>
            ) : (
              <pre class="code" tabindex={0} role="region" aria-label={words.response}>
                {laidOut(response)}
              </pre>
            )}
          </Panel>
        </>
      ),
    }
  }),

  page('/webhooks/deliveries/{id}/replay', async (asked) => {
    const { delivery, webhook } = await required(asked)
    eventOf(delivery)
    const { replay } = texts
    return {
      title: replay.title,
      section: SECTION,
      narrow: true,
      body: (
        <div data-dialog-body>
          <Head title={replay.title} crumbs={crumbsTo(webhook)} about={replay.text(webhook.name)} />
          <form method="post" action={at(`${SECTION}/deliveries/${delivery.id}/replay`)}>
            <FormEnd back={pathOf(webhook)}>
              <Submit>{replay.button}</Submit>
            </FormEnd>
          </form>
        </div>
      ),
    }
  }),

  action('/webhooks/deliveries/{id}/replay', async (asked) => {
    const { delivery, webhook } = await required(asked)
    const body = { event: eventOf(delivery) }
    await replayWebhook.call(asked, { id: webhook.id, body })
    return { to: pathOf(webhook), done: { text: texts.done.replayed(webhook.name) } }
  }),
]
