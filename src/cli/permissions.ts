import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Holder } from '../directory/permission.ts'
import type { Directory } from '../directory/store.ts'
import { isActive, userName, type User } from '../directory/user.ts'
import {
  jsonOption,
  organisationOption,
  type JsonOption,
  type OrganisationOption,
} from './arguments.ts'
import { causeOf, withDirectory } from './open.ts'
import { Failure, json, plain, table, type Terminal } from './terminal.ts'
import { requireUser } from './users.ts'

function parsePermission(text: string): string {
  if (/^[^\s\p{Cc}]{1,200}$/u.test(text)) return text
  throw new InvalidArgumentError('Write 1 to 200 characters without blanks, such as projects.read.')
}

function parseRole(text: string): string {
  if (/^(?=.*\S)\P{Cc}{1,200}$/u.test(text)) return text
  throw new InvalidArgumentError('Write 1 to 200 characters on one line.')
}

/** A holder with the name that a person knows it by. */
type Named = Holder & { readonly displayName?: string }

async function namesOf(directory: Directory, holders: readonly Holder[]) {
  const ids = new Set(holders.flatMap((holder) => (holder.kind === 'group' ? [holder.id] : [])))
  const names = new Map<string, string>()
  for (const id of ids) {
    const group = await directory.groups.read(id, false)
    const name = group?.attributes['displayName']
    if (typeof name === 'string') names.set(id, name)
  }
  return names
}

function shown(holder: Named): string {
  return holder.kind === 'group' ? (holder.displayName ?? holder.id) : holder.value
}

function list(terminal: Terminal, options: OrganisationOption & JsonOption) {
  return withDirectory(terminal, options.organisation, async ({ directory }) => {
    const grants = await directory.permissions.list()
    const names = await namesOf(
      directory,
      grants.map(({ holder }) => holder),
    )
    const named = grants.map(({ holder, permission }): { holder: Named; permission: string } => {
      const displayName = holder.kind === 'group' ? names.get(holder.id) : undefined
      return { holder: displayName === undefined ? holder : { ...holder, displayName }, permission }
    })
    if (options.json) return terminal.write(json(named))
    if (named.length === 0) {
      terminal.write('No group and no role has permissions.\n')
      return
    }
    terminal.write(
      table(
        ['KIND', 'NAME', 'PERMISSION'],
        named.map(({ holder, permission }) => [holder.kind, shown(holder), permission]),
      ),
    )
  })
}

interface HolderOptions extends OrganisationOption {
  readonly group?: string
  readonly role?: string
}

async function holderOf(
  directory: Directory,
  { group: name, role }: HolderOptions,
): Promise<Holder> {
  if (name === undefined) return { kind: 'role', value: role ?? '' }
  const group = await directory.groups.named(name)
  if (!group) throw new Failure(`There is no group "${plain(name)}".`)
  return { kind: 'group', id: group.id }
}

type Decision = 'grant' | 'revoke'

function decide(
  terminal: Terminal,
  decision: Decision,
  permissions: readonly string[],
  options: HolderOptions,
) {
  return withDirectory(terminal, options.organisation, async ({ directory }) => {
    const holder = await holderOf(directory, options)
    const cause = causeOf(terminal)
    for (const permission of permissions) {
      await directory.permissions[decision]({ holder, permission }, cause)
    }
    const done = decision === 'grant' ? 'Granted to' : 'Revoked from'
    const name = plain(options.group ?? options.role ?? '')
    terminal.write(`${done} the ${holder.kind} "${name}": ${plain(permissions.join(', '))}.\n`)
  })
}

function rolesOf({ attributes }: User): string[] {
  const { roles } = attributes
  return (Array.isArray(roles) ? roles : []).flatMap((role) => {
    if (typeof role !== 'object' || role === null || Array.isArray(role)) return []
    return typeof role['value'] === 'string' ? [role['value']] : []
  })
}

/** What a user may do, and through which groups and roles: each of them is asked about as if it were the only one. */
async function explain({ permissions }: Directory, user: User) {
  const through = async (groups: User['groups'], roles: readonly string[]) => {
    const attributes = { ...user.attributes, roles: roles.map((value) => ({ value })) }
    return permissions.effective({ ...user, groups, attributes })
  }
  const explained = (await permissions.effective(user)).map((permission) => ({
    permission,
    groups: [] as User['groups'][number][],
    roles: [] as string[],
  }))
  for (const group of user.groups) {
    const given = await through([group], [])
    for (const one of explained) if (given.includes(one.permission)) one.groups.push(group)
  }
  for (const role of rolesOf(user)) {
    const given = await through([], [role])
    for (const one of explained) if (given.includes(one.permission)) one.roles.push(role)
  }
  return explained
}

function of(terminal: Terminal, name: string, options: OrganisationOption & JsonOption) {
  return withDirectory(terminal, options.organisation, async ({ directory }) => {
    const user = await requireUser(directory, name)
    const active = isActive(user.attributes)
    const permissions = await explain(directory, user)
    const known = userName(user.attributes)
    if (options.json) {
      return terminal.write(json({ id: user.id, userName: known, active, permissions }))
    }
    if (permissions.length === 0) {
      const is = active ? '' : ' is inactive and'
      terminal.write(`${plain(known)}${is} has no permissions.\n`)
      return
    }
    terminal.write(
      table(
        ['PERMISSION', 'THROUGH'],
        permissions.map(({ permission, groups, roles }) => [
          permission,
          [
            ...groups.map(({ displayName }) => `group ${displayName}`),
            ...roles.map((role) => `role ${role}`),
          ].join(', '),
        ]),
      ),
    )
  })
}

export function addPermissionCommands(program: Command, terminal: Terminal): void {
  const permissions = program
    .command('permission')
    .description('permissions: what the members of groups and the users of roles may do')

  permissions
    .command('list')
    .description('list what each group and role may do')
    .addOption(organisationOption())
    .addOption(jsonOption())
    .action((options: OrganisationOption & JsonOption) => list(terminal, options))

  const deciding = (decision: Decision, description: string, note: string) =>
    permissions
      .command(decision)
      .description(description)
      .argument(
        '<permission...>',
        'as the application calls it',
        (text: string, before: readonly string[] | undefined) => [
          ...new Set([...(before ?? []), parsePermission(text)]),
        ],
      )
      .addOption(new Option('--group <name>', 'the display name of a group').conflicts('role'))
      .addOption(new Option('--role <value>', 'the value of a role').argParser(parseRole))
      .addOption(organisationOption())
      .addHelpText(
        'after',
        `
${note}

Examples:
  npm run cli -- permission ${decision} projects.read projects.write --group Sales
  npm run cli -- permission ${decision} projects.approve --role "Project manager"`,
      )
      .action((given: readonly string[], options: HolderOptions, command: Command) => {
        if (options.group === undefined && options.role === undefined) {
          command.error('Write --group or --role.', { exitCode: 2 })
        }
        return decide(terminal, decision, given, options)
      })

  deciding(
    'grant',
    'let the members of a group, or the users of a role, do something',
    'It holds from the next request of those who are signed in.',
  )
  deciding(
    'revoke',
    'take back what a group or role may do',
    'Who is in another group or role that may do the same still may.',
  )

  permissions
    .command('of')
    .description('show what a user may do, and through which groups and roles')
    .argument('<username>', 'the user name')
    .addOption(organisationOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run cli -- permission of adele@contoso.example')
    .action((name: string, options: OrganisationOption & JsonOption) => of(terminal, name, options))
}
