import { webhooks as texts } from '../../../texts/webhooks.ts'
import { FormEnd, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Tick } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { action, page, type Page } from '../../console/asked.ts'
import { pauseWebhook, removeWebhook, resumeWebhook, testWebhook } from '../../webhooks.ts'
import { crumbsTo, pathOf, requireWebhook, SECTION } from './parts.tsx'

/** What can be done with a webhook. */
export const webhookDeedPages: readonly Page[] = [
  action('/webhooks/{id}/test', async (asked) => {
    const { status, milliseconds, problem } = await testWebhook.call(asked, { id: asked.id })
    const { tested, notTested } = texts.done
    const taken = problem === undefined && status !== undefined
    return {
      to: `${SECTION}/${asked.id}`,
      done: taken
        ? { text: tested(status, milliseconds) }
        : { text: notTested(problem ?? texts.unanswered), kind: 'bad' },
    }
  }),

  action('/webhooks/{id}/pause', async (asked) => {
    const webhook = await pauseWebhook.call(asked, { id: asked.id })
    const path = pathOf(webhook)
    return {
      to: path,
      done: {
        text: texts.done.paused(webhook.name),
        undo: { to: `${path}/resume`, fields: { from: 'stopped' } },
      },
    }
  }),

  action('/webhooks/{id}/retry', async (asked) => {
    const webhook = await resumeWebhook.call(asked, { id: asked.id })
    return { to: pathOf(webhook) }
  }),

  page('/webhooks/{id}/resume', async (asked) => {
    const webhook = await requireWebhook(asked)
    const path = pathOf(webhook)
    const { resume: words } = texts
    return {
      title: words.title(webhook.name),
      section: SECTION,
      narrow: true,
      body: (
        <div data-dialog-body>
          <Head title={words.title(webhook.name)} crumbs={crumbsTo(webhook)} />
          <form method="post" action={at(`${path}/resume`)}>
            <fieldset>
              <legend>{words.label}</legend>
              {(['stopped', 'now'] as const).map((from) => (
                <Tick
                  kind="radio"
                  name="from"
                  value={from}
                  checked={from === 'stopped'}
                  label={words[from]}
                  hint={words[`${from}Hint`]}
                />
              ))}
            </fieldset>
            <FormEnd back={path}>
              <Submit>{words.button}</Submit>
            </FormEnd>
          </form>
        </div>
      ),
    }
  }),

  action('/webhooks/{id}/resume', async (asked) => {
    const from = asked.sent.text('from') === 'now' ? 'now' : 'stopped'
    const webhook = await resumeWebhook.call(asked, { id: asked.id, body: { from } })
    return { to: pathOf(webhook), done: { text: texts.done.resumed(webhook.name) } }
  }),

  page('/webhooks/{id}/remove', async (asked) => {
    const webhook = await requireWebhook(asked)
    const path = pathOf(webhook)
    const { remove: words } = texts
    return {
      title: words.title(webhook.name),
      section: SECTION,
      narrow: true,
      body: (
        <div data-dialog-body>
          <Head title={words.title(webhook.name)} crumbs={crumbsTo(webhook)} about={words.text} />
          <form method="post" action={at(`${path}/remove`)}>
            <FormEnd back={path}>
              <Submit look="danger">{words.button}</Submit>
            </FormEnd>
          </form>
        </div>
      ),
    }
  }),

  action('/webhooks/{id}/remove', async (asked) => {
    const { name } = await requireWebhook(asked)
    await removeWebhook.call(asked, { id: asked.id })
    return { to: SECTION, done: { text: texts.done.removed(name) } }
  }),
]
