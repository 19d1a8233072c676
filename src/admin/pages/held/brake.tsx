import { common } from '../../../texts/common.ts'
import { held } from '../../../texts/held.ts'
import { FormEnd, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Field } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { attempt, type Faults } from '../../console/attempt.ts'
import { action, page, type Page, type View } from '../../console/asked.ts'
import { changeBrake, readBrake } from '../../held.ts'
import { SECTION } from './decide.tsx'

const texts = held.brake
const names = ['users', 'percent', 'minutes'] as const

export type Brake = Awaited<ReturnType<typeof readBrake.call>>

/** When provisioning is held, in a sentence, and how near it is to that. */
export function BrakePanel({ brake }: { readonly brake: Brake }) {
  const { on, limit, departed, minutes } = brake
  const change = (
    <LinkButton href={`${SECTION}/brake`} icon="pencil" small dialog>
      {texts.change}
    </LinkButton>
  )
  return (
    <Panel title={texts.title} actions={change}>
      {on ? (
        <>
          <p>
            {texts.rule(limit, minutes)} {texts.why(brake)} {texts.held}
          </p>
          <Progress
            label={texts.gauge}
            done={Math.min(departed, limit)}
            total={limit}
            text={texts.departed(departed, limit, minutes)}
          />
        </>
      ) : (
        <p>{texts.off}</p>
      )}
    </Panel>
  )
}

type Typed = Readonly<Record<(typeof names)[number], string>>

function formView(typed: Typed, faults?: Faults): View {
  const { settings } = texts
  const faultAt = (name: (typeof names)[number]) =>
    faults?.fields[name] === undefined ? {} : { fault: settings.faults[name] }
  return {
    title: settings.title,
    section: SECTION,
    narrow: true,
    ...(faults ? { status: 400 as const } : {}),
    body: (
      <>
        <div data-dialog-body>
          <Head
            title={settings.title}
            about={settings.about}
            crumbs={[{ href: SECTION, label: held.title }]}
          />
          {faults && Object.keys(faults.fields).length === 0 ? (
            <Note kind="bad">{faults.text}</Note>
          ) : null}
          <form method="post" action={at(`${SECTION}/brake`)} novalidate>
            {names.map((name) => (
              <Field
                name={name}
                type="number"
                label={settings[name]}
                hint={settings[`${name}Hint`]}
                value={typed[name]}
                {...faultAt(name)}
              />
            ))}
            <p class="hint">{settings.planned}</p>
            <FormEnd back={SECTION}>
              <Submit>{common.save}</Submit>
            </FormEnd>
          </form>
        </div>
      </>
    ),
  }
}

/** What was typed as a number; what is none is refused as such. */
const numberOf = (typed: string) => (/^\d{1,9}$/.test(typed) ? Number(typed) : Number.NaN)

/** When provisioning is held. */
export const brakePages: readonly Page[] = [
  page('/held/brake', async (asked) => {
    const { users, percent, minutes } = await readBrake.call(asked)
    return formView({
      users: String(users),
      percent: String(percent),
      minutes: String(minutes),
    })
  }),

  action('/held/brake', async (asked) => {
    const { sent } = asked
    const typed = {
      users: sent.text('users'),
      percent: sent.text('percent'),
      minutes: sent.text('minutes'),
    }
    const { users, percent, minutes } = await readBrake.call(asked)
    const result = await attempt(() =>
      changeBrake.call(asked, {
        body: {
          users: numberOf(typed.users),
          percent: numberOf(typed.percent),
          minutes: numberOf(typed.minutes),
        },
      }),
    )
    if ('faults' in result) return formView(typed, result.faults)
    if (sent.has('back')) return { to: SECTION, done: { text: texts.settings.back } }
    const before = {
      users: String(users),
      percent: String(percent),
      minutes: String(minutes),
      back: 'yes',
    }
    return {
      to: SECTION,
      done: { text: texts.settings.done, undo: { to: `${SECTION}/brake`, fields: before } },
    }
  }),
]
