import type { Child } from 'hono/jsx'
import { Time } from './time.tsx'
import { common } from '../texts/common.ts'

export interface Moment {
  readonly at: string
  readonly title: Child
  /** Who and through what. */
  readonly meta?: Child
  readonly changes?: readonly Change[]
}

export interface Change {
  readonly label: string
  readonly old?: string | undefined
  readonly new?: string | undefined
}

/** What changed, the old struck through and the new beside it. */
export function Changes({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <dl class="changes">
      {changes.map((change) => (
        <>
          <dt>{change.label}</dt>
          <dd>
            {change.old === undefined ? null : (
              <del>
                <span class="unseen">{`${common.before}: `}</span>
                {change.old}
              </del>
            )}
            {change.old !== undefined && change.new !== undefined ? ' → ' : null}
            {change.new === undefined ? null : (
              <ins>
                <span class="unseen">{`${common.after}: `}</span>
                {change.new}
              </ins>
            )}
          </dd>
        </>
      ))}
    </dl>
  )
}

/** What happened, one below the other. */
export function Timeline({ moments }: { readonly moments: readonly Moment[] }) {
  return (
    <ol class="timeline">
      {moments.map(({ at, title, meta, changes = [] }) => (
        <li>
          <div>{title}</div>
          <div class="meta">
            <Time at={at} />
            {meta === undefined ? null : (
              <>
                {' · '}
                {meta}
              </>
            )}
          </div>
          {changes.length === 0 ? null : <Changes changes={changes} />}
        </li>
      ))}
    </ol>
  )
}
