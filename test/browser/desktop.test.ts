import { expect, test } from 'vitest'
import { authorizePath, parameters, redeem, STATE, tokensOf } from '../support/desktop.ts'
import { ada, grace } from '../support/microsoft.ts'
import { newSocket, openOffice } from './office.ts'
import { button, connectAs, link, sees } from './steps.ts'
import { closeBrowserAtEnd, openWindow } from './window.ts'

closeBrowserAtEnd()

/** An office, a desktop client that waits at a port of this machine, and the window that it opened. */
async function arrive() {
  const office = await openOffice(ada, grace)
  await office.provision(ada)
  const { port, answer } = await newSocket()
  const asked: URL[] = []
  const client = `http://127.0.0.1:${port}`
  answer((incoming, outgoing) => {
    asked.push(new URL(incoming.url ?? '', client))
    outgoing.setHeader('Content-Type', 'text/html')
    outgoing.end('<h1>Back in the application</h1>')
  })
  const redirectUri = `${client}/signed-in`
  const page = await openWindow(office.origin, office.authority.origin, client)
  await page.goto(authorizePath(parameters({ redirect_uri: redirectUri })))
  return { ...office, page, asked, redirectUri }
}

test('the application gets a code after a sign-in and a click', async () => {
  const { app, page, asked, redirectUri, origin } = await arrive()
  await connectAs(page, ada)
  await sees(page, 'Continue in the application?')
  expect(asked).toEqual([])
  await button(page, 'Continue').click()
  await sees(page, 'Back in the application')
  const [url, ...more] = asked
  expect(more).toEqual([])
  expect(`${url?.origin}${url?.pathname}`).toBe(redirectUri)
  const code = url?.searchParams.get('code') ?? ''
  expect([...(url?.searchParams ?? [])]).toEqual([
    ['code', code],
    ['state', STATE],
    ['iss', origin],
  ])
  tokensOf(await redeem(app, code, { redirect_uri: redirectUri }))
})

test('another account than the one the browser knows can be chosen', async () => {
  const { page, asked, provision } = await arrive()
  await provision(grace)
  await connectAs(page, ada)
  await page.getByText(ada.userPrincipalName).waitFor()
  await button(page, 'Use another account').click()
  await connectAs(page, grace)
  await page.getByText(grace.userPrincipalName).waitFor()
  await sees(page, 'Continue in the application?')
  expect(asked).toEqual([])
})

test('the application is told of a cancellation', async () => {
  const { page, asked } = await arrive()
  await connectAs(page, ada)
  await link(page, 'Cancel').click()
  await sees(page, 'Back in the application')
  expect(asked.map(({ searchParams }) => searchParams.get('error'))).toEqual(['access_denied'])
})
