import type { Named } from '../../../directory/names.ts'
import type { MailState, OpenMails } from '../../../directory/outbox.ts'
import { mailTexts as texts } from '../../../texts/mails.ts'
import { DoButton, LinkButton } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Empty, Panel, type BadgeKind } from '../../../ui/panel.tsx'
import { Who } from '../../../ui/person.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import type { Asked } from '../../console/asked.ts'
import { listMails } from '../../mails.ts'
import { SECTION } from './tabs.tsx'

const ROWS = 50

/** Where the list is sent from while mails go out. */
export const STREAM = '/admin/mails/going'

export type Mail = Awaited<ReturnType<typeof listMails.call>>['items'][number]
type Names = ReadonlyMap<string, Named>

const states = Object.keys(texts.states) as readonly MailState[]
const looks: Readonly<Record<MailState, BadgeKind | undefined>> = {
  kept: 'info',
  waiting: undefined,
  sending: undefined,
  sent: 'good',
  failed: 'bad',
  cancelled: undefined,
}

/** Who gets a mail. */
export const nameOf = (mail: Mail, names: Names) => names.get(mail.userId)?.name || mail.to

const canBeSent = ({ state }: Mail) => state === 'kept' || state === 'failed'
const canBeStopped = ({ state }: Mail) =>
  state === 'kept' || state === 'failed' || state === 'waiting'

function When({ mail }: { readonly mail: Mail }) {
  if (mail.sent !== undefined) return <Time at={mail.sent} />
  if (mail.state !== 'waiting') return <Time at={mail.created} />
  return (
    <>
      {texts.due} <Time at={mail.due} />
    </>
  )
}

function State({ mail }: { readonly mail: Mail }) {
  const { state, problem, uncertain, attempts } = mail
  return (
    <>
      <Badge {...(looks[state] === undefined ? {} : { kind: looks[state] })}>
        {texts.states[state]}
      </Badge>
      {problem === undefined ? null : (
        <small class="why">
          {problem}
          {uncertain ? ` ${texts.uncertain}` : ''}
          {state === 'waiting' && attempts > 0 ? ` (${texts.tried(attempts)})` : ''}
        </small>
      )}
    </>
  )
}

function Mails(props: { readonly mails: readonly Mail[]; readonly names: Names }) {
  const { mails, names } = props
  return (
    <Table
      label={texts.title}
      rows={mails}
      columns={[
        {
          label: texts.columns.to,
          cell: (mail) => (
            <Who
              name={nameOf(mail, names)}
              detail={mail.to}
              {...(names.get(mail.userId)?.gone === false
                ? { href: at(`/admin/users/${mail.userId}`) }
                : {})}
            />
          ),
        },
        {
          label: texts.columns.kind,
          when: 'least',
          cell: ({ kind }) => <span class="is-soft">{texts.kinds[kind]}</span>,
        },
        { label: texts.columns.state, cell: (mail) => <State mail={mail} /> },
        { label: texts.columns.when, when: 'less', cell: (mail) => <When mail={mail} /> },
        {
          label: texts.columns.actions,
          unseen: true,
          kind: 'end',
          cell: (mail) => (
            <span class="actions end">
              {canBeSent(mail) ? (
                <DoButton to={`${SECTION}/${mail.id}/send`} small of={nameOf(mail, names)}>
                  {mail.state === 'failed' ? texts.sendAgain : texts.send}
                </DoButton>
              ) : null}
              {canBeStopped(mail) ? (
                <LinkButton
                  href={`${SECTION}/${mail.id}/cancel`}
                  look="danger"
                  small
                  dialog
                  of={nameOf(mail, names)}
                >
                  {texts.cancel}
                </LinkButton>
              ) : null}
            </span>
          ),
        },
      ]}
    />
  )
}

interface Wanted {
  readonly state: MailState | undefined
  readonly plan: string
  readonly user: string
  readonly before: string
}

const ID = /^[\w-]{1,64}$/

function wantedOf({ query }: Asked): Wanted {
  const id = (name: string) => (ID.test(query(name)) ? query(name) : '')
  return {
    state: states.find((state) => state === query('state')),
    plan: id('plan'),
    user: id('user'),
    before: id('before'),
  }
}

function Filters(props: {
  readonly wanted: Wanted
  readonly open: OpenMails
  readonly who: string
  readonly here: Here
}) {
  const { wanted, open, who, here } = props
  const { filters } = texts
  const counts: Partial<Record<MailState, number>> = { ...open, sending: open.going }
  return (
    <nav class="toolbar" aria-label={filters.label}>
      {[undefined, ...states].map((state) => {
        const count = state && counts[state]
        const words = state === undefined ? filters.all : texts.states[state]
        const on = wanted.state === state
        return (
          <a
            class={on ? 'chip on' : 'chip'}
            href={at(here({ state: state ?? '' }))}
            {...(on ? { 'aria-current': 'true' } : {})}
          >
            {count ? filters.count(words, count) : words}
          </a>
        )
      })}
      {wanted.plan === '' ? null : (
        <a class="chip on" href={at(here({ plan: '' }))} aria-label={filters.everything}>
          {filters.plan}
          <Icon name="x" />
        </a>
      )}
      {wanted.user === '' ? null : (
        <a class="chip on" href={at(here({ user: '' }))} aria-label={filters.everybody(who)}>
          <bdi>{filters.user(who)}</bdi>
          <Icon name="x" />
        </a>
      )}
    </nav>
  )
}

/** A page of mails, and how many are on the way. */
export interface Listing {
  readonly wanted: Wanted
  readonly items: readonly Mail[]
  readonly next: string | undefined
  readonly names: Names
  readonly open: OpenMails
  /** Whether mails are being sent now. */
  readonly going: boolean
}

export async function listingOf(asked: Asked): Promise<Listing> {
  const { directory, mails } = asked
  const wanted = wantedOf(asked)
  const { state, plan, user, before } = wanted
  const [{ items, next }, open] = await Promise.all([
    listMails.call(asked, {
      query: {
        limit: ROWS,
        ...(state === undefined ? {} : { state }),
        ...(plan === '' ? {} : { planId: plan }),
        ...(user === '' ? {} : { userId: user }),
        ...(before === '' ? {} : { before }),
      },
    }),
    directory.outbox.open(),
  ])
  const names = await directory.names.of([...items.map(({ userId }) => userId), user])
  return { wanted, items, next, names, open, going: mails.configured && open.going > 0 }
}

export type Here = (changed: Readonly<Record<string, string>>) => `/${string}`

/** The same list with another filter, from its beginning. */
export const hereOf =
  ({ here }: Asked): Here =>
  (changed) =>
    here({ before: '', ...changed }).replace(STREAM, SECTION) as `/${string}`

/** Mails with their filters. */
export function List({ listing, here }: { readonly listing: Listing; readonly here: Here }) {
  const { wanted, items, next, names, open, going } = listing
  const { state, plan, user, before } = wanted
  const isFirst = before === ''
  const everything = `${state ?? ''}${plan}${user}${before}` === ''
  return (
    <>
      {going ? <Note>{texts.going(open.going)}</Note> : null}
      <Panel
        bare
        footer={
          isFirst && next === undefined ? undefined : (
            <div class="pager">
              {isFirst ? null : (
                <LinkButton href={here({})} small>
                  {texts.newest}
                </LinkButton>
              )}
              {next === undefined ? null : (
                <LinkButton href={here({ before: next })} small>
                  {texts.older}
                </LinkButton>
              )}
            </div>
          )
        }
      >
        <Filters wanted={wanted} open={open} who={names.get(user)?.name ?? user} here={here} />
        {items.length > 0 ? (
          <Mails mails={items} names={names} />
        ) : (
          <Empty
            icon="mail"
            title={everything ? texts.none : texts.noMatch}
            text={everything ? texts.noneText : texts.noMatchText}
          />
        )}
      </Panel>
    </>
  )
}
