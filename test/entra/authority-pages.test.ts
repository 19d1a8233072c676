import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Authority, Person } from './authority/authority.ts'
import {
  ada,
  APP,
  CALLBACK,
  codeIn,
  contoso,
  exchange,
  grace,
  person,
  request,
  startContoso,
  type Values,
} from './authority/contoso.ts'
import { newVisitor, visit, type Shown, type Visitor } from './authority/visitor.ts'

describe('the picker', () => {
  test('shows who is signed in first, and asks again only when it is wished', async () => {
    const authority = await contoso()
    const visitor = newVisitor()
    await visit(request(authority), grace.userPrincipalName, visitor)
    const silent = await visitor.open(request(authority))
    expect(silent.url.pathname).toBe('/auth/callback')
    const asked = await visitor.open(request(authority, { prompt: 'select_account' }))
    expect(asked.buttons).toEqual([
      'GH Grace Hopper grace.hopper@contoso.example Signed in',
      'AL Ada Lovelace ada.lovelace@contoso.example',
      'Cancel',
    ])
    const other = await visitor.press(asked, ada.userPrincipalName)
    const { body } = await exchange(authority, codeIn(other))
    expect(decodeJwt(String(body['id_token']))['oid']).toBe(ada.objectId)
    const both = await visitor.open(request(authority))
    expect(both.buttons.filter((text) => text.endsWith('Signed in'))).toHaveLength(2)
    const hinted = await visitor.open(request(authority, { login_hint: ada.userPrincipalName }))
    expect(codeIn(hinted)).not.toBe('')
  })

  test('shows eight of many people and finds the others', async () => {
    const many = Array.from({ length: 40 }, (_, index) => person(100 + index, `Person ${index}`))
    const last = person(99, '<b>Zoë & Co</b>', { userPrincipalName: 'zoe@contoso.example' })
    const authority = await contoso(...many, last)
    const visitor = newVisitor()
    const all = await visitor.open(request(authority))
    expect(all.html).toContain('8 of 41 people')
    expect(all.buttons).toHaveLength(10)
    all.url.searchParams.set('q', 'ZOË')
    const found = await visitor.open(all.url)
    expect(found.buttons).toEqual(['Search', 'C <b>Zoë & Co</b> zoe@contoso.example', 'Cancel'])
    expect(found.html).not.toContain('<b>')
    expect(codeIn(await visitor.press(found, last.userPrincipalName))).not.toBe('')
    expect(codeIn(await visit(request(authority), last.userPrincipalName))).not.toBe('')
  })

  test('is over when it was answered', async () => {
    const authority = await contoso()
    const visitor = newVisitor()
    const shown = await visitor.open(request(authority))
    await visitor.press(shown, ada.userPrincipalName)
    const again = await visitor.press(shown, grace.userPrincipalName)
    expect(again).toMatchObject({ status: 400, html: expect.stringContaining('is over') })
  })
})

async function pressAll(authority: Authority, buttons: readonly string[]): Promise<Shown> {
  const visitor = newVisitor()
  let shown = await visitor.open(request(authority))
  for (const button of buttons) shown = await visitor.press(shown, button)
  return shown
}

describe('a sign-in ends without a code', () => {
  let authority: Authority
  beforeAll(async () => {
    authority = await startContoso()
  })
  afterAll(() => authority.close())

  const UPN = ada.userPrincipalName
  test.each<[string, Partial<Person>, string[], string, number, string | null]>([
    ['when the picker is cancelled', {}, ['Cancel'], 'access_denied', 65004, 'cancel'],
    [
      'when consent is refused',
      { consent: true },
      [UPN, 'Cancel'],
      'access_denied',
      65004,
      'cancel',
    ],
    [
      'when the second factor is denied',
      { mfa: true },
      [UPN, 'Deny'],
      'access_denied',
      500121,
      null,
    ],
    ['for who is not assigned', { problem: 50105 }, [UPN], 'access_denied', 50105, null],
    ['by Conditional Access', { problem: 53003 }, [UPN], 'access_denied', 53003, null],
    ['without consent', { problem: 65001 }, [UPN], 'consent_required', 65001, null],
    ['without a second factor', { problem: 50076 }, [UPN], 'interaction_required', 50076, null],
    ['while Entra is busy', { problem: 90033 }, [UPN], 'temporarily_unavailable', 90033, null],
    ['with a code nobody knows', { problem: 12345 }, [UPN], 'server_error', 12345, null],
  ])('%s', async (_, more, buttons, error, code, subcode) => {
    authority.setPerson({ ...ada, ...more })
    const { url } = await pressAll(authority, buttons)
    expect(url.origin + url.pathname).toBe(CALLBACK)
    const { searchParams } = url
    expect(searchParams.get('error')).toBe(error)
    expect(searchParams.get('error_subcode')).toBe(subcode)
    expect(searchParams.get('state')).toBe('the state')
    expect(searchParams.get('error_description')).toMatch(
      new RegExp(
        `^AADSTS${code}: .+\\. Trace ID: [\\da-f-]{36} Correlation ID: [\\da-f-]{36} Timestamp: [\\d-]{10} [\\d:]{8}Z$`,
        'u',
      ),
    )
    expect(searchParams.has('code')).toBe(false)
  })

  test('when nobody is signed in and no page may be shown', async () => {
    authority.setPerson(ada)
    const visitor = newVisitor()
    const silent = request(authority, { prompt: 'none', response_mode: 'form_post' })
    const { form } = await visitor.open(silent)
    expect(form?.get('error')).toBe('login_required')
    expect(form?.get('error_description')).toContain('AADSTS50058: ')
    await visit(request(authority), ada.userPrincipalName, visitor)
    expect((await visitor.open(silent)).form?.has('code')).toBe(true)
  })
})

describe('a second factor and consent', () => {
  test('are asked for once', async () => {
    const authority = await contoso({ ...ada, mfa: true, consent: true })
    const visitor = newVisitor()
    const UPN = ada.userPrincipalName
    const picker = await visitor.open(request(authority))
    const approval = await visitor.press(picker, UPN)
    expect(approval.buttons).toEqual(['Approve', 'Deny'])
    const consent = await visitor.press(approval, 'Approve')
    expect(consent.buttons).toEqual(['Accept', 'Cancel'])
    const landed = await visitor.press(consent, 'Accept')
    expect((await exchange(authority, codeIn(landed))).status).toBe(200)
    for (let again = 0; again < 2; again += 1) {
      expect(codeIn(await visitor.open(request(authority)))).not.toBe('')
    }
    const elsewhere = await pressAll(authority, [UPN])
    expect(elsewhere.buttons).toEqual(['Approve', 'Deny'])
  })

  test('are switched between two sign-ins, as is a problem', async () => {
    const authority = await contoso(ada)
    expect(codeIn(await pressAll(authority, [ada.userPrincipalName]))).not.toBe('')
    authority.setPerson({ ...ada, mfa: true })
    expect((await pressAll(authority, [ada.userPrincipalName])).buttons).toContain('Approve')
    authority.setPerson({ ...ada, problem: 50057 })
    const { url } = await pressAll(authority, [ada.userPrincipalName])
    expect(url.searchParams.get('error_description')).toContain('AADSTS50057: ')
  })
})

describe('a request is answered at the authority', () => {
  test.each<[string, Values, string]>([
    ['for an address that is not registered', { redirect_uri: `${APP}/other` }, 'AADSTS50011'],
    ['for an unknown application', { client_id: 'other' }, 'AADSTS700016'],
  ])('%s', async (_, more, code) => {
    const authority = await contoso()
    const shown = await newVisitor().open(request(authority, more))
    expect(shown).toMatchObject({ status: 400, html: expect.stringContaining(code) })
    expect(shown.url.origin).toBe(authority.origin)
  })

  test('until its address is registered', async () => {
    const authority = await contoso()
    const other = `${APP}/other`
    authority.register({ redirectUris: [other] })
    const landed = await visit(request(authority, { redirect_uri: other }), ada.userPrincipalName)
    expect(landed.url.pathname).toBe('/other')
    const shown = await newVisitor().open(request(authority))
    expect(shown.html).toContain('AADSTS50011')
  })

  test('for a tenant that does not exist', async () => {
    const { origin, tenantId } = await contoso()
    for (const path of ['v2.0/.well-known/openid-configuration', 'oauth2/v2.0/token']) {
      const response = await fetch(`${origin}/30000000-0000-4000-8000-000000000000/${path}`)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ error_codes: [90002] })
    }
    const v1 = await fetch(`${origin}/${tenantId}/.well-known/openid-configuration`)
    expect(await v1.json()).toMatchObject({
      issuer: `https://sts.windows.net/${tenantId}/`,
      jwks_uri: `${origin}/${tenantId}/discovery/keys`,
    })
  })
})

describe('signing out', () => {
  function logout({ origin, tenantId }: Authority, parameters: Values = {}): string {
    const query = new URLSearchParams(parameters).toString()
    return `${origin}/${tenantId}/oauth2/v2.0/logout?${query}`
  }

  /** Signs in, and returns the claims. */
  async function signIn(authority: Authority, who: Person, visitor: Visitor) {
    const wish = request(authority, { prompt: 'select_account' })
    const landed = await visit(wish, who.userPrincipalName, visitor)
    const { body } = await exchange(authority, codeIn(landed))
    return decodeJwt<{ sid: string; login_hint: string }>(String(body['id_token']))
  }

  function frames({ html }: Shown): string[] {
    return [...html.matchAll(/<iframe[^>]* src="([^"]+)"/gu)].map(([, address = '']) =>
      address.replaceAll('&amp;', '&'),
    )
  }

  const back = { post_logout_redirect_uri: `${APP}/bye?from=entra`, state: 'x&y' }

  test('tells the application on its front channel and goes back', async () => {
    const authority = await contoso()
    const visitor = newVisitor()
    const { iss, sid } = await signIn(authority, ada, visitor)
    const shown = await visitor.open(logout(authority, back))
    const query = new URLSearchParams({ a: 'b', iss: String(iss), sid })
    expect(frames(shown)).toEqual([`${APP}/front?${query.toString()}`])
    expect(shown.html).toContain('You are signed out')
    expect(shown.html).toContain(
      `<meta http-equiv="refresh" content="0;url=${APP}/bye?from=entra&amp;state=x%26y">`,
    )
    const { buttons } = await visitor.open(request(authority))
    expect(buttons.join()).not.toContain('Signed in')
    const silent = await visitor.open(request(authority, { prompt: 'none' }))
    expect(silent.url.searchParams.get('error')).toBe('login_required')
    const again = await visitor.open(logout(authority, back))
    expect(again.url.href).toBe(`${APP}/bye?from=entra&state=x%26y`)
  })

  test('stays there when the way back is not registered', async () => {
    const authority = await contoso()
    const elsewhere = { post_logout_redirect_uri: `${APP}/elsewhere` }
    const shown = await newVisitor().open(logout(authority, elsewhere))
    expect(shown.html).toContain('You can close this window')
    expect(shown.html).not.toContain('elsewhere')
    const { origin, tenantId } = authority
    const response = await fetch(`${origin}/${tenantId}/oauth2/v2.0/logout`, {
      method: 'POST',
      body: new URLSearchParams(back),
      redirect: 'manual',
    })
    expect(response.headers.get('location')).toContain('/bye?from=entra&state=')
  })

  test('ends one of two sign-ins when it is hinted at, and both otherwise', async () => {
    const authority = await contoso()
    const visitor = newVisitor()
    const first = await signIn(authority, ada, visitor)
    const second = await signIn(authority, grace, visitor)
    const again = await signIn(authority, ada, visitor)
    expect(again.sid).toBe(first.sid)
    expect(frames(await visitor.open(logout(authority)))).toHaveLength(2)
    const { login_hint: hint } = await signIn(authority, ada, visitor)
    const { sid } = await signIn(authority, grace, visitor)
    expect(sid).not.toBe(second.sid)
    expect(frames(await visitor.open(logout(authority, { logout_hint: hint })))).toHaveLength(1)
    const silent = await visitor.open(request(authority))
    const { body } = await exchange(authority, codeIn(silent))
    expect(decodeJwt(String(body['id_token']))).toMatchObject({ oid: grace.objectId, sid })
  })
})
