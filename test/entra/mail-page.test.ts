import { expect, onTestFinished, test } from 'vitest'
import { mailPage, startMailPage } from './mail-page.ts'

const mail = (subject: string) => ({
  headers: { subject },
  from: 'entrance@contoso.example',
  to: ['"<b>"@contoso.example'],
  text: "It's <script>alert(1)</script> & more",
  html: '<p>not shown</p>',
  secure: false,
  user: undefined,
})

test('what stands in a mail is text', () => {
  const page = mailPage([mail('<i>Hello</i>')])
  expect(page).toContain('<h2>&lt;i&gt;Hello&lt;/i&gt;</h2>')
  expect(page).toContain('To &quot;&lt;b&gt;&quot;@contoso.example')
  expect(page).toContain('It&#39;s &lt;script&gt;alert(1)&lt;/script&gt; &amp; more')
  expect(page).not.toMatch(/<script|not shown/u)
})

test('the page shows what has arrived until it is asked for, newest first', async () => {
  const mails = [mail('First')]
  const { origin, close } = await startMailPage(mails)
  onTestFinished(close)
  mails.push(mail('Second'))
  const answer = await fetch(origin)
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none';/u)
  expect(await answer.text()).toMatch(/2 mails so far.*<h2>Second<.*<h2>First</su)
})
