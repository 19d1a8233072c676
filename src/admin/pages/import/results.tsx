import { common, number } from '../../../texts/common.ts'
import { imports as texts } from '../../../texts/imports.ts'
import { Submit } from '../../../ui/action.tsx'
import { TextArea } from '../../../ui/field.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Empty } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import { Table } from '../../../ui/table.tsx'
import { isPickable, type Found, type Judged, type Listed } from './find.ts'
import { isChosen, pack, written, type Form, type Whole } from './form.ts'

const words = texts.choose

/** Of addresses so many are named. */
const MOST_NAMED = 20

/** The region that is renewed while one looks for people. */
export const FOUND = 'found'

const standings = {
  new: undefined,
  linked: 'good',
  inactive: 'warn',
  match: 'warn',
  conflict: 'bad',
} as const

/** How somebody stands to the users here, and to whom of them. */
function Standing({ judged: { standing, user, why } }: { readonly judged: Judged }) {
  const how = standing === 'linked' && user?.active === false ? 'inactive' : standing
  if (how === 'new' && why === undefined) {
    return <span class="is-soft">{words.standing.new}</span>
  }
  const kind = standings[how]
  return (
    <>
      <Badge {...(kind === undefined ? {} : { kind })}>{words.standing[how]}</Badge>
      {how === 'match' && user ? <small>{user.userName}</small> : null}
      {why === undefined ? null : <small>{why}</small>}
    </>
  )
}

function People({ form, items }: { readonly form: Form; readonly items: readonly Judged[] }) {
  return (
    <Table
      label={words.results}
      rows={items}
      pick={{
        id: ({ person }) => person.id,
        name: ({ person }) => person.displayName,
        picked: ({ person }) => form.ids.has(person.id),
        can: isPickable,
      }}
      columns={[
        {
          label: words.columns.person,
          cell: ({ person }) => (
            <Who
              name={person.displayName || person.userPrincipalName}
              detail={person.userPrincipalName}
            />
          ),
        },
        {
          label: words.columns.work,
          when: 'less',
          cell: ({ person: { jobTitle, department } }) => (
            <>
              {jobTitle === undefined ? null : (
                <span class="clamp" title={jobTitle}>
                  {jobTitle}
                </span>
              )}
              {department === undefined ? null : <small>{department}</small>}
            </>
          ),
        },
        {
          label: words.columns.here,
          cell: (judged) => (
            <>
              <Standing judged={judged} />
              {judged.person.guest ? <Badge>{words.guest}</Badge> : null}
              {judged.person.enabled ? null : <Badge kind="warn">{words.blocked}</Badge>}
            </>
          ),
        },
      ]}
    />
  )
}

/** Adds everybody of a group or an app role, or says that this was done. */
function AddWhole({ form, whole }: { readonly form: Form; readonly whole: Whole }) {
  if (isChosen(form, whole)) {
    return (
      <Badge kind="good" icon="check">
        {words.added}
      </Badge>
    )
  }
  return (
    <Submit look="quiet" small name="do" value={`add ${written(whole)}`} of={whole.name}>
      {words.whole}
    </Submit>
  )
}

function Lists({ form, items }: { readonly form: Form; readonly items: readonly Listed[] }) {
  return (
    <Table
      label={words.lists[form.mode === 'groups' ? 'groups' : 'roles']}
      rows={items}
      columns={[
        {
          label: form.mode === 'groups' ? words.group : words.role,
          cell: ({ name, about }) => (
            <>
              <strong>{name}</strong>
              {about === undefined ? null : <small>{about}</small>}
            </>
          ),
        },
        {
          label: words.actions,
          unseen: true,
          kind: 'end',
          cell: (whole) => (
            <span class="actions end">
              <Submit
                look="quiet"
                small
                name="do"
                value={`open ${written(whole)}`}
                swap={FOUND}
                of={whole.name}
              >
                {words.show}
              </Submit>
              <AddWhole form={form} whole={whole} />
            </span>
          ),
        },
      ]}
    />
  )
}

/** Where one is within a group or an app role, and the way out. */
function Opened({ form, opened }: { readonly form: Form; readonly opened: Whole }) {
  return (
    <div class="toolbar">
      <Submit look="bare" small name="do" value="find" swap={FOUND}>
        <Icon name="arrow-left" />
        {words.back[opened.kind]}
      </Submit>
      {opened.kind === 'chosen' ? (
        <strong>{words.chosenSoFar}</strong>
      ) : (
        <>
          <span>
            <span class="is-soft">{opened.kind === 'group' ? words.inGroup : words.inRole} </span>
            <strong>{opened.name}</strong>
          </span>
          <AddWhole form={form} whole={opened} />
        </>
      )}
    </div>
  )
}

/** A list to paste, and what came of it. */
function Addresses({ form, found }: { readonly form: Form; readonly found: Found }) {
  return (
    <div class="inside">
      {found.kind === 'addresses' ? (
        <>
          {found.total > 0 ? (
            <Note kind="good">{words.found(found.total, found.ticked)}</Note>
          ) : null}
          {found.notFound.length > 0 ? (
            <Note kind="warn">{words.notFound(found.notFound.length)}</Note>
          ) : null}
          {found.ambiguous.length > 0 ? (
            <Note kind="warn">
              {words.ambiguous(found.ambiguous.length)}
              <ul>
                {found.ambiguous.slice(0, MOST_NAMED).map((address) => (
                  <li>
                    <bdi>{address}</bdi>
                  </li>
                ))}
              </ul>
            </Note>
          ) : null}
        </>
      ) : null}
      <TextArea
        name="addresses"
        label={words.addresses}
        hint={words.addressesHint}
        value={form.addresses}
        rows={found.kind === 'addresses' ? 2 : 5}
        optional
      />
      {found.kind === 'addresses' ? (
        <input type="hidden" name="told" value={form.addresses} />
      ) : null}
      <Submit look="quiet" name="do" value="look" icon="search" swap={FOUND}>
        {words.look}
      </Submit>
    </div>
  )
}

/** What to say where nothing is found. */
function Nothing({ form }: { readonly form: Form }) {
  if (form.opened?.kind === 'chosen') {
    return <Empty icon="users" title={words.noneChosen} text={words.noneChosenText} />
  }
  if (form.opened) {
    return <Empty icon="users" title={words.emptyGroup} text={words.emptyGroupText} />
  }
  if (form.mode === 'groups') {
    return <Empty icon="layers" title={words.noGroups} text={words.noGroupsText} />
  }
  const listed = form.search.split('@').length > 2
  return <Empty icon="search" title={words.none} text={listed ? words.noneList : words.noneText} />
}

function More({ form, found }: { readonly form: Form; readonly found: Found }) {
  const next = 'next' in found ? found.next : undefined
  if (next === undefined && form.next === '') return null
  return (
    <div class="toolbar pager">
      {next === undefined ? null : (
        <Submit look="quiet" small name="do" value={`more ${next}`} swap={FOUND}>
          {found.kind === 'lists' ? words.moreGroups : words.more}
        </Submit>
      )}
      {form.next === '' ? null : (
        <Submit look="quiet" small name="do" value="more " swap={FOUND}>
          {common.first}
        </Submit>
      )}
    </div>
  )
}

/** Those who can be ticked before those who are here. */
const byUse = (one: Judged, other: Judged) => Number(isPickable(other)) - Number(isPickable(one))

/** Who was found, with boxes; who is ticked and not among them goes along unseen. */
export function Results({ form, found }: { readonly form: Form; readonly found: Found }) {
  const listed = found.kind === 'people' || found.kind === 'addresses' ? found.items : []
  const people = listed.toSorted(byUse)
  const seen = new Set(people.filter(isPickable).map(({ person }) => person.id))
  const others = [...form.ids].filter((id) => !seen.has(id))
  return (
    <>
      <input type="hidden" name="others" value={pack(others)} data-others={String(others.length)} />
      <input type="hidden" name="next" value={form.next} />
      {form.opened ? <input type="hidden" name="opened" value={written(form.opened)} /> : null}
      {form.mode === 'addresses' && !form.opened ? <Addresses form={form} found={found} /> : null}
      {form.opened ? <Opened form={form} opened={form.opened} /> : null}
      {found.kind === 'trouble' ? (
        <div class="inside">
          <Note kind="bad">
            <strong>{found.title}</strong>
            <p>{found.text}</p>
            <p>{words.away}</p>
          </Note>
        </div>
      ) : null}
      {people.length > 0 ? <People form={form} items={people} /> : null}
      {found.kind === 'addresses' && found.total > people.length ? (
        <p class="inside is-soft">{words.shownFirst(number(people.length))}</p>
      ) : null}
      {found.kind === 'lists' && found.items.length > 0 ? (
        <Lists form={form} items={found.items} />
      ) : null}
      {(found.kind === 'people' || found.kind === 'lists') && found.items.length === 0 ? (
        <Nothing form={form} />
      ) : null}
      <More form={form} found={found} />
    </>
  )
}
