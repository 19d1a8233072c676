import type { EntraGroup } from '../tenant.ts'
import { notFound } from './failure.ts'
import { groupKind } from './group-kind.ts'
import { render } from './kind.ts'
import { contextOf, listPage } from './list.ts'
import { relatedPage } from './objects.ts'
import { need } from './permissions.ts'
import { checkOptions, readNames } from './query.ts'
import type { Answer } from './request.ts'
import type { Context } from './state.ts'

function groupOf({ directory, ids: [id = ''] }: Context): EntraGroup {
  const group = directory.tenant.groups.get(id) ?? directory.tenant.groups.get(id.toLowerCase())
  if (group === undefined) throw notFound(id)
  return group
}

export function listGroups(context: Context): Answer {
  need(context, 'groups')
  return listPage(context, {
    kind: groupKind,
    items: context.directory.groups(),
    allowed: '$select $filter $search $orderby $top $count',
    set: 'groups',
  })
}

export function getGroup(context: Context): Answer {
  const { state, request } = context
  need(context, 'groups')
  checkOptions(request, '$select')
  const names = readNames(groupKind, request.options.get('$select'))
  const entity = { '@odata.context': `${contextOf(state, request, 'groups')}/$entity` }
  return { status: 200, body: { ...entity, ...render(groupKind, groupOf(context), names) } }
}

export function listMembers(context: Context): Answer {
  need(context, 'groups')
  const members = context.directory.members(groupOf(context))
  return relatedPage(context, members, { cast: context.ids[1], transitive: false })
}

export function listTransitiveMembers(context: Context): Answer {
  need(context, 'groups')
  const members = context.directory.transitiveMembers(groupOf(context))
  return relatedPage(context, members, { cast: context.ids[1], transitive: true })
}
