import type { Child } from 'hono/jsx'
import type { Asked, Page } from './asked.ts'
import { renderPart } from './render.tsx'
import { streamed } from './stream.ts'

/**
 * So long one stream lasts. The browser asks for the next one by itself, which the guard looks at anew: who is signed out
 * meanwhile sees no more.
 */
const LONGEST_MILLISECONDS = 60_000

/** So long a stream says nothing before it shows that it is there: proxies end those that are silent. */
const SILENCE_MILLISECONDS = 15_000

/** So soon the browser asks for the next stream when one has ended. */
const AGAIN_MILLISECONDS = 1_000

/** What is new in a list. */
export interface Added {
  /** How far the list has been told: where the next stream goes on. */
  readonly id: string
  /** To be put on top; absent where nothing new belongs in the list. */
  readonly part?: Child
}

/**
 * The stream behind a `Live` list that grows: sends what is added to it. `follow` has the id that the browser was told
 * last, or an empty one, and ends when `signal` says so: when the reader has gone, the server closes, or it is time for
 * another stream.
 */
export function tail(
  path: string,
  follow: (asked: Asked, last: string, signal: AbortSignal) => AsyncIterable<Added>,
): Page {
  return {
    method: 'GET',
    path,
    async answer(asked) {
      const last = asked.context.req.header('Last-Event-ID') ?? ''
      return streamed(asked, async (stream, ending) => {
        const over = setTimeout(() => ending.abort(), LONGEST_MILLISECONDS)
        const beat = setInterval(() => void stream.write(': still here\n\n'), SILENCE_MILLISECONDS)
        try {
          await stream.write(`retry: ${AGAIN_MILLISECONDS}\n\n`)
          for await (const { id, part } of follow(asked, last, ending.signal)) {
            if (part === undefined) await stream.write(`id: ${id}\n\n`)
            else await stream.writeSSE({ event: 'add', id, data: await renderPart(asked, part) })
          }
        } finally {
          clearTimeout(over)
          clearInterval(beat)
        }
      })
    },
  }
}
