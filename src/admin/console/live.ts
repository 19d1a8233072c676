import type { Child } from 'hono/jsx'
import type { Asked, Page } from './asked.ts'
import { renderPart } from './render.tsx'
import { streamed, waitIn } from './stream.ts'

/** So often work is looked at. */
const PAUSE_MILLISECONDS = 500

/** So long a stream says nothing before it shows that it is there: proxies end those that are silent. */
const SILENCE_MILLISECONDS = 15_000

/** How work stands: as it is seen, and whether it goes on. */
export interface Standing {
  readonly part: Child
  readonly goesOn: boolean
  /** Whether the rest of the page stays as it is when the work is over. */
  readonly stays?: true
}

/**
 * The stream behind a `Live` part: looks at work again and again, sends how it stands when that has changed, and ends
 * with `done`, upon which the page is asked for anew unless it stays.
 */
export function live(path: string, look: (asked: Asked) => Promise<Standing>): Page {
  return {
    method: 'GET',
    path,
    async answer(asked) {
      // What is not there is told before anything is streamed.
      const first = await look(asked)
      return streamed(asked, async (stream, ending) => {
        let last = ''
        let silent = 0
        for (let now = first; ; now = await look(asked)) {
          const data = await renderPart(asked, now.part)
          if (data !== last) await stream.writeSSE({ data })
          else if (silent >= SILENCE_MILLISECONDS) await stream.write(': still here\n\n')
          silent = data === last && silent < SILENCE_MILLISECONDS ? silent + PAUSE_MILLISECONDS : 0
          last = data
          if (!now.goesOn) {
            await stream.writeSSE({ event: 'done', data: now.stays ? 'stays' : '' })
            return
          }
          await waitIn(ending, PAUSE_MILLISECONDS)
          if (ending.signal.aborted) return
        }
      })
    },
  }
}
