import { userTexts } from '../../../texts/user.ts'
import { DoButton, LinkButton } from '../../../ui/action.tsx'
import { Badge, Empty, Panel, type BadgeKind } from '../../../ui/panel.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { action, page, type Page } from '../../console/asked.ts'
import { attempt } from '../../console/attempt.ts'
import { inviteUser, listMails, sendMail } from '../../mails.ts'
import { explainUser } from '../../why.ts'
import { endSession, listSessions, makePasswordLink, signUserOut } from '../../users.ts'
import { passwordLinkView } from '../users/password-link.tsx'
import { isOwn, mailOf, nameOf, pathOf, personOf, personView, type Person } from './frame.tsx'

const MAILS = 20

type Session = Awaited<ReturnType<typeof listSessions.call>>['items'][number]
type Mail = Awaited<ReturnType<typeof listMails.call>>['items'][number]

const placeOf = (person: Person): `/${string}` => `${pathOf(person)}/sign-in`

function SessionsPanel(props: { readonly person: Person; readonly sessions: readonly Session[] }) {
  const { person, sessions } = props
  const { sessions: texts } = userTexts
  const deviceOf = ({ device, kind }: Session) => device ?? texts.kinds[kind]
  return (
    <Panel
      title={texts.title}
      bare
      {...(sessions.length === 0
        ? {}
        : {
            actions: (
              <LinkButton href={`${pathOf(person)}/sign-out`} look="danger" small dialog>
                {texts.endAll}
              </LinkButton>
            ),
          })}
    >
      {sessions.length === 0 ? (
        <p class="inside is-soft">{texts.none}</p>
      ) : (
        <Table
          label={texts.title}
          rows={sessions}
          columns={[
            {
              label: texts.device,
              cell: (session) => (
                <>
                  <strong>{deviceOf(session)}</strong>
                  <small class="line">{`${texts.kinds[session.kind]}, ${texts.methods[session.method]}`}</small>
                </>
              ),
            },
            { label: texts.address, when: 'less', cell: ({ address }) => address ?? texts.unknown },
            { label: texts.since, when: 'least', cell: ({ created }) => <Time at={created} /> },
            { label: texts.lastUsed, cell: ({ lastUsed }) => <Time at={lastUsed} /> },
            {
              label: texts.end,
              unseen: true,
              kind: 'end',
              cell: (session) => (
                <DoButton
                  to={`${pathOf(person)}/end-session`}
                  fields={{ session: session.id }}
                  small
                  of={texts.endOf(deviceOf(session))}
                >
                  {texts.end}
                </DoButton>
              ),
            },
          ]}
        />
      )}
    </Panel>
  )
}

const kindOf: Readonly<Record<Mail['state'], BadgeKind | undefined>> = {
  kept: undefined,
  waiting: 'info',
  sending: 'info',
  sent: 'good',
  failed: 'bad',
  cancelled: undefined,
}

/** Mails that can be let go now. */
const resent: readonly Mail['state'][] = ['kept', 'failed']

function MailsPanel(props: { readonly person: Person; readonly mails: readonly Mail[] }) {
  const { person, mails } = props
  const { mails: texts } = userTexts
  return (
    <Panel
      title={texts.title}
      bare
      {...(mailOf(person) === undefined
        ? {}
        : {
            actions: (
              <DoButton to={`${pathOf(person)}/invite`} icon="mail" small>
                {userTexts.actions.invite}
              </DoButton>
            ),
          })}
    >
      {mails.length === 0 ? (
        <Empty
          icon="mail"
          title={texts.none}
          text={mailOf(person) === undefined ? texts.noAddress : texts.noneText}
        />
      ) : (
        <Table
          label={texts.title}
          rows={mails}
          columns={[
            {
              label: texts.kind,
              cell: ({ kind, to }) => (
                <>
                  <strong>{texts.kinds[kind]}</strong>
                  <small class="line">{to}</small>
                </>
              ),
            },
            {
              label: texts.state,
              cell: ({ state, problem }) => {
                const kind = kindOf[state]
                return (
                  <>
                    <Badge {...(kind === undefined ? {} : { kind })}>{texts.states[state]}</Badge>
                    {problem === undefined ? null : <small class="line">{problem}</small>}
                  </>
                )
              },
            },
            {
              label: texts.at,
              when: 'less',
              cell: ({ sent, created }) => <Time at={sent ?? created} />,
            },
            {
              label: texts.again,
              unseen: true,
              kind: 'end',
              cell: ({ id, state, kind }) =>
                resent.includes(state) ? (
                  <DoButton
                    to={`${pathOf(person)}/send-mail`}
                    fields={{ mail: id }}
                    small
                    of={texts.kinds[kind]}
                  >
                    {texts.again}
                  </DoButton>
                ) : null,
            },
          ]}
        />
      )}
    </Panel>
  )
}

function PasswordPanel({ person }: { readonly person: Person }) {
  const { password: texts } = userTexts
  return (
    <Panel title={texts.title}>
      <p>{texts.about}</p>
      <DoButton to={`${pathOf(person)}/password-link`} icon="key-round">
        {texts.make}
      </DoButton>
    </Panel>
  )
}

/** Where a user is signed in, how the user gets in, and what was mailed. */
export const signInPages: readonly Page[] = [
  page('/users/{id}/sign-in', async (asked) => {
    const [person, sessions, mails] = await Promise.all([
      personOf(asked),
      listSessions.call(asked, { id: asked.id }),
      listMails.call(asked, { query: { userId: asked.id, limit: MAILS } }),
    ])
    return personView(
      asked,
      person,
      'signIn',
      <>
        <SessionsPanel person={person} sessions={sessions.items.toReversed()} />
        <MailsPanel person={person} mails={mails.items} />
        {isOwn(person) ? <PasswordPanel person={person} /> : null}
      </>,
    )
  }),

  action('/users/{id}/end-session', async (asked) => {
    const person = await personOf(asked)
    await endSession.call(asked, { id: asked.id, body: { session: asked.sent.text('session') } })
    return { to: placeOf(person), done: { text: userTexts.sessions.ended } }
  }),

  action('/users/{id}/sign-out', async (asked) => {
    const person = await personOf(asked)
    const { ended } = await signUserOut.call(asked, { id: asked.id })
    return {
      to: placeOf(person),
      done: { text: userTexts.sessions.endedAll(nameOf(person), ended) },
    }
  }),

  action('/users/{id}/invite', async (asked) => {
    const person = await personOf(asked)
    const to = placeOf(person)
    const result = await attempt(() => inviteUser.call(asked, { id: asked.id }))
    return 'faults' in result
      ? { to, done: { text: result.faults.text, kind: 'bad' } }
      : asked.mails.configured
        ? { to, done: { text: userTexts.mails.queued } }
        : { to, done: { text: userTexts.mails.waits, kind: 'warn' } }
  }),

  action('/users/{id}/send-mail', async (asked) => {
    const person = await personOf(asked)
    const to = placeOf(person)
    const result = await attempt(() => sendMail.call(asked, { id: asked.sent.text('mail') }))
    return 'faults' in result
      ? { to, done: { text: result.faults.text, kind: 'bad' } }
      : { to, done: { text: userTexts.mails.sent } }
  }),

  action('/users/{id}/password-link', async (asked) => {
    const person = await personOf(asked)
    const { signIn } = await explainUser.call(asked, { id: asked.id })
    // Who has no password yet gets a link of the kind that new users get, which is valid for longer.
    const isNew = signIn.reasons.length > (person.active ? 0 : 1)
    const result = await attempt(() =>
      makePasswordLink.call(asked, {
        id: asked.id,
        body: { purpose: isNew ? 'invitation' : 'reset' },
      }),
    )
    return 'faults' in result
      ? { to: placeOf(person), done: { text: result.faults.text, kind: 'bad' } }
      : passwordLinkView({ id: person.id, name: nameOf(person), ...result.made })
  }),
]
