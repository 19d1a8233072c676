import { createHash } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { startAuthority, type Authority, type Person } from './authority.ts'
import type { Shown } from './visitor.ts'

export const APP = 'http://127.0.0.1:9'
export const CALLBACK = `${APP}/auth/callback`
export const SCOPES = ['openid', 'profile', 'email']
const SECRET = 'a secret of the app registration'
const VERIFIER = 'v'.repeat(43)

export function person(number: number, displayName: string, more: Partial<Person> = {}): Person {
  const name = displayName.toLowerCase().replaceAll(/[^a-z]+/gu, '.')
  return {
    objectId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    userPrincipalName: `${name}@contoso.example`,
    displayName,
    ...more,
  }
}

export const ada = person(1, 'Ada Lovelace', { appRoles: ['Designer', 'Sales'] })
export const grace = person(2, 'Grace Hopper')

/** The authority of Contoso, with Ada and Grace unless others are given. */
export function startContoso(...people: Person[]): Promise<Authority> {
  return startAuthority({
    tenantId: '10000000-0000-4000-8000-000000000000',
    clientId: '20000000-0000-4000-8000-000000000000',
    clientSecret: SECRET,
    redirectUris: [CALLBACK],
    postLogoutRedirectUris: [`${APP}/bye?from=entra`],
    frontChannelLogoutUri: `${APP}/front?a=b`,
    people: people.length > 0 ? people : [ada, grace],
  })
}

/** The same until the test has finished. */
export async function contoso(...people: Person[]): Promise<Authority> {
  const authority = await startContoso(...people)
  onTestFinished(() => authority.close())
  return authority
}

export type Values = Readonly<Record<string, string>>

/** The address of an authorization request as an application without MSAL makes it. */
export function request({ origin, tenantId, clientId }: Authority, more: Values = {}): URL {
  const url = new URL(`${origin}/${tenantId}/oauth2/v2.0/authorize`)
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: SCOPES.join(' '),
    state: 'the state',
    nonce: 'the nonce',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  }).toString()
  return url
}

/** Redeems a code as that application. */
export async function exchange(
  { origin, tenantId, clientId }: Authority,
  code: string,
  more: Values = {},
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const response = await fetch(`${origin}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      client_secret: SECRET,
      code,
      redirect_uri: CALLBACK,
      code_verifier: VERIFIER,
      ...more,
    }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

export function codeIn({ url }: Shown): string {
  return url.searchParams.get('code') ?? ''
}
