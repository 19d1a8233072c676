import { shell } from '../../texts/shell.ts'
import { MOST_SHOWN, type NavGroup } from '../../ui/shell.tsx'
import type { Directory } from '../../directory/store.ts'

const { groups, sections } = shell

/** How many things of a kind wait for somebody's decision, counted only as far as that is shown. */
export interface Waiting {
  readonly links: number
  readonly held: number
}

export async function waitingIn({ linkRequests, holds }: Directory): Promise<Waiting> {
  // One more tells that there are more.
  const most = MOST_SHOWN + 1
  const [links, held] = await Promise.all([linkRequests.count(most), holds.countWaiting(most)])
  return { links, held }
}

/** The menu. */
export function menu({ links, held }: Waiting): readonly NavGroup[] {
  return [
    { items: [{ href: '/admin', label: sections.overview, icon: 'gauge' }] },
    {
      label: groups.people,
      items: [
        { href: '/admin/users', label: sections.users, icon: 'users' },
        { href: '/admin/groups', label: sections.groups, icon: 'layers' },
        { href: '/admin/roles', label: sections.roles, icon: 'briefcase' },
      ],
    },
    {
      label: groups.entra,
      items: [
        { href: '/admin/import', label: sections.import, icon: 'import' },
        {
          href: '/admin/link',
          label: sections.link,
          icon: 'link',
          waiting: links,
        },
        { href: '/admin/sync', label: sections.sync, icon: 'refresh-cw' },
        { href: '/admin/rules', label: sections.rules, icon: 'list-checks' },
        { href: '/admin/mappings', label: sections.mappings, icon: 'sliders-horizontal' },
      ],
    },
    {
      label: groups.provisioning,
      items: [
        { href: '/admin/log', label: sections.log, icon: 'activity' },
        {
          href: '/admin/held',
          label: sections.held,
          icon: 'circle-pause',
          waiting: held,
        },
        { href: '/admin/connect', label: sections.connect, icon: 'plug' },
      ],
    },
    {
      label: groups.settings,
      items: [
        { href: '/admin/administrators', label: sections.administrators, icon: 'shield' },
        { href: '/admin/mails', label: sections.mails, icon: 'mail' },
        { href: '/admin/webhooks', label: sections.webhooks, icon: 'bell' },
        { href: '/admin/jobs', label: sections.jobs, icon: 'clock' },
        { href: '/admin/settings', label: sections.settings, icon: 'settings' },
        { href: '/admin/record', label: sections.record, icon: 'scroll-text' },
      ],
    },
  ]
}
