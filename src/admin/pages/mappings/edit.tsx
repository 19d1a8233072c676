import { mappings as texts } from '../../../texts/mappings.ts'
import { shell } from '../../../texts/shell.ts'
import { FormEnd, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Tick } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import {
  action,
  page,
  type Asked,
  type Outcome,
  type Page,
  type View,
} from '../../console/asked.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import { createMapping, removeMapping, updateMapping, withMemberships } from '../../mappings.ts'
import { Problem } from '../../problems.ts'
import { readChoices } from '../giving/choices.ts'
import { appRolesView, findView } from './find.tsx'
import { givesOf, mappingView, sentDraft, type Draft, type MappingForm } from './form.tsx'
import { crumbs, extentOf, SECTION, type Listed } from './list.tsx'

async function requireMapping(asked: Asked): Promise<Listed> {
  const { mappings } = asked.directory
  const known = (await mappings.list()).filter(({ id }) => id === asked.id)
  const [found] = await withMemberships(mappings, known)
  if (found) return found
  throw new Problem('notFound', shell.problems.nothingText)
}

/** What cannot be told of a form but by looking. */
async function showForm(
  { directory }: Asked,
  form: Omit<MappingForm, 'choices' | 'provisioned'>,
): Promise<View> {
  const { group, entraName } = form.draft
  const [choices, same] = await Promise.all([
    readChoices(directory, group === '' ? [] : [group]),
    directory.groups.named(entraName),
  ])
  return mappingView({ ...form, choices, provisioned: same?.origin === 'scim' })
}

function showNew(asked: Asked, draft: Draft, faults?: Faults): Promise<View> {
  const title = texts.form.title(draft.entraName)
  const path = `${SECTION}/new` as const
  const frame = { title, path, button: texts.form.make, draft }
  return showForm(asked, { ...frame, ...(faults ? { faults } : {}) })
}

/** Whether anything can have come of a mapping: a membership, or a role. */
function hasGiven(mapping: Listed): boolean {
  const memberships = extentOf(mapping)
  const isEmpty = 'total' in memberships && memberships.total === 0
  return mapping.role !== undefined || (mapping.group !== undefined && !isEmpty)
}

function showChange(asked: Asked, known: Listed, draft: Draft, faults?: Faults): Promise<View> {
  const frame = {
    title: texts.form.change(known.entraName),
    path: `${SECTION}/${known.id}` as const,
    button: texts.form.save,
    draft,
    ...(hasGiven(known) ? { memberships: extentOf(known) } : {}),
  }
  return showForm(asked, { ...frame, ...(faults ? { faults } : {}) })
}

function draftOf({ entraGroup, entraName, nested, group = '', role = '' }: Listed): Draft {
  return { entraGroup, entraName, nested, group, groupNamed: '', role, keep: false }
}

async function make(asked: Asked): Promise<Outcome> {
  const draft = sentDraft(asked)
  const { entraGroup, entraName } = draft
  const read = await givesOf(asked, draft)
  if ('faults' in read) return showNew(asked, draft, read.faults)
  const body = { entraGroup, entraName, ...read.gives }
  const outcome = await attempt(() => createMapping.call(asked, { body }))
  if ('faults' in outcome) return showNew(asked, draft, outcome.faults)
  const { id } = outcome.made
  const undo = { to: `${SECTION}/${id}/remove`, fields: { former: 'take' } } as const
  return { to: SECTION, done: { text: texts.done.made(entraName), undo } }
}

/** What became of what came of a mapping, in a sentence; none where nothing did. */
function ended(keep: boolean, { memberships, roles }: { memberships: number; roles: number }) {
  if (memberships === 0 && roles === 0) return ''
  return ` ${keep ? texts.done.kept(memberships) : texts.done.gone(memberships, roles)}`
}

async function change(asked: Asked): Promise<Outcome> {
  const known = await requireMapping(asked)
  const draft = { ...sentDraft(asked), entraGroup: known.entraGroup, entraName: known.entraName }
  const read = await givesOf(asked, draft)
  if ('faults' in read) return showChange(asked, known, draft, read.faults)
  const { keep } = draft
  const outcome = await attempt(() =>
    updateMapping.call(asked, { id: known.id, body: { ...read.gives, keep } }),
  )
  if ('faults' in outcome) return showChange(asked, known, draft, outcome.faults)
  const text = `${texts.done.changed(known.entraName)}${ended(keep, outcome.made)}`
  return { to: SECTION, done: { text } }
}

async function confirm(asked: Asked): Promise<View> {
  const mapping = await requireMapping(asked)
  const { id, entraName, role } = mapping
  const memberships = extentOf(mapping)
  const words = texts.confirm
  const title = words.title(entraName)
  return {
    title,
    section: SECTION,
    narrow: true,
    body: (
      <div data-dialog-body>
        <Head
          title={title}
          crumbs={crumbs}
          about={
            role === undefined
              ? words.text(memberships)
              : `${words.text(memberships)} ${words.withRole(role)}`
          }
        />
        <form method="post" action={at(`${SECTION}/${id}/remove`)}>
          {hasGiven(mapping) ? (
            <fieldset>
              <legend class="unseen">{texts.form.former}</legend>
              <Tick kind="radio" name="former" value="take" label={words.take} checked />
              <Tick kind="radio" name="former" value="keep" label={words.keep} />
            </fieldset>
          ) : null}
          <FormEnd back={SECTION}>
            <Submit look="danger">{words.button}</Submit>
          </FormEnd>
        </form>
      </div>
    ),
  }
}

/** How a group of Entra is mapped, and how that is changed and ended. */
export const mappingEditPages: readonly Page[] = [
  page('/mappings/new', async (asked) => {
    const [entraGroup, entraName] = [asked.query('entra'), asked.query('name')]
    if (entraGroup === '' || entraName === '') return findView(asked)
    const nothing = { nested: false, group: '', groupNamed: '', role: '', keep: false }
    return showNew(asked, { entraGroup, entraName, ...nothing })
  }),

  page('/mappings/app-roles', appRolesView),

  action('/mappings/new', make),

  page('/mappings/{id}', async (asked) => {
    const known = await requireMapping(asked)
    return showChange(asked, known, draftOf(known))
  }),

  action('/mappings/{id}', change),

  page('/mappings/{id}/remove', confirm),

  action('/mappings/{id}/remove', async (asked) => {
    const { id, entraName } = await requireMapping(asked)
    const { keep } = sentDraft(asked)
    const made = await removeMapping.call(asked, { id, body: { keep } })
    return { to: SECTION, done: { text: `${texts.done.removed(entraName)}${ended(keep, made)}` } }
  }),
]
