import type { EntraUser } from '../directory/entra-directory.ts'
import { DirectoryError } from '../directory/errors.ts'
import {
  addressesOf,
  judge,
  nameKeyOf,
  propose,
  wantedOf,
  type Found,
  type Wanted,
} from '../directory/import.ts'
import type { Proposal } from '../directory/proposal.ts'
import type { ImportOptions, ImportSubject, Invite, Judgement } from '../directory/plan.ts'
import type { Link, User } from '../directory/user.ts'
import type { Context, Write } from './context.ts'
import type { Db } from './engine.ts'
import { joinGroup } from './groups.ts'
import { queueMail } from './outbox.ts'
import { linkedId, usersBy, usersByAddress } from './user-rows.ts'
import { insertUser, save, settleName } from './users.ts'
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

/** How a person stands to the users here, and the user it is about. */
export async function judgePerson(
  context: Context,
  db: Db,
  person: EntraUser,
  tenantId: string,
): Promise<Judgement & { readonly found: User | undefined }> {
  const found = await find(context, db, person, { tenantId, objectId: person.id })
  const judgement = judge(person, found)
  const all = [found.linked, ...found.sameId, found.sameName, ...found.sameAddress]
  return { ...judgement, found: all.find((user) => user?.id === judgement.user?.id && user) }
}

/** What an import would do with a person, and with whom. */
export interface Proposed extends Proposal {
  readonly found: User | undefined
  readonly wanted: Wanted
}

/** What an import would do with a person as things are. */
export async function proposeFor(
  context: Context,
  db: Db,
  { person, chosen }: ImportSubject,
  tenantId: string,
  options: ImportOptions,
): Promise<Proposed> {
  const wanted = wantedOf(options, chosen)
  const { found, ...judgement } = await judgePerson(context, db, person, tenantId)
  const link = { tenantId, objectId: person.id }
  return { ...propose(judgement, found, link, wanted), found, wanted }
}

/** The user that a proposal makes of a person. */
async function write(
  context: Write,
  { action, attributes, found }: Proposed,
  link: Link,
): Promise<User | undefined> {
  if (!attributes) return undefined
  if (action === 'create') {
    await settleName(context, attributes, undefined)
    return insertUser(context, { attributes, origin: 'import' })
  }
  if (!found) throw new DirectoryError('notFound', 'The user is not there any more.')
  if (action === 'reactivate') return save(context, found, attributes)
  if (userNameKey(attributes) !== userNameKey(found.attributes)) {
    await settleName(context, attributes, found.id)
  }
  return save(context, found, attributes, { action: 'user.linked', link })
}

/** When an invitation is sent, or that it is kept. */
function invitationFor({ at }: Write, invite: Invite) {
  const due = invite.when === 'at' ? invite.at : at
  const state = invite.when === 'later' ? 'kept' : 'waiting'
  return { kind: 'invitation', state, due } as const
}

/** Does what was proposed for a person, with the groups and the invitation that go with it. */
export async function carryOut(
  context: Write,
  person: EntraUser,
  proposal: Proposed,
  tenantId: string,
  planId: string,
): Promise<User | undefined> {
  const user = await write(context, proposal, { tenantId, objectId: person.id })
  if (!user || proposal.action === 'reactivate') return user
  const { groups, invite } = proposal.wanted
  for (const id of groups) await joinGroup(context, id, user.id)
  if (invite.when !== 'never' && person.mail !== undefined && person.enabled) {
    await queueMail(context, {
      userId: user.id,
      to: person.mail,
      planId,
      ...invitationFor(context, invite),
    })
  }
  return user
}
