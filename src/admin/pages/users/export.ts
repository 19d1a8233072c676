import { usersTexts } from '../../../texts/users.ts'
import { common } from '../../../texts/common.ts'
import type { Asked } from '../../console/asked.ts'
import { listedUserOf } from '../../listed-user.ts'
import { listUsers } from '../../user-list.ts'
import { chosenBy, type Row } from './listing.ts'

const { columns, filters } = usersTexts

/** So many are read at once where a SCIM filter says whom. */
const AT_ONCE = 200

async function* foundBy(asked: Asked, filter: string): AsyncGenerator<Row> {
  let after: string | undefined
  do {
    const query = { filter, count: AT_ONCE, ...(after === undefined ? {} : { after }) }
    const page = await listUsers.call(asked, { query })
    yield* page.items
    after = page.next
  } while (after !== undefined)
}

async function* all(asked: Asked): AsyncGenerator<Row> {
  const chosen = chosenBy(asked)
  if ('filter' in chosen) return yield* foundBy(asked, chosen.filter)
  const { linked, sort = 'name', ...others } = chosen
  const whom = { ...others, sort, ...(linked === undefined ? {} : { linked: linked === 'true' }) }
  for await (const each of asked.directory.roster.export(whom)) yield listedUserOf(each)
}

/** The users of a list as lines of a table, all pages of it. */
export async function* linesOf(asked: Asked): AsyncGenerator<readonly string[]> {
  const { status, statuses, linked } = filters
  yield [
    'id',
    columns.name,
    usersTexts.added.userName,
    columns.email,
    columns.title,
    columns.department,
    columns.origin,
    status,
    linked,
    columns.groups,
    columns.roles,
    columns.created,
    columns.lastSignIn,
  ]
  for await (const user of all(asked)) {
    yield [
      user.id,
      user.displayName ?? '',
      user.userName,
      user.email ?? '',
      user.title ?? '',
      user.department ?? '',
      filters.origins[user.origin],
      user.active ? statuses.active : statuses.inactive,
      user.linked ? common.yes : common.no,
      user.groups.map(({ displayName }) => displayName).join('; '),
      user.roles.join('; '),
      user.created,
      user.lastSignIn ?? '',
    ]
  }
}
