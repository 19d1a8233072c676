import { whyTexts as texts } from '../../../texts/why.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { Time } from '../../../ui/time.tsx'
import { page, type Page } from '../../console/asked.ts'
import { explainUser } from '../../why.ts'
import { byName, personOf, personView } from './frame.tsx'
import { actorsOf, type How } from './how.tsx'
import { verdictOf, VerdictNote } from './verdict.tsx'
import { answerOf, AskPanel } from './why-ask.tsx'
import { AccessLines, AccountLines, Line, SignInLines, TOLD } from './why-lines.tsx'

/** So many permissions are offered while one is typed. */
const OFFERED = 200

/** Why somebody has access, or has not, and what to do about it. */
export const whyPages: readonly Page[] = [
  page('/users/{id}/why', async (asked) => {
    const [person, why, grants] = await Promise.all([
      personOf(asked),
      explainUser.call(asked, { id: asked.id }),
      asked.directory.permissions.list(),
    ])
    const hows: How[] = [
      why.created,
      why.active,
      ...(why.link ? [why.link] : []),
      ...why.groups.toSorted(byName).slice(0, TOLD),
      ...why.roles.slice(0, TOLD),
    ]
    const actors = await actorsOf(asked.directory, hows)
    const parts = { person, why, actors }
    const known = [...new Set(grants.map(({ permission }) => permission))].slice(0, OFFERED)
    return personView(
      asked,
      person,
      'why',
      <>
        <VerdictNote verdict={await verdictOf(asked, person)} person={person} />
        <div class="columns wide-left">
          <div>
            <Panel title={texts.access} bare>
              <ul class="lines">
                <AccessLines {...parts} />
              </ul>
            </Panel>
            <AskPanel
              person={person}
              typed={asked.query('permission')}
              known={known}
              answer={await answerOf(asked, person, why)}
            />
          </div>
          <div>
            <Panel title={texts.account} bare>
              <ul class="lines">
                <AccountLines {...parts} />
              </ul>
            </Panel>
            <Panel title={texts.signIn} bare>
              <ul class="lines">
                <SignInLines {...parts} />
              </ul>
            </Panel>
            <Panel title={texts.provisioning} bare>
              <ul class="lines">
                <Line
                  mark="soft"
                  fix={
                    <LinkButton href={`/admin/log?resource=${person.id}`} small>
                      {texts.toLog}
                    </LinkButton>
                  }
                >
                  {why.sent ? (
                    <>
                      {texts.sent} <Time at={why.sent.at} />
                    </>
                  ) : (
                    texts.noSent
                  )}
                </Line>
              </ul>
            </Panel>
          </div>
        </div>
      </>,
    )
  }),
]
