import type { Named } from '../../../directory/names.ts'
import type { Directory } from '../../../directory/store.ts'
import { userTexts } from '../../../texts/user.ts'
import { at } from '../../../ui/base.ts'
import { Time } from '../../../ui/time.tsx'
import type { explainUser } from '../../why.ts'
import { actorId } from '../events/names.ts'

const { sources } = userTexts

/** How something came about, as the record has it. */
export type How = Pick<
  Awaited<ReturnType<typeof explainUser.call>>['groups'][number],
  'source' | 'event'
>

export type ActorNames = ReadonlyMap<string, Named>

/** The names of those who did things by hand. */
export function actorsOf({ names }: Directory, all: readonly How[]): Promise<ActorNames> {
  const ids = all.flatMap(({ source, event }) =>
    source.kind === 'hand' && event ? [actorId(event.actor)] : [],
  )
  return names.of([...new Set(ids.filter((id) => id !== undefined))])
}

function textOf(source: How['source']): string {
  switch (source.kind) {
    case 'rule':
    case 'mapping':
      return sources[source.kind](source.name ?? sources.gone)
    case 'import':
    case 'sync':
    case 'scim':
    case 'sign-in':
    case 'hand':
    case 'unknown':
      return sources[source.kind]
  }
}

/** Where it can be looked up. */
function placeOf(source: How['source']): `/${string}` | undefined {
  switch (source.kind) {
    case 'rule':
      return '/admin/rules'
    case 'mapping':
      return '/admin/mappings'
    case 'import':
      return `/admin/import/${source.id}`
    case 'sync':
      return `/admin/sync/${source.id}`
    case 'scim':
    case 'sign-in':
    case 'hand':
    case 'unknown':
      return undefined
  }
}

/** Of what something came, in a few words. */
export function HowWords({ how, actors }: { readonly how: How; readonly actors: ActorNames }) {
  const { source, event } = how
  const href = placeOf(source)
  const actor = source.kind === 'hand' && event ? actorId(event.actor) : undefined
  const name = actor === undefined ? undefined : actors.get(actor)?.name
  return (
    <>
      {href === undefined ? textOf(source) : <a href={at(href)}>{textOf(source)}</a>}
      {name === undefined ? null : (
        <>
          {', '}
          <bdi>{name}</bdi>
        </>
      )}
    </>
  )
}

/** By what, and when, something came about. */
export function By(props: {
  readonly how: How
  readonly at?: string | undefined
  readonly actors: ActorNames
}) {
  const { how, at: time, actors } = props
  return (
    <>
      <HowWords how={how} actors={actors} />
      {time === undefined ? null : (
        <>
          {', '}
          <Time at={time} />
        </>
      )}
    </>
  )
}
