import { at } from '../../ui/base.ts'
import { CardPage } from '../../ui/page.tsx'

/** A page that only says something, with a way on. */
export function MessagePage(props: {
  readonly title: string
  readonly text: string
  readonly href?: `/${string}`
  readonly action?: string
}) {
  return (
    <CardPage title={props.title}>
      <h1>{props.title}</h1>
      <p>{props.text}</p>
      {props.href === undefined ? null : (
        <a class="button quiet" href={at(props.href)}>
          {props.action}
        </a>
      )}
    </CardPage>
  )
}
