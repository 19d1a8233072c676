import { applicationKind, type Application } from './application-kind.ts'
import { uuidOf } from './derive.ts'
import { notFound } from './failure.ts'
import { render } from './kind.ts'
import { contextOf, listPage } from './list.ts'
import { need } from './permissions.ts'
import { checkOptions, readNames } from './query.ts'
import type { Answer } from './request.ts'
import type { Context } from './state.ts'

function registered({ state, directory }: Context): Application {
  const { appId, displayName } = directory.servicePrincipal()
  const { secrets, certificates } = state
  return { id: uuidOf(`application ${appId}`), appId, displayName, secrets, certificates }
}

export function listApplications(context: Context): Answer {
  need(context, 'applications')
  return listPage(context, {
    kind: applicationKind,
    items: [registered(context)],
    allowed: '$select $filter $search $orderby $top $count',
    set: 'applications',
  })
}

/** The app registration of the path: of its own id, or of the application's. */
export function getApplication(key: 'id' | 'appId'): (context: Context) => Answer {
  return (context) => {
    const { state, request, ids } = context
    const [id = ''] = ids
    need(context, 'applications')
    checkOptions(request, '$select')
    const names = readNames(applicationKind, request.options.get('$select'))
    const found = registered(context)
    if (found[key] !== id.toLowerCase()) throw notFound(id)
    const entity = { '@odata.context': `${contextOf(state, request, 'applications')}/$entity` }
    return { status: 200, body: { ...entity, ...render(applicationKind, found, names) } }
  }
}
