import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { readerBy, type Reader } from '../../ui/reader.ts'
import type { AdminEnv, Caller } from '../route.ts'
import type { Asked, Sent } from './asked.ts'

/** How the reader wants pages to look, as far as the browser says. */
export function readerOf(context: Context, now: Date): Reader {
  return readerBy((name) => getCookie(context, name), now)
}

async function formOf(context: Context): Promise<FormData> {
  const type = context.req.header('content-type') ?? ''
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)
  return context.req.method === 'POST' && isForm ? context.req.formData() : new FormData()
}

/** Text that every database takes: as from a line of a form, of which only line ends of longer texts are more. */
function clean(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll('\r\n', '\n').trim() : ''
}

export async function askedOf(context: Context<AdminEnv>, caller: Caller): Promise<Asked> {
  const form = await formOf(context)
  const sent: Sent = {
    text: (name) => clean(form.get(name)),
    list: (name) =>
      form
        .getAll(name)
        .map(clean)
        .filter((value) => value !== ''),
    has: (name) => form.has(name),
  }
  const { pathname, searchParams } = new URL(context.req.url)
  const me = context.get('principal')
  if (!('signedIn' in me)) throw new Error('The guard let a program through to a page.')
  return {
    ...caller,
    context,
    me,
    id: context.req.param('id') ?? '',
    query: (name) => clean(searchParams.get(name)),
    here(changed) {
      const parameters = new URLSearchParams(searchParams)
      for (const [name, value] of Object.entries(changed)) {
        if (value === '') parameters.delete(name)
        else parameters.set(name, value)
      }
      const query = parameters.toString()
      return `${pathname}${query === '' ? '' : `?${query}`}`
    },
    sent,
  }
}
