import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { shell } from '../../texts/shell.ts'
import { LinkButton } from '../../ui/action.tsx'
import { Head } from '../../ui/head.tsx'
import { problemTable, toProblem } from '../problems.ts'
import type { AdminEnv } from '../route.ts'
import type { View } from './asked.ts'

const { problems } = shell

/** What is told of a failure: what happened, and what to do. */
function wordsOf(error: unknown): Pick<View, 'title' | 'status'> & { readonly text: string } {
  if (error instanceof HTTPException && error.status === 403) {
    return { title: problems.crossSite, text: problems.crossSiteText, status: 403 }
  }
  const { code, message } = toProblem(error)
  if (code === 'notFound') return { title: problems.nothing, text: message, status: 404 }
  const { status, title } = problemTable[code]
  if (status >= 500 && code === 'internal') {
    return { title: problems.failed, text: problems.failedText, status: 500 }
  }
  const known = ([400, 403, 404, 409, 500, 502, 503] as const).find((each) => each === status)
  return { title, text: message, status: known ?? 400 }
}

/** The page that tells of a failure, with the number of the request for whoever looks after the server. */
export function failureView(error: unknown, context: Context<AdminEnv>): View {
  const { title, text, status } = wordsOf(error)
  if (status !== undefined && status >= 500) context.set('failure', error)
  return {
    title,
    section: '/admin',
    narrow: true,
    ...(status === undefined ? {} : { status }),
    body: (
      <>
        <Head
          title={title}
          about={text}
          actions={<LinkButton href="/admin">{problems.overview}</LinkButton>}
        />
        <p class="soft">{problems.number(context.get('requestId'))}</p>
      </>
    ),
  }
}
