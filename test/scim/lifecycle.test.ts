import { expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { newUser } from '../support/resources.ts'

test('a user is created, found whatever the case of its name, deactivated, and deleted', async () => {
  const { scim } = await testApp()
  const user = await newUser(scim, 'Adele.Vance@contoso.example')
  const found = await scim.filter('/Users', 'userName eq "adele.vance@CONTOSO.example"')
  expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id: user.id, active: true }] })

  const off = await scim.operate(`/Users/${user.id}`, {
    op: 'Replace',
    path: 'active',
    value: 'False',
  })
  expect(off).toMatchObject({ status: 200, body: { active: false } })
  expect((await scim.get(`/Users/${user.id}`)).body).toMatchObject({ active: false })

  expect((await scim.delete(`/Users/${user.id}`)).status).toBe(204)
  expect((await scim.get(`/Users/${user.id}`)).status).toBe(404)
  expect((await scim.delete(`/Users/${user.id}`)).status).toBe(404)
})
