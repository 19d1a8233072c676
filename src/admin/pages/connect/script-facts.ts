import type { Cloud } from '../../../directory/settings.ts'
import { entraPlaces, type EntraPlaces } from './places.ts'

/** What a script has to know of this server; nothing of it is secret. */
export interface ScriptFacts extends EntraPlaces {
  readonly scimUrl: string
  /** Undefined where nobody has said yet which tenant it is. */
  readonly tenantId: string | undefined
  readonly cloud: Cloud
}

/** The application that Entra makes enterprise applications from, and Graph, in each cloud. */
export const cloudFacts: Readonly<
  Record<Cloud, { readonly template: string; readonly graph: string; readonly environment: string }>
> = {
  global: {
    template: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621',
    graph: 'https://graph.microsoft.com',
    environment: 'Global',
  },
  us: {
    template: '4602d0b4-76bb-404b-bca9-2652e1a39c6d',
    graph: 'https://graph.microsoft.us',
    environment: 'USGov',
  },
  china: {
    template: '5a532e38-1581-4918-9658-008dc27c1d68',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    environment: 'China',
  },
}

/** Microsoft Graph itself, as an application: the same in every tenant and cloud. */
export const GRAPH_APP = '00000003-0000-0000-c000-000000000000'

/** What Entrance reads, as application permissions of Graph. */
export const PERMISSIONS = ['User.Read.All', 'GroupMember.Read.All', 'Application.Read.All']

/** What a sign-in asks for, in the name of the person. */
export const SIGN_IN_SCOPES = ['openid', 'profile', 'email']

export function scriptFacts(given: {
  readonly publicUrl: string
  readonly scimUrl: string
  readonly tenantId: string | undefined
  readonly cloud: Cloud
}): ScriptFacts {
  const { publicUrl, ...facts } = given
  return { ...entraPlaces(publicUrl), ...facts }
}
