import type { Child } from 'hono/jsx'
import { webhooks as texts } from '../../../texts/webhooks.ts'
import { DoButton, LinkButton, Menu } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Note } from '../../../ui/note.tsx'
import { Empty, Facts, Panel } from '../../../ui/panel.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { page, type Page } from '../../console/asked.ts'
import { listDeliveries } from '../../webhooks.ts'
import { inWords } from './kinds.ts'
import {
  crumbs,
  OutcomeBadge,
  pathOf,
  requireWebhook,
  SECTION,
  StateBadge,
  type Webhook,
} from './parts.tsx'

const ROWS = 25

type Delivery = Awaited<ReturnType<typeof listDeliveries.call>>['items'][number]

function Actions({ webhook }: { readonly webhook: Webhook }) {
  const { actions } = texts
  const path = pathOf(webhook)
  return (
    <>
      <DoButton to={`${path}/test`} look="main" icon="bell">
        {actions.test}
      </DoButton>
      <LinkButton href={`${path}/edit`} icon="pencil">
        {actions.edit}
      </LinkButton>
      <Menu label={actions.menu} right>
        {webhook.state === 'on' ? (
          <DoButton to={`${path}/pause`} icon="circle-pause">
            {actions.pause}
          </DoButton>
        ) : (
          <a href={at(`${path}/resume`)} data-dialog>
            <Icon name="rotate-ccw" />
            {actions.resume}
          </a>
        )}
        <a href={at(`${path}/secret`)} data-dialog>
          <Icon name="key-round" />
          {actions.secret}
        </a>
        <hr />
        <a class="danger" href={at(`${path}/remove`)} data-dialog>
          <Icon name="trash-2" />
          {actions.remove}
        </a>
      </Menu>
    </>
  )
}

/** A note with what can be done about it. */
function Standing(props: {
  readonly kind?: 'warn' | 'bad'
  readonly action?: Child
  readonly children?: Child
}) {
  const { kind, action, children } = props
  return (
    <Note {...(kind === undefined ? {} : { kind })}>
      <div class="actions">
        <div class="words">{children}</div>
        {action}
      </div>
    </Note>
  )
}

/** What is to be known of a webhook that does not do what it should. */
function Troubles({ webhook }: { readonly webhook: Webhook }) {
  const { notes, actions } = texts
  const { state, attempts, failingSince, due, last, bothUntil } = webhook
  const path = pathOf(webhook)
  const resume = (
    <LinkButton href={`${path}/resume`} small dialog>
      {actions.resume}
    </LinkButton>
  )
  const why = last?.problem
  return (
    <>
      {state === 'paused' ? <Standing action={resume}>{notes.paused}</Standing> : null}
      {state === 'given-up' ? (
        <Standing kind="bad" action={resume}>
          <strong>{notes.givenUp}</strong> {why} {notes.givenUpText}
        </Standing>
      ) : null}
      {state === 'on' && attempts > 0 ? (
        <Standing
          kind="warn"
          action={
            <DoButton to={`${path}/retry`} small icon="rotate-ccw">
              {actions.retry}
            </DoButton>
          }
        >
          <div>
            <strong>{notes.failing(attempts)}</strong> {why}
          </div>
          <div>
            {due === undefined ? null : (
              <>
                {notes.next} <Time at={due} />
                {'. '}
              </>
            )}
            {notes.nothingLost}
            {failingSince === undefined ? null : (
              <>
                {' '}
                {notes.since} <Time at={failingSince} as="minute" />
                {'.'}
              </>
            )}
          </div>
        </Standing>
      ) : null}
      {bothUntil === undefined ? null : (
        <Note>
          {notes.both} <Time at={bothUntil} as="minute" />
          {'.'}
        </Note>
      )}
    </>
  )
}

function About({ webhook }: { readonly webhook: Webhook }) {
  const { facts } = texts
  const { url, actions, created, last } = webhook
  return (
    <Panel>
      <Facts
        items={[
          { label: facts.url, value: <span class="mono brief">{url}</span> },
          {
            label: facts.events,
            value: actions.length === 0 ? texts.everything : actions.map(inWords).join(', '),
          },
          { label: facts.made, value: <Time at={created} /> },
          {
            label: facts.last,
            value:
              last === undefined ? (
                <span class="is-soft">{texts.never}</span>
              ) : (
                <span class="badges">
                  <OutcomeBadge result={last} />
                  <Time at={last.at} />
                </span>
              ),
          },
        ]}
      />
    </Panel>
  )
}

/** Whether the problem of a delivery says more than its status. */
function saysMore({ status, problem }: Delivery): boolean {
  return problem !== undefined && (status === undefined || status < 400)
}

function Deliveries({ deliveries }: { readonly deliveries: readonly Delivery[] }) {
  const { columns, deliveries: words } = texts
  return (
    <Table
      label={words.title}
      rows={deliveries}
      columns={[
        {
          label: columns.what,
          cell: ({ id, action }) => (
            <a class="name" href={at(`${SECTION}/deliveries/${id}`)}>
              {inWords(action)}
            </a>
          ),
        },
        {
          label: columns.outcome,
          cell: (delivery) => (
            <>
              <span class="badges">
                <OutcomeBadge result={delivery} />
                {delivery.attempt > 1 ? (
                  <span class="is-soft">{words.attempt(delivery.attempt)}</span>
                ) : null}
              </span>
              {saysMore(delivery) ? <small class="why">{delivery.problem}</small> : null}
            </>
          ),
        },
        {
          label: texts.delivery.took,
          when: 'least',
          cell: ({ milliseconds }) => <span class="is-soft">{texts.took(milliseconds)}</span>,
        },
        { label: columns.when, when: 'less', cell: ({ at: time }) => <Time at={time} /> },
        {
          label: columns.actions,
          unseen: true,
          kind: 'end',
          when: 'least',
          cell: ({ id, sequence, action }) =>
            sequence === undefined ? null : (
              <LinkButton
                href={`${SECTION}/deliveries/${id}/replay`}
                small
                dialog
                of={inWords(action)}
              >
                {texts.actions.replay}
              </LinkButton>
            ),
        },
      ]}
    />
  )
}

/** A webhook: how it stands, and what it was told of. */
export const webhookPages: readonly Page[] = [
  page('/webhooks/{id}', async (asked) => {
    const webhook = await requireWebhook(asked)
    const before = /^[\w-]{1,64}$/.test(asked.query('before')) ? asked.query('before') : ''
    const { items, next } = await listDeliveries.call(asked, {
      id: webhook.id,
      query: { limit: ROWS, ...(before === '' ? {} : { before }) },
    })
    const path = pathOf(webhook)
    const { deliveries: words } = texts
    return {
      title: webhook.name,
      section: SECTION,
      body: (
        <>
          <Head
            title={webhook.name}
            isName
            crumbs={crumbs}
            badges={<StateBadge webhook={webhook} />}
            actions={<Actions webhook={webhook} />}
          />
          <Troubles webhook={webhook} />
          <About webhook={webhook} />
          <Panel
            bare
            title={words.title}
            about={words.about}
            footer={
              before === '' && next === undefined ? undefined : (
                <div class="pager">
                  {before === '' ? null : (
                    <LinkButton href={path} small>
                      {words.newest}
                    </LinkButton>
                  )}
                  {next === undefined ? null : (
                    <LinkButton href={`${path}?before=${next}`} small>
                      {words.older}
                    </LinkButton>
                  )}
                </div>
              )
            }
          >
            {items.length === 0 ? (
              <Empty icon="bell" title={words.none} text={words.noneText} />
            ) : (
              <Deliveries deliveries={items} />
            )}
          </Panel>
        </>
      ),
    }
  }),
]
