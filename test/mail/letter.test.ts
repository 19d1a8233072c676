import { describe, expect, test } from 'vitest'
import type { MailFacts } from '../../src/directory/mail-desk.ts'
import { receiverOf, writeLetter, type Receiver } from '../../src/mail/templates.ts'

const settings = {
  applicationName: 'Contoso Studio',
  downloadUrl: 'https://downloads.contoso.example/studio?a=1&b=2',
  signInUrl: 'https://entrance.contoso.example/auth/sign-in',
  contact: 'the service desk, +49 30 1234',
}
const adele = { displayName: 'Adele Vance', userName: 'adele@contoso.example' }
const link = {
  url: 'https://entrance.contoso.example/auth/link/entrance_secret',
  expires: '2026-03-09T08:05:00.000Z',
}

/** The invitation in the words that the program brings. */
const writeInvitation = (facts: MailFacts, receiver: Receiver) =>
  writeLetter('invitation', { facts, receiver })

/** What a person reads of HTML. */
function read(html: string): string {
  return html
    .replace(/<style>[^]*<\/style>|<title>.*<\/title>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity)
    .replace(/\s+/g, ' ')
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}

/** The names of all elements. */
function elements(html: string): Set<string> {
  return new Set([...html.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name = '']) => name))
}

function linksOf(html: string): [string, string][] {
  const links = html.matchAll(/<a [^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/g)
  return [...links].map(([, url = '', label = '']) => [url.replaceAll('&amp;', '&'), label])
}

test('the text is complete on its own', () => {
  expect(writeInvitation(settings, adele)).toMatchObject({
    name: 'Adele Vance',
    subject: 'Your access to Contoso Studio',
    text: `Hello Adele Vance,

You can now work with Contoso Studio. You sign in with the Microsoft account
that you have already; there is no new password.

1. Download the client and install it:
   https://downloads.contoso.example/studio?a=1&b=2

2. Start it, tick "Connect via Microsoft Entra ID" and choose "Connect".

3. Pick your Microsoft account:
   adele@contoso.example

In a browser you sign in the same way:
https://entrance.contoso.example/auth/sign-in

Does something not work? Ask the service desk, +49 30 1234.

This mail was sent because you were given access. Nobody will ask you for
your password in a mail.
`,
  })
})

describe('a mail with a link to choose a password', () => {
  const facts = settings

  test('says how to begin', () => {
    const mail = writeLetter('password-invitation', { facts, receiver: adele, link })
    expect(mail).toMatchObject({
      subject: 'Your access to Contoso Studio',
      text: `Hello Adele Vance,

You can now work with Contoso Studio. Your user name is
adele@contoso.example

1. Choose a password; the link works once, until 9 March 2026 at 08:05 UTC:
   https://entrance.contoso.example/auth/link/entrance_secret

2. Download the client and install it:
   https://downloads.contoso.example/studio?a=1&b=2

3. Start it, type your user name and your password, and choose "Connect".

In a browser you sign in the same way:
https://entrance.contoso.example/auth/sign-in

Does something not work, or was it too late for the link? Ask the service
desk, +49 30 1234.

This mail was sent because you were given access. The link in it is yours
alone: pass it on to nobody. Nobody will ask you for your password in a
mail.
`,
    })
    expect(linksOf(mail.html)).toStrictEqual([
      [link.url, 'Choose a password'],
      [settings.downloadUrl, 'Download from downloads.contoso.example'],
      [settings.signInUrl, 'entrance.contoso.example'],
    ])
  })

  test('says what to do, and what not, where the password was forgotten', () => {
    const mail = writeLetter('password-reset', { facts, receiver: adele, link })
    expect(mail).toMatchObject({
      subject: 'A new password for Contoso Studio',
      text: `Hello Adele Vance,

Somebody, most likely you, has forgotten the password of
adele@contoso.example

Choose a new one; the link works once, until 9 March 2026 at 08:05 UTC:
https://entrance.contoso.example/auth/link/entrance_secret

Was it not you? Then there is nothing to do: the password stays as it is.
Does it happen again and again? Tell the service desk, +49 30 1234.

The link in this mail is yours alone: pass it on to nobody. Nobody will ask
you for your password in a mail.
`,
    })
    expect(linksOf(mail.html)).toStrictEqual([[link.url, 'Choose a new password']])
  })
})

describe('the HTML', () => {
  const { html } = writeInvitation(settings, adele)

  test.each([
    'Hello Adele Vance ,',
    'work with Contoso Studio .',
    'Your access to Contoso Studio Hello',
    'Download the client and install it:',
    'tick Connect via Microsoft Entra ID and choose Connect .',
    'Pick your Microsoft account: adele@contoso.example',
    'Ask the service desk, +49 30 1234 .',
  ])('says “%s”', (sentence) => {
    expect(read(html)).toContain(sentence)
  })

  test('has two links, which say where they lead', () => {
    expect(linksOf(html)).toStrictEqual([
      [settings.downloadUrl, 'Download from downloads.contoso.example'],
      [settings.signInUrl, 'entrance.contoso.example'],
    ])
  })

  test('asks nothing of any server, and runs nothing', () => {
    expect([...elements(html)].sort()).toStrictEqual(
      'a bdi body br div h1 head html meta p strong style table td title tr'.split(' '),
    )
    expect(html).not.toMatch(/url\(|@import|src=|background=| on\w+=/i)
  })

  test('looks right in the dark too', () => {
    expect(html).toContain('<meta name="color-scheme" content="light dark">')
    const dark = /@media \(prefers-color-scheme: dark\) \{([^]*?)\n\}/.exec(html)?.[1] ?? ''
    const classes = [...html.matchAll(/class="([\w ]+)"/g)].flatMap(([, names = '']) =>
      names.split(' '),
    )
    expect(new Set(dark.match(/(?<=\.)[a-z]+(?=[ ,])/g))).toStrictEqual(new Set(classes))
  })
})

test('without a place to download it, the contact is asked for the client', () => {
  const { text, html } = writeInvitation({ ...settings, downloadUrl: undefined }, adele)
  for (const shown of [text, read(html)]) {
    expect(shown).toMatch(/Ask the service desk, \+49 30 1234 +for the client/)
    expect(shown).not.toMatch(/download/i)
  }
  expect(linksOf(html).map(([url]) => url)).toStrictEqual([settings.signInUrl])
})

describe('a name', () => {
  const written = (displayName: string) =>
    writeInvitation(settings, { displayName, userName: displayName.trim() || 'adele' })

  test.each([
    ['Latin', 'Zoë Ångström-Łęcka'],
    ['Greek', 'Αθηνά Παπαδοπούλου'],
    ['Cyrillic', 'Олександр Шевченко'],
    ['Arabic', 'ليلى الحسن'],
    ['Hebrew', 'משה כהן'],
    ['Persian with a joiner', 'مهرداد می\u200cخواهد'],
    ['Devanagari', 'श्रीमती क्षमा'],
    ['Thai', 'สมชาย ใจดี'],
    ['Chinese', '陳大文'],
    ['Japanese beyond the first plane', '𠮷野 家'],
    ['Korean', '김철수'],
    ['an emoji of several', 'Kim 👩‍🚀'],
    ['an apostrophe', "Miles O'Brien"],
  ])('stays as it is in %s', (_, name) => {
    const { text, html, ...head } = written(name)
    expect(head.name).toBe(name)
    expect(text).toContain(`Hello ${name},`)
    expect(read(html)).toContain(`Hello ${name} ,`)
  })

  test.each([
    ['a header', 'Adele\r\nBcc: all@contoso.example', 'Adele Bcc: all@contoso.example'],
    ['a header, folded', 'Adele\n\tVance', 'Adele Vance'],
    ['a line of Unicode', 'Adele\u2028\u2029Bcc: x', 'Adele Bcc: x'],
    ['the end of a text', 'Adele\0\r\n.\r\nQUIT', 'Adele . QUIT'],
    ['what turns the direction', 'Adele \u202egnp.exe\u2066', 'Adele gnp.exe'],
    ['marks that nobody sees', '\ufeffAdele\u200b\u200f', 'Adele'],
    ['half a character', 'Adele \ud83d', 'Adele \ufffd'],
    ['blanks alone', ' \t ', ''],
  ])('that tries %s is one line', (_, name, line) => {
    const { name: shown, subject, text } = written(name)
    expect(shown).toBe(line)
    expect(subject).toBe('Your access to Contoso Studio')
    expect(text.split('\n')[0]).toBe(line === '' ? 'Hello,' : `Hello ${line},`)
    expect(text.split('\n')).toHaveLength(written('Adele').text.split('\n').length)
  })

  test.each([
    '<script>alert(1)</script>',
    '</p></td><img src=x onerror=alert(1)>',
    '"><a href="https://evil.example">Sign in</a>',
    "' style='display:none",
    '&lt;b&gt; &amp; Co',
    '<!-- <style>* { display: none }',
  ])('is no HTML: %s', (name) => {
    const { html } = written(name)
    expect(elements(html)).toStrictEqual(elements(written('Adele').html))
    expect(linksOf(html)).toStrictEqual(linksOf(written('Adele').html))
    expect(read(html)).toContain(`Hello ${name} ,`)
  })

  test('of thousands of characters is cut', () => {
    const { name, html } = written('𠮷'.repeat(5_000))
    expect(Array.from(name)).toHaveLength(120)
    expect(name).toMatch(/^𠮷+…$/u)
    expect(html.length).toBeLessThan(8_000)
  })
})

test('settings are no HTML either, and no header', () => {
  const { subject, html } = writeInvitation(
    {
      applicationName: '<b>Studio</b>\r\nBcc: x',
      downloadUrl: 'https://d.example/"><script>alert(1)</script>',
      signInUrl: settings.signInUrl,
      contact: '<i>the desk</i>',
    },
    adele,
  )
  expect(subject).toBe('Your access to <b>Studio</b> Bcc: x')
  expect([...elements(html)]).not.toEqual(expect.arrayContaining(['script']))
  expect(html).not.toMatch(/<b>|<i>/)
  expect(read(html)).toContain('Ask <i>the desk</i> .')
})

test.each([
  [
    { userName: 'adele', displayName: 'Adele' },
    { userName: 'adele', displayName: 'Adele' },
  ],
  [{ userName: 'adele' }, { userName: 'adele', displayName: '' }],
  [
    { userName: 'adele', displayName: null },
    { userName: 'adele', displayName: '' },
  ],
])('%j is spoken to as %j', (attributes, receiver) => {
  expect(receiverOf(attributes)).toStrictEqual(receiver)
})
