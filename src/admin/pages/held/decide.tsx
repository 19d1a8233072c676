import { wants } from '../../../directory/held.ts'
import { displayName, userName, type User } from '../../../directory/user.ts'
import { held as texts } from '../../../texts/held.ts'
import { FormEnd, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { action, page, type Asked, type Outcome, type Page } from '../../console/asked.ts'
import { discardHeld, listHeld, readBrake, releaseHeld } from '../../held.ts'

export const SECTION = '/admin/held'

/** So many are named where it is asked whether it is right. */
const NAMED = 8
/** The most that one page of the list has. */
const MOST = 200

const nameOf = ({ attributes }: Pick<User, 'attributes'>) =>
  displayName(attributes) || userName(attributes)

/** Whom a decision is on, in numbers and names. */
interface Meant {
  /** Empty where everybody is meant. */
  readonly ids: readonly string[]
  readonly off: number
  readonly gone: number
  /** The first of them. */
  readonly names: readonly string[]
}

async function meantIds(asked: Asked, ids: readonly string[]): Promise<Meant> {
  const users = await asked.directory.users.some(ids.slice(0, MOST))
  const still = [...users.values()].filter((user) => user.held !== undefined)
  const gone = still.filter(({ held }) => held && wants(held) === 'delete').length
  return {
    ids: still.map(({ id }) => id),
    off: still.length - gone,
    gone,
    names: still.slice(0, NAMED).map(nameOf),
  }
}

async function meantAll(asked: Asked): Promise<Meant> {
  const [{ waiting }, { items }] = await Promise.all([
    readBrake.call(asked),
    listHeld.call(asked, { query: { limit: NAMED } }),
  ])
  const names = items.map((one) => one.displayName || one.userName)
  return { ids: [], off: waiting.deactivate, gone: waiting.delete, names }
}

/** Whom the address names; everybody where it names nobody and says so. */
function meant(asked: Asked): Promise<Meant> {
  const ids = asked.context.req.queries('id') ?? []
  return asked.query('all') === '' ? meantIds(asked, ids) : meantAll(asked)
}

function Names({ names, count }: { readonly names: readonly string[]; readonly count: number }) {
  return (
    <ul class="points">
      {names.map((name) => (
        <li>
          <bdi>{name}</bdi>
        </li>
      ))}
      {count > names.length ? <li>{texts.others(count - names.length)}</li> : null}
    </ul>
  )
}

function Ask(props: {
  readonly kind: 'release' | 'keep'
  readonly who: Meant
  readonly until: string
}) {
  const { kind, who, until } = props
  const { ids, off, gone, names } = who
  const count = off + gone
  const notes =
    kind === 'keep'
      ? [texts.keep.entra]
      : [
          ...(off > 0 ? [texts.release.off] : []),
          ...(gone > 0 ? [texts.release.gone] : []),
          ...(ids.length === 0 ? [texts.release.more] : []),
        ]
  return (
    <div data-dialog-body>
      <Head
        title={texts[kind].title(count)}
        crumbs={[{ href: SECTION, label: texts.title }]}
        about={kind === 'keep' ? texts.keep.text(count) : texts.release.text(off, gone)}
      />
      <Names names={names} count={count} />
      {notes.map((note) => (
        <p>{note}</p>
      ))}
      <form method="post" action={at(`${SECTION}/${kind}`)}>
        {ids.map((id) => (
          <input type="hidden" name="id" value={id} />
        ))}
        {ids.length === 0 ? <input type="hidden" name="all" value="yes" /> : null}
        <input type="hidden" name="until" value={until} />
        <FormEnd back={SECTION}>
          <Submit look={kind === 'keep' ? 'main' : 'danger'}>
            {kind === 'keep' ? texts.keep.button(count) : texts.release.button(off, gone)}
          </Submit>
        </FormEnd>
      </form>
    </div>
  )
}

const nobody = { to: SECTION, done: { text: texts.nobody, kind: 'warn' } } as const

async function ask(asked: Asked, kind: 'release' | 'keep'): Promise<Outcome> {
  const who = await meant(asked)
  const count = who.off + who.gone
  if (count === 0) return nobody
  const until = asked.query('until') || asked.now().toISOString()
  return {
    title: texts[kind].title(count),
    section: SECTION,
    narrow: true,
    body: <Ask kind={kind} who={who} until={until} />,
  }
}

/** Whom a form means; undefined where it means nobody. */
function selectionOf({ sent }: Asked) {
  const users = sent.list('id')
  if (users.length === 0 && !sent.has('all')) return undefined
  const until = sent.text('until')
  return {
    ...(sent.has('all') ? {} : { users: [...users] }),
    ...(until === '' ? {} : { until }),
  }
}

/** Deciding on those who are held: what it comes to, and doing it. */
export const decisionPages: readonly Page[] = [
  page('/held/release', (asked) => ask(asked, 'release')),

  action('/held/release', async (asked) => {
    const body = selectionOf(asked)
    if (!body) return nobody
    const { released } = await releaseHeld.call(asked, { body })
    return released === 0 ? nobody : { to: SECTION, done: { text: texts.release.done(released) } }
  }),

  page('/held/keep', (asked) => ask(asked, 'keep')),

  action('/held/keep', async (asked) => {
    const body = selectionOf(asked)
    if (!body) return nobody
    const { discarded } = await discardHeld.call(asked, { body })
    return discarded === 0 ? nobody : { to: SECTION, done: { text: texts.keep.done(discarded) } }
  }),
]
