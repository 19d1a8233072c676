import { mailTexts as texts } from '../../../texts/mails.ts'
import { Head, Tabs } from '../../../ui/head.tsx'
import type { Child } from 'hono/jsx'

export const SECTION = '/admin/mails'

export type Kind = keyof typeof texts.kinds

export const kinds = Object.keys(texts.kinds) as readonly Kind[]

/** Where the words of a kind are changed. */
export const wordsOf = (kind: Kind): `/${string}` => `${SECTION}/words/${kind}`

/** The head of all pages on mails. */
export function MailHead(props: {
  readonly current: `/${string}`
  readonly about: string
  readonly actions?: Child
}) {
  const { current, about, actions } = props
  return (
    <>
      <Head title={texts.title} about={about} actions={actions} />
      <Tabs
        label={texts.tabs.label}
        current={current}
        tabs={[
          { href: SECTION, label: texts.tabs.outbox },
          ...kinds.map((kind) => ({ href: wordsOf(kind), label: texts.kinds[kind] })),
        ]}
      />
    </>
  )
}
