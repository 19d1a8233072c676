import { number } from '../../../texts/common.ts'
import { imports as texts } from '../../../texts/imports.ts'
import { DoButton, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head, Steps } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Stats } from '../../../ui/panel.tsx'
import type { PlanItem } from '../../../directory/plan.ts'
import type { Asked, View } from '../../console/asked.ts'
import { detailsColumn, Gets, ItemPanel, personOf, ToKnow, What, whoColumn } from './items.tsx'
import { hrefTo, peopleIn, type ImportPlan, type Shown } from './plan.ts'

const SECTION = '/admin/import'
const words = texts.preview

const all = { action: undefined, state: undefined }

/** What is in it, by what happens; each number shows those whom it counts. */
function Tiles({ asked, plan, shown }: Props) {
  const tile = (action: keyof ImportPlan['actions']) => ({
    label: texts.tiles[action],
    value: number(plan.actions[action]),
    href: hrefTo(asked, { ...all, action }, {}),
    current: shown.action === action,
  })
  const kinds = ['create', 'link', 'reactivate', 'skip', 'conflict'] as const
  const seen = kinds.filter((kind) => plan.actions[kind] > 0 || kind === 'create')
  return (
    <Stats
      items={[
        {
          label: texts.tiles.all,
          value: number(peopleIn(plan)),
          href: hrefTo(asked, all, {}),
          current: shown.action === undefined,
        },
        ...seen.map(tile),
      ]}
    />
  )
}

interface Props {
  readonly asked: Asked
  readonly plan: ImportPlan
  readonly shown: Shown
}

/** What comes of it in a line, beside the button that does it. */
function sumOf({ actions: { create, link, reactivate, conflict } }: ImportPlan): string {
  const parts = [
    ...(create > 0 ? [words.create(create)] : []),
    ...(link > 0 ? [words.link(link)] : []),
    ...(reactivate > 0 ? [words.reactivate(reactivate)] : []),
    ...(conflict > 0 ? [words.conflict(conflict)] : []),
  ]
  return words.sum(parts)
}

/** The answer to a conflict that has one: this person is that user. */
function Answer({ asked, item }: { readonly asked: Asked; readonly item: PlanItem }) {
  const { name } = personOf(item)
  if (item.action === 'conflict' && item.userId !== undefined) {
    return (
      <LinkButton
        href={`${SECTION}/${asked.id}/person?at=${item.position}&back=conflict`}
        small
        dialog
      >
        {words.decide}
        <span class="unseen">{name}</span>
      </LinkButton>
    )
  }
  return null
}

function Preview({ asked, plan, shown }: Props) {
  const people = peopleIn(plan)
  const { conflict, create, link, reactivate } = plan.actions
  const does = create + link + reactivate > 0
  const details = detailsColumn(asked)
  return (
    <>
      <Head
        title={words.title(people)}
        crumbs={[{ href: SECTION, label: texts.title }]}
        about={words.about}
        actions={
          <>
            <LinkButton href={`${SECTION}/new?preview=${plan.id}`} icon="pencil">
              {words.change}
            </LinkButton>
            <DoButton to={`${SECTION}/${plan.id}/stop`} look="bare">
              {words.discard}
            </DoButton>
          </>
        }
      />
      <Steps steps={texts.steps} current={1} />
      {plan.advice.map((advice) => (
        <Note kind="warn">{advice}</Note>
      ))}
      {conflict > 0 ? (
        <Note kind="warn">
          <div class="actions">
            <span>{words.undecided(conflict)}</span>
            {shown.action === 'conflict' ? null : (
              <LinkButton href={hrefTo(asked, { ...all, action: 'conflict' }, {})} small>
                {words.showUndecided}
              </LinkButton>
            )}
          </div>
        </Note>
      ) : null}
      <Tiles asked={asked} plan={plan} shown={shown} />
      <ItemPanel
        asked={asked}
        shown={shown}
        label={words.label}
        columns={[
          whoColumn,
          {
            label: words.columns.what,
            cell: (item) => (
              <span class="badges">
                <What action={item.action} />
                {isOwn(item) ? <Badge icon="user">{words.own}</Badge> : null}
              </span>
            ),
          },
          {
            label: words.columns.gets,
            when: 'less',
            cell: (item) => <Gets item={item} plan={plan} names={shown.names} />,
          },
          {
            label: words.columns.why,
            when: 'least',
            cell: (item) => <ToKnow item={item} names={shown.names} />,
          },
          {
            ...details,
            cell: (item) =>
              item.action === 'conflict' ? (
                <Answer asked={asked} item={item} />
              ) : (
                details.cell(item)
              ),
          },
        ]}
      />
      <form method="post" action={at(`${SECTION}/${plan.id}/start`)}>
        <div class="finish">
          <div class="words">
            <span>{does || conflict > 0 ? sumOf(plan) : words.nothing}</span>
          </div>
          {does ? (
            <>
              <Submit look="quiet" name="after" value="close">
                {words.importAndClose}
              </Submit>
              <Submit name="after" value="stay">
                {words.import}
              </Submit>
            </>
          ) : null}
        </div>
      </form>
    </>
  )
}

/** Whether something else was chosen for somebody than for everybody. */
function isOwn({ chosen: { groups, role, invite } }: PlanItem): boolean {
  return groups !== undefined || role !== undefined || invite !== undefined
}

/** What an import would do, before anything is done. */
export function previewView(asked: Asked, plan: ImportPlan, shown: Shown): View {
  return {
    title: words.title(peopleIn(plan)),
    section: SECTION,
    body: <Preview asked={asked} plan={plan} shown={shown} />,
  }
}
