import { webhooks as texts } from '../../../texts/webhooks.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Empty, Panel } from '../../../ui/panel.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { page, type Page } from '../../console/asked.ts'
import { listWebhooks } from '../../webhooks.ts'
import { OutcomeBadge, pathOf, SECTION, StateBadge, toldOf, type Webhook } from './parts.tsx'

function Webhooks({ webhooks }: { readonly webhooks: readonly Webhook[] }) {
  const { columns } = texts
  return (
    <Table
      label={texts.title}
      rows={webhooks}
      columns={[
        {
          label: columns.name,
          cell: (webhook) => (
            <>
              <a class="name" href={at(pathOf(webhook))}>
                <bdi>{webhook.name}</bdi>
              </a>
              <small class="line">{new URL(webhook.url).host}</small>
            </>
          ),
        },
        {
          label: columns.events,
          when: 'least',
          cell: (webhook) => <span class="is-soft">{toldOf(webhook)}</span>,
        },
        { label: columns.state, cell: (webhook) => <StateBadge webhook={webhook} /> },
        {
          label: columns.last,
          when: 'less',
          cell: ({ last }) =>
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
  )
}

const Add = () => (
  <LinkButton href={`${SECTION}/new`} look="main" icon="plus">
    {texts.add}
  </LinkButton>
)

/** All webhooks. */
export const webhookListPages: readonly Page[] = [
  page('/webhooks', async (asked) => {
    const { items, ready } = await listWebhooks.call(asked)
    const empty = items.length === 0
    return {
      title: texts.title,
      section: SECTION,
      body: (
        <>
          <Head
            title={texts.title}
            about={texts.about}
            {...(ready && !empty ? { actions: <Add /> } : {})}
          />
          {ready ? null : (
            <Note kind="warn">
              <strong>{texts.noKey}</strong> {texts.noKeyText}
            </Note>
          )}
          <Panel bare>
            {empty ? (
              <Empty icon="bell" title={texts.none} text={texts.noneText}>
                {ready ? <Add /> : null}
              </Empty>
            ) : (
              <Webhooks webhooks={items} />
            )}
          </Panel>
        </>
      ),
    }
  }),
]
