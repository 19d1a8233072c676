import type { Invite, Plan } from '../../../directory/plan.ts'
import { imports as texts } from '../../../texts/imports.ts'
import { LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head, Steps } from '../../../ui/head.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Panel } from '../../../ui/panel.tsx'
import { Region } from '../../../ui/progress.tsx'
import { searchedFields } from '../../../directory/entra-directory.ts'
import {
  action,
  page,
  type Asked,
  type Outcome,
  type Page,
  type View,
} from '../../console/asked.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import { readerOf } from '../../console/request.ts'
import { reviseImport } from '../../import-changes.ts'
import { peopleOf, planImport } from '../../imports.ts'
import { find, look, troubleIn, type Found } from './find.ts'
import {
  addressesIn,
  CHOSEN,
  emptyForm,
  modes,
  MOST_TICKED,
  press,
  readForm,
  written,
  type Form,
  type Whole,
} from './form.ts'
import { NotConnectedPage } from './history.tsx'
import { choicesFor, GROUPS, Options, type Choices } from './options.tsx'
import { peopleIn, requireImport } from './plan.ts'
import { FOUND, Results } from './results.tsx'
import { instantIn, localIn } from './zoned.ts'

const SECTION = '/admin/import'
const words = texts.choose

/** So long after it was made a preview that was not started is offered again. */
const UNFINISHED_MILLISECONDS = 24 * 60 * 60_000

/** Where to look, and for what. */
function Toolbar({ form }: { readonly form: Form }) {
  return (
    <div class="toolbar" role="search" data-swap={FOUND}>
      <div class="row">
        <fieldset class="segments">
          <legend class="unseen">{words.where}</legend>
          {modes.map((mode) => (
            <label>
              <input
                type="radio"
                name="mode"
                value={mode}
                checked={form.mode === mode}
                data-shows={mode}
              />
              {words.modes[mode]}
            </label>
          ))}
        </fieldset>
      </div>
      <div class="search" data-without="addresses">
        <Icon name="search" />
        <input
          type="search"
          name="search"
          value={form.search}
          aria-label={words.search}
          placeholder={words.placeholder}
          autofocus
        />
      </div>
      <select name="within" aria-label={words.within} data-with="people">
        <option value="">{words.anywhere}</option>
        {searchedFields.map((field) => (
          <option value={field} selected={form.within === field}>
            {words.fields[field]}
          </option>
        ))}
      </select>
      <label class="tick" data-with="groups">
        <input type="checkbox" name="nested" value="yes" checked={form.nested} />
        <span>{words.nested}</span>
      </label>
      <span class="without-script">
        <Submit look="quiet" name="do" value="find">
          {words.search}
        </Submit>
      </span>
    </div>
  )
}

const nameOf = ({ nested, name }: Whole) => (nested ? words.nestedName(name) : name)

/** What was added whole, each with a button that takes it out again. */
function Added(props: { readonly label: string; readonly drop: string; readonly name: string }) {
  return (
    <Badge kind="info">
      {props.label}
      <Submit look="bare" name="do" value={props.drop}>
        <Icon name="x" />
        <span class="unseen">{words.drop(props.name)}</span>
      </Submit>
    </Badge>
  )
}

/** How many are chosen, and the way on. */
function Finish({ form, faults }: { readonly form: Form; readonly faults: Faults | undefined }) {
  return (
    <div class="finish">
      <div class="words">
        <span>
          <strong data-picked>{form.ids.size}</strong> {words.chosen}
        </span>
        <span class="when-picked">
          <Submit
            look="quiet"
            small
            name="do"
            value={`open ${written(CHOSEN)}`}
            swap={FOUND}
            of={words.chosenSoFar}
          >
            {words.showChosen}
          </Submit>
        </span>
        {form.wholes.map((whole) => (
          <>
            <input type="hidden" name="whole" value={written(whole)} />
            <Added label={nameOf(whole)} drop={`drop ${written(whole)}`} name={whole.name} />
          </>
        ))}
        {form.kept > 0 ? (
          <Added label={words.kept(form.kept)} drop="forget" name={words.kept(form.kept)} />
        ) : null}
        {faults === undefined ? null : (
          <span class="fault" role="alert">
            {faults.text}
          </span>
        )}
      </div>
      <a class="button quiet when-narrow" href="#options">
        {words.options}
      </a>
      <span class="when-picked">
        <Submit look="bare" name="do" value="clear">
          {words.clear}
        </Submit>
      </span>
      <Submit name="do" value="import">
        {words.preview}
      </Submit>
    </div>
  )
}

interface Shown {
  readonly form: Form
  readonly found: Found
  readonly choices: Choices
  readonly zone: string
  readonly faults?: Faults | undefined
  /** A preview of the same administrator that was not started. */
  readonly unfinished?: Plan | undefined
}

function ChoosePage({ form, found, choices, zone, faults, unfinished }: Shown) {
  const changes = form.preview !== ''
  return (
    <>
      <Head
        title={changes ? words.change : words.title}
        crumbs={[{ href: SECTION, label: texts.title }]}
        about={words.about}
      />
      <Steps steps={texts.steps} current={0} />
      {unfinished ? (
        <Note>
          <div class="actions">
            <span>{words.unfinished(peopleIn(unfinished))}</span>
            <LinkButton href={`${SECTION}/${unfinished.id}`} small>
              {words.unfinishedOpen}
            </LinkButton>
          </div>
        </Note>
      ) : null}
      <form method="post" action={at(`${SECTION}/new`)}>
        <input type="hidden" name="preview" value={form.preview} />
        <input type="hidden" name="kept" value={String(form.kept)} />
        <div class="columns wide-left">
          <Panel bare>
            <Toolbar form={form} />
            <Region id={FOUND}>
              <Results form={form} found={found} />
            </Region>
          </Panel>
          <Options form={form} choices={choices} zone={zone} faults={faults} />
        </div>
        <Finish form={form} faults={faults} />
      </form>
    </>
  )
}

async function choose(
  asked: Asked,
  form: Form,
  more: {
    readonly found?: Found
    readonly faults?: Faults
    readonly status?: View['status']
    readonly unfinished?: Plan | undefined
  } = {},
): Promise<View> {
  // Only user groups are looked for: what is found at Entra is not renewed.
  const sees = asked.sent.text('region') !== GROUPS
  const found = more.found ?? (sees ? await find(asked, form) : { kind: 'nothing' as const })
  const { zone } = readerOf(asked.context, asked.now())
  return {
    title: form.preview === '' ? words.title : words.change,
    section: SECTION,
    ...(more.status === undefined ? {} : { status: more.status }),
    body: (
      <ChoosePage
        form={form}
        found={found}
        choices={await choicesFor(asked, form)}
        zone={zone}
        faults={more.faults}
        unfinished={more.unfinished}
      />
    ),
  }
}

/** The form with what was chosen for a preview. */
async function formOf(asked: Asked, id: string): Promise<Form> {
  const plan = await requireImport({ ...asked, id })
  const { groups, role, invite, rules } = plan.options
  const count = peopleIn(plan)
  const few = count <= MOST_TICKED
  const people = few ? await peopleOf(asked, id) : []
  const { zone } = readerOf(asked.context, asked.now())
  return {
    ...emptyForm,
    preview: id,
    ids: new Set(people.map(({ person }) => person.id)),
    kept: few ? 0 : count,
    groups,
    role: role ?? '',
    when: invite.when,
    at: invite.when === 'at' ? localIn(zone, invite.at) : '',
    rules,
  }
}

/** The last preview of whoever asks, if it is of today and nobody has started it. */
async function unfinishedOf({ directory, cause, now }: Asked): Promise<Plan | undefined> {
  const [last] = await directory.plans.list('import', 1)
  if (last?.state !== 'preview' || last.actor !== cause.actor) return undefined
  const age = now().getTime() - Date.parse(last.created)
  return age < UNFINISHED_MILLISECONDS ? last : undefined
}

/** When people are mailed; or what is wrong with the time. */
function inviteOf(asked: Asked, { when, at }: Form): Invite | Faults {
  if (when !== 'at') return { when }
  const { zone } = readerOf(asked.context, asked.now())
  const instant = instantIn(zone, at)
  const wrong = (text: string) => ({ text, fields: { 'options/invite/at': text } })
  if (instant === undefined) return wrong(words.atMissing)
  return instant > asked.now().toISOString() ? { when, at: instant } : wrong(words.atPast)
}

/** Works the preview out and leads to it, or shows the form again with what is in the way. */
async function preview(asked: Asked, form: Form): Promise<Outcome> {
  const again = (faults: Faults) => choose(asked, form, { faults, status: 400 })
  if (form.ids.size + form.wholes.length + form.kept === 0) {
    return again({ text: words.nobody, fields: {} })
  }
  if (form.ids.size > MOST_TICKED) {
    return again({ text: words.tooMany(MOST_TICKED), fields: {} })
  }
  const invite = inviteOf(asked, form)
  if ('text' in invite) return again(invite)
  const whole = (kind: Whole['kind'], nested: boolean) =>
    form.wholes.filter((each) => each.kind === kind && each.nested === nested).map(({ id }) => id)
  const body = {
    people: {
      ids: [...form.ids],
      groups: whole('group', false),
      nestedGroups: whole('group', true),
      appRoles: whole('role', false),
    },
    options: {
      groups: [...form.groups],
      ...(form.role === '' ? {} : { role: form.role }),
      invite,
      rules: form.rules,
    },
  }
  const { preview: id, kept } = form
  try {
    const done = await attempt(() =>
      id === ''
        ? planImport.call(asked, { body })
        : reviseImport.call(asked, { id, body: { ...body, keep: kept > 0 } }),
    )
    if ('faults' in done) return await again(done.faults)
    const { plan, notFound } = done.made
    return {
      to: `${SECTION}/${plan.id}`,
      ...(notFound.length === 0
        ? {}
        : { done: { kind: 'warn', text: texts.done.missed(notFound.length) } }),
    }
  } catch (error) {
    // Nothing that was chosen is lost because Entra is away.
    const found = troubleIn(error)
    return choose(asked, form, { found, status: 503 })
  }
}

/** Whom to import, and what they get. */
export const choosingPages: readonly Page[] = [
  page('/import/new', async (asked) => {
    if (!(await asked.connections.known(asked.organisation))) {
      return { title: words.title, section: SECTION, body: <NotConnectedPage /> }
    }
    const id = asked.query('preview')
    if (id !== '') return choose(asked, await formOf(asked, id))
    const mode = modes.find((each) => each === asked.query('mode')) ?? 'people'
    const form = { ...emptyForm, mode, search: asked.query('search') }
    return choose(asked, form, { unfinished: await unfinishedOf(asked) })
  }),

  action('/import/new', async (asked) => {
    const what = asked.sent.text('do')
    const form = press(readForm(asked.sent), what)
    const listed = addressesIn(form.addresses)
    const pasted =
      listed.length > 0 && listed.join() !== addressesIn(asked.sent.text('told')).join()
    if (what === 'import' && !pasted) return preview(asked, form)
    if (what !== 'import' && what !== 'look') return choose(asked, form)
    // A list that nobody was told about yet is looked up first; whoever is not in it at Entra is not left out unseen.
    const looked = await look(asked, form)
    const whole = looked.found.kind === 'addresses' && looked.form.addresses === ''
    if (what === 'import' && whole) return preview(asked, looked.form)
    return choose(asked, looked.form, { found: looked.found })
  }),
]
