import type { Page } from 'playwright-core'
import type { Person } from '../entra/authority/authority.ts'
import { PASSWORD } from '../support/people.ts'

const BOX = 'Connect via Microsoft Entra ID'

/** Waits until the page has this heading. */
export async function sees(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { name: heading, exact: true }).waitFor()
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
export const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true })
export const box = (page: Page) => page.getByRole('checkbox', { name: BOX })
export const nameField = (page: Page) => page.getByRole('textbox', { name: 'User name' })
export const passwordField = (page: Page) => page.getByLabel('Password', { exact: true })

/** From the sign-in to Entra, which asks for the account. */
export async function goToEntra(page: Page): Promise<void> {
  await box(page).check()
  await button(page, 'Connect').click()
  await sees(page, 'Pick an account')
}

/** From the sign-in through Entra, as somebody who is asked for no more than the account. */
export async function connectAs(page: Page, { displayName }: Person): Promise<void> {
  await goToEntra(page)
  await page.getByRole('button', { name: displayName }).click()
}

/** From the sign-in, as a local user. */
export async function signIn(page: Page, userName: string, password = PASSWORD): Promise<void> {
  await box(page).uncheck()
  await nameField(page).fill(userName)
  await passwordField(page).fill(password)
  await button(page, 'Connect').click()
}
