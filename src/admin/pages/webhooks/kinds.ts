import { webhooks as texts } from '../../../texts/webhooks.ts'
import type { Action } from '../../../directory/event.ts'

/** What happens to one kind of thing. */
export interface Group {
  /** As an event has it in front of the dot. */
  readonly kind: string
  readonly label: string
  readonly about: string
  readonly actions: readonly { readonly action: string; readonly label: string }[]
}

export const groups: readonly Group[] = Object.entries(texts.groups).map(
  ([kind, { label, about, actions }]) => ({
    kind,
    label,
    about,
    actions: Object.entries(actions).map(([action, words]) => ({ action, label: words })),
  }),
)

type Worded = {
  [Kind in keyof typeof texts.groups]: keyof (typeof texts.groups)[Kind]['actions']
}[keyof typeof texts.groups]

/** Every action has words: the compiler says when one has none. */
const words: Readonly<Record<Action, string>> = Object.fromEntries(
  groups.flatMap(({ label, actions }) =>
    actions.map((each) => [each.action, texts.pair(label, each.label)]),
  ),
) as Readonly<Record<Worded, string>>

const known: Readonly<Record<string, string>> = words

/** An action, or a kind of them, in words; one that a later version wrote stands for itself. */
export function inWords(action: string): string {
  if (action === 'webhook.test') return texts.deliveries.test
  return groups.find(({ kind }) => kind === action)?.label ?? known[action] ?? action
}
