import { overview } from '../../../texts/overview.ts'
import type { IconName } from '../../../ui/icons.ts'
import type { Caller } from '../../route.ts'
import { readSyncState } from '../../sync-state.ts'
import { listWebhooks } from '../../webhooks.ts'

const texts = overview.decisions

/** More than so many mails, and so many who ask to be let in, are not counted. */
const MOST_MAILS = 100
const MOST_ASKING = 1_000

/** Something that waits for somebody, and where to decide it. */
export interface Decision {
  readonly icon: IconName
  readonly title: string
  readonly text: string
  readonly href: `/${string}`
  readonly label: string
}

async function mailsOf({ directory }: Caller, state: 'failed' | 'kept') {
  const found = await directory.outbox.list({ state, limit: MOST_MAILS + 1 })
  return { count: Math.min(found.length, MOST_MAILS), more: found.length > MOST_MAILS }
}

/** What waits for an administrator, the most pressing first. */
export async function decisionsOf(caller: Caller): Promise<readonly Decision[]> {
  const { linkRequests, holds } = caller.directory
  const [asking, { waiting }, failed, kept, sync, webhooks] = await Promise.all([
    linkRequests.count(MOST_ASKING + 1),
    holds.state(),
    mailsOf(caller, 'failed'),
    mailsOf(caller, 'kept'),
    readSyncState.call(caller),
    listWebhooks.call(caller),
  ])
  const held = waiting.deactivate + waiting.delete
  const silent = webhooks.items.filter(({ state }) => state === 'given-up')
  const all: (Decision | false)[] = [
    held > 0 && {
      icon: 'circle-pause',
      title: texts.held(held),
      text: texts.heldText,
      href: '/admin/held',
      label: texts.open,
    },
    asking > 0 && {
      icon: 'link',
      title: texts.linkRequests(Math.min(asking, MOST_ASKING), asking > MOST_ASKING),
      text: texts.linkRequestsText,
      href: '/admin/link',
      label: texts.open,
    },
    sync.held && {
      icon: 'refresh-cw',
      title: texts.sync,
      text: texts.syncText,
      href: '/admin/sync',
      label: texts.open,
    },
    failed.count > 0 && {
      icon: 'triangle-alert',
      title: texts.failed(failed.count, failed.more),
      text: texts.failedText,
      href: '/admin/mails?state=failed',
      label: texts.look,
    },
    silent.length > 0 && {
      icon: 'bell',
      title: texts.webhooks(silent.length),
      text: texts.webhooksText,
      href: '/admin/webhooks',
      label: texts.look,
    },
    kept.count > 0 && {
      icon: 'mail',
      title: texts.kept(kept.count, kept.more),
      text: texts.keptText,
      href: '/admin/mails?state=kept',
      label: texts.look,
    },
  ]
  return all.filter((each) => each !== false)
}
