import { setTimeout } from 'node:timers/promises'
import type { EntraDirectory } from '../directory/entra-directory.ts'
import type { AppRegistration } from './app.ts'
import { appRoles } from './app-roles.ts'
import { appToken } from './app-token.ts'
import { readChanges } from './changes.ts'
import { readExpiry, runChecks } from './checks.ts'
import { graphClient } from './graph-client.ts'
import { graphLists } from './graph-lists.ts'
import { graphPeople } from './graph-people.ts'
import type { Pause } from './patience.ts'

/** The people of a tenant, read through Microsoft Graph in the name of the application. */
export function entraDirectory(
  registration: AppRegistration,
  graphUrl: string,
  pause: Pause = (seconds) => setTimeout(seconds * 1_000),
): EntraDirectory {
  const { tenantId, clientId, credential } = registration
  const secret = credential.kind === 'secret' ? credential.secret : undefined
  let token = appToken(registration, graphUrl)
  const tokens = {
    get: () => token(),
    renew() {
      token = appToken(registration, graphUrl)
    },
  }
  const client = graphClient(graphUrl, tokens, pause)
  const lists = graphLists(client, graphUrl)
  const people = graphPeople(client, lists)
  return {
    tenantId,
    check: () => runChecks(client, tokens, { clientId, secret }),
    credentialExpires: () => readExpiry(client, { clientId, secret }),
    ...people,
    ...appRoles(client, lists, people, clientId),
    changes: (link) => readChanges(lists, link),
  }
}
