import type { Child } from 'hono/jsx'
import { common } from '../texts/common.ts'
import { Icon } from './icon.tsx'

export interface Column<Row> {
  readonly label: string
  /** What stands in the cell of a row. */
  readonly cell: (row: Row) => Child
  /** `less` is left out on a phone, `least` on a small window too. */
  readonly when?: 'less' | 'least'
  readonly kind?: 'number' | 'end'
  /** Where the table is sorted by it, and which way it is sorted by it now. */
  readonly sort?: { readonly href: string; readonly now?: 'up' | 'down' }
  /** Whether the label is there for those only who do not see the table. */
  readonly unseen?: boolean
}

/** How rows are picked: a box with the id of each. */
export interface Picking<Row> {
  readonly id: (row: Row) => string
  readonly name: (row: Row) => string
  /** Whether it is picked already. */
  readonly picked?: (row: Row) => boolean
  /** Of those that cannot be picked there is no box. */
  readonly can?: (row: Row) => boolean
}

const classOf = ({ when, kind }: Pick<Column<never>, 'when' | 'kind'>) =>
  [when, kind].filter((part) => part !== undefined).join(' ')

function HeadCell<Row>({ column }: { readonly column: Column<Row> }) {
  const { label, sort, unseen } = column
  const words = unseen ? <span class="unseen">{label}</span> : label
  if (!sort) {
    return (
      <th scope="col" class={classOf(column)}>
        {words}
      </th>
    )
  }
  const order = sort.now && ({ up: 'ascending', down: 'descending' } as const)[sort.now]
  return (
    <th scope="col" class={classOf(column)} {...(order ? { 'aria-sort': order } : {})}>
      <a href={sort.href}>
        {words}
        {sort.now ? <Icon name={sort.now === 'up' ? 'arrow-up' : 'arrow-down'} /> : null}
      </a>
    </th>
  )
}

interface RowsOf<Row> {
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly pick?: Picking<Row> | undefined
}

/** Rows without the table around them, to be added to one that is looked at. */
export function Rows<Row>({ columns, rows, pick }: RowsOf<Row>) {
  return (
    <>
      {rows.map((row) => (
        <tr>
          {pick === undefined ? null : (
            <td class="pick">
              {(pick.can?.(row) ?? true) ? (
                <label>
                  <input
                    type="checkbox"
                    name="id"
                    value={pick.id(row)}
                    checked={pick.picked?.(row) ?? false}
                    aria-label={common.select(pick.name(row))}
                  />
                </label>
              ) : null}
            </td>
          )}
          {columns.map((column) => (
            <td class={classOf(column)}>{column.cell(row)}</td>
          ))}
        </tr>
      ))}
    </>
  )
}

/** A table of things that are alike, one a row. */
export function Table<Row>(
  props: RowsOf<Row> & {
    /** What the rows are, for those who do not see the heading. */
    readonly label: string
    /** So many rows stay where others are added within a `Live`. */
    readonly most?: number
  },
) {
  const { columns, rows, pick, most } = props
  return (
    <div class="scroll">
      <table class="list" aria-label={props.label}>
        <thead>
          <tr>
            {pick === undefined ? null : (
              <th class="pick">
                <label>
                  <input
                    type="checkbox"
                    data-all="id"
                    aria-label={common.selectAll}
                    class="with-script"
                  />
                </label>
              </th>
            )}
            {columns.map((column) => (
              <HeadCell column={column} />
            ))}
          </tr>
        </thead>
        <tbody {...(most === undefined ? {} : { 'data-live-list': String(most) })}>
          <Rows columns={columns} rows={rows} pick={pick} />
        </tbody>
      </table>
    </div>
  )
}
