import { userTexts } from '../../../texts/user.ts'
import { common } from '../../../texts/common.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { Empty, Panel } from '../../../ui/panel.tsx'
import { Timeline } from '../../../ui/timeline.tsx'
import { page, type Page } from '../../console/asked.ts'
import { describeEvents } from '../events/in-words.tsx'
import { pathOf, personOf, personView } from './frame.tsx'

const { history: texts } = userTexts

const COUNT = 50

/** What happened to a user, newest first. */
export const historyPages: readonly Page[] = [
  page('/users/{id}/history', async (asked) => {
    const person = await personOf(asked)
    const given = asked.query('before')
    const before = /^[1-9]\d{0,14}$/.test(given) ? Number(given) : undefined
    // One more tells whether there are more.
    const found = await asked.directory.events.latest({
      resourceId: person.id,
      limit: COUNT + 1,
      ...(before === undefined ? {} : { before }),
    })
    const items = found.slice(0, COUNT)
    const next = found.length > COUNT ? items.at(-1)?.sequence : undefined
    const moments = await describeEvents(asked.directory, items)
    const path: `/${string}` = `${pathOf(person)}/history`
    const footer = (
      <span class="pager">
        {before === undefined ? null : (
          <LinkButton href={path} small>
            {common.first}
          </LinkButton>
        )}
        {next === undefined ? null : (
          <LinkButton href={`${path}?before=${next}`} small>
            {texts.older}
          </LinkButton>
        )}
      </span>
    )
    return personView(
      asked,
      person,
      'history',
      <Panel
        title={texts.title}
        about={texts.about}
        {...(before === undefined && next === undefined ? {} : { footer })}
      >
        {items.length === 0 ? (
          <Empty icon="history" title={texts.none} />
        ) : (
          <Timeline moments={moments} />
        )}
      </Panel>,
    )
  }),
]
