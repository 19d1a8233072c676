import { connect as texts } from '../../../texts/connect.ts'
import { Copy, LinkButton } from '../../../ui/action.tsx'
import { Note } from '../../../ui/note.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { page, type Page } from '../../console/asked.ts'
import { live } from '../../console/live.ts'
import { Check, placeOf, SECTION, Step, Todo, Waiting } from './frame.tsx'
import { entraPlaces } from './places.ts'
import { arrivalJustNow, entryJustNow, standingOf } from './standing.ts'

const AGAIN_SECONDS = 5

const { people, entry } = texts

/** The third step: somebody arrives. The fourth: somebody signs in. */
export const arrivalPages: readonly Page[] = [
  page('/connect/people', async (asked) => {
    const [standing, { origins }] = await Promise.all([
      standingOf(asked),
      asked.directory.roster.counts(),
    ])
    const { arrival } = standing
    const done = arrival !== undefined
    return {
      title: people.title,
      section: SECTION,
      narrow: true,
      ...(done ? {} : { refresh: AGAIN_SECONDS }),
      body: (
        <Step step="people" standing={standing} about={people.about}>
          <Panel title={people.title}>
            <Todo items={people.items} />
          </Panel>
          <Check texts={people.wait} from={`${placeOf('people')}/wait`} done={done}>
            <Waiting texts={people.wait} at={arrival} detail={people.wait.count(origins.scim)} />
            {done ? (
              <LinkButton href="/admin/log" small icon="activity">
                {people.wait.log}
              </LinkButton>
            ) : null}
          </Check>
        </Step>
      ),
    }
  }),

  live('/connect/people/wait', async ({ directory }) => {
    const arrival = await arrivalJustNow(directory)
    return {
      part: <Waiting texts={people.wait} at={arrival} />,
      goesOn: arrival === undefined,
    }
  }),

  page('/connect/entry', async (asked) => {
    const { connections, publicUrl } = asked
    const [app, standing] = await Promise.all([connections.signIn(), standingOf(asked)])
    const { entry: at } = standing
    return {
      title: entry.title,
      section: SECTION,
      narrow: true,
      ...(at === undefined ? { refresh: AGAIN_SECONDS } : {}),
      body: (
        <Step step="entry" standing={standing} about={entry.about}>
          {app ? null : (
            <Note kind="warn">
              <div class="actions">
                <span>{entry.noApp}</span>
                <LinkButton href={placeOf('app')} small>
                  {texts.steps.app.title}
                </LinkButton>
              </div>
            </Note>
          )}
          <Panel title={entry.title}>
            <Copy label={entry.open} value={entraPlaces(publicUrl).signIn} />
            <Todo items={entry.items} />
          </Panel>
          <Check texts={entry.wait} from={`${placeOf('entry')}/wait`} done={at !== undefined}>
            <Waiting texts={entry.wait} at={at} />
          </Check>
        </Step>
      ),
    }
  }),

  live('/connect/entry/wait', async ({ directory }) => {
    const at = await entryJustNow(directory)
    return { part: <Waiting texts={entry.wait} at={at} />, goesOn: at === undefined }
  }),
]
