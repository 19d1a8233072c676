import { usersTexts } from '../../../texts/users.ts'
import { Badge } from '../../../ui/panel.tsx'
import type { Row } from './listing.ts'

const { badges } = usersTexts

/** What a user is now, in a few badges: whose account it is, and what is not as usual. */
export function StateBadges(props: {
  readonly user: Pick<Row, 'linked' | 'origin' | 'held' | 'active'>
}) {
  const { linked, origin, held, active } = props.user
  return (
    <>
      <span class="usual">
        {linked ? <Badge icon="link">{badges.linked}</Badge> : <Badge>{badges[origin]}</Badge>}
      </span>
      {held === undefined ? null : (
        <Badge kind="warn" icon="circle-pause">
          {badges.held}
        </Badge>
      )}
      {active ? null : (
        <Badge kind="bad" icon="ban">
          {badges.inactive}
        </Badge>
      )}
    </>
  )
}
