import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Person } from '../entra/authority/authority.ts'
import { cause } from '../support/app.ts'
import { ada, grace } from '../support/microsoft.ts'
import { newLocalUser } from '../support/people.ts'
import { openOffice, type Office } from './office.ts'
import { box, button, connectAs, goToEntra, link, nameField, sees } from './steps.ts'
import { closeBrowserAtEnd, openWindow } from './window.ts'

closeBrowserAtEnd()

/** An office that Ada works in, and a window at its sign-in. */
async function arrive(...people: Person[]): Promise<Office & { page: Page; id: string }> {
  const office = await openOffice(...(people.length > 0 ? people : [ada, grace]))
  const id = await office.provision(ada)
  const page = await openWindow(office.origin, office.authority.origin)
  await page.goto('/auth/account')
  await sees(page, 'Sign in')
  return { ...office, page, id }
}

/** The same, and Ada is in. */
async function arriveAndConnect() {
  const office = await arrive()
  await connectAs(office.page, ada)
  await sees(office.page, ada.displayName)
  return office
}

test('the box leads to Entra, where one picks an account and approves, and back to the page one wanted', async () => {
  const { page, origin } = await arrive({ ...ada, mfa: true }, grace)
  expect(page.url()).toBe(`${origin}/auth/sign-in?return=/auth/account`)
  expect(await box(page).isChecked()).toBe(false)
  await connectAs(page, ada)
  await sees(page, 'Approve sign-in request')
  await button(page, 'Approve').click()
  await sees(page, ada.displayName)
  expect(page.url()).toBe(`${origin}/auth/account`)
  await page.getByText('by Microsoft Entra ID').waitFor()

  await button(page, 'Sign out').click()
  await link(page, 'Sign in again').click()
  expect(await box(page).isChecked()).toBe(true)
  expect(await nameField(page).isVisible()).toBe(false)
  // The button has the focus.
  await page.keyboard.press('Enter')
  await sees(page, 'Pick an account')
})

test('an account that nobody knows leaves a request, and gets in once it is accepted', async () => {
  const { page, app } = await arrive()
  const user = await newLocalUser(app, grace.userPrincipalName)
  await connectAs(page, grace)
  await sees(page, 'You are not known here yet')
  await page.getByText(grace.userPrincipalName).waitFor()
  await page.getByText('Your request has been passed on').waitFor()
  const [request, ...more] = await app.directory.linkRequests.list()
  expect(request).toMatchObject({ asked: 'sign-in', userId: user.id, externalId: grace.objectId })
  expect(more).toEqual([])

  await app.directory.linkRequests.accept(request?.id ?? '', undefined, cause)
  await link(page, 'Use another account').click()
  await connectAs(page, grace)
  await sees(page, grace.userPrincipalName)
})

test('who is deactivated by provisioning is out at the next click, and stays out', async () => {
  const { page, app, origin, authority, id } = await arriveAndConnect()
  const elsewhere = await openWindow(origin, authority.origin)
  await elsewhere.goto('/auth/sign-in')
  await connectAs(elsewhere, ada)
  await sees(elsewhere, ada.displayName)
  const { status } = await app.scim.operate(`/Users/${id}`, {
    op: 'Replace',
    path: 'active',
    value: 'False',
  })
  expect(status).toBe(200)

  await button(elsewhere, 'Sign out everywhere else').click()
  await sees(elsewhere, 'Sign in')
  await page.reload()
  await sees(page, 'Sign in')
  await connectAs(page, ada)
  await sees(page, 'Your account is not active')
})

test('who cancels at Entra is told so, and can try again', async () => {
  const { page, origin } = await arrive()
  await goToEntra(page)
  await button(page, 'Cancel').click()
  await sees(page, 'You cancelled the sign-in')
  await link(page, 'Try again').click()
  await sees(page, 'Sign in')
  expect(page.url()).toBe(`${origin}/auth/sign-in?return=%2Fauth%2Faccount`)
  await connectAs(page, ada)
  await sees(page, ada.displayName)
})

test('who is not assigned is told so, with the number to ask about', async () => {
  const { page } = await arrive(ada, { ...grace, problem: 50105 })
  await connectAs(page, grace)
  await sees(page, 'You have not been given this application')
  await page.getByText('AADSTS50105', { exact: true }).waitFor()
  const said = new URL(page.url()).searchParams.get('error_description') ?? ''
  expect(said).toContain('Correlation ID: ')
  const id = /Correlation ID: (\S+)/.exec(said)?.[1] ?? ''
  await page.getByText(id, { exact: true }).waitFor()
  await link(page, 'Go to the sign-in').click()
  await sees(page, 'Sign in')
})

test('signing out here leaves the account at Entra, and signing out there too ends both', async () => {
  const { page, app, id } = await arriveAndConnect()
  await button(page, 'Sign out').click()
  await sees(page, 'You are signed out')
  await page.getByText('Of this application.').waitFor()
  expect(await app.directory.sessions.list(id)).toEqual([])

  await page.goBack()
  await sees(page, 'Sign in')
  await goToEntra(page)
  await page.getByText('Signed in', { exact: true }).waitFor()
  await page.getByRole('button', { name: ada.displayName }).click()
  await button(page, 'Sign out').click()
  await link(page, 'Sign out of Microsoft too').click()
  await page.getByText('Here and at Microsoft.').waitFor()

  await link(page, 'Sign in again').click()
  await goToEntra(page)
  expect(await page.getByText('Signed in', { exact: true }).count()).toBe(0)
})

test('signing out at Entra ends the session here, through a frame that nobody sees', async () => {
  const { page, app, id, authority } = await arriveAndConnect()
  const { tenantId } = authority
  const told = page.waitForEvent(
    'requestfinished',
    (request) => new URL(request.url()).pathname === '/auth/entra/sign-out',
  )
  await page.goto(`${authority.origin}/${tenantId}/oauth2/v2.0/logout`)
  await sees(page, 'You are signed out')
  const answer = await (await told).response()
  expect(answer?.status()).toBe(200)
  expect(await app.directory.sessions.list(id)).toEqual([])
  await page.goBack()
  await sees(page, 'Sign in')
})
