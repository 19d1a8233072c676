import Database from 'better-sqlite3'
import type { Cause } from '../src/directory/event.ts'
import type { Directory } from '../src/directory/store.ts'
import { idOf } from './people.ts'

const GROUPS = 60
const MEMBERS = 12_000
const DIGITS = 2

/** The first of the large groups, and the mapping that filled it. */
export interface Large {
  readonly group: string
  readonly mapping: string
}

/** Copies the one membership that each group has for as many users as a group has members. */
const FILL = `INSERT OR IGNORE INTO members (organisation, group_id, member_id, type, via, since)
  SELECT members.organisation, group_id, some.id, type, via, since
  FROM members CROSS JOIN (SELECT id FROM users WHERE organisation = 'default' ORDER BY id LIMIT ${MEMBERS}) AS some
  WHERE members.organisation = 'default' AND group_id = ?`

/**
 * Makes some large groups that come first in a list, each with a rule and a mapping, and has the store itself put somebody
 * into them, whose memberships are then copied: a tenth came of the mapping.
 */
export async function addLargeGroups(
  { groups, mappings, rules }: Directory,
  file: string,
  cause: Cause,
): Promise<Large> {
  const made: Large[] = []
  for (let number = 1; number <= GROUPS; number += 1) {
    const name = `A large group ${String(number).padStart(DIGITS, '0')}`
    const { id: group } = await groups.create(
      {
        attributes: { displayName: name },
        members: { kind: 'add', members: [{ value: idOf(0) }] },
        origin: 'local',
      },
      cause,
    )
    const entraGroup = `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`
    const { id: mapping } = await mappings.create(
      { entraGroup, entraName: name, nested: false, group },
      cause,
    )
    await rules.create({ name, filter: `title eq "${name}"`, groups: [group] }, cause)
    made.push({ group, mapping })
  }
  const database = new Database(file)
  const fill = database.prepare(FILL)
  const map = database.prepare(
    `UPDATE members SET via = ? WHERE organisation = 'default' AND group_id = ? AND member_id LIKE '%0'`,
  )
  database.transaction(() => {
    for (const { group, mapping } of made) {
      fill.run(group)
      map.run(`mapping:${mapping}`, group)
    }
  })()
  database.close()
  const [first] = made
  if (!first) throw new Error('There are no large groups.')
  return first
}
