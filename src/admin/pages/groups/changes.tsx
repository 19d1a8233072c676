import { groups as texts } from '../../../texts/groups.ts'
import { FormEnd, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Field } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import { readGroup, removeGroup, renameGroup } from '../../group-edits.ts'
import { giversOf, readGivers, type Givers } from './givers.ts'
import type { GroupDetail } from './group.tsx'
import { crumbs, SECTION } from './list.tsx'
import { sizeOf } from './members.tsx'

/** The way back to a group. */
function crumbsTo({ id, displayName }: GroupDetail) {
  return [...crumbs, { href: `${SECTION}/${id}`, label: displayName } as const]
}

function renameView(group: GroupDetail, typed = group.displayName, faults?: Faults): View {
  const { rename } = texts
  const { id, displayName } = group
  const fault = faults?.fields['displayName']
  return {
    title: rename.title(displayName),
    section: SECTION,
    narrow: true,
    ...(faults ? { status: 400 } : {}),
    body: (
      <div data-dialog-body>
        <Head title={rename.title(displayName)} crumbs={crumbsTo(group)} about={rename.text} />
        {faults && fault === undefined ? <Note kind="bad">{faults.text}</Note> : null}
        <form method="post" action={at(`${SECTION}/${id}/rename`)}>
          <Field name="name" label={rename.name} value={typed} fault={fault} autofocus />
          <FormEnd back={`${SECTION}/${id}`}>
            <Submit>{rename.save}</Submit>
          </FormEnd>
        </form>
      </div>
    ),
  }
}

/** What goes with a group: what its members lose, and what does not give it any more. */
function Losses({ group, givers }: { readonly group: GroupDetail; readonly givers: Givers }) {
  const { remove } = texts
  const { rules, mappings } = giversOf(givers, group.id)
  return (
    <>
      <p>
        <strong>{group.memberCount === 0 ? remove.nobody : remove.leave(sizeOf(group))}</strong>
      </p>
      {group.permissions.length === 0 ? (
        <p>{remove.nothing}</p>
      ) : (
        <>
          <p>{remove.lose}</p>
          <ul class="tags">
            {group.permissions.map((permission) => (
              <li>
                <code>
                  <bdi>{permission}</bdi>
                </code>
              </li>
            ))}
          </ul>
        </>
      )}
      {rules.length === 0 ? null : (
        <Named words={remove.rules(rules.length)} names={rules.map(({ name }) => name)} />
      )}
      {mappings.length === 0 ? null : (
        <Named
          words={remove.mappings(mappings.length)}
          names={mappings.map(({ entraName }) => entraName)}
        />
      )}
      <p class="is-bad">{remove.final}</p>
    </>
  )
}

function Named({ words, names }: { readonly words: string; readonly names: readonly string[] }) {
  return (
    <>
      <p>{words}</p>
      <ul class="tags">
        {names.map((name) => (
          <li>
            <bdi>{name}</bdi>
          </li>
        ))}
      </ul>
    </>
  )
}

async function removeView(asked: Asked): Promise<View> {
  const [group, givers] = await Promise.all([
    readGroup.call(asked, { id: asked.id }),
    readGivers(asked.directory),
  ])
  const { remove } = texts
  const title = remove.title(group.displayName)
  return {
    title,
    section: SECTION,
    narrow: true,
    body: (
      <div data-dialog-body>
        <Head title={title} crumbs={crumbsTo(group)} />
        {group.origin === 'scim' ? (
          <Note kind="warn">{texts.entra.text}</Note>
        ) : (
          <>
            <Losses group={group} givers={givers} />
            <form method="post" action={at(`${SECTION}/${group.id}/remove`)}>
              <FormEnd back={`${SECTION}/${group.id}`}>
                <Submit look="danger">{remove.confirm}</Submit>
              </FormEnd>
            </form>
          </>
        )}
      </div>
    ),
  }
}

/** How a group is renamed, and how it goes. */
export const groupChangePages: readonly Page[] = [
  page('/groups/{id}/rename', async (asked) =>
    renameView(await readGroup.call(asked, { id: asked.id })),
  ),

  action('/groups/{id}/rename', async (asked) => {
    const group = await readGroup.call(asked, { id: asked.id })
    const displayName = asked.sent.text('name')
    const outcome = await attempt(() =>
      renameGroup.call(asked, { id: group.id, body: { displayName } }),
    )
    if ('faults' in outcome) return renameView(group, displayName, outcome.faults)
    return {
      to: `${SECTION}/${group.id}`,
      done: {
        text: texts.rename.done(group.displayName, displayName),
        undo: { to: `${SECTION}/${group.id}/rename`, fields: { name: group.displayName } },
      },
    }
  }),

  page('/groups/{id}/remove', removeView),

  action('/groups/{id}/remove', async (asked) => {
    const { id, displayName } = await readGroup.call(asked, { id: asked.id })
    await removeGroup.call(asked, { id })
    return { to: SECTION, done: { text: texts.remove.done(displayName) } }
  }),
]
