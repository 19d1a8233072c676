import type { QueuedMail } from '../../src/directory/outbox.ts'
import type { Administrator } from './administrator.ts'
import {
  isFinished,
  makeLocalGroup,
  planImport,
  whenImport,
  withDirectory,
} from './entrance-import.ts'
import { makeUser } from './make-tenant.ts'
import { makeRandom } from './random.ts'
import type { EntraUser, Tenant } from './tenant.ts'

const COLLEAGUES = 24
/** Serial numbers that no tenant of the demo gets to. */
const FIRST_SERIAL = 9_000_001
const GROUP = 'Project managers'
const ROLE = 'PM'

/** A name that is easy to type and that nobody else has. */
const first: Partial<EntraUser> = {
  userPrincipalName: 'ina.imported@contoso.example',
  displayName: 'Ina Imported',
  givenName: 'Ina',
  surname: 'Imported',
  mail: 'ina.imported@contoso.example',
  preferredLanguage: 'en-US',
  guest: false,
}

/** People who are in Entra, and whom nobody has assigned to the application: provisioning leaves them out. */
export function makeColleagues(seed: number): EntraUser[] {
  const random = makeRandom(seed)
  return Array.from({ length: COLLEAGUES }, (_, index) => ({
    ...makeUser(random, FIRST_SERIAL + index, null),
    ...(index === 0 && first),
    assigned: false,
  }))
}

/** The tenant with more people. */
export function withPeople(tenant: Tenant, people: readonly EntraUser[]): Tenant {
  const more = people.map((person) => [person.objectId, person] as const)
  return { ...tenant, users: new Map([...tenant.users, ...more]) }
}

/** Imports people into the Entrance of a folder as an administrator does, and says what came of it. */
export async function showImport(
  admin: Administrator,
  folder: string,
  people: readonly EntraUser[],
): Promise<{ isRight: boolean; text: string }> {
  const group = await makeLocalGroup(folder, GROUP)
  const ids = people.map(({ objectId }) => objectId)
  const { plan } = await planImport(admin, ids, {
    groups: [group],
    role: ROLE,
    invite: { when: 'now' },
  })
  await admin.post(`/imports/${plan.id}/start`)
  const { states } = await whenImport(admin, plan, isFinished)
  const { items } = await admin.get<{ items: QueuedMail[] }>('/mails?limit=200')
  const members = await withDirectory(folder, async ({ groups }) => {
    return (await groups.read(group, true))?.members?.length ?? 0
  })
  const invited = people.filter(({ mail }) => mail !== null).length
  const isRight = states.done === ids.length && members === ids.length && items.length === invited
  return {
    isRight,
    text: `${isRight ? 'Imported' : `FAILED import of ${ids.length} people`}: ${states.done} people who are in Entra and not provisioned, ${members} members of “${GROUP}” with the role ${ROLE}, ${items.length} invitations.`,
  }
}
