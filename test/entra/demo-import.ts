import type { QueuedMail } from '../../src/directory/outbox.ts'
import { type Administrator, until } from './administrator.ts'
import { checkedLine, type Line } from './demo-line.ts'
import { DEMO_TENANT } from './demo-sign-in.ts'
import {
  isFinished,
  makeLocalGroup,
  planImport,
  whenImport,
  withDirectory,
} from './entrance-import.ts'
import { escape } from './mail-page.ts'
import type { EntraUser, Tenant } from './tenant.ts'

const GROUP = 'Project managers'
const ROLE = 'PM'

/** The tenant with more people. */
export function withPeople(tenant: Tenant, people: readonly EntraUser[]): Tenant {
  const more = people.map((person) => [person.objectId, person] as const)
  return { ...tenant, users: new Map([...tenant.users, ...more]) }
}

/** Who has the role, and who is in the group, of those who are these accounts. */
function readImported(folder: string, group: string, people: readonly EntraUser[]) {
  return withDirectory(folder, async ({ groups, users }) => {
    const found = await Promise.all(
      people.map(({ objectId }) => users.linked({ tenantId: DEMO_TENANT, objectId })),
    )
    const imported = found.flatMap((user) => user ?? [])
    const roles = imported.map(({ attributes }) => JSON.stringify(attributes['roles']))
    const members = (await groups.read(group, true))?.members ?? []
    return {
      ids: imported.map(({ id }) => id).toSorted(),
      members: members.map(({ value }) => value).toSorted(),
      withRole: roles.filter((text) => text === JSON.stringify([{ value: ROLE }])).length,
    }
  })
}

/** Imports people with a group, a role and an invitation as an administrator does, and says what came of it. */
export async function showImport(
  admin: Administrator,
  folder: string,
  people: readonly EntraUser[],
): Promise<Line> {
  const group = await makeLocalGroup(folder, GROUP)
  const { plan } = await planImport(
    admin,
    people.map(({ objectId }) => objectId),
    { groups: [group], role: ROLE, invite: { when: 'now' } },
  )
  await admin.post(`/imports/${plan.id}/start`)
  const { states } = await whenImport(admin, plan, isFinished)
  const { items } = await admin.get<{ items: QueuedMail[] }>(`/mails?limit=200&planId=${plan.id}`)
  const { ids, members, withRole } = await readImported(folder, group, people)
  const addresses = people.flatMap(({ mail }) => mail ?? [])
  const without = people.length - addresses.length
  return checkedLine(
    `Imported: ${states.done} people who are in Entra and not provisioned, ${members.length} members of “${GROUP}” with the role ${ROLE}, ${items.length} invitations; ${without} have no e-mail address.`,
    [
      ['people imported', states.done, people.length],
      ['people linked', ids.length, people.length],
      ['members', members, ids],
      ['people with the role', withRole, people.length],
      ['invitations to', items.map(({ to }) => to).toSorted(), addresses.toSorted()],
    ],
  )
}

/** Waits until the invitations have arrived, and says what the page of the mails shows. */
export async function showInvitations(
  mails: { readonly arrived: readonly unknown[]; readonly page: string },
  people: readonly EntraUser[],
): Promise<Line> {
  const invited = people.filter(({ mail }) => mail !== null)
  const wait = until(
    () => mails.arrived.length,
    (count) => count >= invited.length,
  )
  // Below it is said which are missing.
  await wait.catch(() => {})
  const page = await (await fetch(mails.page)).text()
  const onPage = page.match(/<article>/gu)?.length ?? 0
  const missing = invited.filter(
    ({ mail }) => !page.includes(`<div>To ${escape(mail ?? '')}</div>`),
  )
  return checkedLine(
    `Invited: ${mails.arrived.length} of ${invited.length} invitations have arrived in the mail catcher, and its page shows ${onPage}.`,
    [
      ['mails that arrived', mails.arrived.length, invited.length],
      ['mails on the page', onPage, invited.length],
      ['not on the page', missing.map(({ mail }) => mail), []],
    ],
  )
}
