import type { Extent } from '../../../directory/roster.ts'
import { mappings as texts } from '../../../texts/mappings.ts'
import { FormEnd, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Tick } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import type { Asked, View } from '../../console/asked.ts'
import type { Faults } from '../../console/attempt.ts'
import { groupNamed, type Choices } from '../giving/choices.ts'
import { OneGroup, RoleField } from '../giving/fields.tsx'
import { crumbs, SECTION } from './list.tsx'

/** A mapping as it is being written. */
export interface Draft {
  readonly entraGroup: string
  readonly entraName: string
  readonly nested: boolean
  /** The id of a user group; empty for none. */
  readonly group: string
  /** A user group by the name that was typed. */
  readonly groupNamed: string
  readonly role: string
  readonly keep: boolean
}

/** The form that was sent. */
export function sentDraft({ sent }: Pick<Asked, 'sent'>): Draft {
  return {
    entraGroup: sent.text('entra'),
    entraName: sent.text('name'),
    nested: sent.has('nested'),
    group: sent.text('group'),
    groupNamed: sent.text('group-named'),
    role: sent.text('role'),
    keep: sent.text('former') === 'keep',
  }
}

/** What it gives as the use cases take it, or what is wrong with the user group that was named. */
export async function givesOf(
  { directory }: Pick<Asked, 'directory'>,
  { nested, group, groupNamed: name, role }: Draft,
): Promise<
  | { readonly gives: { nested: boolean; group?: string; role?: string } }
  | { readonly faults: Faults }
> {
  const named = name === '' ? undefined : await groupNamed(directory, name)
  if (named && 'fault' in named) {
    return { faults: { text: named.fault, fields: { group: named.fault } } }
  }
  const id = named?.id ?? group
  return {
    gives: { nested, ...(id === '' ? {} : { group: id }), ...(role === '' ? {} : { role }) },
  }
}

export interface MappingForm {
  readonly title: string
  readonly path: `/${string}`
  readonly button: string
  readonly draft: Draft
  readonly choices: Choices
  /** Whether provisioning fills a user group of the same name. */
  readonly provisioned: boolean
  /** How many memberships came of one that is there already. */
  readonly memberships?: Extent
  readonly faults?: Faults
}

function Former({ draft, memberships }: { readonly draft: Draft; readonly memberships: Extent }) {
  const { form } = texts
  return (
    <Panel title={form.former} about={form.formerAbout(memberships)}>
      <fieldset>
        <legend class="unseen">{form.former}</legend>
        <Tick kind="radio" name="former" value="take" label={form.take} checked={!draft.keep} />
        <Tick kind="radio" name="former" value="keep" label={form.keep} checked={draft.keep} />
      </fieldset>
    </Panel>
  )
}

/** The page of a mapping that is being written. */
export function mappingView(given: MappingForm): View {
  const { title, path, draft, choices, provisioned, memberships, faults } = given
  const { form } = texts
  const { group, role } = faults?.fields ?? {}
  const isPlaced = group !== undefined || role !== undefined
  return {
    title,
    section: SECTION,
    narrow: true,
    ...(faults ? { status: 400 } : {}),
    body: (
      <>
        <Head title={title} crumbs={crumbs} about={form.about} />
        {faults && !isPlaced ? (
          <Note kind="bad">{Object.values(faults.fields)[0] ?? faults.text}</Note>
        ) : null}
        {provisioned ? <Note kind="warn">{form.provisioned(draft.entraName)}</Note> : null}
        <form method="post" action={at(path)}>
          <input type="hidden" name="entra" value={draft.entraGroup} />
          <input type="hidden" name="name" value={draft.entraName} />
          <Panel title={form.gives} about={form.givesAbout}>
            <OneGroup
              chosen={draft.group}
              choices={choices}
              named={draft.groupNamed}
              fault={group}
            />
            <RoleField value={draft.role} choices={choices} fault={role} />
            <Tick name="nested" label={form.nested} checked={draft.nested} />
          </Panel>
          {memberships === undefined ? null : <Former draft={draft} memberships={memberships} />}
          <FormEnd back={SECTION}>
            <Submit>{given.button}</Submit>
          </FormEnd>
        </form>
      </>
    ),
  }
}
