import { describe, expect, test } from 'vitest'
import { invitedOf, writeInvitation } from '../../src/mail/invitation.ts'

const settings = {
  applicationName: 'Contoso Studio',
  downloadUrl: 'https://downloads.contoso.example/studio?a=1&b=2',
  signInUrl: 'https://entrance.contoso.example/auth/sign-in',
  contact: 'the service desk, +49 30 1234',
}
const adele = { displayName: 'Adele Vance', userName: 'adele@contoso.example' }

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

You can now work with Contoso Studio. You sign in with the Microsoft account that you
have already; there is no new password.

1. Download the client and install it:
   https://downloads.contoso.example/studio?a=1&b=2

2. Start it, tick "Connect via Microsoft Entra ID" and choose "Connect".

3. Pick your Microsoft account:
   adele@contoso.example

In a browser you sign in the same way, at
https://entrance.contoso.example/auth/sign-in

Does something not work? Ask the service desk, +49 30 1234.

This mail was sent because you were given access. Nobody will ask you for
your password in a mail.
`,
  })
})

describe('the HTML', () => {
  const { html } = writeInvitation(settings, adele)

  test.each([
    'Hello Adele Vance ,',
    'work with Contoso Studio .',
    'Download the client and install it.',
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
    writeInvitation(settings, { displayName, userName: displayName })

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
])('%j is invited as %j', (attributes, invited) => {
  expect(invitedOf(attributes)).toStrictEqual(invited)
})
