import { common } from '../../../texts/common.ts'
import { permissions as texts } from '../../../texts/permissions.ts'
import { Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Panel } from '../../../ui/panel.tsx'

/** What was typed for a permission that could not be granted, and what is wrong with it. */
export interface Wrong {
  readonly typed: string
  readonly fault: string
}

/** So many permissions that others have are suggested. */
export const SUGGESTED = 200

const FIELD = 'permission'
const NAMES = 'permission-names'

type Fields = Readonly<Record<string, string>>

function Hidden({ fields }: { readonly fields: Fields }) {
  return (
    <>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  )
}

/** A permission, with a button that takes it away. */
function Granted(props: {
  readonly permission: string
  readonly path: `/${string}`
  readonly fields: Fields
}) {
  const { permission, path, fields } = props
  const label = texts.revoke(permission)
  return (
    <li>
      <code>
        <bdi>{permission}</bdi>
      </code>
      <form method="post" action={at(`${path}/revoke`)}>
        <Hidden fields={{ ...fields, [FIELD]: permission }} />
        <button type="submit" class="bare" aria-label={label} title={label}>
          <Icon name="x" />
        </button>
      </form>
    </li>
  )
}

/** What a user group or a role may do: each with a way to take it away, and a line to add one. */
export function PermissionsPanel(props: {
  readonly about: string
  /** Where both are sent, with `/grant` or `/revoke` at its end, and what says whose they are. */
  readonly path: `/${string}`
  readonly fields?: Fields
  readonly permissions: readonly string[]
  /** Those that others have. */
  readonly known: readonly string[]
  readonly wrong?: Wrong | undefined
}) {
  const { about, path, fields = {}, permissions, known, wrong } = props
  const others = known.filter((each) => !permissions.includes(each))
  return (
    <Panel title={texts.title} about={about} id="permissions">
      {permissions.length === 0 ? (
        <p class="is-soft">{texts.none}</p>
      ) : (
        <ul class="tags">
          {permissions.map((permission) => (
            <Granted permission={permission} path={path} fields={fields} />
          ))}
        </ul>
      )}
      <form method="post" action={at(`${path}/grant`)}>
        <Hidden fields={fields} />
        <div class="field">
          <label for={FIELD}>{texts.label}</label>
          <div class="beside">
            <input
              type="text"
              id={FIELD}
              name={FIELD}
              value={wrong?.typed ?? ''}
              list={NAMES}
              required
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              maxlength={200}
              aria-describedby="permission-note"
              {...(wrong ? { 'aria-invalid': 'true' as const, autofocus: true } : {})}
            />
            <Submit look="quiet" icon="plus">
              {texts.grant}
            </Submit>
          </div>
          <small id="permission-note" class={wrong ? 'is-bad' : ''}>
            {wrong?.fault ?? texts.hint}
          </small>
          <datalist id={NAMES}>
            {others.map((each) => (
              <option value={each} />
            ))}
          </datalist>
        </div>
      </form>
    </Panel>
  )
}

/** Permissions in a line of a table: the first ones, and how many more. */
export function FewPermissions({ permissions }: { readonly permissions: readonly string[] }) {
  if (permissions.length === 0) return <span class="is-soft">{common.none}</span>
  const shown = permissions.slice(0, 3)
  const more = permissions.length - shown.length
  return (
    <span class="badges">
      {shown.map((permission) => (
        <code class="tag">
          <bdi>{permission}</bdi>
        </code>
      ))}
      {more > 0 ? <span class="is-soft whole">{texts.more(more)}</span> : null}
    </span>
  )
}
