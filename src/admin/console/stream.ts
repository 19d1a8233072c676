import { streamSSE, type SSEStreamingApi } from 'hono/streaming'
import type { Asked } from './asked.ts'

/**
 * A stream of events to a browser. `send` ends when `ending` is aborted: by itself, or because the browser has gone or the
 * server closes, which would otherwise wait for it.
 */
export function streamed(
  { context, closing }: Asked,
  send: (stream: SSEStreamingApi, ending: AbortController) => Promise<void>,
): Response {
  return streamSSE(context, async (stream) => {
    const ending = new AbortController()
    const end = () => ending.abort()
    stream.onAbort(end)
    closing.addEventListener('abort', end)
    if (closing.aborted) end()
    try {
      await send(stream, ending)
    } finally {
      closing.removeEventListener('abort', end)
    }
  })
}

/** Resolves after a time, or as soon as a stream is to end. */
export function waitIn({ signal }: AbortController, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(late)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const late = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
