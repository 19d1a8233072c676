import { webhooks as texts } from '../../../texts/webhooks.ts'
import { Copy, DoButton, FormEnd, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { action, page, type Page, type View } from '../../console/asked.ts'
import { renewWebhookSecret } from '../../webhooks.ts'
import { crumbsTo, pathOf, requireWebhook, SECTION, type Webhook } from './parts.tsx'

const { secret: words } = texts

/** A secret that was made just now: this once. */
export function secretView(webhook: Webhook, secret: string, title: string): View {
  const path = pathOf(webhook)
  return {
    title,
    section: SECTION,
    narrow: true,
    body: (
      <>
        <Head title={title} crumbs={crumbsTo(webhook)} />
        <Note kind="warn">
          <strong>{words.once}</strong> {words.onceText}
        </Note>
        <Panel>
          <Copy
            label={words.label}
            value={secret}
            {...(webhook.bothUntil === undefined ? {} : { hint: words.both })}
          />
          <div class="actions">
            <DoButton to={`${path}/test`} look="main" icon="bell">
              {words.test}
            </DoButton>
            <LinkButton href={path}>{words.done}</LinkButton>
          </div>
        </Panel>
      </>
    ),
  }
}

/** Another secret for a webhook. */
export const webhookSecretPages: readonly Page[] = [
  page('/webhooks/{id}/secret', async (asked) => {
    const webhook = await requireWebhook(asked)
    const path = pathOf(webhook)
    const { title, text, button } = words.confirm
    return {
      title: title(webhook.name),
      section: SECTION,
      narrow: true,
      body: (
        <div data-dialog-body>
          <Head title={title(webhook.name)} crumbs={crumbsTo(webhook)} about={text} />
          <form method="post" action={at(`${path}/secret`)}>
            <FormEnd back={path}>
              <Submit icon="key-round">{button}</Submit>
            </FormEnd>
          </form>
        </div>
      ),
    }
  }),

  action('/webhooks/{id}/secret', async (asked) => {
    const { webhook, secret } = await renewWebhookSecret.call(asked, { id: asked.id })
    return secretView(webhook, secret, words.renewed(webhook.name))
  }),
]
