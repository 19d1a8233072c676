import { denied } from './failure.ts'
import type { Context, State } from './state.ts'

export type Area = 'users' | 'groups' | 'applications' | 'userAssignments' | 'everything'

const DIRECTORY = ['Directory.Read.All', 'Directory.ReadWrite.All']

/** The application permissions that open each area, as Microsoft documents them. */
const OPENED_BY: Readonly<Record<Area, readonly string[]>> = {
  users: ['User.Read.All', 'User.ReadWrite.All', ...DIRECTORY],
  groups: ['GroupMember.Read.All', 'Group.Read.All', 'Group.ReadWrite.All', ...DIRECTORY],
  applications: ['Application.Read.All', 'Application.ReadWrite.All', ...DIRECTORY],
  userAssignments: ['AppRoleAssignment.ReadWrite.All', ...DIRECTORY],
  everything: DIRECTORY,
}

export function may({ permissions }: State, area: Area): boolean {
  return OPENED_BY[area].some((permission) => permissions.includes(permission))
}

/** Refuses the request unless one of the areas is open to the application. */
export function need({ state }: Context, ...areas: readonly Area[]): void {
  if (!areas.some((area) => may(state, area))) throw denied()
}
