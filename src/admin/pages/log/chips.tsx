import { log as texts } from '../../../texts/log.ts'
import { Chip } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { AboutChip, DaysChip } from '../../../ui/filters.tsx'
import { Icon } from '../../../ui/icon.tsx'
import type { Asked } from '../../console/asked.ts'
import { isFiltered, SECTION, type Wanted } from './filters.ts'
import { clientName } from './in-words.tsx'

const { filters } = texts

/** So many clients can be chosen from. */
const MOST_CLIENTS = 20

/** The same page with another filter, from its beginning. */
type Here = (changed: Readonly<Record<string, string>>) => `/${string}`

export const hereOf =
  (asked: Asked): Here =>
  (changed) =>
    asked.here({ before: '', ...changed }) as `/${string}`

/** Whose requests there may be, as the log names them, with whom the address asks for. */
export async function clientsIn({ directory }: Asked, { client }: Wanted): Promise<string[]> {
  const [tokens, clients] = await Promise.all([directory.tokens.list(), directory.clients.list()])
  const known = [
    ...tokens.map(({ name }) => `token:${name}`),
    ...clients.flatMap(({ kind, name }) => (kind === 'provisioning' ? [`client:${name}`] : [])),
  ]
  const all = [...new Set(known)].slice(0, MOST_CLIENTS)
  return client === '' || all.includes(client) ? all : [...all, client]
}

/** What a form keeps of the address besides its own fields. */
export function Kept({ asked, but }: { readonly asked: Asked; readonly but: readonly string[] }) {
  const names = ['search', 'errors', 'kind', 'client', 'when', 'from', 'to', 'resource', 'follow']
  return (
    <>
      {names
        .filter((name) => !but.includes(name) && asked.query(name) !== '')
        .map((name) => (
          <input type="hidden" name={name} value={asked.query(name)} />
        ))}
    </>
  )
}

/** All filters of the log. */
export function Chips(props: {
  readonly asked: Asked
  readonly wanted: Wanted
  readonly clients: readonly string[]
  /** What the one is called whom the log is about. */
  readonly about: string
}) {
  const { asked, wanted, clients, about } = props
  const here = hereOf(asked)
  const between = wanted.from !== '' || wanted.to !== ''
  const chip = (
    label: string,
    name: string,
    chosen: string,
    options: readonly (readonly [string, string])[],
  ) => (
    <Chip
      label={label}
      options={options.map(([value, words]) => ({
        label: words,
        href: at(here(name === 'when' ? { when: value, from: '', to: '' } : { [name]: value })),
        on: value === chosen,
      }))}
      clear={at(here({ [name]: '' }))}
    />
  )
  return (
    <div class="toolbar">
      {wanted.resource === '' ? null : <AboutChip name={about} clear={here({ resource: '' })} />}
      {wanted.errors ? (
        <a class="chip on" href={at(here({ errors: '' }))} title={filters.withAll}>
          {filters.errors}
          <Icon name="x" />
        </a>
      ) : (
        <a class="chip" href={at(here({ errors: 'yes' }))}>
          {filters.errors}
        </a>
      )}
      {chip(filters.kind, 'kind', wanted.kind ?? '', Object.entries(texts.kinds))}
      {clients.length < 2 && wanted.client === ''
        ? null
        : chip(
            filters.client,
            'client',
            wanted.client,
            clients.map((client) => [client, clientName(client)] as const),
          )}
      {chip(filters.when, 'when', between ? '' : (wanted.when ?? ''), Object.entries(texts.whens))}
      <DaysChip
        from={wanted.from}
        to={wanted.to}
        action={SECTION}
        clear={here({ from: '', to: '' })}
      >
        <Kept asked={asked} but={['from', 'to', 'when']} />
      </DaysChip>
      {isFiltered(wanted) ? (
        <a class="clear" href={at(wanted.follow ? `${SECTION}?follow=yes` : SECTION)}>
          {filters.clear}
        </a>
      ) : null}
    </div>
  )
}
