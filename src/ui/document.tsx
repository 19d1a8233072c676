import type { Child } from 'hono/jsx'
import { common } from '../texts/common.ts'
import { asset } from './assets.ts'
import { at } from './base.ts'
import { useReader } from './reader.ts'

/** The outermost of a page; `sheets` are names of style sheets, on top of the one that all have. */
export function Document(props: {
  readonly title: string
  readonly sheet: 'card.css' | 'console.css'
  readonly script?: boolean
  /** So many seconds after which the page is asked for again, where no script runs. */
  readonly refresh?: number | undefined
  readonly children?: Child
}) {
  const { theme } = useReader()
  return (
    <html lang="en" {...(theme ? { 'data-theme': theme } : {})}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${props.title} · ${common.product}`}</title>
        <link rel="icon" href={at(asset('favicon.svg'))} type="image/svg+xml" />
        <link rel="stylesheet" href={at(asset('base.css'))} />
        <link rel="stylesheet" href={at(asset(props.sheet))} />
        {props.script ? <script type="module" src={at(asset('console.js'))} /> : null}
        {props.refresh === undefined ? null : (
          <noscript>
            <meta http-equiv="refresh" content={String(props.refresh)} />
          </noscript>
        )}
      </head>
      {props.children}
    </html>
  )
}
