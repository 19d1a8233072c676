import type { LogEntry } from '../../../directory/provisioning-log.ts'
import { asks, outcomeOf, sentencePartsOf } from '../../../directory/provisioning-words.ts'
import type { NamedPart, SentencePart } from '../../../directory/provisioning-words.ts'
import type { Named } from '../../../directory/names.ts'
import type { Directory } from '../../../directory/store.ts'
import { log as texts } from '../../../texts/log.ts'
import { at } from '../../../ui/base.ts'
import { Badge } from '../../../ui/panel.tsx'
import { actorPart } from '../events/sentence.ts'

export type Names = ReadonlyMap<string, Named>

const idOf = (part: SentencePart) => (typeof part === 'string' ? undefined : part.id)

/** Who of those whom requests name is here: one query for all. */
export function namesIn({ names }: Directory, entries: readonly LogEntry[]): Promise<Names> {
  const ids = entries.flatMap((entry) => sentencePartsOf(entry).map(idOf))
  return names.of([...new Set(ids.filter((id) => id !== undefined))])
}

/** Where somebody or something is looked at; undefined for what is no more. */
export function placeOf(id: string, names: Names): `/${string}` | undefined {
  const named = names.get(id)
  if (!named || named.gone) return undefined
  return named.kind === 'user' ? `/admin/users/${id}` : `/admin/groups/${id}`
}

function Name({ part: { name, id }, names }: { readonly part: NamedPart; readonly names: Names }) {
  if (id === undefined) return <bdi>{name}</bdi>
  const href = placeOf(id, names)
  if (href === undefined) return <strong>{name}</strong>
  return (
    <a class="name" href={at(href)}>
      <bdi>{name}</bdi>
    </a>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** What a request did, with links to whom it names. */
export function Sentence({ entry, names }: { readonly entry: LogEntry; readonly names: Names }) {
  return (
    <>
      {sentencePartsOf(entry).map((part, index) => {
        if (typeof part !== 'string') return <Name part={part} names={names} />
        return index === 0 ? capital(part) : part
      })}
    </>
  )
}

/** Keeps a name from turning the text around it, as `bdi` does where there are elements. */
const isolated = (name: string) => `\u2068${name}\u2069`

/** The same in plain text. */
export function plainSentence(entry: LogEntry): string {
  const parts = sentencePartsOf(entry).map((part) =>
    typeof part === 'string' ? part : isolated(part.name),
  )
  return capital(parts.join(''))
}

/** What came of it. */
export function Outcome({ entry }: { readonly entry: LogEntry }) {
  const { failure, facts, status, kind } = entry
  const words = outcomeOf(entry)
  if (failure !== undefined) {
    return (
      <Badge kind="bad" icon="circle-alert">
        {words}
      </Badge>
    )
  }
  if (facts.held) {
    return (
      <Badge kind="warn" icon="circle-pause">
        {texts.held}
      </Badge>
    )
  }
  if (asks(kind) || status === 304) return <Badge>{words}</Badge>
  return <Badge kind="good">{words}</Badge>
}

/** A client, as the record calls it too. */
export function clientName(actor: string): string {
  return actorPart(actor, { ids: new Map(), things: new Map(), plans: new Map() }).name
}
