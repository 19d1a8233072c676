import { getCookie, setCookie } from 'hono/cookie'
import type { Asked } from '../../console/asked.ts'

const NAME = 'entrance-columns'
const SECONDS = 365 * 24 * 60 * 60

/** The columns there are besides the name, as they stand from left to right. */
export const columns = [
  'state',
  'email',
  'title',
  'department',
  'origin',
  'groups',
  'roles',
  'lastSignIn',
  'created',
] as const

export type ColumnName = (typeof columns)[number]

/** What is shown where nobody has chosen. */
const usual: readonly ColumnName[] = ['state', 'groups', 'roles', 'lastSignIn']

/** The columns that the reader wants to see. */
export function columnsOf({ context }: Asked): readonly ColumnName[] {
  const kept = getCookie(context, NAME)
  if (kept === undefined) return usual
  const chosen = kept.split('.')
  return columns.filter((name) => chosen.includes(name))
}

/** Keeps for the next times which columns were ticked. */
export function keepColumns({ context, sent, publicUrl }: Asked): void {
  const chosen = columns.filter((name) => sent.list('column').includes(name))
  setCookie(context, NAME, chosen.length === 0 ? 'none' : chosen.join('.'), {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: publicUrl.startsWith('https:'),
    maxAge: SECONDS,
  })
}
