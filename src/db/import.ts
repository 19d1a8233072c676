import type { EntraUser } from '../directory/entra-directory.ts'
import { DirectoryError } from '../directory/errors.ts'
import {
  addressesOf,
  judge,
  nameKeyOf,
  propose,
  wantedOf,
  type Found,
  type Givers,
} from '../directory/import.ts'
import type { Proposal } from '../directory/proposal.ts'
import type { ImportOptions, ImportSubject, Invite, Judgement } from '../directory/plan.ts'
import type { Link, User } from '../directory/user.ts'
import { joinAll } from './assignments.ts'
import type { Context, Write } from './context.ts'
import type { Db } from './engine.ts'
import { mappingsIn } from './mapping-rows.ts'
import { queueMail } from './outbox.ts'
import { rulesIn } from './rules.ts'
import { linkedId, usersBy, usersByAddress } from './user-rows.ts'
import { settleName } from './settle-name.ts'
import { insertUser, save } from './user-writes.ts'
import { userNameKey } from './rows.ts'

async function find(context: Context, db: Db, person: EntraUser, link: Link): Promise<Found> {
  const id = await linkedId(context, db, link)
  const [linked] = id === undefined ? [] : await usersBy(context, db, 'id', id, 'all')
  if (linked) return { linked, sameId: [], sameName: undefined, sameAddress: [] }
  const [sameName] = await usersBy(context, db, 'userNameKey', nameKeyOf(person), 'all')
  return {
    linked,
    sameId: await usersBy(context, db, 'externalId', person.id, 'all'),
    sameName,
    sameAddress: await usersByAddress(context, db, addressesOf(person)),
  }
}

/** How a person stands to the users here, and the user it is about; `chosen` is whom an administrator takes it for. */
export async function judgePerson(
  context: Context,
  db: Db,
  person: EntraUser,
  tenantId: string,
  chosen?: string,
): Promise<Judgement & { readonly found: User | undefined }> {
  const found = await find(context, db, person, { tenantId, objectId: person.id })
  const [user] = chosen === undefined ? [] : await usersBy(context, db, 'id', chosen, 'all')
  const judgement = judge(person, found, chosen === undefined ? undefined : { id: chosen, user })
  const all = [found.linked, ...found.sameId, found.sameName, ...found.sameAddress, user]
  return { ...judgement, found: all.find((user) => user?.id === judgement.user?.id && user) }
}

/** What gives the new users of an import something besides what was chosen for it. */
export async function giversOf(
  context: Context,
  db: Db,
  { rules }: ImportOptions,
): Promise<Givers> {
  if (!rules) return { rules: [], mappings: [] }
  return { rules: await rulesIn(context, db), mappings: await mappingsIn(context, db) }
}

/** What an import would do with a person, and with whom. */
export interface Proposed extends Proposal {
  readonly found: User | undefined
}

/** What an import would do with a person as things are. */
export async function proposeFor(
  context: Context,
  db: Db,
  { person, chosen }: ImportSubject,
  tenantId: string,
  options: ImportOptions,
  givers: Givers,
): Promise<Proposed> {
  const wanted = wantedOf(options, chosen, givers)
  const { found, ...judgement } = await judgePerson(context, db, person, tenantId, chosen.link)
  const link = { tenantId, objectId: person.id }
  return { ...propose(judgement, found, link, wanted), found }
}

/** The user that a proposal makes of a person. */
async function write(
  context: Write,
  { action, attributes, found, because: causes = [] }: Proposed,
  link: Link,
  planId: string,
): Promise<User | undefined> {
  if (!attributes) return undefined
  const because = [{ path: 'plan', to: planId }, ...causes]
  if (action === 'create') {
    await settleName(context, attributes, undefined)
    return insertUser(context, { attributes, origin: 'import' }, because)
  }
  if (!found) throw new DirectoryError('notFound', 'The user is not there any more.')
  if (action === 'reactivate') return save(context, found, attributes, { because })
  if (userNameKey(attributes) !== userNameKey(found.attributes)) {
    await settleName(context, attributes, found.id)
  }
  return save(context, found, attributes, { action: 'user.linked', link, because })
}

/** When an invitation is sent, or that it is kept. */
function invitationFor({ at }: Write, invite: Invite) {
  const due = invite.when === 'at' ? invite.at : at
  const state = invite.when === 'later' ? 'kept' : 'waiting'
  return { kind: 'invitation', state, due } as const
}

/** Does what the plan of this id proposed for a person, with the groups and the invitation that go with it. */
export async function carryOut(
  context: Write,
  person: EntraUser,
  proposal: Proposed,
  tenantId: string,
  planId: string,
): Promise<User | undefined> {
  const user = await write(context, proposal, { tenantId, objectId: person.id }, planId)
  if (!user) return undefined
  const { joins = [], invitation } = proposal
  await joinAll(context, user.id, joins, planId)
  if (invitation) {
    const { to, invite } = invitation
    await queueMail(context, { userId: user.id, to, planId, ...invitationFor(context, invite) })
  }
  return user
}
