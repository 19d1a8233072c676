import { notFound } from './failure.ts'
import { render } from './kind.ts'
import { contextOf, listPage } from './list.ts'
import { need } from './permissions.ts'
import { checkOptions, readNames } from './query.ts'
import type { Answer } from './request.ts'
import {
  assignmentKind,
  servicePrincipalKind,
  type ServicePrincipal,
} from './service-principal-kind.ts'
import type { Context } from './state.ts'

/** The service principal of the path: of its own id, or of the application's. */
function principalOf(
  { directory, ids: [id = ''] }: Context,
  key: 'id' | 'appId',
): ServicePrincipal {
  const principal = directory.servicePrincipal()
  if (principal[key] !== id.toLowerCase()) throw notFound(id)
  return principal
}

export function listServicePrincipals(context: Context): Answer {
  need(context, 'applications')
  return listPage(context, {
    kind: servicePrincipalKind,
    items: [context.directory.servicePrincipal()],
    allowed: '$select $filter $search $orderby $top $count',
    set: 'servicePrincipals',
  })
}

export function getServicePrincipal(key: 'id' | 'appId'): (context: Context) => Answer {
  return (context) => {
    const { state, request } = context
    need(context, 'applications')
    checkOptions(request, '$select')
    const names = readNames(servicePrincipalKind, request.options.get('$select'))
    const shown = render(servicePrincipalKind, principalOf(context, key), names)
    const entity = { '@odata.context': `${contextOf(state, request, 'servicePrincipals')}/$entity` }
    return { status: 200, body: { ...entity, ...shown } }
  }
}

/** Users and groups that are assigned to the application. */
export function listAssigned(key: 'id' | 'appId'): (context: Context) => Answer {
  return (context) => {
    need(context, 'applications')
    principalOf(context, key)
    return listPage(context, {
      kind: assignmentKind,
      items: context.directory.assignments().all,
      allowed: '$select $top $count',
      set: 'appRoleAssignments',
    })
  }
}
