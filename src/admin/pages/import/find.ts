import type { EntraPage, EntraUser } from '../../../directory/entra-directory.ts'
import { imports as texts } from '../../../texts/imports.ts'
import { requireConnection } from '../../connection.ts'
import type { Asked } from '../../console/asked.ts'
import {
  findEntraUsers,
  listEntraAppRoles,
  searchEntraGroups,
  searchEntraUsers,
} from '../../entra-people.ts'
import { ANYBODY, readAssignees } from '../../people.ts'
import { problemTable, toProblem, type ProblemCode } from '../../problems.ts'
import { addressesIn, MOST_TICKED, type Form, type Whole } from './form.ts'

/** So many rows are shown at a time. */
const ROWS = 50

/** Somebody at Entra, and how they stand to the users here. */
export type Judged = Awaited<ReturnType<typeof searchEntraUsers.call>>['items'][number]

/** A group or an app role of Entra, to be opened or taken whole. */
export interface Listed extends Whole {
  readonly about?: string
}

/** What is found at Entra, or why nothing is. */
export type Found =
  | { readonly kind: 'people'; readonly items: readonly Judged[]; readonly next?: string }
  | { readonly kind: 'lists'; readonly items: readonly Listed[]; readonly next?: string }
  | {
      readonly kind: 'addresses'
      readonly items: readonly Judged[]
      readonly total: number
      readonly ticked: number
      readonly notFound: readonly string[]
      readonly ambiguous: readonly string[]
    }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'trouble'; readonly title: string; readonly text: string }

/** What can come of asking Entra that is told where one asked. */
const told: readonly ProblemCode[] = [
  'notConnected',
  'entraCredentials',
  'entraForbidden',
  'entraUnavailable',
  'badRequest',
  'tooMany',
  'notFound',
  'conflict',
]

/** What is wrong, in words, where it is Entra that did not answer as it should; throws everything else. */
export function troubleIn(error: unknown): Extract<Found, { kind: 'trouble' }> {
  const { code, message } = toProblem(error)
  if (!told.includes(code)) throw error
  return { kind: 'trouble', title: problemTable[code].title, text: message }
}

/** Some of a part of a long list: `next` has where in the part, and how the part is asked for. */
async function some(
  { directory }: Asked,
  next: string,
  ask: (next: string | undefined) => Promise<EntraPage<EntraUser>>,
): Promise<Found> {
  const [, from = '0', link = ''] = /^(\d{1,6}) (.*)$/su.exec(next) ?? []
  const start = Number(from)
  const part = await ask(link === '' ? undefined : link)
  const people = part.items.slice(start, start + ROWS)
  const more = start + ROWS < part.items.length
  const items = await directory.plans.judge(people)
  if (more) return { kind: 'people', items, next: `${start + ROWS} ${link}` }
  return { kind: 'people', items, ...(part.next === undefined ? {} : { next: `0 ${part.next}` }) }
}

/** Those who are ticked, so that one can see who they are. */
async function chosen(asked: Asked, { ids, next }: Form): Promise<Found> {
  const entra = await requireConnection(asked)
  const start = Number(/^\d{1,6}$/.exec(next)?.[0] ?? 0)
  const wanted = [...ids].slice(start, start + ROWS)
  const found = wanted.length === 0 ? new Map<string, EntraUser>() : await entra.usersById(wanted)
  const people = wanted.flatMap((id) => found.get(id) ?? [])
  const items = await asked.directory.plans.judge(people)
  const end = start + ROWS
  return { kind: 'people', items, ...(end < ids.size ? { next: String(end) } : {}) }
}

async function open(asked: Asked, { kind, id, nested }: Whole, next: string): Promise<Found> {
  const entra = await requireConnection(asked)
  return some(asked, next, (link) =>
    kind === 'group' ? entra.membersOf(id, link, nested) : readAssignees(entra, id, link),
  )
}

async function groups(asked: Asked, { search, nested, next }: Form): Promise<Found> {
  const query = { search, ...(next === '' ? {} : { next }) }
  const found = await searchEntraGroups.call(asked, { query })
  const items = found.items.map(({ id, displayName, description }) => ({
    kind: 'group' as const,
    id,
    nested,
    name: displayName,
    ...(description === undefined ? {} : { about: description }),
  }))
  return { kind: 'lists', items, ...(found.next === undefined ? {} : { next: found.next }) }
}

async function roles(asked: Asked, { search }: Form): Promise<Found> {
  const { items } = await listEntraAppRoles.call(asked)
  const words = search.toLowerCase()
  const wanted = items.filter(({ displayName, value }) =>
    [displayName, value].some((text) => text.toLowerCase().includes(words)),
  )
  const { anybody, anybodyText } = texts.choose
  const all = { id: ANYBODY, displayName: anybody, value: anybodyText }
  return {
    kind: 'lists',
    items: [all, ...wanted].map(({ id, displayName, value }) => ({
      kind: 'role',
      id,
      nested: false,
      name: displayName,
      about: value,
    })),
  }
}

async function people(asked: Asked, { search, within, next }: Form): Promise<Found> {
  const query = {
    search,
    ...(within === undefined ? {} : { in: within }),
    ...(next === '' ? {} : { next }),
  }
  const { items, next: following } = await searchEntraUsers.call(asked, { query })
  return { kind: 'people', items, ...(following === undefined ? {} : { next: following }) }
}

/** Asks Entra for what the form looks for. */
export async function find(asked: Asked, form: Form): Promise<Found> {
  try {
    if (form.opened?.kind === 'chosen') return await chosen(asked, form)
    if (form.mode === 'addresses') return { kind: 'nothing' }
    if (form.mode === 'people') return await people(asked, form)
    if (form.opened) return await open(asked, form.opened, form.next)
    return form.mode === 'groups' ? await groups(asked, form) : await roles(asked, form)
  } catch (error) {
    return troubleIn(error)
  }
}

/** Looks up the addresses of the form; whoever is found is ticked. */
export async function look(asked: Asked, form: Form): Promise<{ form: Form; found: Found }> {
  const addresses = addressesIn(form.addresses)
  if (addresses.length === 0) return { form, found: { kind: 'nothing' } }
  if (addresses.length > MOST_TICKED) {
    const title = problemTable.tooMany.title
    const text = texts.choose.tooManyAddresses(MOST_TICKED)
    return { form, found: { kind: 'trouble', title, text } }
  }
  try {
    const { items, notFound, ambiguous } = await findEntraUsers.call(asked, {
      body: { addresses },
    })
    const wanted = items.filter(isPickable).map(({ person }) => person.id)
    return {
      form: {
        ...form,
        ids: new Set([...form.ids, ...wanted]),
        addresses: [...notFound, ...ambiguous].join('\n'),
      },
      found: {
        kind: 'addresses',
        items: items.slice(0, ROWS),
        total: items.length,
        ticked: wanted.length,
        notFound,
        ambiguous,
      },
    }
  } catch (error) {
    return { form, found: troubleIn(error) }
  }
}

/** Whether there is anything to import of somebody: who is linked and active is here already, and whose name is taken cannot come. */
export function isPickable({ standing, user }: Judged): boolean {
  return standing === 'linked' ? user?.active === false : standing !== 'conflict'
}
