import type { Child } from 'hono/jsx'
import { common } from '../texts/common.ts'
import { Document } from './document.tsx'
import { Sign } from './sign.tsx'

/** A page with one thing to do, in the middle of it. */
export function CardPage(props: {
  readonly title: string
  readonly wide?: boolean
  readonly children?: Child
}) {
  return (
    <Document title={props.title} sheet="card.css">
      <body>
        <main class="door">
          <section class={props.wide ? 'card wide' : 'card'}>
            <p class="brand">
              <Sign />
              {common.product}
            </p>
            {props.children}
          </section>
        </main>
      </body>
    </Document>
  )
}
