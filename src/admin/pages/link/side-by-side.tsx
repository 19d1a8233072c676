import type { Child } from 'hono/jsx'
import { link } from '../../../texts/link.ts'
import { at } from '../../../ui/base.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Badge, Panel } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import type { Row } from './compared.ts'

const texts = link.pair

function Value({ value }: { readonly value: string | boolean | undefined }) {
  if (value === undefined || value === '') return <span class="is-soft">{texts.empty}</span>
  if (typeof value === 'boolean') return <>{value ? texts.yes : texts.no}</>
  return <bdi>{value}</bdi>
}

/** Whether the two are the same, and if not what becomes of it; `takes` is whether Entra's values are taken at once. */
function Mark({ row, takes }: { readonly row: Row; readonly takes: boolean }) {
  if (row.same) {
    return (
      <Badge kind="good" icon="check">
        {texts.same}
      </Badge>
    )
  }
  if (!takes) return <Badge kind="warn">{texts.differs}</Badge>
  return row.owned ? (
    <Badge kind="warn" icon="arrow-left">
      {texts.replaced}
    </Badge>
  ) : (
    <Badge>{texts.stays}</Badge>
  )
}

interface Side {
  readonly name: string
  readonly detail: string
  readonly href?: `/${string}`
}

function Named({ side }: { readonly side: Side }) {
  const { name, detail, href } = side
  return <Who name={name} detail={detail} {...(href === undefined ? {} : { href: at(href) })} />
}

/** A user and an account of Entra, field by field. */
export function SideBySide(props: {
  readonly user: Side
  readonly person: Side
  readonly rows: readonly Row[]
  readonly takes: boolean
  readonly footer?: Child
}) {
  const { user, person, rows, takes, footer } = props
  return (
    <Panel bare {...(footer === undefined ? {} : { footer })}>
      <div class="scroll">
        <table class="list pair" aria-label={texts.table}>
          <thead>
            <tr>
              <th scope="col">
                <span class="unseen">{texts.columns.field}</span>
              </th>
              <th scope="col">
                <small>{texts.here}</small>
                <Named side={user} />
              </th>
              <th scope="col">
                <span class="unseen">{texts.columns.mark}</span>
                <Icon name="link" />
              </th>
              <th scope="col">
                <small>{texts.there}</small>
                <Named side={person} />
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr class={row.same ? 'same' : 'differs'}>
                <th scope="row">{row.label}</th>
                <td data-label={texts.here}>
                  <Value value={row.user} />
                </td>
                <td class="mark">
                  <Mark row={row} takes={takes} />
                </td>
                <td data-label={texts.there}>
                  <Value value={row.person} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

/** What speaks for it, and what happens: short sentences. */
export function Points({
  title,
  points,
}: {
  readonly title: string
  readonly points: readonly string[]
}) {
  return (
    <div>
      <h2>{title}</h2>
      <ul class="points">
        {points.map((point) => (
          <li>{point}</li>
        ))}
      </ul>
    </div>
  )
}
