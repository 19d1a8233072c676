import type { WebhookWish } from '../../../directory/webhook.ts'
import { webhooks as texts } from '../../../texts/webhooks.ts'
import { FormEnd, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Field, Tick } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import { changeWebhook, createWebhook } from '../../webhooks.ts'
import { groups, type Group } from './kinds.ts'
import { crumbs, crumbsTo, pathOf, requireWebhook, SECTION, type Webhook } from './parts.tsx'
import { secretView } from './secret.tsx'

const { form: words } = texts

/** A webhook as it is typed. */
interface Draft extends WebhookWish {
  readonly all: boolean
}

const blank: Draft = { name: '', url: '', actions: [], all: true }

function GroupChoice({ group, chosen }: { readonly group: Group; readonly chosen: Chosen }) {
  const { kind, label, about, actions } = group
  const whole = <Tick name="action" value={kind} checked={chosen.has(kind)} label={label} />
  if (actions.length === 1) return <div>{whole}</div>
  const some = actions.some((each) => chosen.has(each.action))
  return (
    <div>
      {whole}
      <details class="fold-away" open={some}>
        <summary>
          {words.some}
          <span class="unseen">{` ${about}`}</span>
        </summary>
        <div>
          {actions.map((each) => (
            <Tick
              name="action"
              value={each.action}
              checked={chosen.has(each.action)}
              label={each.label}
            />
          ))}
        </div>
      </details>
    </div>
  )
}

type Chosen = ReadonlySet<string>

function Events({ draft, fault }: { readonly draft: Draft; readonly fault: string | undefined }) {
  const chosen = new Set(draft.actions)
  return (
    <Panel title={words.events}>
      <fieldset>
        <legend class="unseen">{words.events}</legend>
        {(['all', 'own'] as const).map((which) => (
          <label class="tick">
            <input
              type="radio"
              name="which"
              value={which}
              checked={(which === 'all') === draft.all}
              data-shows={which}
            />
            <span>
              {words[which]}
              {which === 'all' ? <small class="is-soft">{words.allHint}</small> : null}
            </span>
          </label>
        ))}
        {fault === undefined ? null : <p class="fault">{fault}</p>}
        <div class="kinds" data-with="own">
          {groups.map((group) => (
            <GroupChoice group={group} chosen={chosen} />
          ))}
        </div>
      </fieldset>
    </Panel>
  )
}

interface Shown {
  readonly title: string
  readonly about?: string
  readonly crumbs: readonly { readonly href: `/${string}`; readonly label: string }[]
  readonly to: `/${string}`
  readonly back: `/${string}`
  readonly button: string
}

/** What is wrong with the choice of events, wherever in it. */
function eventFault({ fields }: Faults): string | undefined {
  return Object.entries(fields).find(([place]) => place.startsWith('actions'))?.[1]
}

function formView(shown: Shown, draft: Draft, faults?: Faults): View {
  const { fields = {}, text = '' } = faults ?? {}
  const elsewhere = faults !== undefined && Object.keys(fields).length === 0
  return {
    title: shown.title,
    section: SECTION,
    narrow: true,
    ...(faults ? { status: 400 } : {}),
    body: (
      <>
        <Head
          title={shown.title}
          crumbs={shown.crumbs}
          {...(shown.about === undefined ? {} : { about: shown.about })}
        />
        {elsewhere ? <Note kind="bad">{text}</Note> : null}
        <form method="post" action={at(shown.to)}>
          <Panel>
            <Field
              name="name"
              label={words.name}
              hint={words.nameHint}
              fault={fields['name']}
              value={draft.name}
              autofocus
            />
            <Field
              name="url"
              type="url"
              label={words.url}
              hint={words.urlHint}
              fault={fields['url']}
              value={draft.url}
              placeholder="https://"
            />
          </Panel>
          <Events draft={draft} fault={faults && eventFault(faults)} />
          <FormEnd back={shown.back}>
            <Submit loose>{shown.button}</Submit>
          </FormEnd>
        </form>
      </>
    ),
  }
}

/** What was typed; single actions of a kind that is chosen as a whole are not said twice. */
function draftOf({ sent }: Asked): Draft {
  const ticked = sent.list('action')
  const actions = ticked.filter((each) => {
    const [kind = ''] = each.split('.')
    return kind === each || !ticked.includes(kind)
  })
  return {
    name: sent.text('name'),
    url: sent.text('url'),
    actions,
    all: sent.text('which') !== 'own',
  }
}

/** Carries a draft out; one that chooses nothing has a fault of its own. */
async function save<T>(
  { name, url, actions, all }: Draft,
  work: (wish: { name: string; url: string; actions: string[] }) => Promise<T>,
): Promise<{ readonly made: T } | { readonly faults: Faults }> {
  if (!all && actions.length === 0) {
    return { faults: { text: words.nothing, fields: { actions: words.nothing } } }
  }
  return attempt(() => work({ name, url, actions: all ? [] : [...actions] }))
}

const fresh: Shown = {
  title: words.new,
  about: words.newAbout,
  crumbs,
  to: `${SECTION}/new`,
  back: SECTION,
  button: words.make,
}

function changed(webhook: Webhook): Shown {
  const path = pathOf(webhook)
  return {
    title: words.edit(webhook.name),
    crumbs: crumbsTo(webhook),
    to: `${path}/edit`,
    back: path,
    button: words.save,
  }
}

/** Making webhooks, and changing them. */
export const webhookFormPages: readonly Page[] = [
  page('/webhooks/new', async ({ webhooks }) =>
    webhooks.ready ? formView(fresh, blank) : { to: SECTION },
  ),

  action('/webhooks/new', async (asked) => {
    const draft = draftOf(asked)
    const tried = await save(draft, (body) => createWebhook.call(asked, { body }))
    if ('faults' in tried) return formView(fresh, draft, tried.faults)
    const { webhook, secret } = tried.made
    return secretView(webhook, secret, texts.secret.made(webhook.name))
  }),

  page('/webhooks/{id}/edit', async (asked) => {
    const webhook = await requireWebhook(asked)
    return formView(changed(webhook), { ...webhook, all: webhook.actions.length === 0 })
  }),

  action('/webhooks/{id}/edit', async (asked) => {
    const webhook = await requireWebhook(asked)
    const draft = draftOf(asked)
    const tried = await save(draft, (body) => changeWebhook.call(asked, { id: webhook.id, body }))
    if ('faults' in tried) return formView(changed(webhook), draft, tried.faults)
    return { to: pathOf(webhook), done: { text: texts.done.changed(tried.made.name) } }
  }),
]
